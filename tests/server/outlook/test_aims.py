"""How do goals, measures and drill days stand beside what is published?"""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from fernbereit_server.decisions import DrillDay, Goal, Measure
from fernbereit_server.decisions.writing import adopt_measure, announce_drill_day, set_goal
from fernbereit_server.outlook import Outlook, outlook_of_store
from fernbereit_server.resilience.drill_day import Phase
from fernbereit_server.settings import Settings
from fernbereit_server.store import database
from outlook_world import FLEET, TODAY, fresh_store, organisation, page, store_organisation, store_page
from small_fleet import NOW

MONTH = timedelta(days=30)
FEWER = {**FLEET, ("Rathaus", "Bauamt"): {"ready_direct": 15, "not_ready": 28}}
PRICES = {"laptop": {"euro": 1200, "it_hours": 3}, "vpn_session": {"euro": 60}}


class World:
    """An authority with fewer ready devices a month ago."""

    def __init__(self, folder: Path) -> None:
        found: tuple[Engine, Settings] = fresh_store(folder)
        self.engine, self.settings = found
        gateways = [{"name": "VPN Rathaus", "sessions": 500}]
        store_organisation(self.engine, organisation(prices=PRICES, gateways=gateways), TODAY - 2 * MONTH)
        store_page(self.engine, page(FEWER, TODAY - MONTH))
        store_page(self.engine, page(FLEET))

    @property
    def outlook(self) -> Outlook:
        """Look anew, as a command does."""
        return outlook_of_store(self.engine, self.settings, lambda: NOW)

    def aim(self, unit: str | None, target: float) -> None:
        goal = Goal(
            id=0,
            scenario="office-closed",
            unit=unit,
            target=target,
            due_on=TODAY + MONTH,
            set_on=TODAY - MONTH,
        )
        with database.writing(self.engine) as connection:
            set_goal(connection, goal)

    def adopt(self, **said: Any) -> None:
        measure: dict[str, Any] = {"title": "Laptops", "item": "laptop", "unit": None, "number": 10}
        measure |= {
            "euro": 1,
            "it_hours": 1,
            "decided_on": TODAY - MONTH,
            "scenario": "office-closed",
            "predicted": 8,
            **said,
        }
        with database.writing(self.engine) as connection:
            adopt_measure(connection, Measure(id=0, **measure))


@pytest.fixture
def world(tmp_path: Path) -> World:
    """Make it on a fresh store."""
    return World(tmp_path)


def test_a_goal_starts_from_the_day_it_was_set(world: World) -> None:
    """The line leads from the published share of that day to the target."""
    world.aim(None, 0.9)
    (found,) = world.outlook.goals()
    then = world.outlook.drill(as_of=TODAY - MONTH).result.ratio
    assert then is not None
    assert found.start == pytest.approx((then.low + then.high) / 2, abs=0.001)
    assert found.needed is not None
    assert found.start is not None
    assert found.start < found.needed < 0.9
    assert found.value == world.outlook.drill().result.ratio


@pytest.mark.parametrize(("unit", "known"), [("Bauamt", True), ("Archiv", False)])
def test_a_unit_that_is_not_published_alone_has_an_unknown_goal(
    world: World, unit: str, *, known: bool
) -> None:
    """Nine people are told together with others, so nothing is said of their goal."""
    world.aim(unit, 0.1)
    (found,) = world.outlook.goals()

    assert (found.value is not None) == known
    assert (found.state == "unknown") != known


def test_a_goal_for_a_scenario_that_is_gone_is_unknown(world: World) -> None:
    """An organisation may be imported without it; the goal stays."""
    with database.writing(world.engine) as connection:
        gone = Goal(
            id=0, unit=None, scenario="Halbe Kraft", target=0.5, due_on=TODAY + MONTH, set_on=TODAY - MONTH
        )
        set_goal(connection, gone)

    assert [one.state for one in world.outlook.goals()] == ["unknown"]


def test_a_measure_is_measured_from_the_day_of_its_decision(world: World) -> None:
    """By all that changed since: the drill of today less that of the day."""
    world.adopt()
    (found,) = world.outlook.measures()
    then, now = world.outlook.drill(as_of=TODAY - MONTH).result, world.outlook.drill().result

    assert found.gained is not None
    assert found.gained.low == pytest.approx(now.able.low - then.able.low)
    assert found.gained.low > 0


def test_an_ended_measure_is_measured_up_to_its_end(world: World) -> None:
    """What changed later is no longer in it."""
    world.adopt(ended_on=TODAY - MONTH)
    (found,) = world.outlook.measures()

    assert found.gained is not None
    assert found.gained.low == 0


def test_a_measure_decided_before_anything_was_published_is_not_measured(world: World) -> None:
    """There is nothing to compare with."""
    world.adopt(decided_on=TODAY - 2 * MONTH)
    (found,) = world.outlook.measures()

    assert (found.then, found.gained) == (None, None)


@pytest.mark.parametrize(
    ("item", "number", "place", "gain", "used"),
    [
        ("laptop", 10, "Bauamt", 10, 10),
        ("laptop", 10, None, 10, 10),
        ("laptop", 10_000, "Bauamt", 15, 15),
        ("vpn_session", 10, "VPN Rathaus", None, None),
        ("beer", 10, None, None, None),
    ],
    ids=[
        "for one unit",
        "where most is missing",
        "more than anybody needs",
        "what does not bind",
        "no such item",
    ],
)
def test_what_a_measure_brings_is_what_the_drill_says(
    world: World, item: str, number: int, place: str | None, gain: float | None, used: int | None
) -> None:
    """With room at the gateway each laptop makes one more able, up to the people without a usable one."""
    found = world.outlook.expected("office-closed", item=item, number=number, place=place)

    assert (found and round(found.gain), found and found.used) == (gain, used)


def test_a_drill_day_is_predicted_as_published(world: World) -> None:
    """With the units that are told together, so that they can be compared."""
    found = world.outlook.predicted("office-closed")
    result = world.outlook.drill().result

    assert found["made_on"] == TODAY.isoformat()
    assert found["able"] == [round(result.able.low, 1), round(result.able.high, 1)]
    assert {name for unit in found["units"] for name in unit["members"]} == {
        "Bauamt",
        "Sozialamt",
        "Archiv",
        "Pforte",
    }


def test_drill_days_are_looked_back_upon(world: World) -> None:
    """Announced ones too."""
    with database.writing(world.engine) as connection:
        for days in (-1, 1):
            announced = DrillDay(
                id=0,
                scenario="office-closed",
                held_on=TODAY + timedelta(days=days),
                announced_on=TODAY - MONTH,
                predicted=world.outlook.predicted("office-closed"),
            )
            announce_drill_day(connection, announced)

    assert [one.phase for one in world.outlook.drill_days()] == [Phase.OVER, Phase.ANNOUNCED]
