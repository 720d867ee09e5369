"""Do people decide about devices, and can they take it back?"""

import json
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from decided_store import CLONE, LOST, NEW, OLD, TODAY, Place, code
from fernbereit_server.commands.figures import day
from fernbereit_server.commands.wording import words
from fernbereit_server.store import schema
from fernbereit_server.store.retention import sweep
from small_fleet import device_id


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    """Return such a store."""
    made = Place(tmp_path)
    yield made
    made.engine.dispose()


def test_proposals_say_why_what_to_do_and_who_counts(place: Place) -> None:
    """One table, the next steps, and the denominators."""
    done = place.run("devices", "proposals")

    assert done.exit_code == 0
    lines = {
        number: next(x for x in done.output.splitlines() if x.startswith(code(number)))
        for number in (0, 2, 3)
    }
    assert f"Set up anew: {code(NEW)} reports" in lines[OLD]
    assert "no report for 120 days" in lines[LOST]
    assert "In quarantine for 300 days" in lines[CLONE]
    assert "fernbereit devices retire CODE" in done.output
    assert "Counted are active (1), inactive (0), missing (1) and expected devices (1)" in done.output
    assert "quarantined (1), revoked (0) and identities set up anew (1)" in done.output


def test_proposals_can_be_read_by_a_script(place: Place) -> None:
    """Days, no times."""
    answer = json.loads(place.run("devices", "proposals", "--json").output)

    assert answer["proposals"][0] == {
        "code": code(OLD),
        "label": "NB-1",
        "unit": "Bauamt",
        "why": "replaced",
        "silent_days": 40,
        "quarantined_days": None,
        "same_serial": [code(NEW)],
    }
    assert [one["why"] for one in answer["proposals"]] == ["replaced", "clone", "missing"]
    assert answer["devices"]["active"] == 1


def test_what_is_retired_is_proposed_no_more_and_erased_after_thirty_days(place: Place) -> None:
    """A running collector is told."""
    before = place.version()
    done = place.run("devices", "retire", code(LOST), "--reason", "sold")

    assert done.exit_code == 0
    assert f"Until {day(TODAY + timedelta(days=30), words('en'))} this can be undone" in done.output
    assert place.status(LOST) == ("retired", TODAY, "sold")
    assert place.version() == before + 1
    assert code(LOST) not in place.run("devices", "proposals").output
    assert sweep(place.engine, TODAY + timedelta(days=29)).devices == ()
    assert sweep(place.engine, TODAY + timedelta(days=30)).devices == (device_id(LOST),)


def test_what_was_retired_can_be_taken_back(place: Place) -> None:
    """It is in use again, and the reason is gone."""
    place.run("devices", "retire", code(LOST), "--reason", "sold")
    done = place.run("devices", "restore", code(LOST), lang="de")

    assert (done.exit_code, place.status(LOST)) == (0, ("active", TODAY, None))
    assert "wieder in Betrieb" in done.output


def test_a_quarantine_ends_by_hand_and_says_what_collided(place: Place) -> None:
    """Days, not times; the epochs stay as they were."""
    done = place.run("devices", "release", code(CLONE))

    assert done.exit_code == 0
    assert place.status(CLONE)[0] == "active"
    assert f"since {TODAY - timedelta(days=300)}. Its earlier outboxes: 1" in done.output
    assert "remove the agent's data folder on the other laptop" in done.output
    with place.engine.connect() as connection:
        assert len(connection.execute(select(schema.closed_epochs)).all()) == 4


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("retire", "NB-0"), "There is no device"),
        (("retire", "NB-1"), '"NB-1" names 2 devices'),
        (("retire", "NB-9"), "stands in the inventory only"),
        (("restore", code(NEW)), f"fernbereit devices show {code(NEW)}"),
        (("release", code(NEW)), "is not in quarantine"),
    ],
    ids=["nobody", "two of one label", "never reported", "restored without need", "released without need"],
)
def test_a_decision_that_makes_no_sense_names_the_next_step(
    place: Place, arguments: tuple[str, ...], told: str
) -> None:
    """And changes nothing."""
    before = place.version()
    done = place.run("devices", *arguments)

    assert done.exit_code == 1
    assert told in done.output
    assert place.version() == before


@pytest.mark.parametrize("status", ["retired", "revoked"])
def test_nothing_is_retired_twice(place: Place, status: str) -> None:
    """Its thirty days do not begin anew."""
    with place.engine.begin() as connection:
        connection.execute(update(schema.devices).values(status=status, status_on=date(2026, 1, 1)))
    done = place.run("devices", "retire", code(LOST))

    assert (done.exit_code, place.status(LOST)[1]) == (1, date(2026, 1, 1))
    assert code(LOST) in done.output
