"""What does every run of one drill stand on? Who leaves, with which devices, through which network."""

from collections.abc import Mapping
from dataclasses import dataclass

from fernbereit_server.organisation.model import Organisation, Unit
from fernbereit_server.resilience.counts import Counts
from fernbereit_server.resilience.demand import (
    Demand,
    Devices,
    Settling,
    demand,
    devices_of_units,
    is_blocked,
)
from fernbereit_server.resilience.network import Network, network
from fernbereit_server.resilience.scenario import Loss, Scenario
from fernbereit_server.resilience.settled import Settled, needed_by_unit, settled

_NOTHING = Demand(0.0, 0.0)


@dataclass(frozen=True, kw_only=True)
class Ground:
    """What every run of one drill shares."""

    units: Mapping[str, Unit]
    devices: Mapping[str, Devices]
    blocked: frozenset[str]
    needed: Mapping[str, int] | None
    poor: Network
    rich: Network

    def run(self, settling: Settling, only: str = "", own: Settling = Settling.CAUTIOUS) -> Settled:
        """Settle everybody's unknown devices one way, and those of the unit `only` the way `own`."""
        demands = {name: self.demand(name, own if name == only else settling) for name in self.units}
        poor = (own if only else settling) is Settling.CAUTIOUS
        return settled(self.poor if poor else self.rich, demands, self.needed)

    def demand(self, unit: str, settling: Settling) -> Demand:
        """Return what one unit asks; nothing where something it cannot work without is lost."""
        if unit in self.blocked:
            return _NOTHING
        return demand(self.units[unit], self.devices[unit], settling)


def ground_of(organisation: Organisation, counts: Counts, scenario: Scenario, loss: Loss) -> Ground:
    """Apply a scenario to an authority and its devices; `loss` is what `applied` said of both."""
    reservation = organisation.reservation if scenario.reservation is None else scenario.reservation
    units = {unit.name: unit for unit in organisation.units if unit.name in loss.leaving}
    return Ground(
        units=units,
        devices=devices_of_units(organisation, counts, loss),
        blocked=frozenset(name for name, unit in units.items() if is_blocked(unit, organisation, loss)),
        needed=needed_by_unit(organisation, loss.leaving) if reservation else None,
        poor=network(organisation, scenario, loss, hopeful=False),
        rich=network(organisation, scenario, loss, hopeful=True),
    )
