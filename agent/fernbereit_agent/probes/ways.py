"""What do the routing table and the tunnels of a laptop say about the way inside and outside?"""

from collections.abc import Sequence

from fernbereit.facts.remote_access import RemoteAccess, Route, VpnClient
from fernbereit.facts.remote_access import Tunnel as State
from fernbereit_agent.host import Host
from fernbereit_agent.probes.routes import public_targets
from fernbereit_agent.probes.tunnels import Tunnel, Tunnels, carried_by
from fernbereit_agent.settings import ProbeSettings


def told(host: Host, settings: ProbeSettings, seen: Tunnels) -> RemoteAccess:
    """Ask the kernel for the way inside and outside, and name the tunnel it leads through."""
    used = _used(host, settings, seen)
    named = {tunnel.client for tunnel in seen.known} - {VpnClient.OTHER}
    return RemoteAccess(
        clients=tuple(sorted({*seen.installed, *named}))[:8],
        tunnel=_state(seen),
        route=_route(host, settings, seen),
        active_client=used.client if used else None,
        mtu=used.interface.mtu if used else None,
    )


def judge(internal: bool | None, public: Sequence[bool], *, told: bool) -> Route | None:  # noqa: FBT001
    """Judge what the kernel answered while a tunnel is up; None where the answers do not decide.

    `public` holds one answer for each family that has a route: a tunnel that leaves one family out is split.
    Without an inside address (`told` is False) a tunnel beside the public way may carry anything.

    >>> judge(True, [True, False], told=True)
    <Route.SPLIT: 'split'>
    >>> judge(None, [False], told=False) is None
    True
    """
    outside = bool(public) and all(public)
    if not told:
        return Route.FULL if outside else None
    if internal:
        return Route.FULL if outside else Route.SPLIT
    return Route.OTHER if any(public) else Route.NONE


def _route(host: Host, settings: ProbeSettings, seen: Tunnels) -> Route | None:
    if not seen.up:
        return None if seen.hidden else Route.NONE
    inside = settings.internal_target
    asked = (inside, *public_targets(settings)) if inside else public_targets(settings)
    answers = {address: carried_by(host, address, seen) for address in asked if host.route_source(address)}
    if None in answers.values():
        return None  # it seems to be no tunnel, but a client whose tunnel shows nowhere may carry it
    public = [answers[address] is True for address in public_targets(settings) if address in answers]
    return judge(answers.get(inside or ""), public, told=inside is not None)


def _state(seen: Tunnels) -> State:
    if seen.up:
        return State.UP
    return State.NOT_DETECTABLE if seen.hidden else State.DOWN


def _used(host: Host, settings: ProbeSettings, seen: Tunnels) -> Tunnel | None:
    """Return the tunnel to the inside, else that to the outside, else the first that is up."""
    for address in (settings.internal_target, *public_targets(settings)):
        source = host.route_source(address) if address else None
        for tunnel in seen.up:
            if source in tunnel.interface.addresses:
                return tunnel
    return seen.up[0] if seen.up else None
