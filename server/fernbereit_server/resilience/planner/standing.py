"""How does an authority stand once some measures are taken? The drill's low figure, and what binds.

Every figure of a plan comes from here, from the drill's own flow over what the measures make of the
authority; the solver's figures only choose.
"""

from dataclasses import dataclass
from functools import cached_property

from fernbereit_server.organisation.model import Organisation
from fernbereit_server.resilience.counts import Counts
from fernbereit_server.resilience.demand import Settling
from fernbereit_server.resilience.ground import Ground, ground_of
from fernbereit_server.resilience.naming import binding
from fernbereit_server.resilience.planner.applied import Numbers, applied
from fernbereit_server.resilience.planner.situation import Situation
from fernbereit_server.resilience.result import Binding
from fernbereit_server.resilience.settled import Settled


@dataclass(frozen=True, kw_only=True)
class Standing:
    """One run of the drill's low figure."""

    able: float
    _ground: Ground
    _low: Settled

    @cached_property
    def binding(self) -> Binding:
        """Return what stops most of those who are not able."""
        staff = {name: unit.staff for name, unit in self._ground.units.items()}
        return binding(self._low, staff, self._ground.blocked)


def standing(here: Situation, numbers: Numbers) -> Standing:
    """Return how the authority stands once the measures are taken."""
    return standing_of(here, *applied(here.organisation, here.counts, numbers))


def standing_of(here: Situation, organisation: Organisation, counts: Counts) -> Standing:
    """Return how an authority and its devices stand in the scenario."""
    ground = ground_of(organisation, counts, here.scenario, here.loss)
    low = ground.run(Settling.CAUTIOUS)
    return Standing(able=low.total, _ground=ground, _low=low)
