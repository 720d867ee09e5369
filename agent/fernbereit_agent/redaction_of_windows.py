"""What may stay of the answers of Windows in a recorded laptop?

Programs and services nobody asked about are dropped; serial numbers, hardware addresses, counters and names
of adapters, connections and servers are replaced; what the probes made of them stays as it was.
"""

import ipaddress
import re
import uuid
from collections.abc import Callable, Mapping
from fnmatch import fnmatchcase
from typing import Any, Protocol

from fernbereit_agent.laptop import Bytes, Sparse
from fernbereit_agent.probes import links_windows as rows
from fernbereit_agent.probes import smbios_windows as smbios
from fernbereit_agent.probes.conferencing_windows import PROGRAMS as CONFERENCE_PROGRAMS
from fernbereit_agent.probes.conferencing_windows import STORE_APPS as CONFERENCE_APPS
from fernbereit_agent.probes.management_clients_windows import CLIENTS
from fernbereit_agent.probes.management_windows import HOSTS
from fernbereit_agent.probes.registry_windows import SERVICES, STORE_APPS, UNINSTALL
from fernbereit_agent.probes.smart_card_windows import AUSWEISAPP
from fernbereit_agent.probes.vpn_clients import VPN_CLIENTS
from fernbereit_agent.redaction_of_routes import LONGEST_V6, WIDEST_KEPT, Network
from fernbereit_agent.windows_recorded import unfolded
from fernbereit_agent.windows_recorder import folded

FLAGS_END = 9
HEAD_OF_QUALITY = 24
_GUID = re.compile(r"\{?[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\}?", re.IGNORECASE)
_PROGRAMS = (
    *(f"{name.casefold()}*" for each in CLIENTS for name in each.programs),
    *(f"{name}*" for names in CONFERENCE_PROGRAMS.values() for name in names),
    *(pattern.casefold() for entry in VPN_CLIENTS for pattern in entry.windows.programs),
    f"{AUSWEISAPP}*",
)
_TUNNEL_SERVICE = "wireguardtunnel$"
_ADDRESSES = frozenset(
    bytes.fromhex(entry.windows.adapter_address.replace(":", ""))
    for entry in VPN_CLIENTS
    if entry.windows.adapter_address
)


class StandIns(Protocol):
    """What is needed of `redaction.StandIns`."""

    def text(self, text: str) -> str:
        """Return a text with everything personal replaced."""

    def address(self, text: str) -> str:
        """Return the stand-in for an address."""

    def network(self, interface: str, network: Network) -> str:
        """Return an address that stands for a network."""


def redacted(said: dict[str, Any], stand_ins: StandIns) -> dict[str, Any]:
    """Return a whole recording, as JSON, with the answers of Windows redacted."""
    windows = said["windows"]
    aliases = _aliases(windows["blocks"].get("interfaces"))
    names = {
        **aliases,
        **{each: f"adapter {len(aliases) + n}" for n, each in enumerate(_others(said, aliases), 1)},
    }
    numbers = _numbers(windows["blocks"].get("interfaces"))
    cuts: Mapping[str, Callable[[bytes], bytes]] = {
        "smbios": smbios.redacted,
        "interfaces": lambda block: _interface(block, names, stand_ins),
        "routes": lambda block: _route(block, numbers, stand_ins),
        "network_domains": lambda block: _bytes_of(block[:16], stand_ins) + block[16:],
        "wlan_quality": lambda block: block[:HEAD_OF_QUALITY],
    }
    blocks = {
        key: [_cut(each, cuts.get(key.partition(" ")[0])) for each in found]
        if isinstance(found, list)
        else found
        for key, found in windows["blocks"].items()
    }
    return {
        **said,
        "interfaces": [{**each, "name": names[each["name"]]} for each in said["interfaces"]]
        if aliases
        else said["interfaces"],
        "windows": {**windows, "registry": registry(windows["registry"]), "blocks": blocks},
    }


def registry(recorded: Mapping[str, Any]) -> dict[str, Any]:
    """Return the keys that may stay, with the values that may stay."""
    kept = {key: values for key, values in recorded.items() if _may_stay(key, values)}
    return {_key(key): _values(key, values) for key, values in kept.items()}


def _may_stay(key: str, values: Any) -> bool:
    folder, _, name = key.rpartition("\\")
    if folder.casefold() in {each.casefold() for each in UNINSTALL}:
        shown = values.get("DisplayName", "") if isinstance(values, dict) else ""
        return isinstance(shown, str) and any(fnmatchcase(shown.casefold(), p) for p in _PROGRAMS)
    if folder.casefold() == STORE_APPS.casefold():
        return name.casefold().startswith(tuple(CONFERENCE_APPS))
    if folder.casefold() == SERVICES.casefold():
        return _known_service(name)
    return True


def _known_service(name: str) -> bool:
    asked = [service for entry in VPN_CLIENTS for service in entry.windows.services]
    asked += [service for each in CLIENTS for service in each.services]
    asked += ["SCardSvr", "WinDefend", "MpsSvc", "SharedAccess"]
    return any(fnmatchcase(name.casefold(), pattern.casefold()) for pattern in asked)


def _key(key: str) -> str:
    folder, _, name = key.rpartition("\\")
    if name.casefold().startswith(_TUNNEL_SERVICE):
        return f"{folder}\\{name[: len(_TUNNEL_SERVICE)]}tunnel"
    if folder.casefold() == STORE_APPS.casefold():
        return f"{folder}\\{name.partition('_')[0]}_0_x64__app"
    return key


def _values(key: str, values: Any) -> Any:
    if not isinstance(values, dict) or "no" in values:
        return values
    cuts: Mapping[str, Callable[[Any], Any]] = {
        "DiscoveryServiceFullURL": _server,
        "DefaultConnectionSettings": _flags,
    }
    return {name: cuts.get(name, lambda each: each)(value) for name, value in values.items() if key or name}


def _server(url: Any) -> Any:
    if not isinstance(url, str):
        return url
    server = url.partition("://")[2].partition("/")[0].partition(":")[0].casefold()
    end = next((end for end, _ in HOSTS if server == end or server.endswith(f".{end}")), "mdm.example")
    return f"https://{end}/" + "x" * max(0, len(url) - len(f"https://{end}/"))


def _flags(value: Any) -> Any:
    return {"hex": value["hex"][: 2 * FLAGS_END]} if isinstance(value, dict) and "hex" in value else value


def _cut(block: Any, cut: Callable[[bytes], bytes] | None) -> Any:
    if cut is None:
        return block
    found = Sparse.model_validate(block) if "size" in block else Bytes.model_validate(block)
    return folded(cut(unfolded(found))).model_dump(mode="json")


def _blocks(found: Any) -> list[bytes]:
    blocks = found if isinstance(found, list) else []
    models = (Sparse.model_validate(b) if "size" in b else Bytes.model_validate(b) for b in blocks)
    return [unfolded(block) for block in models]


def _aliases(found: Any) -> dict[str, str]:
    links = (rows.decode_link(block) for block in _blocks(found))
    return {link.alias: f"adapter {number}" for number, link in enumerate(links, 1) if link}


def _others(said: Mapping[str, Any], known: Mapping[str, str]) -> list[str]:
    return [each["name"] for each in said["interfaces"] if each["name"] not in known]


def _numbers(found: Any) -> dict[int, str]:
    links = (rows.decode_link(block) for block in _blocks(found))
    return {link.index: link.alias for link in links if link}


def _bytes_of(guid: bytes, stand_ins: StandIns) -> bytes:
    if len(guid) != 16:
        return guid
    found = _GUID.search(stand_ins.text(str(uuid.UUID(bytes_le=guid))))
    return uuid.UUID(found[0]).bytes_le if found else bytes(16)


def _interface(block: bytes, names: Mapping[str, str], stand_ins: StandIns) -> bytes:
    """Keep what `decode_link` reads; a connection that Windows dialled bears the name somebody gave it."""
    link = rows.decode_link(block)
    if link is None:
        return b""
    told = bytearray(block[:1208].ljust(1352, b"\0"))
    name = names.get(link.alias, "adapter").encode("utf-16-le")
    told[12:28] = _bytes_of(block[12:28], stand_ins)
    told[28:542] = name.ljust(514, b"\0")
    if link.kind == rows.PPP:
        told[542:1056] = name.ljust(514, b"\0")
    if link.address not in _ADDRESSES:
        told[1060:1092] = bytes(32)
    told[1092:1124] = bytes(32)
    told[1168:1184] = bytes(16)
    return bytes(told)


def _route(block: bytes, numbers: Mapping[int, str], stand_ins: StandIns) -> bytes:
    """Keep default routes and the halves of VPN clients; narrow every other to one stand-in address."""
    line = rows.decode_route(block, numbers)
    if line is None:
        return b""
    told = bytearray(block)
    size, at = (4, 16) if line.network.version == 4 else (16, 20)
    if line.network.prefixlen > WIDEST_KEPT:
        stand_in = ipaddress.ip_address(stand_ins.network(line.interface, line.network))
        told[at : at + size] = stand_in.packed
        told[40] = 31 if size == 4 else LONGEST_V6
    hop = 44 + at - 12
    if any(told[hop : hop + size]):
        shown = str(ipaddress.ip_address(bytes(told[hop : hop + size])))
        told[hop : hop + size] = ipaddress.ip_address(stand_ins.address(shown)).packed
    return bytes(told)
