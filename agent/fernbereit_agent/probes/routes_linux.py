"""What stands in the main routing tables of a Linux laptop?

/proc/net/route        "tun0  00000000  0100080A  0003  0  0  50  00000000  0  0  0", addresses in host order
/proc/net/ipv6_route   "2001... 40 0000... 00 fe80... 00000400 ... 00000003 wlan0"

Tables of policy routing do not stand there, so a missing line proves nothing: `Host.route_source` does.
"""

import ipaddress
import sys
from collections.abc import Callable, Iterable
from contextlib import suppress

from fernbereit_agent.host import Host
from fernbereit_agent.probes.routes import RouteLine
from fernbereit_agent.probes.texts import line_of

_ROUTE_UP = 0x1
_ROUTE_REJECT = 0x200
_HOST_V6 = 128


def routes(host: Host) -> tuple[RouteLine, ...]:
    """Return the usable lines of both main routing tables."""
    v4, v6 = line_of(host, "/proc/net/route"), line_of(host, "/proc/net/ipv6_route")
    return (*parse_v4(v4), *parse_v6(v6))


def parse_v4(text: str) -> tuple[RouteLine, ...]:
    """Return the usable lines below the head of /proc/net/route; a broken one is passed over."""
    return _each(_line_v4, text.splitlines()[1:])


def parse_v6(text: str) -> tuple[RouteLine, ...]:
    """Return the usable lines of /proc/net/ipv6_route; a broken one is passed over."""
    return _each(_line_v6, text.splitlines())


def _each(read: Callable[[str], RouteLine | None], lines: Iterable[str]) -> tuple[RouteLine, ...]:
    found = []
    for line in lines:
        with suppress(ValueError, OverflowError):
            found.append(read(line))
    return tuple(line for line in found if line is not None)


def _line_v4(line: str) -> RouteLine | None:
    name, target, gateway, flags, _, _, metric, mask = line.split()[:8]
    if not _usable(flags):
        return None
    network = ipaddress.IPv4Network(f"{_address_v4(target)}/{_address_v4(mask)}")
    return RouteLine(interface=name, network=network, gateway=int(gateway, 16) != 0, metric=int(metric))


def _line_v6(line: str) -> RouteLine | None:
    target, length, _, _, gateway, metric, _, _, flags, name = line.split()
    network = ipaddress.IPv6Network((int(target, 16), int(length, 16)))
    if not _usable(flags) or name == "lo" or network.is_multicast or network.prefixlen >= _HOST_V6:
        return None
    return RouteLine(interface=name, network=network, gateway=int(gateway, 16) != 0, metric=int(metric, 16))


def _usable(flags: str) -> bool:
    return bool(int(flags, 16) & _ROUTE_UP) and not int(flags, 16) & _ROUTE_REJECT


def _address_v4(digits: str) -> str:
    """Return an address of /proc/net/route, which is written in the byte order of the machine."""
    return str(ipaddress.IPv4Address(int(digits, 16).to_bytes(4, sys.byteorder)))
