"""What is a measure that was decided expected to bring, and what came of it?

Predicted is what the drill gains if the measure is applied to the authority of the day; measured what it
gained since, whatever it was by: other changes are in it, so they are shown beside it.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from fernbereit_server.decisions.model import Measure
from fernbereit_server.organisation.model import Organisation
from fernbereit_server.resilience.counts import Counts
from fernbereit_server.resilience.planner.applied import applied as carried_out
from fernbereit_server.resilience.planner.measure import Measure as Planned
from fernbereit_server.resilience.planner.measures import possible
from fernbereit_server.resilience.planner.situation import situation
from fernbereit_server.resilience.result import Bounds, DrillResult
from fernbereit_server.resilience.scenario import Scenario
from fernbereit_server.resilience.total import totals


@dataclass(frozen=True, slots=True)
class Shift:
    """By how much both ends of a range moved."""

    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """Able staff that a measure adds to the low figure; only `used` of what is decided help anybody."""

    gain: float
    used: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureStanding:
    """A measure beside the published drill: able people on the day of the decision and today.

    None where nothing was published; `gained` is the difference, other changes included.
    """

    measure: Measure
    then: Bounds | None
    now: Bounds | None
    gained: Shift | None


def expected(
    organisation: Organisation,
    counts: Counts,
    scenario: Scenario,
    *,
    item: str,
    number: int,
    place: str | None,
) -> Expected | None:
    """Apply a measure and drill; None if the item can help nobody at that place.

    Without a place most goes where most is missing. What needs no item, such as handing out a pool, is none.
    """
    numbers = _shared_out(organisation, counts, scenario, item=item, number=number, place=place)
    if not numbers:
        return None
    before = totals(organisation, counts, scenario)
    after = totals(*carried_out(organisation, counts, numbers), scenario)
    return Expected(gain=max(0.0, after.able.low - before.able.low), used=sum(numbers.values()))


def helpful_items(organisation: Organisation, counts: Counts, scenario: Scenario) -> dict[str, set[str]]:
    """Return what can help anybody, and at which places."""
    found: dict[str, set[str]] = {}
    for one in _possible(organisation, counts, scenario):
        if one.item:
            found.setdefault(one.item, set()).add(one.place)
    return found


def measure_standing(
    measure: Measure, *, then: DrillResult | None, now: DrillResult | None
) -> MeasureStanding:
    """Compare the drills of two days, of the measure's unit if it is told apart, else of everybody."""
    before, after = (_able(result, measure.unit) for result in (then, now))
    gained = None
    if before is not None and after is not None:
        gained = Shift(after.low - before.low, after.high - before.high)
    return MeasureStanding(measure=measure, then=before, now=after, gained=gained)


def _able(result: DrillResult | None, unit: str | None) -> Bounds | None:
    if result is None:
        return None
    return next((one.able for one in result.units if one.name == unit), result.able)


def _possible(organisation: Organisation, counts: Counts, scenario: Scenario) -> tuple[Planned, ...]:
    return possible(situation(organisation, counts, scenario)).measures


def _shared_out(
    organisation: Organisation,
    counts: Counts,
    scenario: Scenario,
    *,
    item: str,
    number: int,
    place: str | None,
) -> Mapping[Planned, int]:
    fitting = [
        one
        for one in _possible(organisation, counts, scenario)
        if one.item and one.item == item and place in {None, one.place}
    ]
    numbers: dict[Planned, int] = {}
    left = number
    for one in sorted(fitting, key=lambda found: (-found.most, found.place)):
        taken = min(left, one.most)
        if taken:
            numbers[one] = taken
        left -= taken
    return numbers
