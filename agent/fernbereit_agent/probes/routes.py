"""Which addresses ask for the way outside, and what is a line of a routing table?"""

import ipaddress
from dataclasses import dataclass

from fernbereit_agent.settings import ProbeSettings

PUBLIC_V4 = "192.0.2.1"
PUBLIC_V6 = "2001:db8::1"
"""Addresses of the documentation prefixes (RFC 5737, RFC 3849): public, and nobody's."""

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


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
