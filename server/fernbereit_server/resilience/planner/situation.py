"""Which authority, which devices, which scenario is a plan made for?"""

import dataclasses
from dataclasses import dataclass
from functools import cached_property

from fernbereit_server.organisation.model import Organisation
from fernbereit_server.resilience import scenario as scenarios
from fernbereit_server.resilience.counts import Counts
from fernbereit_server.resilience.ground import Ground, ground_of
from fernbereit_server.resilience.scenario import Chosen, Loss, Scenario


@dataclass(frozen=True, kw_only=True)
class Situation:
    """An authority, its devices, and a scenario that stays the same whatever is bought."""

    organisation: Organisation
    counts: Counts
    scenario: Scenario

    @cached_property
    def loss(self) -> Loss:
        """Return what the scenario takes."""
        return scenarios.applied(self.scenario, self.organisation)

    @cached_property
    def ground(self) -> Ground:
        """Return what the drill stands on today."""
        return ground_of(self.organisation, self.counts, self.scenario, self.loss)

    @property
    def suitable(self) -> int:
        """Return the people whose tasks suit remote work, of units that must leave."""
        return sum(unit.staff for unit in self.ground.units.values())


def situation(organisation: Organisation, counts: Counts, scenario: Scenario) -> Situation:
    """Return the situation; a scenario that takes the largest gateway takes today's, whatever grows."""
    if scenario.loses is Chosen.LARGEST_GATEWAY:
        lost = scenarios.applied(scenario, organisation).gateways
        scenario = dataclasses.replace(scenario, loses=Chosen.NOTHING, lost_gateways=tuple(sorted(lost)))
    return Situation(organisation=organisation, counts=counts, scenario=scenario)
