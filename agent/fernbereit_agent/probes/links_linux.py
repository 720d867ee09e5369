"""Which interfaces of a Linux laptop are tunnels, which are up, and what carries the default route?

/sys/class/net/X/uevent      DEVTYPE=wireguard | wlan | wwan | bridge
/sys/class/net/X/tun_flags   exists for TUN and TAP; bit 1 is TUN, bit 2 is TAP (linux/if_tun.h)
/sys/class/net/X/type        65534 is a device without link layer, 1 Ethernet (linux/if_arp.h)

Never: network names, hardware addresses.
"""

import ipaddress
from dataclasses import dataclass
from fnmatch import fnmatchcase

from fernbereit.facts.remote_access import VpnClient
from fernbereit_agent.host import Host, Interface
from fernbereit_agent.probes.routes_linux import RouteLine, public_targets, routes
from fernbereit_agent.probes.texts import line_of
from fernbereit_agent.probes.vpn_clients import VPN_CLIENTS, owner_on_linux
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
_NO_LINK_LAYER = "65534"
_IFF_TAP = 0x2


@dataclass(frozen=True, slots=True, kw_only=True)
class Tunnel:
    """A tunnel interface; `client` is `other` if no entry of the table claims it."""

    interface: Interface
    client: VpnClient


@dataclass(frozen=True, slots=True, kw_only=True)
class Tunnels:
    """All about the tunnels of a laptop at one moment.

    `hidden` tells that a client is installed whose tunnel shows on no interface, so that a way which seems to
    be none may be one.
    """

    installed: tuple[VpnClient, ...]
    known: tuple[Tunnel, ...]
    up: tuple[Tunnel, ...]
    hidden: bool


def survey(host: Host, settings: ProbeSettings) -> Tunnels:
    """Look at all interfaces once; idle tunnels are `known` but not `up`."""
    installed = _installed(host)
    found = ((interface, _owner(host, interface, installed)) for interface in host.interfaces())
    known = tuple(Tunnel(interface=interface, client=client) for interface, client in found if client)
    return Tunnels(
        installed=installed,
        known=known,
        up=_up(host, settings, known),
        hidden=any(entry.client in installed for entry in VPN_CLIENTS if not entry.own_interface),
    )


def carried_by(host: Host, address: str, seen: Tunnels) -> bool | None:
    """Tell whether the kernel sends to `address` through a tunnel; None without a route or where it hides."""
    source = host.route_source(address)
    if source is None:
        return None
    if any(source in tunnel.interface.addresses for tunnel in seen.up):
        return True
    return None if seen.hidden else False


def carrier(host: Host, seen: Tunnels) -> Interface | None:
    """Return the interface below all tunnels: that of the best default route which is no tunnel."""
    names = {tunnel.interface.name for tunnel in seen.known}
    lines = [line for line in routes(host) if line.interface not in names and (line.default or line.gateway)]
    best = min(lines, key=lambda line: (not line.default, line.metric), default=None)
    if best is None:
        return None
    return next((i for i in host.interfaces() if i.name == best.interface), None)


def device_type(host: Host, name: str) -> str | None:
    """Return `DEVTYPE` of an interface, or None for plain Ethernet and the like."""
    lines = line_of(host, f"/sys/class/net/{name}/uevent").splitlines()
    return next((line.removeprefix("DEVTYPE=") for line in lines if line.startswith("DEVTYPE=")), None)


def _installed(host: Host) -> tuple[VpnClient, ...]:
    """Return the clients found where their makers install them."""
    return tuple(
        entry.client for entry in VPN_CLIENTS if any(host.exists(path) for path in entry.linux.paths)
    )


def _owner(host: Host, interface: Interface, installed: tuple[VpnClient, ...]) -> VpnClient | None:
    name = interface.name
    if any(fnmatchcase(name, pattern) for pattern in NO_TUNNELS):
        return None
    kind = device_type(host, name)
    if client := owner_on_linux(name, kind, installed):
        return None if _is_bridged(host, name) else client
    if kind == "wwan":
        return None
    flags = line_of(host, f"/sys/class/net/{name}/tun_flags")
    if flags and int(flags, 16) & _IFF_TAP and _is_bridged(host, name):
        return None
    no_link_layer = line_of(host, f"/sys/class/net/{name}/type") == _NO_LINK_LAYER
    return VpnClient.OTHER if flags or no_link_layer else None


def _is_bridged(host: Host, name: str) -> bool:
    """Tell whether the interface belongs to a bridge, as those of virtual machines do."""
    return host.exists(f"/sys/class/net/{name}/master")


def _routable(address: str) -> bool:
    parsed = ipaddress.ip_address(address)
    return not (parsed.is_link_local or parsed.is_loopback or parsed.is_unspecified or parsed.is_multicast)


def _up(host: Host, settings: ProbeSettings, known: tuple[Tunnel, ...]) -> tuple[Tunnel, ...]:
    """Return the tunnels that are up: interface up, a routable address, and something routed to them."""
    candidates = [t for t in known if t.interface.up and any(map(_routable, t.interface.addresses))]
    if not candidates:
        return ()
    asked = [*public_targets(settings), *(t for t in (settings.internal_target,) if t)]
    asked += [entry.linux.witness for entry in VPN_CLIENTS if entry.linux.witness]
    sources = {host.route_source(address) for address in asked}
    lines = routes(host)
    return tuple(
        t
        for t in candidates
        if not sources.isdisjoint(t.interface.addresses) or _leads_beyond(t.interface, lines)
    )


def _leads_beyond(interface: Interface, lines: tuple[RouteLine, ...]) -> bool:
    """Tell whether more is routed to an interface than the one network its own address lies in."""
    own = {ipaddress.ip_address(address) for address in interface.addresses}
    mine = [line for line in lines if line.interface == interface.name and not line.network.is_link_local]
    around = [line for line in mine if any(address in line.network for address in own)]
    return any(line.gateway or line.default for line in mine) or len(mine) > len(around) or len(around) > 1
