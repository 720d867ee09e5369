"""How does a recorded routing table keep its shape without telling a network?

Default routes, and the halves that VPN clients set instead, stay. Every other route is narrowed to one
stand-in address: that of its interface if it lay in the network, so that "the network I am in" stays true.
"""

import ipaddress
import sys
from collections.abc import Callable, Mapping

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Address = Callable[[str], str]
Inside = Callable[[str, Network], str]

WIDEST_KEPT = 3
LONGEST_V6 = 127
"""A line for one IPv6 address alone counts as an address of the machine itself, not as a route."""

_V4_FIELDS = 8
_V6_FIELDS = 10


def routes_v4(text: str, address: Address, inside: Inside) -> str:
    """Redact /proc/net/route; lines of another shape are dropped."""
    head, *lines = text.splitlines() or [""]
    rows = [row for line in lines if len(row := line.split()) >= _V4_FIELDS]
    for row in rows:
        row[2] = _hex_v4(address(_from_hex_v4(row[2])))
        network = ipaddress.IPv4Network(f"{_from_hex_v4(row[1])}/{_from_hex_v4(row[7])}", strict=False)
        if network.prefixlen > WIDEST_KEPT:
            row[1], row[7] = _hex_v4(inside(row[0], network)), "FFFFFFFF"
    return "\n".join([" ".join(head.split()), *("\t".join(row) for row in rows)]) + "\n"


def routes_v6(text: str, address: Address, inside: Inside) -> str:
    """Redact /proc/net/ipv6_route; lines of another shape are dropped."""
    rows = [row for line in text.splitlines() if len(row := line.split()) == _V6_FIELDS]
    for row in rows:
        row[4] = _hex_v6(address(_from_hex_v6(row[4])))
        network = ipaddress.IPv6Network((int(row[0], 16), int(row[1], 16)), strict=False)
        if network.prefixlen > WIDEST_KEPT and not network.is_multicast:
            length = max(network.prefixlen, LONGEST_V6)
            standing = ipaddress.IPv6Network((inside(row[9], network), length), strict=False)
            row[0], row[1] = _hex_v6(str(standing.network_address)), f"{length:02x}"
    return "".join(" ".join(row) + "\n" for row in rows)


def _from_hex_v4(field: str) -> str:
    return str(ipaddress.IPv4Address(int(field, 16).to_bytes(4, sys.byteorder)))


def _hex_v4(address: str) -> str:
    return f"{int.from_bytes(ipaddress.IPv4Address(address).packed, sys.byteorder):08X}"


def _from_hex_v6(field: str) -> str:
    return str(ipaddress.IPv6Address(int(field, 16)))


def _hex_v6(address: str) -> str:
    return f"{int(ipaddress.IPv6Address(address)):032x}"


ROUTE_TABLES: Mapping[str, Callable[[str, Address, Inside], str]] = {
    "/proc/net/route": routes_v4,
    "/proc/net/ipv6_route": routes_v6,
}
