"""What must hold in the tables of clients of a policy beyond the shape of each field?

A marker that ordinary interfaces or adapters fit would make a tunnel of the cable in the wall.
"""

from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from typing import Any

from fernbereit.policy_broken import Broken, Loc

TABLES = ("vpn_clients", "management_clients")
OTHER = "other"
ORDINARY_INTERFACES = (
    *(
        "lo",
        "lo0",
        "eth0",
        "en0",
        "en12",
        "eno1",
        "ens3",
        "enp0s31f6",
        "enx020000000001",
        "em1",
        "p1p1",
        "usb0",
    ),
    *(
        "wlan0",
        "wlp2s0",
        "wlx020000000001",
        "wifi0",
        "wwan0",
        "wwp0s20f0u2",
        "rmnet0",
        "bond0",
        "team0",
        "br0",
    ),
    *("br-5d1c0a9b7e6f", "docker0", "veth1a2b3c4", "virbr0", "vnet0", "podman0", "cni0", "lxdbr0", "vmnet8"),
    *("vboxnet0", "bridge0", "bridge100", "awdl0", "llw0", "anpi0", "ap1", "gif0", "stf0", "utun0", "utun12"),
    *("ppp0", "tun0", "tap0", "wg0", "ipsec0"),
)
"""Names of cables, radios, containers and of tunnels that are everybody's."""
ORDINARY_MAKERS = (
    *(
        "Intel",
        "Realtek",
        "Broadcom",
        "Qualcomm",
        "Killer",
        "MediaTek",
        "Marvell",
        "ASIX",
        "Aquantia",
        "Atheros",
    ),
    *(
        "Microsoft",
        "Hyper-V",
        "VMware",
        "VirtualBox",
        "Bluetooth",
        "WAN Miniport",
        "Lenovo",
        "Dell",
        "Surface",
    ),
    *("USB", "Thunderbolt", "Sierra", "Fibocom", "Ericsson", "Huawei", "TAP-", "Wintun", "DisplayLink"),
)
"""With these begin the descriptions of cables, radios, and of tunnels that many clients share."""


def broken_client_rules(policy: Mapping[str, Any]) -> Iterator[Broken]:
    """Yield every rule that the tables break, passing over parts of a wrong shape."""
    for table in TABLES:
        seen: set[str] = set()
        rows = policy.get(table)
        for number, row in enumerate(rows if isinstance(rows, list) else ()):
            if not isinstance(row, dict):
                continue
            loc: Loc = (table, number)
            name = row.get("name")
            if name in seen:
                yield Broken(loc=(*loc, "name"), word="client_twice", found=str(name))
            if name == OTHER:
                yield Broken(loc=(*loc, "name"), word="client_other", found=OTHER)
            if isinstance(name, str):
                seen.add(name)
            if not any(row.get(system) is not None for system in ("linux", "windows", "macos")):
                yield Broken(loc=loc, word="no_marker")
            yield from _ordinary(row, loc)


def _ordinary(row: Mapping[str, Any], loc: Loc) -> Iterator[Broken]:
    for system, kind in (("linux", "interfaces"), ("macos", "interfaces"), ("windows", "adapters")):
        markers = row.get(system)
        listed = markers.get(kind) if isinstance(markers, dict) else None
        for place, marker in enumerate(listed if isinstance(listed, list) else ()):
            fits = _begins_as_ordinary if kind == "adapters" else _fits_an_ordinary_name
            if isinstance(marker, str) and fits(marker):
                yield Broken(loc=(*loc, system, kind, place), word=f"ordinary_{kind}", found=marker)


def _fits_an_ordinary_name(pattern: str) -> bool:
    return any(fnmatchcase(name, pattern) for name in ORDINARY_INTERFACES)


def _begins_as_ordinary(pattern: str) -> bool:
    begins, makers = pattern.rstrip("*").casefold(), map(str.casefold, ORDINARY_MAKERS)
    more = pattern.endswith("*")  # Inte* fits what begins with Intel
    return any(begins.startswith(maker) or (more and maker.startswith(begins)) for maker in makers)
