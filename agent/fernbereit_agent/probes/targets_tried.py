"""Which targets does a laptop reach, which of them through its tunnel, and how good is the way?

All of them share `BUDGET_S`: each gets its part of what is left, so that the last one has its turn although
none of them answers. Where a link costs by use, or the battery is low, every target is still reached for,
once; nothing is measured.
"""

from collections.abc import Callable

from fernbereit.facts.targets import Spared, TargetResult, Targets
from fernbereit.record import Reason
from fernbereit_agent.errors import NotHere
from fernbereit_agent.host import Host
from fernbereit_agent.probes.reach import reach
from fernbereit_agent.probes.tunnels import Tunnels, carried_by
from fernbereit_agent.probes.way_out import measured
from fernbereit_agent.settings import ProbeSettings, TargetSettings

BUDGET_S = 90.0
"""Less than the deadline of the section by the longest that one look-up of a name usually hangs."""

DAY_S = 86_400.0
MOST_BYTES_A_DAY = 1_000_000
CONNECTION_BYTES, HANDSHAKE_BYTES, SERIES_BYTES = 500, 6_000, 6_000
"""What a connection, a handshake and all that is asked of the authority's own servers cost at most, both
ways, with the heads of all packets; `tests/agent/probes/test_cost_on_the_wire.py` counts them."""


def tried(
    host: Host,
    settings: ProbeSettings,
    survey: Callable[[Host, ProbeSettings], Tunnels],
    metered: Callable[[Host, ProbeSettings, Tunnels], bool | None],
) -> Targets:
    """Try every target of the settings one after the other; raises `NotHere` if nothing is to be asked."""
    if not (settings.targets or settings.stun or settings.reflector or settings.portal):
        raise NotHere(Reason.NOT_CONFIGURED)
    until = host.monotonic() + BUDGET_S
    seen = survey(host, settings)
    spared = _spared(host, metered(host, settings, seen))
    way = {} if spared else measured(host, settings)
    results: list[TargetResult] = []
    for number, target in enumerate(settings.targets):
        part_s = (until - host.monotonic()) / (len(settings.targets) - number)
        once = target.model_copy(update={"samples": 1}) if spared else target
        results.append(_one(host, once, seen, part_s))
    return Targets.model_validate({"results": tuple(results), "spared": spared, **way})


def bytes_of_a_look(settings: ProbeSettings) -> int:
    """Return what one look at the targets costs on the wire at most."""
    connections = sum(target.samples + target.tls for target in settings.targets)
    handshakes = sum(target.tls for target in settings.targets)
    series = SERIES_BYTES if settings.stun or settings.reflector or settings.portal else 0
    return connections * CONNECTION_BYTES + handshakes * HANDSHAKE_BYTES + series


def seconds_between(settings: ProbeSettings, every_s: float) -> float:
    """Return how far two looks are apart, so that all of a day stay below `MOST_BYTES_A_DAY`."""
    return max(every_s, DAY_S * bytes_of_a_look(settings) / MOST_BYTES_A_DAY)


def _spared(host: Host, metered: bool | None) -> Spared | None:  # noqa: FBT001
    if metered:
        return Spared.METERED
    return Spared.LOW_BATTERY if host.low_battery() else None


def _one(host: Host, target: TargetSettings, seen: Tunnels, part_s: float) -> TargetResult:
    if part_s <= 0:
        return TargetResult(name=target.name, essential=target.essential)  # not tried, so not known
    result, address = reach(host, target, part_s)
    through = carried_by(host, address, seen) if address else None
    return result.model_copy(update={"through_tunnel": through})
