"""How many people are able in all, and how many sessions are asked for? Without asking who: for many days.

Filling tier by tier serves as many people as any other way (docs/decisions/007-the-drill-is-a-flow.md), so
the total is those who need no tunnel and the maximum flow of all others.
"""

from dataclasses import dataclass

from fernbereit_server.organisation.model import Organisation
from fernbereit_server.resilience.counts import Counts
from fernbereit_server.resilience.demand import Settling
from fernbereit_server.resilience.filling import most
from fernbereit_server.resilience.ground import Ground, ground_of
from fernbereit_server.resilience.network import Network
from fernbereit_server.resilience.result import Bounds
from fernbereit_server.resilience.scenario import Scenario, applied


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """People able and suitable as `drill` says them, sessions demanded as `headroom` does."""

    able: Bounds
    suitable: int
    sessions: Bounds


def totals(organisation: Organisation, counts: Counts, scenario: Scenario) -> Totals:
    """Return the figures of a scenario over all units that leave."""
    ground = ground_of(organisation, counts, scenario, applied(scenario, organisation))
    share = scenario.concurrency or organisation.concurrency
    low = _able(ground, ground.poor, Settling.CAUTIOUS)
    high = _able(ground, ground.rich, Settling.HOPEFUL)
    least, greatest = (tunnels(ground, settling) for settling in (Settling.YIELDING, Settling.CROWDING))
    return Totals(
        able=Bounds(low, max(low, high)),
        suitable=sum(unit.staff for unit in ground.units.values()),
        sessions=Bounds(sum(least) * share, sum(greatest) * share),
    )


def tunnels(ground: Ground, settling: Settling) -> list[float]:
    """Add up the people who need a tunnel, by class."""
    return _asked(ground, settling)[1]


def _able(ground: Ground, network: Network, settling: Settling) -> float:
    direct, people = _asked(ground, settling)
    return direct + most(network, people)


def _asked(ground: Ground, settling: Settling) -> tuple[float, list[float]]:
    """Add up who needs no tunnel, and by class who needs one."""
    direct, people = 0.0, [0.0] * len(ground.poor.classes)
    for unit in ground.units:
        demand = ground.demand(unit, settling)
        direct += demand.direct
        people[ground.poor.class_of[unit]] += demand.tunnel
    return direct, people
