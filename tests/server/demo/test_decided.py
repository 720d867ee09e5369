"""Does what Musterstadt has decided fit its own numbers?"""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from fernbereit_server.decisions import organisation_as_of
from fernbereit_server.demo.authority import make_authority
from fernbereit_server.demo.decided import (
    LICENCES_DAYS_AGO,
    decide_the_rest,
    import_organisations,
    town_of,
)
from fernbereit_server.demo.organisation import organisation_of
from fernbereit_server.outlook import Outlook, outlook_of_store
from fernbereit_server.resilience.drill_day import Outcome, calibration, review
from fernbereit_server.store import database
from musterstadt import KEY, TODAY, Prepared


def outlook(prepared: Prepared) -> Outlook:
    noon = datetime(TODAY.year, TODAY.month, TODAY.day, 12, tzinfo=UTC)
    return outlook_of_store(prepared.engine, prepared.settings, lambda: noon)


def test_the_organisation_in_force_is_the_one_of_the_inventory(prepared: Prepared) -> None:
    """Whoever drills today drills the people who hold today's laptops."""
    assert prepared.decisions().organisation == organisation_of(prepared.authority)


def test_there_were_fewer_able_people_a_year_ago(prepared: Prepared) -> None:
    """The trend rises, by laptops and by tunnels, and each day is drilled with the authority of its time."""
    points = outlook(prepared).trend().points

    assert len(points) > 50
    assert points[-1].able.low > points[0].able.low
    assert points[0].day <= TODAY - timedelta(days=380)


def test_the_drill_day_was_held_and_told_something(prepared: Prepared) -> None:
    """It is over, predicted and measured, and gives a calibration error that is small but not nothing."""
    (drill_day,) = prepared.decisions().drill_days
    looked_back = review(drill_day, TODAY)
    error = calibration([looked_back])

    assert drill_day.announced_on < drill_day.held_on < (drill_day.closed_on or date.min) < TODAY
    assert looked_back.total is not None
    assert looked_back.total.outcome is not Outcome.UNKNOWN
    assert error.days == 1
    assert error.mean is not None
    assert abs(error.mean) < 0.25
    members = {tuple(sorted(unit["members"])) for unit in drill_day.predicted["units"]}
    assert all(line.predicted for line in looked_back.groups if tuple(sorted(line.members)) in members)
    assert any(len(line.members) > 1 and line.predicted for line in looked_back.groups)


def test_the_measure_is_what_the_organisation_shows(prepared: Prepared) -> None:
    """As many sessions were bought as the licences have grown, and that was predicted to help."""
    decisions = prepared.decisions()
    (measure,) = decisions.measures
    assert decisions.organisation is not None
    price = decisions.organisation.prices[measure.item]

    assert measure.number >= 1
    assert measure.euro == measure.number * price.euro
    assert measure.predicted >= 0
    assert measure.decided_on < TODAY


def test_goals_waiver_and_contests_are_there(prepared: Prepared) -> None:
    """One goal for everybody and one for a unit; everything names what the policy and the authority know."""
    decisions = prepared.decisions()
    assert decisions.organisation is not None
    units = {unit.name for unit in decisions.organisation.units}
    checks = {check.id for check in decisions.policy.judged}

    assert [goal.unit for goal in decisions.goals] == [None, "Sozialamt"]
    assert all(goal.set_on < TODAY < goal.due_on for goal in decisions.goals)
    assert all(waiver.holds(TODAY) and waiver.check_id in checks for waiver in decisions.waivers)
    assert {waiver.unit for waiver in decisions.waivers} <= units
    assert all(contested <= checks for contested in decisions.contested.values())
    assert decisions.contested


def test_a_second_demonstration_decides_nothing_twice(prepared: Prepared) -> None:
    """On a kept folder only an authority of another size brings another organisation."""
    before = prepared.decisions()
    town = town_of(prepared.authority)
    import_organisations(prepared.engine, town, TODAY)
    decide_the_rest(
        prepared.engine, town, prepared.history.remembered, contested=("somebody",), today=TODAY, k=5
    )

    assert prepared.decisions() == before


def test_an_authority_of_another_size_brings_another_organisation(tmp_path: Path) -> None:
    """The first import reaches back over the history, later ones are of their day."""
    engine = database.open_engine(f"sqlite:///{tmp_path / 'store.sqlite3'}")
    database.upgrade(engine)
    database.generation(engine, TODAY)
    towns = [town_of(make_authority(seed=1, devices=n, today=TODAY, key=KEY)) for n in (20, 30)]
    for town in towns:
        import_organisations(engine, town, TODAY)
    with engine.connect() as connection:
        then = [
            organisation_as_of(connection, TODAY - timedelta(days=days))
            for days in (380, LICENCES_DAYS_AGO - 5, 0)
        ]
    engine.dispose()

    assert then == [towns[0].before, towns[0].now, towns[1].now]
