r"""Which interfaces of a Windows laptop are tunnels, which are up, and what carries the default route?

GetIfTable2           MIB_IF_ROW2: GUID, description, kind, state; the alias joins it with its addresses
HKLM\...\Class\{4D36E972-...}\NNNN   NetCfgInstanceId and ComponentId: what nobody renames
RasEnumConnections    "vpn" among the kinds of the connections Windows itself has dialled; PPPoE is no VPN
GetIpForwardTable2    which networks lead where; the kernel's own answer goes before it

Up is operational, connected, with a routable address and something routed to it. Filters that sit on top of
other interfaces are not looked at.

Never: network names; hardware addresses leave this file only as "that of this client" or not at all.
"""

import ipaddress
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase

from fernbereit.facts.remote_access import VpnClient
from fernbereit_agent.errors import ProbeError
from fernbereit_agent.host import Host, Interface
from fernbereit_agent.probes.installed_vpn_windows import installed_clients
from fernbereit_agent.probes.registry_windows import subkeys, text
from fernbereit_agent.probes.routes import RouteLine
from fernbereit_agent.probes.tunnels import Tunnel, Tunnels, up_among
from fernbereit_agent.probes.vpn_clients import VPN_CLIENTS, entries
from fernbereit_agent.probes.vpn_entry import VpnEntry
from fernbereit_agent.settings import ProbeSettings
from fernbereit_agent.windows_layouts import ForwardRow, InterfaceRow, RasConnection, laid_out, utf16
from fernbereit_agent.windows_ports import Blocks

CLASS = r"HKLM\SYSTEM\CurrentControlSet\Control\Class\{4D36E972-E325-11CE-BFC1-08002BE10318}"
ETHERNET, PPP, LOOPBACK, VIRTUAL, WIFI, TUNNEL = 6, 23, 24, 53, 71, 131
MOBILE = frozenset({243, 244})
OF_A_FILTER = 0x02
UP, CONNECTED, UNKNOWN_STATE = 1, 1, 0
BLUETOOTH = 10
TRANSITION = frozenset({11, 13, 14})
"""6to4, ISATAP and Teredo carry IPv6 and no VPN (ifdef.h)."""
NO_TUNNELS = (
    "microsoft wi-fi direct virtual adapter*",
    "hyper-v virtual ethernet adapter*",
    "vmware virtual ethernet adapter*",
    "virtualbox host-only*",
    "microsoft teredo*",
    "microsoft kernel debug network adapter*",
    "wan miniport (*",
    "bluetooth device (*",
)
WITNESSES = ("100.100.100.100",)
"""An address that only Tailscale routes."""
AT_ALIAS, AT_DESCRIPTION, NAME_BYTES = 28, 542, 514
AT_GUID, AT_ADDRESS = 12, 1060
IPV4, IPV6 = 2, 23


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """One row of the table of interfaces as far as it is looked at; `guid` in lower case with braces."""

    index: int
    guid: str
    alias: str
    description: str
    address: bytes
    mtu: int
    kind: int
    tunnel: int
    medium: int
    is_up: bool
    bits_per_s: int


def decode_link(block: bytes) -> Link | None:
    """Return what a MIB_IF_ROW2 says; None for a block of another size and for filters."""
    row = laid_out(InterfaceRow, block)
    if row is None or row.InterfaceAndOperStatusFlags & OF_A_FILTER:
        return None
    state, length = row.MediaConnectState, int.from_bytes(block[1056:1060], "little")
    connected = state == CONNECTED or (row.Type == PPP and state == UNKNOWN_STATE)
    return Link(
        index=row.InterfaceIndex,
        guid="{" + str(uuid.UUID(bytes_le=block[AT_GUID : AT_GUID + 16])) + "}",
        alias=utf16(block[AT_ALIAS : AT_ALIAS + NAME_BYTES]),
        description=utf16(block[AT_DESCRIPTION : AT_DESCRIPTION + NAME_BYTES]),
        address=block[AT_ADDRESS : AT_ADDRESS + min(length, 32)],
        mtu=row.Mtu,
        kind=row.Type,
        tunnel=row.TunnelType,
        medium=row.PhysicalMediumType,
        is_up=row.OperStatus == UP and connected,
        bits_per_s=row.TransmitLinkSpeed,
    )


def decode_route(block: bytes, names: Mapping[int, str]) -> RouteLine | None:
    """Return what a MIB_IPFORWARD_ROW2 says; None for rows about one address, multicast or nothing known.

    `names` holds the alias of each interface by its number.
    """
    row = laid_out(ForwardRow, block)
    name = names.get(row.InterfaceIndex) if row else None
    if row is None or name is None:
        return None
    family, length = row.DestinationPrefix.Prefix.family, row.DestinationPrefix.PrefixLength
    longest, size, at = {IPV4: (32, 4, 16), IPV6: (128, 16, 20)}.get(family, (0, 0, 0))
    if not size or length >= longest:
        return None
    target = ipaddress.ip_address(block[at : at + size])
    network = ipaddress.ip_network(f"{target}/{length}", strict=False)
    gateway = block[44 + at - 12 : 44 + at - 12 + size]
    if network.is_multicast or network.is_loopback:
        return None
    return RouteLine(interface=name, network=network, gateway=any(gateway), metric=row.Metric)


def links(host: Host) -> dict[str, Link]:
    """Return all interfaces by their alias; raises any `ProbeError`, since without them nothing is known."""
    blocks = host.windows.native.blocks(Blocks.INTERFACES)
    return {link.alias: link for block in blocks if (link := decode_link(block)) is not None}


def routes(host: Host) -> tuple[RouteLine, ...]:
    """Return the routes of both families that lead to a network."""
    names = {link.index: alias for alias, link in links(host).items()}
    try:
        blocks = host.windows.native.blocks(Blocks.ROUTES)
    except ProbeError:
        return ()
    return tuple(line for block in blocks if (line := decode_route(block, names)) is not None)


def survey(host: Host, settings: ProbeSettings) -> Tunnels:
    """Look at all interfaces once; idle tunnels are `known` but not `up`. Raises any `ProbeError`."""
    known_clients = entries(settings)
    installed = installed_clients(host, known_clients)
    table, components, dialled = links(host), _components(host), _dialled_a_vpn(host)
    known: list[Tunnel] = []
    for interface in host.interfaces():
        link = table.get(interface.name)
        client = (
            owner(link, components.get(link.guid, ""), dialled=dialled, among=known_clients) if link else None
        )
        if link and client:
            told = Interface(
                name=interface.name,
                up=link.is_up,
                mtu=link.mtu if 0 < link.mtu <= 65_535 else interface.mtu,
                speed_mbps=interface.speed_mbps,
                addresses=interface.addresses,
            )
            known.append(Tunnel(interface=told, client=client))
    shown = {tunnel.client for tunnel in known}
    return Tunnels(
        installed=installed,
        known=tuple(known),
        up=up_among(host, settings, known, routes, WITNESSES),
        hidden=any(
            entry.client in installed
            and (not entry.own_interface or (entry.windows.hides and entry.client not in shown))
            for entry in known_clients
        ),
    )


def owner(
    link: Link, component: str, *, dialled: bool | None, among: tuple[VpnEntry, ...] = VPN_CLIENTS
) -> str | None:
    """Return the client an interface belongs to, `other` for a tunnel of nobody known, None for no tunnel.

    `dialled` tells whether Windows itself has dialled a VPN, None where it does not say.
    """
    description, component = link.description.casefold(), component.casefold()
    for entry in among:
        seen = entry.windows
        fixed = bytes.fromhex((seen.adapter_address or "").replace(":", ""))
        if (
            (component and component in seen.component_ids)
            or any(fnmatchcase(description, pattern.casefold()) for pattern in seen.descriptions)
            or (fixed and link.address == fixed)
        ):
            return None if "wan miniport" in description else entry.client
    if link.kind == LOOPBACK or link.medium == BLUETOOTH or link.tunnel in TRANSITION:
        return None
    if any(fnmatchcase(description, pattern) for pattern in NO_TUNNELS):
        return None
    if link.kind == PPP:
        return VpnClient.WINDOWS_BUILT_IN if dialled else None
    return VpnClient.OTHER if link.kind in {VIRTUAL, TUNNEL} or link.tunnel else None


def carrier(host: Host, seen: Tunnels) -> tuple[Interface, Link] | None:
    """Return the interface below all tunnels: that of the best default route which is no tunnel."""
    names, table = {tunnel.interface.name for tunnel in seen.known}, links(host)
    found = {each.name: each for each in host.interfaces() if each.name not in names and each.name in table}
    lines = [line for line in routes(host) if line.default and line.interface in found]
    best = min(lines, key=lambda line: (not table[line.interface].is_up, line.metric), default=None)
    return (found[best.interface], table[best.interface]) if best else None


def _components(host: Host) -> dict[str, str]:
    """Return the driver's own name of each interface by its GUID."""
    found = {}
    for number in subkeys(host, CLASS):
        if number.isdigit():
            guid = text(host, rf"{CLASS}\{number}", "NetCfgInstanceId").casefold()
            found[guid] = text(host, rf"{CLASS}\{number}", "ComponentId")
    return found


def _dialled_a_vpn(host: Host) -> bool | None:
    try:
        blocks = host.windows.native.blocks(Blocks.DIAL_UP)
    except ProbeError:
        return None
    return any(device_type(block).casefold() == "vpn" for block in blocks)


def device_type(block: bytes) -> str:
    """Return the kind of a connection that Windows has dialled, from RASCONNW."""
    return utf16(block[526 : 526 + 34]) if laid_out(RasConnection, block) else ""
