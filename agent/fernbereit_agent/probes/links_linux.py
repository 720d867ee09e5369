"""Which interfaces of a Linux laptop are tunnels, which are up, and what carries the default route?

/sys/class/net/X/uevent      DEVTYPE=wireguard | wlan | wwan | bridge
/sys/class/net/X/tun_flags   exists for TUN and TAP; bit 1 is TUN, bit 2 is TAP (linux/if_tun.h)
/sys/class/net/X/type        65534 is a device without link layer, 1 Ethernet (linux/if_arp.h)

Never: network names, hardware addresses.
"""

import re
from fnmatch import fnmatchcase

from fernbereit.facts.remote_access import VpnClient
from fernbereit_agent.host import Host, Interface
from fernbereit_agent.probes.routes_linux import routes
from fernbereit_agent.probes.texts import line_of
from fernbereit_agent.probes.tunnels import Tunnel, Tunnels, up_among
from fernbereit_agent.probes.vpn_clients import VPN_CLIENTS, entries, owner_on_linux
from fernbereit_agent.probes.vpn_entry import VpnEntry
from fernbereit_agent.settings import ProbeSettings

NO_TUNNELS = (
    "lo",
    "docker*",
    "br-*",
    "veth*",
    "virbr*",
    "vnet*",
    "podman*",
    "cni*",
    "lxc*",
    "lxdbr*",
    "vmnet*",
    "vboxnet*",
    "ifb*",
)
WITNESSES = tuple(entry.linux.witness for entry in VPN_CLIENTS if entry.linux.witness)
_NO_LINK_LAYER = "65534"
_IFF_TAP = 0x2


def survey(host: Host, settings: ProbeSettings) -> Tunnels:
    """Look at all interfaces once; idle tunnels are `known` but not `up`."""
    table = entries(settings)
    installed = _installed(host, table)
    found = ((interface, _owner(host, interface, installed, table)) for interface in host.interfaces())
    known = tuple(Tunnel(interface=interface, client=client) for interface, client in found if client)
    return Tunnels(
        installed=installed,
        known=known,
        up=up_among(host, settings, known, routes, WITNESSES),
        hidden=any(entry.client in installed for entry in table if not entry.own_interface),
    )


def carrier(host: Host, seen: Tunnels) -> Interface | None:
    """Return the interface below all tunnels: that of the best default route which is no tunnel."""
    names = {tunnel.interface.name for tunnel in seen.known}
    lines = [line for line in routes(host) if line.interface not in names and (line.default or line.gateway)]
    best = min(lines, key=lambda line: (not line.default, line.metric), default=None)
    if best is None:
        return None
    return next((i for i in host.interfaces() if i.name == best.interface), None)


def parse_flags(text: str) -> int:
    """Return the flags of a tunnel; none for a text that is no number.

    >>> parse_flags("0x1002"), parse_flags("tap")
    (4098, 0)
    """
    return int(text, 16) if re.fullmatch(r"(0x)?[0-9a-fA-F]{1,8}", text) else 0


def device_type(host: Host, name: str) -> str | None:
    """Return `DEVTYPE` of an interface, or None for plain Ethernet and the like."""
    lines = line_of(host, f"/sys/class/net/{name}/uevent").splitlines()
    return next((line.removeprefix("DEVTYPE=") for line in lines if line.startswith("DEVTYPE=")), None)


def _installed(host: Host, table: tuple[VpnEntry, ...]) -> tuple[str, ...]:
    """Return the clients found where their makers install them."""
    return tuple(entry.client for entry in table if any(host.exists(path) for path in entry.linux.paths))


def _owner(
    host: Host, interface: Interface, installed: tuple[str, ...], table: tuple[VpnEntry, ...]
) -> str | None:
    name = interface.name
    if any(fnmatchcase(name, pattern) for pattern in NO_TUNNELS):
        return None
    kind = device_type(host, name)
    if client := owner_on_linux(name, kind, installed, table):
        return None if _is_bridged(host, name) else client
    if kind == "wwan":
        return None
    flags = line_of(host, f"/sys/class/net/{name}/tun_flags")
    if parse_flags(flags) & _IFF_TAP and _is_bridged(host, name):
        return None
    no_link_layer = line_of(host, f"/sys/class/net/{name}/type") == _NO_LINK_LAYER
    return VpnClient.OTHER if flags or no_link_layer else None


def _is_bridged(host: Host, name: str) -> bool:
    """Tell whether the interface belongs to a bridge, as those of virtual machines do."""
    return host.exists(f"/sys/class/net/{name}/master")
