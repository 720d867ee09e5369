"""Which interfaces of a Mac are tunnels, which are up, and what carries the default route?

names            utunN of nearly every client; ipsecN of macOS itself; gpdN, pppN, tunN, tapN of some
scutil --nc list  * (Connected)  0000...  VPN (io.tailscale.ipn.macsys) "Work"  [VPN:io.tailscale.ipn.macsys]

Every Mac has some idle utun: without an address that reaches further than its link it is nobody's tunnel.
Only the state and the brackets are read of the list.

Never: network names, hardware addresses, names and servers of a VPN.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase

from fernbereit.facts.remote_access import VpnClient
from fernbereit_agent.host import Host, Interface
from fernbereit_agent.probes.answers_macos import word
from fernbereit_agent.probes.routes_macos import all_routes, serving
from fernbereit_agent.probes.tunnels import Tunnel, Tunnels, routable, up_among
from fernbereit_agent.probes.vpn_clients import VPN_CLIENTS, entries, owner_on_macos
from fernbereit_agent.probes.vpn_entry import VpnEntry
from fernbereit_agent.settings import ProbeSettings

SERVICES = ("/usr/sbin/scutil", "--nc", "list")
TUNNEL_NAMES = ("utun*", "ipsec*", "gpd*", "ppp*", "tun*", "tap*")
NEED_AN_OWNER = ("ppp*",)
"""A modem may use such a name as well, so without a client it is no tunnel."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """One VPN that macOS lists: whose it is, and whether macOS calls it connected."""

    client: str
    connected: bool


def survey(host: Host, settings: ProbeSettings) -> Tunnels:
    """Look at all interfaces once; tunnels nobody routes to are `known` but not `up`.

    Without the routing tables a tunnel may carry what no question of ours asked for, so it is `hidden`.
    """
    table = entries(settings)
    services = tuple(parse_services(word(host, *SERVICES)))
    installed = _installed(host, services, table)
    connected = tuple(each.client for each in services if each.connected)
    found = ((each, _owner(each, installed, connected, table)) for each in host.interfaces())
    known = tuple(Tunnel(interface=interface, client=client) for interface, client in found if client)
    lines = all_routes(host) if known else ()
    hides = any(entry.client in installed for entry in table if entry.macos.hides or not entry.own_interface)
    return Tunnels(
        installed=installed,
        known=known,
        up=up_among(host, settings, known, lambda _: serving(lines), ()),
        hidden=hides or (bool(known) and not lines),
    )


def carrier(host: Host, settings: ProbeSettings) -> Interface | None:
    """Return the interface below all tunnels: that of the best default route which is no tunnel."""
    table = entries(settings)
    lines = [
        line for line in all_routes(host) if line.default and not _named_like_a_tunnel(line.interface, table)
    ]
    best = min(lines, key=lambda line: line.metric, default=None)
    if best is None:
        return None
    return next((each for each in host.interfaces() if each.name == best.interface), None)


def parse_services(text: str) -> Iterator[Service]:
    """Yield the listed VPNs whose brackets an entry of the table knows.

    >>> list(parse_services('* (Connected)  0A  VPN (x) "Work"  [VPN:com.wireguard.macos]'))
    [Service(client=<VpnClient.WIREGUARD: 'wireguard'>, connected=True)]
    """
    for line in text.splitlines():
        found = re.match(r"[* ] \(([A-Za-z]+)\) .*\[([^\[\]]+)\]$", line.rstrip())
        if not found:
            continue
        state, service = found.groups()
        for entry in VPN_CLIENTS:
            if any(fnmatchcase(service.casefold(), each.casefold()) for each in entry.macos.services):
                yield Service(client=entry.client, connected=state == "Connected")


def _installed(host: Host, services: tuple[Service, ...], table: tuple[VpnEntry, ...]) -> tuple[str, ...]:
    """Return the clients found where their makers install them, and those macOS lists a VPN of."""
    listed = {each.client for each in services}
    return tuple(
        entry.client
        for entry in table
        if entry.client in listed or any(host.exists(path) for path in entry.macos.paths)
    )


def _owner(
    interface: Interface,
    installed: tuple[str, ...],
    connected: tuple[str, ...],
    table: tuple[VpnEntry, ...],
) -> str | None:
    if not _named_like_a_tunnel(interface.name, table) or not any(map(routable, interface.addresses)):
        return None
    owner = owner_on_macos(interface, installed, connected, table)
    if owner is None and any(fnmatchcase(interface.name, pattern) for pattern in NEED_AN_OWNER):
        return None
    return owner or VpnClient.OTHER


def _named_like_a_tunnel(name: str, table: tuple[VpnEntry, ...]) -> bool:
    own = (pattern for entry in table for pattern in entry.macos.interfaces)
    return any(fnmatchcase(name, pattern) for pattern in (*TUNNEL_NAMES, *own))
