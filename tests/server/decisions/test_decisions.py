"""Is in force what people decided last, and does a running collector learn of it?"""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from fernbereit.policy import shipped_policy
from fernbereit_server.decisions import (
    NOTHING_DECIDED,
    Decisions,
    DrillDay,
    Goal,
    Measure,
    Waiver,
    organisation_as_of,
    policy_days,
    read_decisions,
    writing,
)
from fernbereit_server.organisation.file import read_organisation
from fernbereit_server.organisation.model import Organisation
from fernbereit_server.store import database
from two_databases import BOTH, store_on

DAY = date(2026, 3, 10)
LAPTOP = "11111111-2222-4333-8444-555555555555"
SAMPLE = Path(__file__).parents[3] / "deploy" / "organisation.yaml"


@pytest.fixture(params=BOTH)
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    with store_on(request.param, tmp_path, DAY) as engine:
        yield engine


def decided(engine: Engine) -> Decisions:
    with engine.connect() as connection:
        return read_decisions(connection)


def test_without_decisions_the_shipped_policy_is_in_force(engine: Engine) -> None:
    """Nobody has to adopt anything to begin."""
    assert decided(engine) == NOTHING_DECIDED


def test_everything_decided_comes_back_and_is_noticed_each_time(engine: Engine) -> None:
    """One number grows with each of them."""
    policy = shipped_policy().model_copy(update={"version": 7})
    organisation = read_organisation(SAMPLE)
    waiver = Waiver(
        id=1,
        device_id=LAPTOP,
        unit=None,
        check_id="battery_health",
        reason="Ersatz ist bestellt",
        approver="Informationssicherheit",
        granted_on=DAY,
        expires_on=DAY + timedelta(days=30),
    )
    goal = Goal(id=1, unit=None, scenario="office-closed", target=0.905, due_on=DAY, set_on=DAY)
    measure = Measure(
        id=1,
        title="Tunnel",
        item="vpn_session",
        unit=None,
        number=50,
        euro=2250,
        it_hours=5,
        decided_on=DAY,
        scenario="office-closed",
        predicted=48,
    )
    drill_day = DrillDay(
        id=1, scenario="office-closed", held_on=DAY, announced_on=DAY, predicted={"able": {"low": 10}}
    )
    with database.writing(engine) as connection:
        writing.adopt_policy(connection, policy, DAY)
        writing.import_organisation(connection, organisation, DAY)
        writing.grant_waiver(connection, waiver)
        writing.contest(connection, LAPTOP, "firewall", DAY)
        writing.contest(connection, LAPTOP, "firewall", DAY)
        writing.set_goal(connection, goal)
        writing.adopt_measure(connection, measure)
        writing.announce_drill_day(connection, drill_day)

    found = decided(engine)

    assert found.version == 8
    assert (found.policy.policy, found.policy_adopted_on) == (policy, DAY)
    assert (found.organisation, found.organisation_on) == (organisation, DAY)
    assert found.waivers == (waiver,)
    assert found.contested == {LAPTOP: {"firewall"}}
    assert (found.goals, found.measures, found.drill_days) == ((goal,), (measure,), (drill_day,))


def test_an_earlier_organisation_can_be_looked_back_at(engine: Engine) -> None:
    """A drill as of a past day takes the authority as it was."""
    first = Organisation.model_validate({"units": [{"name": "Bauamt", "headcount": 10}]}, strict=False)
    later = Organisation.model_validate({"units": [{"name": "Bauamt", "headcount": 12}]}, strict=False)
    with database.writing(engine) as connection:
        writing.import_organisation(connection, first, DAY)
        writing.import_organisation(connection, later, DAY + timedelta(days=5))

    with engine.connect() as connection:
        assert organisation_as_of(connection, DAY - timedelta(days=1)) is None
        assert organisation_as_of(connection, DAY + timedelta(days=4)) == first
        assert organisation_as_of(connection, DAY + timedelta(days=5)) == later
    assert decided(engine).organisation == later


def test_the_highest_policy_is_in_force(engine: Engine) -> None:
    """Versions only grow, so that a laptop can tell an old policy from a new one."""
    with database.writing(engine) as connection:
        for version in (4, 9):
            policy = shipped_policy().model_copy(update={"version": version})
            writing.adopt_policy(connection, policy, DAY)

    assert decided(engine).policy.policy.version == 9
    with engine.connect() as connection:
        assert policy_days(connection) == [(4, DAY), (9, DAY)]


def test_what_is_ended_stays_and_says_so(engine: Engine) -> None:
    """It cannot be ended twice, and what never was cannot be ended at all."""
    waiver = Waiver(
        id=1,
        device_id=None,
        unit="Bauamt",
        check_id="memory",
        reason="r",
        approver="a",
        granted_on=DAY,
        expires_on=DAY + timedelta(days=30),
    )
    later = DAY + timedelta(days=3)
    with database.writing(engine) as connection:
        number = writing.grant_waiver(connection, waiver)
        assert writing.end_waiver(connection, number, later)
        assert not writing.end_waiver(connection, number, later)
        assert not writing.end_waiver(connection, 99, later)

    (ended,) = decided(engine).waivers
    assert ended.ended_on == later
    held = [day for day in range(-1, 40) if ended.holds(DAY + timedelta(days=day))]
    assert held == [0, 1, 2]


def test_a_drill_day_is_measured_later(engine: Engine) -> None:
    """What was predicted stays beside what came."""
    announced = DrillDay(id=0, scenario="storm-day", held_on=DAY, announced_on=DAY, predicted={"low": 5})
    with database.writing(engine) as connection:
        number = writing.announce_drill_day(connection, announced)
    (drill_day,) = decided(engine).drill_days
    assert drill_day.id == number
    measured = DrillDay(
        id=number,
        scenario="storm-day",
        held_on=DAY,
        announced_on=DAY,
        predicted={"low": 5},
        measured={"able": 10},
        closed_on=DAY + timedelta(days=1),
    )
    with database.writing(engine) as connection:
        writing.change_drill_day(connection, measured)

    assert decided(engine).drill_days == (measured,)
