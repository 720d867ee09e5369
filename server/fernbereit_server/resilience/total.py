"""How many people are able in all? The figure of the drill alone, without asking who: for hundreds of days.

Filling tier by tier serves as many people as any other way (docs/decisions/007-the-drill-is-a-flow.md), so
the total is those who need no tunnel and the maximum flow of all others.
"""

from fernbereit_server.organisation.model import Organisation
from fernbereit_server.resilience.counts import Counts
from fernbereit_server.resilience.demand import Settling
from fernbereit_server.resilience.filling import most
from fernbereit_server.resilience.ground import Ground, ground_of
from fernbereit_server.resilience.network import Network
from fernbereit_server.resilience.result import Bounds
from fernbereit_server.resilience.scenario import Scenario, applied


def able_in_all(organisation: Organisation, counts: Counts, scenario: Scenario) -> tuple[Bounds, int]:
    """Return the able people, and the suitable ones of the units that leave, as `drill` says them."""
    ground = ground_of(organisation, counts, scenario, applied(scenario, organisation))
    low = _able(ground, ground.poor, Settling.CAUTIOUS)
    high = _able(ground, ground.rich, Settling.HOPEFUL)
    return Bounds(low, max(low, high)), sum(unit.staff for unit in ground.units.values())


def _able(ground: Ground, network: Network, settling: Settling) -> float:
    demands = {unit: ground.demand(unit, settling) for unit in ground.units}
    tunnels = [0.0] * len(network.classes)
    for unit, demand in demands.items():
        tunnels[network.class_of[unit]] += demand.tunnel
    return sum(demand.direct for demand in demands.values()) + most(network, tunnels)
