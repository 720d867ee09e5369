"""What stands in the main routing tables of a Linux laptop?

/proc/net/route        "tun0  00000000  0100080A  0003  0  0  50  00000000  0  0  0", addresses in host order
/proc/net/ipv6_route   "2001... 40 0000... 00 fe80... 00000400 ... 00000003 wlan0"

Tables of policy routing do not stand there, so a missing line proves nothing: `Host.route_source` does.
"""

import ipaddress
import sys
from collections.abc import Iterator

from fernbereit_agent.host import Host
from fernbereit_agent.probes.routes import RouteLine
from fernbereit_agent.probes.texts import line_of

_ROUTE_UP = 0x1
_ROUTE_REJECT = 0x200
_HOST_V6 = 128


def routes(host: Host) -> tuple[RouteLine, ...]:
    """Return the usable lines of both main routing tables."""
    return (*_lines_v4(line_of(host, "/proc/net/route")), *_lines_v6(line_of(host, "/proc/net/ipv6_route")))


def _lines_v4(text: str) -> Iterator[RouteLine]:
    for line in text.splitlines()[1:]:
        name, target, gateway, flags, _, _, metric, mask = line.split()[:8]
        if _usable(flags):
            network = ipaddress.IPv4Network(f"{_address_v4(target)}/{_address_v4(mask)}")
            yield RouteLine(
                interface=name, network=network, gateway=int(gateway, 16) != 0, metric=int(metric)
            )


def _lines_v6(text: str) -> Iterator[RouteLine]:
    for line in text.splitlines():
        target, length, _, _, gateway, metric, _, _, flags, name = line.split()
        network = ipaddress.IPv6Network((int(target, 16), int(length, 16)))
        if _usable(flags) and name != "lo" and not network.is_multicast and network.prefixlen < _HOST_V6:
            yield RouteLine(
                interface=name, network=network, gateway=int(gateway, 16) != 0, metric=int(metric, 16)
            )


def _usable(flags: str) -> bool:
    return bool(int(flags, 16) & _ROUTE_UP) and not int(flags, 16) & _ROUTE_REJECT


def _address_v4(digits: str) -> str:
    """Return an address of /proc/net/route, which is written in the byte order of the machine."""
    return str(ipaddress.IPv4Address(int(digits, 16).to_bytes(4, sys.byteorder)))
