"""What does a drill day say afterwards, and what does it leave unsaid?"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from fernbereit_server.decisions import DrillDay
from fernbereit_server.organisation.model import Gateway, Organisation, Unit
from fernbereit_server.resilience.counts import Counts, Group, Kind, Path, Verdict
from fernbereit_server.resilience.drill import drill
from fernbereit_server.resilience.drill_day import (
    Calibration,
    Outcome,
    Phase,
    calibration,
    greater,
    prediction,
    review,
)
from fernbereit_server.resilience.scenario import SCENARIOS

HELD, AFTER = date(2026, 10, 1), date(2026, 10, 2)
AUTHORITY = Organisation(
    units=(
        Unit(name="Sozialamt", headcount=100),
        Unit(name="Bauamt", headcount=60),
        Unit(name="Archiv", headcount=40),
    ),
    gateways=(Gateway(name="VPN", sessions=100),),
)
FLEET = Counts(
    {
        Group(unit, Path.VPN, Verdict.READY, Kind.PERSONAL): number
        for unit, number in (("Sozialamt", 80), ("Bauamt", 50), ("Archiv", 20))
    }
)
PREDICTED = prediction(drill(AUTHORITY, FLEET, SCENARIOS[0]), date(2026, 9, 1))


def group(unit: str, *members: str, size: int = 100, heard: int = 80, working: int = 50) -> dict[str, Any]:
    found = {"site": "Rathaus", "unit": unit, "members": list(members or (unit,))}
    return {**found, "size": size, "heard": heard, "working": working}


def measured(*groups: dict[str, Any], total: Mapping[str, int] | None = None) -> dict[str, Any]:
    return {"k": 5, "groups": list(groups), "total": total}


def day(found: Mapping[str, Any] | None = None, closed: date | None = None, number: int = 1) -> DrillDay:
    return DrillDay(
        id=number,
        scenario="office-closed",
        held_on=HELD,
        announced_on=date(2026, 9, 1),
        predicted=PREDICTED,
        measured=found,
        closed_on=closed,
    )


def total(heard: int = 120, working: int = 90) -> dict[str, int]:
    return {"size": 150, "heard": heard, "working": working}


@pytest.mark.parametrize(
    ("heard", "working", "outcome"),
    [
        (120, 100, "as_predicted"),
        (120, 95, "fewer"),
        (120, 105, "more"),
        (75, 100, "as_predicted"),
        (70, 100, "unknown"),
        (0, 0, "unknown"),
    ],
    ids=[
        "what was predicted",
        "five fewer",
        "five more",
        "half of them reported",
        "less than half reported",
        "nobody reported",
    ],
)
def test_a_day_is_compared_with_its_prediction(heard: int, working: int, outcome: str) -> None:
    """100 sessions were predicted to bind; too few reports make the day unknown, never failed."""
    found = review(day(measured(total=total(heard, working))), AFTER).total

    assert found is not None
    assert found.outcome == outcome


def test_a_merged_group_is_compared_with_the_sum_of_its_units() -> None:
    """Small units are measured together, so they are predicted together."""
    (found,) = review(day(measured(group("other units", "Bauamt", "Archiv", working=45))), AFTER).groups

    assert found.predicted is not None
    assert found.suitable == 100
    assert found.predicted.low == pytest.approx(100 * 70 / 150, abs=0.11)
    assert found.outcome is Outcome.AS_PREDICTED
    assert found.error == pytest.approx(-0.0165, abs=0.001)


def test_units_may_be_predicted_together_as_well() -> None:
    """The published drill tells small units together; the same units measured together can be compared."""
    organisation = Organisation(
        units=(Unit(name="Sozialamt", headcount=100), Unit(name="other units (Rathaus)", headcount=100))
    )
    together = prediction(
        drill(organisation, Counts(), SCENARIOS[0]),
        HELD,
        {"other units (Rathaus)": ("Bauamt", "Archiv")},
    )
    shown = [group("other units", "Archiv", "Bauamt"), group("Bauamt")]
    both, one = review(replace(day(measured(*shown)), predicted=together), AFTER).groups

    assert (both.suitable, one.suitable) == (100, None)


@pytest.mark.parametrize("members", [("Bauamt", "Kantine"), ()], ids=["one unit is new", "no unit at all"])
def test_a_group_that_was_not_predicted_is_unknown(members: tuple[str, ...]) -> None:
    """Devices of a unit the organisation does not know are shown, and compared with nothing."""
    counted = {**group("other units"), "members": list(members)}
    (found,) = review(day(measured(counted)), AFTER).groups

    assert (found.outcome, found.predicted, found.error) == (Outcome.UNKNOWN, None, None)


@pytest.mark.parametrize(
    ("today", "closed", "phase"),
    [
        (date(2026, 9, 30), None, Phase.ANNOUNCED),
        (HELD, None, Phase.TODAY),
        (AFTER, None, Phase.OVER),
        (HELD, HELD, Phase.OVER),
        (AFTER, date(2026, 9, 30), Phase.CALLED_OFF),
    ],
    ids=["before", "on the day", "the day after", "closed that evening", "called off the day before"],
)
def test_a_day_has_a_phase(today: date, closed: date | None, phase: Phase) -> None:
    """A day that was closed before it came was called off."""
    assert review(day(closed=closed), today).phase is phase


def test_the_greatest_count_of_the_day_is_kept() -> None:
    """Group by group, whenever it was; a total that had to be withheld does not undo an earlier one."""
    morning = measured(group("Bauamt", heard=50, working=45), total=total(100, 80))
    noon = measured(group("Bauamt", heard=60, working=40), group("Archiv", heard=10), total=None)

    kept = greater(greater(None, morning), noon)

    assert [(one["unit"], one["heard"], one["working"]) for one in kept["groups"]] == [
        ("Bauamt", 60, 45),
        ("Archiv", 10, 50),
    ]
    assert kept["total"] == total(100, 80)


def test_errors_of_all_days_are_kept_together() -> None:
    """One day 10 above 100 of 200 suitable, one 30 below; days nobody knows of do not count."""
    days = [
        day(measured(total=total(working=110))),
        day(measured(total=total(working=70))),
        day(measured(total=total(heard=10, working=10))),
        day(),
    ]

    assert calibration(review(one, AFTER) for one in days) == Calibration(2, -0.05, 0.1)
    assert calibration([]) == Calibration(0, None, None)
