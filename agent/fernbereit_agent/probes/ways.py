"""What do the routing table and the tunnels of a laptop say about the way inside and outside?"""

from collections.abc import Sequence

from fernbereit.facts.remote_access import RemoteAccess, Route, VpnClient
from fernbereit.facts.remote_access import Tunnel as State
from fernbereit_agent.host import Host
from fernbereit_agent.probes.routes import public_targets
from fernbereit_agent.probes.tunnels import Tunnel, Tunnels, carried_by
from fernbereit_agent.probes.vpn_clients import published
from fernbereit_agent.settings import ProbeSettings


def told(host: Host, settings: ProbeSettings, seen: Tunnels) -> RemoteAccess:
    """Ask the kernel for the way inside and outside, and name the tunnel it leads through."""
    used = _used(host, settings, seen)
    names = {*seen.installed, *(tunnel.client for tunnel in seen.known)} - {VpnClient.OTHER}
    others = sorted(name for name in names if published(name) is VpnClient.OTHER)
    return RemoteAccess(
        clients=tuple(sorted({published(name) for name in names}))[:8],
        other_clients=tuple(others[:8]) if settings.clients.vpn else None,
        tunnel=_state(seen),
        route=_route(host, settings, seen),
        active_client=published(used.client) if used else None,
        mtu=used.interface.mtu if used else None,
    )


def judge(internal: Sequence[bool], public: Sequence[bool], *, told: Sequence[str]) -> Route | None:
    """Judge what the kernel answered while a tunnel is up; None where the answers do not decide.

    Both hold one answer for each family that has a route: a tunnel that leaves one family out is split.
    Without an inside address in the settings (`told`) a tunnel beside the public way may carry anything.

    >>> judge([True], [True, False], told=["10.0.0.1"])
    <Route.SPLIT: 'split'>
    >>> judge([], [False], told=[]) is None
    True
    """
    outside = bool(public) and all(public)
    if not told:
        return Route.FULL if outside else None
    if any(internal):
        return Route.FULL if outside and all(internal) else Route.SPLIT
    return Route.OTHER if any(public) else Route.NONE


def _route(host: Host, settings: ProbeSettings, seen: Tunnels) -> Route | None:
    if not seen.up:
        return None if seen.hidden else Route.NONE
    inside = settings.internal_targets
    asked = (*inside, *public_targets(settings))
    answers = {address: carried_by(host, address, seen) for address in asked if host.route_source(address)}
    if None in answers.values():
        return None  # it seems to be no tunnel, but a client whose tunnel shows nowhere may carry it
    public = [answers[address] is True for address in public_targets(settings) if address in answers]
    return judge([answers[address] is True for address in inside if address in answers], public, told=inside)


def _state(seen: Tunnels) -> State:
    if seen.up:
        return State.UP
    return State.NOT_DETECTABLE if seen.hidden else State.DOWN


def _used(host: Host, settings: ProbeSettings, seen: Tunnels) -> Tunnel | None:
    """Return the tunnel to the inside, else that to the outside, else the first that is up."""
    for address in (*settings.internal_targets, *public_targets(settings)):
        source = host.route_source(address)
        for tunnel in seen.up:
            if source in tunnel.interface.addresses:
                return tunnel
    return seen.up[0] if seen.up else None
