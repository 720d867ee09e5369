"""What does the outlook answer, from published numbers and from the fleet?"""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from sqlalchemy import Engine

from fernbereit_server.outlook import (
    NoOrganisationError,
    NoPlanError,
    NoSuchScenarioError,
    NothingPublishedError,
    Outlook,
    outlook_of_store,
    plans,
)
from fernbereit_server.resilience.planner.plan import plan
from fernbereit_server.resilience.planner.result import Plan, Wish
from fernbereit_server.settings import Settings
from outlook_world import FLEET, TODAY, K, fresh_store, organisation, page, store_organisation, store_page
from small_fleet import NOW

TOGETHER = "other units (Rathaus)"


class World:
    """A store that a test fills, and the outlook on it."""

    def __init__(self, engine: Engine, settings: Settings) -> None:
        self.engine = engine
        self.settings = settings

    @property
    def outlook(self) -> Outlook:
        """Look anew, as a command does."""
        return outlook_of_store(self.engine, self.settings, lambda: NOW)


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[World]:
    """Nothing is known."""
    engine, settings = fresh_store(tmp_path)
    yield World(engine, settings)
    engine.dispose()


@pytest.fixture
def world(empty: World) -> World:
    """Know an organisation and one published page, of today."""
    store_organisation(empty.engine, organisation())
    store_page(empty.engine, page())
    return empty


def notes(world: World, **asked: Any) -> dict[str, object]:
    result = world.outlook.drill(**asked).result
    return {note.word: dict(note.values) for note in result.notes}


def test_the_drill_stands_on_published_counts(world: World) -> None:
    """22, 9 and 7 are published as 20, 10 and 5: 10 are able without a tunnel, 20 ask for one."""
    drilled = world.outlook.drill()
    units = {unit.name: unit for unit in drilled.result.units}

    assert (drilled.source, drilled.rounded_to, drilled.as_of) == ("published", K, TODAY)
    assert units["Bauamt"].equipped.low == 30
    assert units["Bauamt"].equipped.high == 35
    assert drilled.devices % K == 0


def test_units_that_are_not_published_alone_are_not_drilled_alone(world: World) -> None:
    """Nor are services that few people carry."""
    drilled = world.outlook.drill()

    assert [unit.name for unit in drilled.result.units] == ["Bauamt", "Sozialamt", TOGETHER]
    assert drilled.members == {TOGETHER: ("Archiv", "Pforte")}
    assert [service.name for service in drilled.result.services] == ["Auszahlen"]
    assert notes(world)["small_services"] == {"number": 1, "smallest": K}
    assert notes(world)["together"] == {"number": 2}
    assert notes(world)["rounded"] == {"number": K}


def test_what_is_published_says_nothing_that_the_cells_do_not_say(world: World) -> None:
    """Another fleet with the same page has the same drill, to the last figure."""
    before = world.outlook.drill()
    other = {place: dict(words) for place, words in FLEET.items()}
    other["Rathaus", "Bauamt"] = {"ready_vpn": 21, "ready_direct": 10, "unknown": 6, "not_ready": 6}
    assert page(other).cells == page().cells
    store_page(world.engine, page(other))

    assert world.outlook.drill() == before


def test_as_of_a_day_takes_the_page_of_that_day(world: World) -> None:
    """Half the ready devices a month ago."""
    then = TODAY - timedelta(days=30)
    fewer = {**FLEET, ("Rathaus", "Bauamt"): {"ready_direct": 5, "not_ready": 38}}
    store_page(world.engine, page(fewer, then))
    store_page(world.engine, page())

    past = world.outlook.drill(as_of=then)

    assert (past.as_of, past.asked_for) == (then, then)
    assert past.result.able.high < world.outlook.drill().result.able.low


def test_a_day_without_a_page_is_answered_by_the_last_one_before(world: World) -> None:
    """And it is said which."""
    then = TODAY - timedelta(days=30)
    store_page(world.engine, page(FLEET, then))
    store_page(world.engine, page())

    past = world.outlook.drill(as_of=then + timedelta(days=3))

    assert (past.as_of, past.asked_for) == (then, then + timedelta(days=3))


def test_before_the_first_page_there_is_no_answer(world: World) -> None:
    """The first day is named."""
    with pytest.raises(NothingPublishedError, match=f"the first day is {TODAY.isoformat()}"):
        world.outlook.drill(as_of=TODAY - timedelta(days=1))


def test_the_future_is_answered_by_today(world: World) -> None:
    """Nothing is known of it."""
    assert world.outlook.drill(as_of=TODAY + timedelta(days=9)).as_of == TODAY


def test_as_of_a_day_takes_the_organisation_of_that_day(empty: World) -> None:
    """Units grow; a drill of last month is over the people of last month."""
    then = TODAY - timedelta(days=30)
    store_organisation(empty.engine, organisation(), then)
    units = [
        {"name": "Bauamt", "site": "Rathaus", "headcount": 500},
        *organisation().model_dump()["units"][1:],
    ]
    store_organisation(empty.engine, organisation(units=units), TODAY)
    store_page(empty.engine, page(FLEET, then))
    store_page(empty.engine, page())

    assert empty.outlook.drill(as_of=then).result.suitable == 143
    assert empty.outlook.drill().result.suitable == 593


def test_days_before_the_first_organisation_are_drilled_with_it_and_say_so(empty: World) -> None:
    """Laptops reported for weeks before anybody imported who works where."""
    then = TODAY - timedelta(days=30)
    store_page(empty.engine, page(FLEET, then))
    store_organisation(empty.engine, organisation(), TODAY)

    assert notes(empty, as_of=then)["organisation_later"] == {"day": TODAY.isoformat()}


def test_without_an_organisation_the_next_step_is_named(empty: World) -> None:
    """Whatever is asked."""
    store_page(empty.engine, page())

    for ask in (empty.outlook.drill, empty.outlook.scenarios, empty.outlook.trend, empty.outlook.headroom):
        with pytest.raises(NoOrganisationError, match="fernbereit organisation import FILE"):
            ask()


def test_without_a_page_the_next_step_is_named(empty: World) -> None:
    """The exact drill needs none."""
    store_organisation(empty.engine, organisation())

    with pytest.raises(NothingPublishedError, match="fernbereit serve"):
        empty.outlook.drill()
    assert empty.outlook.drill(exact=True).result.able.high == 0
    assert empty.outlook.trend().points == ()


def test_a_page_without_readiness_is_no_page_for_a_drill(empty: World) -> None:
    """It was made before laptops were judged, or of too few."""
    store_organisation(empty.engine, organisation())
    store_page(empty.engine, page({}))

    with pytest.raises(NothingPublishedError):
        empty.outlook.drill()


def test_a_scenario_nobody_knows_names_those_there_are(world: World) -> None:
    """And the one that may be meant."""
    with pytest.raises(NoSuchScenarioError, match='Did you mean "gateway-lost"') as caught:
        world.outlook.drill("gateway-lots")

    assert "Halbe Leitung" in caught.value.known


def test_scenarios_are_the_authoritys_own_and_the_shipped_ones(world: World) -> None:
    """Own ones first, as they are found first."""
    found = world.outlook.scenarios()

    assert [(one.key, one.own) for one in found][:2] == [("Halbe Leitung", True), ("office-closed", False)]


def test_a_trend_has_a_point_a_published_day(world: World) -> None:
    """Today's point says what the drill says."""
    days = [TODAY - timedelta(days=back) for back in (3, 2, 0)]
    for day in days:
        store_page(world.engine, page(FLEET, day))
    trend = world.outlook.trend()
    today = world.outlook.drill()

    assert [point.day for point in trend.points] == days
    assert trend.points[-1].able.low == pytest.approx(today.result.able.low)
    assert trend.points[-1].able.high == pytest.approx(today.result.able.high)
    assert trend.points[-1].suitable == today.result.suitable
    assert trend.points[-1].devices == today.devices


def test_a_trend_can_be_asked_for_a_time_and_for_fewer_days(world: World) -> None:
    """The last of every week, counted back from the end."""
    for back in range(30, -1, -1):
        store_page(world.engine, page(FLEET, TODAY - timedelta(days=back)))
    outlook = world.outlook

    week = outlook.trend(TODAY - timedelta(days=6), TODAY)
    weekly = outlook.trend(every=7)

    assert len(week.points) == 7
    assert [(TODAY - point.day).days for point in weekly.points] == [28, 21, 14, 7, 0]


@pytest.mark.parametrize("edge", [date.min, date.max])
def test_days_at_the_end_of_time_are_no_error(world: World, edge: date) -> None:
    """Whatever somebody types."""
    assert world.outlook.trend(since=edge, until=edge).points == () or edge == date.max
    if edge == date.max:
        assert world.outlook.drill(as_of=edge).as_of == TODAY


def test_headroom_counts_sessions(world: World) -> None:
    """At least 60 of 80 % known to need one; 48 carried."""
    found = world.outlook.headroom()

    assert found.headroom.total is not None
    assert found.headroom.total.capacity == pytest.approx(48)
    assert {load.name for load in found.headroom.gateways} == {"VPN Rathaus", "VPN Bau"}
    assert found.earliest.word == "used_up"
    assert found.latest.word == "too_few_days"


def test_headroom_is_forecast_from_published_days(world: World) -> None:
    """One more laptop that needs a tunnel every day; 1,000 sessions are asked for one fine day."""
    large = [{"name": "VPN", "sessions": 60}]
    units = [{"name": "Bauamt", "site": "Rathaus", "headcount": 500}]
    store_organisation(world.engine, organisation(gateways=large, units=units, services=[], scenarios=[]))
    for back in range(40, -1, -1):
        words = {"ready_vpn": 60 - back, "not_ready": 100}
        store_page(world.engine, page({("Rathaus", "Bauamt"): words}, TODAY - timedelta(days=back)))

    found = world.outlook.headroom()

    assert (found.earliest.word, found.latest.word) == ("day", "day")
    assert found.earliest.on is not None
    assert found.earliest.on - TODAY == pytest.approx(timedelta(days=15), abs=timedelta(days=4))
    assert found.earliest.per_month == pytest.approx(24, abs=2)


def test_the_same_question_is_computed_once(world: World) -> None:
    """Console and metrics ask often."""
    outlook = world.outlook

    assert outlook.drill().result is outlook.drill().result


def test_questions_asked_at_once_are_all_answered(world: World) -> None:
    """Console, metrics and API ask from threads of their own; nobody waits for ever."""
    for back in range(12, -1, -1):
        store_page(world.engine, page(FLEET, TODAY - timedelta(days=back)))
    outlook = world.outlook
    storm = partial(outlook.trend, scenario="storm-day")
    asked: list[Callable[[], object]] = [outlook.trend, outlook.headroom, outlook.drill, storm] * 4

    with ThreadPoolExecutor(8) as threads:
        answers = [answer.result(timeout=60) for answer in [threads.submit(ask) for ask in asked]]

    assert answers[0] == answers[4]
    assert len(answers) == len(asked)


def test_services_and_what_one_step_would_bring_are_answered_too(world: World) -> None:
    """A budget that buys nothing leaves everything as it is."""
    plan = world.outlook.plan(Wish(euro=0))

    assert [service.name for service in world.outlook.services()] == ["Auszahlen"]
    assert plan.before.able == pytest.approx(world.outlook.drill().result.able.low, abs=1e-3)


def test_a_solver_that_gives_up_is_an_answer_too(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not a failure of the server."""

    def gives_up(*_: object) -> Plan:
        raise ArithmeticError

    monkeypatch.setattr(plans, "plan", gives_up)

    with pytest.raises(NoPlanError, match="Next step"):
        world.outlook.plan(Wish(euro=0))


def test_plans_beyond_what_threads_bear_are_refused_and_known_ones_never(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Eight wait for each other; the ninth is told to come again, and drills go on."""
    outlook, go_on = world.outlook, Event()
    outlook.plan(Wish(euro=0))

    def slow(*asked: Any) -> Plan:
        assert go_on.wait(20)
        return plan(*asked)

    monkeypatch.setattr(plans, "plan", slow)
    with ThreadPoolExecutor(9) as threads:
        asked = [threads.submit(outlook.plan, Wish(euro=float(euro))) for euro in range(1, 10)]
        refused, _ = wait(asked, timeout=10, return_when="FIRST_COMPLETED")
        known, drilled = outlook.plan(Wish(euro=0)), outlook.drill()
        go_on.set()
        wait(asked, timeout=20)

    assert [type(one.exception()) for one in refused] == [NoPlanError]
    assert sum(one.exception() is None for one in asked) == 8
    assert known.wish == Wish(euro=0)
    assert drilled.result.suitable > 0
