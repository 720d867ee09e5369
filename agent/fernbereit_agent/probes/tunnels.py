"""What is known of the tunnels of a laptop at one moment, and what is sent through them?

The systems differ in how a tunnel is recognised; that it is up is judged alike everywhere.
"""

import ipaddress
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from fernbereit_agent.host import Host, Interface
from fernbereit_agent.probes.routes import RouteLine, public_targets
from fernbereit_agent.settings import ProbeSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class Tunnel:
    """A tunnel interface; `client` is `other` if no entry of the table claims it."""

    interface: Interface
    client: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tunnels:
    """All about the tunnels of a laptop at one moment.

    `hidden` tells that a client is installed whose tunnel shows on no interface, so that a way which seems to
    be none may be one.
    """

    installed: tuple[str, ...]
    known: tuple[Tunnel, ...]
    up: tuple[Tunnel, ...]
    hidden: bool


def carried_by(host: Host, address: str, seen: Tunnels) -> bool | None:
    """Tell whether the kernel sends to `address` through a tunnel; None without a route or where it hides."""
    source = host.route_source(address)
    if source is None:
        return None
    if any(source in tunnel.interface.addresses for tunnel in seen.up):
        return True
    return None if seen.hidden else False


def up_among(
    host: Host,
    settings: ProbeSettings,
    known: Iterable[Tunnel],
    routes: Callable[[Host], tuple[RouteLine, ...]],
    witnesses: Iterable[str],
) -> tuple[Tunnel, ...]:
    """Return the tunnels that are up: interface up, a routable address, and something routed to them.

    `witnesses` are addresses that only one client routes.
    """
    candidates = [t for t in known if t.interface.up and any(map(routable, t.interface.addresses))]
    if not candidates:
        return ()
    asked = [*public_targets(settings), *settings.internal_targets, *witnesses]
    sources = {host.route_source(address) for address in asked}
    lines = routes(host)
    return tuple(
        t
        for t in candidates
        if not sources.isdisjoint(t.interface.addresses) or _leads_beyond(t.interface, lines)
    )


def routable(address: str) -> bool:
    """Tell whether an address reaches further than the link it is on."""
    parsed = ipaddress.ip_address(address)
    return not (parsed.is_link_local or parsed.is_loopback or parsed.is_unspecified or parsed.is_multicast)


def _leads_beyond(interface: Interface, lines: tuple[RouteLine, ...]) -> bool:
    """Tell whether more is routed to an interface than the one network its own address lies in."""
    own = {ipaddress.ip_address(address) for address in interface.addresses}
    mine = [line for line in lines if line.interface == interface.name and not line.network.is_link_local]
    around = [line for line in mine if any(address in line.network for address in own)]
    return any(line.gateway or line.default for line in mine) or len(mine) > len(around) or len(around) > 1
