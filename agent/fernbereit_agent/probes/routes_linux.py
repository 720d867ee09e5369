"""What stands in the main routing tables of a Linux laptop, and which addresses ask for the way outside?

/proc/net/route        "tun0  00000000  0100080A  0003  0  0  50  00000000  0  0  0", addresses in host order
/proc/net/ipv6_route   "2001... 40 0000... 00 fe80... 00000400 ... 00000003 wlan0"

Tables of policy routing do not stand there, so a missing line proves nothing: `Host.route_source` does.
"""

import ipaddress
import sys
from collections.abc import Iterator
from dataclasses import dataclass

from fernbereit_agent.host import Host
from fernbereit_agent.probes.texts import line_of
from fernbereit_agent.settings import ProbeSettings

PUBLIC_V4 = "192.0.2.1"
PUBLIC_V6 = "2001:db8::1"
"""Addresses of the documentation prefixes (RFC 5737, RFC 3849): public, and nobody's."""

Network = ipaddress.IPv4Network | ipaddress.IPv6Network

_ROUTE_UP = 0x1
_ROUTE_REJECT = 0x200
_HOST_V6 = 128


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteLine:
    """One usable line of a routing table."""

    interface: str
    network: Network
    gateway: bool
    metric: int

    @property
    def default(self) -> bool:
        """Tell whether this is a default route."""
        return self.network.prefixlen == 0


def public_targets(settings: ProbeSettings) -> tuple[str, str]:
    """Return one public address a family; the one of the settings takes its family's place."""
    chosen = settings.public_target
    return (PUBLIC_V4, chosen) if ":" in chosen else (chosen, PUBLIC_V6)


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
