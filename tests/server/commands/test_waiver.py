"""Can a check be waived for a while, with reason, approver and an end, and never without them?"""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import Result

from decided_store import CLONE, LOST, TODAY, Place, code
from fernbereit_server.commands.figures import day
from fernbereit_server.commands.wording import words
from fernbereit_server.decisions import Waiver, read_decisions
from small_fleet import device_id

UNTIL = TODAY + timedelta(days=30)
WHY = ("--reason", "replacement is ordered", "--approver", "information security")


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    """Return such a store."""
    made = Place(tmp_path)
    yield made
    made.engine.dispose()


def run(place: Place, *arguments: str, lang: str = "en") -> Result:
    return place.run("waiver", *arguments, lang=lang)


def granted(place: Place) -> tuple[Waiver, ...]:
    with place.engine.connect() as connection:
        return read_decisions(connection).waivers


def test_a_waiver_is_granted_for_a_device_until_a_day(place: Place) -> None:
    """Everything asked for is kept."""
    done = run(place, "grant", "battery_health", "--device", code(LOST), *WHY, "--until", UNTIL.isoformat())

    assert done.exit_code == 0, done.output
    assert f"{code(LOST)} (NB-2) until {UNTIL.isoformat()}" in done.output
    assert granted(place) == (
        Waiver(
            id=1,
            device_id=device_id(LOST),
            unit=None,
            check_id="battery_health",
            reason="replacement is ordered",
            approver="information security",
            granted_on=TODAY,
            expires_on=UNTIL,
        ),
    )


def test_a_waiver_for_a_unit_speaks_german(place: Place) -> None:
    """With the day as it is written there."""
    done = run(place, "grant", "memory", "--unit", "Bauamt", *WHY, "--until", UNTIL.isoformat(), lang="de")

    assert done.exit_code == 0
    assert f"Einheit Bauamt bis zum {day(UNTIL, words('de'))}" in done.output


def test_waivers_are_listed_and_ended_and_stay_to_be_seen(place: Place) -> None:
    """Ended ones with --all, and as JSON."""
    run(place, "grant", "memory", "--unit", "Bauamt", *WHY, "--until", UNTIL.isoformat())
    shown = run(place, "list").output
    assert all(text in shown for text in ("memory", "unit Bauamt", WHY[1], WHY[3], UNTIL.isoformat()))

    assert run(place, "end", "1").exit_code == 0
    assert "no waiver in force" in run(place, "list").output
    assert f"ended on {TODAY.isoformat()}" in run(place, "list", "--all").output
    (one,) = json.loads(run(place, "list", "--all", "--json").output)
    assert (one["id"], one["unit"], one["state"], one["until"]) == (1, "Bauamt", "ended", UNTIL.isoformat())


@pytest.mark.parametrize(
    ("arguments", "code_", "told"),
    [
        (("battery_helth", "--unit", "Bauamt"), 1, "Did you mean battery_health?"),
        (("wifi_quality", "--unit", "Bauamt"), 1, "only counted over groups"),
        (("memory", "--unit", "Bauampt"), 1, "Did you mean Bauamt?"),
        (("memory", "--device", "NB-0"), 1, "There is no device"),
        (("memory", "--device", code(CLONE)), 1, "is not in use"),
        (("memory",), 2, "Name either --device CODE or --unit UNIT"),
        (("memory", "--unit", "Bauamt", "--device", code(LOST)), 2, "Name either"),
        (("memory", "--unit", "Bauamt", "--reason", " "), 2, '--reason "replacement is ordered"'),
        (("memory", "--unit", "Bauamt", "--approver", ""), 2, '--approver "information security"'),
        (("memory", "--unit", "Bauamt", "--reason", "x" * 401), 2, "longer than 400"),
        (("memory", "--unit", "Bauamt", "--until", str(TODAY - timedelta(days=1))), 2, "at most 365 days"),
        (("memory", "--unit", "Bauamt", "--until", str(TODAY + timedelta(days=366))), 2, "at most 365 days"),
        (("memory", "--unit", "Bauamt", "--until", "31.12.2026"), 2, "--until"),
    ],
    ids=[
        "a check that is not there",
        "a check that decides about nobody",
        "a unit that is not there",
        "a device that is not there",
        "a device that is not in use",
        "for nobody",
        "for two at once",
        "no reason",
        "no approver",
        "a novel",
        "an end that is over",
        "an end too far off",
        "an end in another form",
    ],
)
def test_a_waiver_with_a_fault_is_refused_with_the_next_step(
    place: Place, arguments: tuple[str, ...], code_: int, told: str
) -> None:
    """And nothing is changed."""
    done = run(place, "grant", *WHY, "--until", UNTIL.isoformat(), *arguments)

    assert done.exit_code == code_, done.output
    assert told in done.output
    assert granted(place) == ()


@pytest.mark.parametrize("missing", ["--reason", "--approver", "--until"])
def test_no_waiver_is_without_reason_approver_and_end(place: Place, missing: str) -> None:
    """None of them has a default."""
    options = {"--reason": "r", "--approver": "a", "--until": UNTIL.isoformat()}
    del options[missing]
    done = run(place, "grant", "memory", "--unit", "Bauamt", *(x for pair in options.items() for x in pair))

    assert done.exit_code == 2
    assert missing in done.output


def test_a_check_is_not_waived_twice(place: Place) -> None:
    """The first one has to be ended."""
    grant = ("grant", "memory", "--unit", "Bauamt", *WHY, "--until", UNTIL.isoformat())
    run(place, *grant)
    done = run(place, *grant)

    assert done.exit_code == 1
    assert "fernbereit waiver end 1" in done.output
    assert len(granted(place)) == 1


def test_only_a_waiver_in_force_can_be_ended(place: Place) -> None:
    """The list says which there are."""
    done = run(place, "end", "7")

    assert done.exit_code == 1
    assert "fernbereit waiver list" in done.output


def test_what_somebody_wrote_is_one_line_without_tricks(place: Place) -> None:
    """It stands in terminals, tickets and pages: no escape sequence, no line that looks like another's."""
    tricks = ("--reason", "on\norder \x1b[31mnow\u202e", "--approver", "in\tformation\x00 security")
    assert (
        run(place, "grant", "memory", "--unit", "Bauamt", *tricks, "--until", UNTIL.isoformat()).exit_code
        == 0
    )

    (one,) = granted(place)
    assert (one.reason, one.approver) == ("on order [31mnow", "in formation security")
    nothing = ("--reason", "\x1b", *WHY[2:], "--until", UNTIL.isoformat())
    assert run(place, "grant", "battery_health", "--unit", "Bauamt", *nothing).exit_code == 2
