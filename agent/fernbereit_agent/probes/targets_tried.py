"""Which targets does a laptop reach, and which of them through its tunnel?

All of them share `BUDGET_S`: each gets its part of what is left, so that the last one has its turn although
none of them answers.
"""

from collections.abc import Callable

from fernbereit.facts.targets import TargetResult, Targets
from fernbereit.record import Reason
from fernbereit_agent.errors import NotHere
from fernbereit_agent.host import Host
from fernbereit_agent.probes.reach import reach
from fernbereit_agent.probes.tunnels import Tunnels, carried_by
from fernbereit_agent.settings import ProbeSettings, TargetSettings

BUDGET_S = 90.0
"""Less than the deadline of the section by the longest that one look-up of a name usually hangs."""


def tried(host: Host, settings: ProbeSettings, survey: Callable[[Host, ProbeSettings], Tunnels]) -> Targets:
    """Try every target of the settings one after the other; raises `NotHere` if there are none."""
    if not settings.targets:
        raise NotHere(Reason.NOT_CONFIGURED)
    until = host.monotonic() + BUDGET_S
    seen = survey(host, settings)
    results: list[TargetResult] = []
    for number, target in enumerate(settings.targets):
        part_s = (until - host.monotonic()) / (len(settings.targets) - number)
        results.append(_one(host, target, seen, part_s))
    return Targets(results=tuple(results))


def _one(host: Host, target: TargetSettings, seen: Tunnels, part_s: float) -> TargetResult:
    if part_s <= 0:
        return TargetResult(name=target.name, essential=target.essential)  # not tried, so not known
    result, address = reach(host, target, part_s)
    through = carried_by(host, address, seen) if address else None
    return result.model_copy(update={"through_tunnel": through})
