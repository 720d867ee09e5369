"""Where is the laptop, and how far does it reach? The kernel and the office's beacon know."""

import ipaddress

from fernbereit.facts.network import Zone
from fernbereit_agent.errors import ProbeError
from fernbereit_agent.host import Host
from fernbereit_agent.probes.routes import PUBLIC_V6
from fernbereit_agent.probes.tunnels import Tunnels, carried_by
from fernbereit_agent.settings import ProbeSettings, TargetSettings

BEACON_TIMEOUT_S = 3.0
_UNIQUE_LOCAL = ipaddress.IPv6Network("fc00::/7")


def has_ipv6(host: Host) -> bool:
    """Tell whether the kernel has a way to a public address of IPv6."""
    source = host.route_source(PUBLIC_V6)
    return source is not None and ipaddress.ip_address(source) not in _UNIQUE_LOCAL


def zone(host: Host, settings: ProbeSettings, seen: Tunnels) -> Zone | None:
    """Return `office` only if the beacon answers on a way that is no tunnel; silence proves nothing.

    A box outside the laptop hides its tunnel, so the beacon must not be reachable through the VPN at all.
    """
    beacon = next((target for target in settings.targets if target.name == settings.beacon), None)
    if beacon is not None and _answers_outside_of(host, beacon, seen):
        return Zone.OFFICE
    return Zone.REMOTE if seen.up else None


def _answers_outside_of(host: Host, beacon: TargetSettings, seen: Tunnels) -> bool:
    try:
        addresses, _ = host.resolve(beacon.host)
        address = addresses[0]
        if carried_by(host, address, seen) is not False:
            return False
        if beacon.tls:
            host.tls_handshake(address, beacon.port, beacon.host, BEACON_TIMEOUT_S)
        else:
            host.connect(address, beacon.port, BEACON_TIMEOUT_S)
    except (ProbeError, OSError):
        return False
    return True
