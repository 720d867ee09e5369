"""Is everybody judged who should be, once, and is nothing lost with the database or the process?"""

import asyncio
import os
import subprocess
import sys
import threading
from collections.abc import Collection
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, delete, text

import judged_store
from fernbereit.facts.readiness import Verdict
from fernbereit.policy import Policy
from fernbereit.readiness import Result
from fernbereit_server.decisions import Waiver, writing
from fernbereit_server.fleet import Device, Fleet
from fernbereit_server.judging import panel
from fernbereit_server.judging.judge import judge
from fernbereit_server.judging.judged import Compliance
from fernbereit_server.store import database, schema
from fernbereit_server.store.changes import Change, InventoryRow
from fernbereit_server.store.writes import change_inventory
from judged_laptops import TODAY
from judged_store import BARE, FINE, NO_CAMERA, Office, device_id
from judging_world import CAMERA_CHECK, ENCRYPTION
from policy_world import policy_of


def adopt(office: Office, *checks: dict[str, Any], version: int) -> None:
    fields = {"version": version, "setup_grace_days": 0}
    policy: Policy = policy_of(*checks, ready_at=0.5).model_copy(update=fields)
    with database.writing(office.engine) as connection:
        writing.adopt_policy(connection, policy, office.today)
    office.look()


def waiver(office: Office, **of: Any) -> int:
    granted = Waiver(
        **{"id": 0, "device_id": None, "unit": None, **of},
        check_id="encryption",
        reason="Tausch ist bestellt",
        approver="Informationssicherheit",
        granted_on=office.today,
        expires_on=office.today + timedelta(days=2),
    )
    with database.writing(office.engine) as connection:
        number = writing.grant_waiver(connection, granted)
    office.look()
    return number


@pytest.fixture
def office(engine: Engine) -> Office:
    """Return an office whose policy wants encryption and a camera, with three laptops."""
    office = Office(engine)
    adopt(office, ENCRYPTION, CAMERA_CHECK, version=2)
    for number, facts in enumerate((FINE, BARE, NO_CAMERA)):
        office.report(number, facts)
    return office


def verdicts(office: Office) -> list[str]:
    return [judged.verdict.value for judged in held(office)]


def held(office: Office) -> list[Any]:
    return [office.fleet.devices[name].judged for name in sorted(office.fleet.devices)]


def told(office: Office) -> set[tuple[int, str, str, str, str]]:
    numbers = {device_id(number): number for number in range(10)}
    return {
        (numbers[one.device_id], one.subject, one.before, one.after, one.cause.value)
        for one in office.transitions()
        if one.day == office.today
    }


def test_whoever_reports_is_judged(office: Office) -> None:
    """The fleet knows, and so does the store."""
    office.tick()

    assert verdicts(office) == ["ready", "not_ready", "ready"]
    assert [one.compliance for one in held(office)] == [Compliance.COMPLIANT, *[Compliance.IN_GRACE] * 2]
    assert [one.verdict for one in office.judgements().values()] == ["ready", "not_ready", "ready"]
    assert (0, "verdict", "", "ready", "new") in told(office)
    assert office.fleet.changed == set()
    assert office.judge.due == 0


def test_what_is_written_comes_back_whole(office: Office) -> None:
    """Everything a judgement holds, how the day began included."""
    office.tick()
    first = office.judgements()
    office.today += timedelta(days=3)
    office.report(0, BARE)
    office.tick()
    (changed, *others) = office.judgements().values()

    assert others == list(first.values())[1:]
    assert changed.begun is not None
    assert changed.begun.checks == first[device_id(0)].checks
    assert changed.checks["encryption"].first_failed_on == office.today
    assert told(office) == {
        (0, "verdict", "ready", "not_ready", "facts"),
        (0, "compliance", "compliant", "in_grace", "facts"),
        (0, "encryption", "pass", "fail", "facts"),
    }


def test_a_restart_changes_nothing(office: Office) -> None:
    """Verdicts are there at once, and judging everybody anew gives the same."""
    office.tick()
    office.today += timedelta(days=1)
    office.report(0, BARE)
    office.tick()
    before = office.judgements(), office.transitions(), held(office)

    office.start()
    asyncio.run(office.judge._remember())
    assert held(office) == before[2]
    office.tick()

    assert (office.judgements(), office.transitions(), held(office)) == before


def test_another_day_concerns_everybody(office: Office) -> None:
    """Grace ends although nobody reports."""
    office.tick()
    office.today += timedelta(days=7)
    office.tick()

    assert told(office) == {(1, "compliance", "in_grace", "non_compliant", "grace_over")}
    office.today += timedelta(days=8)
    office.tick()
    assert {(number, after) for number, subject, _, after, _ in told(office) if subject == "compliance"} == {
        (number, "outdated") for number in range(3)
    }


def test_who_was_looked_at_again_is_judged_again(office: Office) -> None:
    """Although it said nothing but that nothing changed."""
    office.tick()
    office.today += timedelta(days=15)
    office.tick()
    assert held(office)[0].compliance is Compliance.OUTDATED
    office.look_again(0)
    office.tick()

    assert [one.compliance for one in held(office)[:2]] == [Compliance.COMPLIANT, Compliance.OUTDATED]
    assert not any(number == 0 for number, *_ in told(office)), "the day ends as it began"


def test_a_quarantine_is_noticed_at_once(office: Office) -> None:
    """Nobody had to decide it."""
    office.tick()
    before = office.fleet.devices[device_id(0)].standing()
    clone = replace(before, status="quarantined")
    office.fleet.apply(Change(device_id=device_id(0), before=before, after=clone, day=office.today))
    office.tick()

    assert verdicts(office)[0] == "unknown"


def test_an_adopted_policy_concerns_everybody(office: Office) -> None:
    """Also after a restart in between: the policy before is read from the store."""
    office.tick()
    office.today += timedelta(days=1)
    adopt(office, ENCRYPTION, {**CAMERA_CHECK, "essential": True}, version=3)
    office.start()
    office.tick()

    assert verdicts(office) == ["ready", "not_ready", "not_ready"]
    assert told(office) == {(2, "verdict", "ready", "not_ready", "policy")}


def test_a_waiver_holds_for_a_device_or_a_unit_until_its_day(office: Office) -> None:
    """Shown as waived, and gone by itself."""
    row = InventoryRow(id=1, serial_hash=f"{1:064x}", label="NB-1", unit="Bauamt")
    with database.writing(office.engine) as connection:
        change_inventory(connection, written=[row], removed=[])
    office.look()
    office.tick()
    office.report(0, BARE)
    office.today += timedelta(days=1)
    waiver(office, device_id=device_id(0))
    waiver(office, unit="Bauamt")
    office.tick()

    assert verdicts(office) == ["ready"] * 3
    assert [one.results[0] for one in held(office)] == [Result.WAIVED, Result.WAIVED, Result.PASS]
    assert (1, "verdict", "not_ready", "ready", "waiver_granted") in told(office)

    office.today += timedelta(days=3)
    office.tick()
    assert (1, "verdict", "ready", "not_ready", "waiver_ended") in told(office)


def test_who_moves_to_a_unit_with_a_waiver_has_it(office: Office) -> None:
    """Although no fact changed."""
    office.tick()
    waiver(office, unit="Bauamt")
    office.tick()
    assert verdicts(office)[1] == "not_ready"
    row = InventoryRow(id=1, serial_hash=f"{1:064x}", label="NB-1", unit="Bauamt")
    with database.writing(office.engine) as connection:
        change_inventory(connection, written=[row], removed=[])
    office.look()
    office.tick()

    assert verdicts(office)[1] == "ready"


def test_another_decision_does_not_judge_everybody_anew(office: Office) -> None:
    """The desk contests a check, somebody sets a goal: waivers of a unit make that no dearer."""
    waiver(office, unit="Bauamt")
    office.tick()
    with database.writing(office.engine) as connection:
        writing.contest(connection, device_id(1), "encryption", office.today)
    office.look()
    asyncio.run(office.judge._look_around())

    assert office.judge.due == 0


@pytest.mark.parametrize("ends", ["it passes", "nobody asks for it any more"])
def test_what_the_desk_called_wrong_is_over_with_the_check(office: Office, ends: str) -> None:
    """Else it would be counted for ever: the page offers to take it back only while the check fails."""
    office.tick()
    with database.writing(office.engine) as connection:
        for check in ("encryption", "camera"):
            for number in (1, 2):
                writing.contest(connection, device_id(number), check, office.today)
    if ends == "it passes":
        office.report(1, NO_CAMERA)
        office.report(2, BARE)
        office.tick()
        left = {device_id(1): {"camera"}, device_id(2): {"encryption"}}
    else:
        adopt(office, ENCRYPTION, version=3)
        office.report(2, BARE)
        office.tick()
        left = {device_id(1): {"encryption"}, device_id(2): {"encryption"}}
    version = office.decisions.version
    office.look()

    assert office.decisions.contested == left
    assert office.decisions.version > version


def test_a_retired_device_is_judged_no_more(office: Office) -> None:
    """And as before once it is taken back."""
    office.tick()
    office.today += timedelta(days=1)
    for status, verdict, cause in (("retired", "unknown", "removed"), ("active", "not_ready", "new")):
        with database.writing(office.engine) as connection:
            writing.set_status(connection, device_id(1), status, office.today)
        office.look()
        office.tick()
        assert verdicts(office)[1] == verdict
        assert {one[4] for one in told(office)} == {cause}
        office.today += timedelta(days=1)


def test_two_that_go_on_reporting_with_one_serial_have_no_verdict(office: Office) -> None:
    """The newer one counts as unknown, the older one not at all, until somebody retires one of them."""
    office.tick()
    office.report(5, FINE, serial=0)
    office.tick()
    assert [office.fleet.devices[device_id(number)].twin for number in (0, 5)] == ["replaced", None]
    assert verdicts(office)[0] == "unknown"

    office.today += timedelta(days=1)
    office.report(0, FINE)
    office.tick()
    assert [office.fleet.devices[device_id(number)].twin for number in (0, 5)] == ["replaced", "conflict"]
    assert verdicts(office) == ["unknown", "not_ready", "ready", "unknown"]

    with database.writing(office.engine) as connection:
        writing.set_status(connection, device_id(5), "retired", office.today)
    office.look()
    office.tick()
    assert verdicts(office) == ["ready", "not_ready", "ready", "unknown"]


def test_a_device_that_changes_while_it_is_judged_is_judged_again(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What came in between is not taken for judged."""
    office.tick()
    office.report(0, NO_CAMERA)
    rule = office.judge._rule
    reported: list[int] = []

    def ruled(*given: Any) -> Any:
        rulings = rule(*given)
        if not reported:
            reported.append(1)
            office.report(0, BARE)
        return rulings

    monkeypatch.setattr(office.judge, "_rule", ruled)
    office.tick()

    assert verdicts(office)[0] == "not_ready"


def test_a_database_that_goes_away_loses_nobody(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """They stay due, and are judged once it is back: all at the start, later those who changed."""
    with office.engine.begin() as connection:
        connection.execute(text("ALTER TABLE judgements RENAME TO elsewhere"))
    office.tick()
    assert office.judge.due == 3
    assert held(office) == [None] * 3
    with office.engine.begin() as connection:
        connection.execute(text("ALTER TABLE elsewhere RENAME TO judgements"))

    office.tick()
    assert office.judge.due == 3, "it is not asked again at once"
    monkeypatch.setattr(office.judge, "_not_before", 0.0)
    office.tick()
    assert (office.judge.due, verdicts(office)) == (0, ["ready", "not_ready", "ready"])

    office.report(0, BARE)
    with office.engine.begin() as connection:
        connection.execute(text("ALTER TABLE judgements RENAME TO elsewhere"))
    office.tick()
    assert office.fleet.changed == {device_id(0)}


def test_more_than_a_chunk_is_judged_chunk_by_chunk(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """And whoever comes meanwhile."""
    monkeypatch.setattr(panel, "CHUNK", 2)
    for number in range(3, 8):
        office.report(number, FINE)
    office.tick()

    assert len(office.judgements()) == 8
    assert office.judge.due == 0


def test_a_new_fleet_is_searched_for_shared_serials_once(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Once a chunk would cost a fleet of thousands more than judging it."""
    searched: list[int] = []
    monkeypatch.setattr(panel, "CHUNK", 1)

    def no_twins(devices: Collection[Device], *_: object) -> dict[str, str]:
        searched.append(len(devices))
        return {}

    monkeypatch.setattr(panel, "twins", no_twins)
    office.tick()
    assert searched == [3]
    office.report(7, FINE)
    office.tick()

    assert searched == [3, 4]


def test_one_laptop_that_cannot_be_judged_stops_nobody_else(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It keeps the judgement it had."""

    def broken(book: Any, laptop: Any, *given: Any, **more: Any) -> Any:
        if laptop.device_id == device_id(1):
            raise RecursionError
        return judge(book, laptop, *given, **more)

    monkeypatch.setattr(panel, "judge", broken)
    office.tick()

    assert [one and one.verdict for one in held(office)] == [Verdict.READY, None, Verdict.READY]


def test_a_device_that_was_erased_meanwhile_leaves_no_judgement(office: Office) -> None:
    """The sweep may come between reading and writing."""
    office.tick()
    with office.engine.begin() as connection:
        for table in (schema.judgements, schema.transitions, schema.devices):
            connection.execute(delete(table).where(table.c.device_id == device_id(1)))
    office.fleet.changed.add(device_id(1))
    office.tick()

    assert set(office.judgements()) == {device_id(0), device_id(2)}
    assert all(one.device_id != device_id(1) for one in office.transitions())


def test_a_device_that_is_being_erased_leaves_no_judgement(office: Office) -> None:
    """The sweep began first and ends last: nothing about the device may be written in between."""
    with database.writing(office.engine) as sweep:
        for table in (schema.devices, schema.judgements):
            sweep.execute(delete(table).where(table.c.device_id == device_id(1)))
        ticking = threading.Thread(target=office.tick)
        ticking.start()
        ticking.join(0.5)
    ticking.join(20)

    assert set(office.judgements()) == {device_id(0), device_id(2)}


def test_equal_judgements_are_held_once(office: Office) -> None:
    """Thousands of laptops are alike."""
    office.report(3, FINE)
    office.tick()
    first, *_, last = held(office)

    assert first is last
    assert replace(first) == last


def test_a_fleet_that_was_loaded_is_due(engine: Engine) -> None:
    """Nobody has to report first."""
    Office(engine).report(0, FINE)
    fleet: Fleet = Office(engine).fleet

    assert fleet.changed == {device_id(0)}


@pytest.mark.parametrize("place", ["judging.half_written", "judging.written"], ids=["half-way", "just after"])
def test_a_kill_loses_and_doubles_no_transition(office: Office, place: str) -> None:
    """Row and transitions are one; the next start judges the same and writes nothing twice."""
    office.tick()
    calm = office.judgements(), office.transitions()
    office.today = TODAY + timedelta(days=1)
    office.report(0, BARE)
    url = office.engine.url.render_as_string(hide_password=False)
    tests = Path(judged_store.__file__).parent
    died = subprocess.run(
        [sys.executable, judged_store.__file__, url, office.today.isoformat()],
        env={**os.environ, "FERNBEREIT_CRASH_AT": place, "PYTHONPATH": str(tests)},
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert died.returncode == -9, died.stderr.decode()
    if place == "judging.half_written":
        assert (office.judgements(), office.transitions()) == calm

    office.start()
    office.tick()
    once = office.judgements(), office.transitions()
    office.start()
    office.tick()

    assert (office.judgements(), office.transitions()) == once
    assert told(office) == {
        (0, "verdict", "ready", "not_ready", "facts"),
        (0, "compliance", "compliant", "in_grace", "facts"),
        (0, "encryption", "pass", "fail", "facts"),
    }
