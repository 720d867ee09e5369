"""Does a laptop judge itself as the collector does, and remember and send what it should?"""

import json
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

import write
from fernbereit.facts import SECTIONS
from fernbereit.facts.readiness import Readiness, Verdict
from fernbereit.readiness import compile_policy, evaluate
from fernbereit.record import Outcome, Reason, observation_of
from fernbereit_agent import contest, policy_store, proof, recording
from fernbereit_agent import readiness as own
from fernbereit_agent.probes import PROBES
from fernbereit_agent.proof import Proof
from fernbereit_agent.readiness import DAY_S, SECTION, OwnReadiness
from fernbereit_agent.report import Look
from fernbereit_agent.settings import PolicySettings, Settings
from judged_laptops import look_of
from policy_signing import PUBLIC, signed
from policy_world import check, policy_of

TODAY = date(2026, 3, 10)
FOLDERS = sorted(file.parent for file in write.LAPTOPS.glob(f"*/{recording.LAPTOP}"))
ONE = policy_of(check("firewall", "firewall.enabled", {"const": True}, essential=True))


def seen(section: str, said: dict[str, Any], at: float = 0.0) -> Look:
    """Return a look at one section from its JSON."""
    return Look(observation_of(SECTIONS[section]).model_validate(said), at)


def firewall(enabled: bool | None, at: float = 0.0) -> dict[str, Look]:  # noqa: FBT001 - a fact
    """Return a look at the firewall alone."""
    return {"firewall": seen("firewall", {"outcome": "ok", "facts": {"enabled": enabled}}, at)}


def judging(folder: Path, *, adopted: bool = True) -> OwnReadiness:
    """Return the readiness of a laptop that holds the policy of one check, if it is to."""
    made = OwnReadiness(Settings(data=folder, policy=PolicySettings(public_key=PUBLIC if adopted else None)))
    if adopted:
        made.policies.take(signed(ONE))
    return made


def facts(made: OwnReadiness, looks: dict[str, Look], *, now: float = 0, remember: bool = True) -> Readiness:
    """Return what the laptop says of itself."""
    look = made.look(looks, now=now, today=TODAY, remember=remember)
    assert look.at == now
    assert isinstance(look.seen.facts, Readiness)
    return look.seen.facts


@pytest.mark.parametrize("folder", FOLDERS, ids=[folder.name for folder in FOLDERS])
def test_every_recorded_laptop_judges_itself_as_the_collector_would(folder: Path) -> None:
    """From the same facts in JSON, by the shipped policy, on the same day."""
    laptop = recording.read_laptop(folder)
    said = json.loads((folder / recording.EXPECTED).read_text(encoding="utf-8"))
    shipped = policy_store.shipped().policy
    ours = evaluate(shipped, {name: look_of(look) for name, look in said.items()}, laptop.today)

    assert said[SECTION]["facts"]["verdict"] == ours.standing.verdict
    assert set(said) == {probe.section for probe in PROBES} | {SECTION}


def test_the_policy_that_arrives_decides_from_the_next_report_on(tmp_path: Path) -> None:
    """Version and whose it is are told with the verdict."""
    made = judging(tmp_path, adopted=False)
    assert facts(made, firewall(enabled=True)).policy_adopted is False

    made = judging(tmp_path)
    said = facts(made, firewall(enabled=True))
    assert (said.verdict, said.policy_version, said.policy_adopted) == (Verdict.READY, 1, True)
    assert facts(made, firewall(enabled=False)).verdict is Verdict.NOT_READY
    assert facts(made, firewall(enabled=None)).verdict is Verdict.UNKNOWN


def test_facts_grow_old_by_a_clock_that_is_never_set(tmp_path: Path) -> None:
    """After fourteen days without a look there is no verdict, whatever the calendar says."""
    made = judging(tmp_path)
    looks = firewall(enabled=True)

    assert facts(made, looks, now=14 * DAY_S + 1).verdict is Verdict.READY
    assert facts(made, looks, now=15 * DAY_S).verdict is Verdict.UNKNOWN


def test_a_contested_result_travels_until_the_check_passes(tmp_path: Path) -> None:
    """Unknown is no pass; once it passed, a later failure has to be contested anew."""
    made = judging(tmp_path)
    contest.contest(tmp_path, "firewall")
    contest.contest(tmp_path, "of_another_policy")

    assert facts(made, firewall(enabled=False)).contested == ("firewall",)
    assert facts(made, firewall(enabled=None)).contested == ("firewall",)
    assert facts(made, firewall(enabled=True), remember=False).contested == ()
    assert contest.contested(tmp_path) == ("firewall", "of_another_policy")
    assert facts(made, firewall(enabled=True)).contested == ()
    assert facts(made, firewall(enabled=False)).contested == ()
    assert contest.contested(tmp_path) == ("of_another_policy",)


def test_a_contest_is_picked_up_without_a_restart_and_can_be_taken_back(tmp_path: Path) -> None:
    """Another process writes it."""
    made = judging(tmp_path)
    said = []
    changes: tuple[Callable[[], object], ...] = (
        lambda: None,
        lambda: contest.contest(tmp_path, "firewall"),
        lambda: contest.forget(tmp_path, ["firewall"]),
    )
    for change in changes:
        change()
        said.append(facts(made, firewall(enabled=False)).contested)

    assert said == [(), ("firewall",), ()]


def test_what_was_proven_is_remembered_over_a_restart(tmp_path: Path) -> None:
    """And forgotten in the file too when thirty days are over."""
    day = TODAY - timedelta(days=30)
    proof.write(tmp_path, Proof(proven_on=day))
    facts(judging(tmp_path), {})
    assert proof.read(tmp_path) == Proof(proven_on=day)
    proof.write(tmp_path, Proof(proven_on=day - timedelta(days=1)))
    facts(judging(tmp_path), {})

    assert not (tmp_path / proof.FILE).exists()


def test_looking_without_remembering_writes_nothing(tmp_path: Path) -> None:
    """`once --print` leaves no trace."""
    proof.write(tmp_path, Proof(proven_on=date(2000, 1, 1)))
    before = (tmp_path / proof.FILE).read_bytes()
    facts(judging(tmp_path, adopted=False), firewall(enabled=True), remember=False)

    assert (tmp_path / proof.FILE).read_bytes() == before


def test_a_folder_that_cannot_be_written_stops_nothing_and_is_said_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """The report is made all the same."""
    proof.write(tmp_path, Proof(proven_on=date(2000, 1, 1)))
    made = judging(tmp_path)
    (tmp_path / proof.FILE).unlink()
    (tmp_path / proof.FILE).mkdir()
    said = [facts(made, firewall(enabled=True)).verdict for _ in range(3)]

    assert said == [Verdict.READY] * 3
    assert len([line for line in caplog.messages if "cannot be kept" in line]) == 1
    (tmp_path / proof.FILE).rmdir()
    facts(made, firewall(enabled=True))
    assert made._trouble == ""


def test_a_policy_on_which_the_evaluator_fails_stops_no_report(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A policy comes from outside: the section says `internal_error`, the log once why."""
    made = judging(tmp_path)
    broken = compile_policy(ONE)
    object.__setattr__(broken, "rows", (None,))
    monkeypatch.setattr(made.policies, "held", policy_store.Held(broken, adopted=True))
    looks = [made.look(firewall(enabled=True), now=0, today=TODAY, remember=True) for _ in range(3)]

    assert {(look.seen.outcome, look.seen.reason, look.seen.facts) for look in looks} == {
        (Outcome.FAILED, Reason.INTERNAL_ERROR, None)
    }
    assert len([line for line in caplog.messages if "could not judge itself" in line]) == 1


def test_no_more_contests_are_sent_than_a_record_may_carry(tmp_path: Path) -> None:
    """However many files somebody made."""
    many = policy_of(*(check(f"c{n:02}", "firewall.enabled", {"const": True}) for n in range(30)))
    held = policy_store.Held(compile_policy(many), adopted=True)
    names = tuple(one.id for one in many.checks)
    told = own.judge(
        firewall(enabled=False),
        own.Own(held=held, contested=names),
        Settings(data=tmp_path).probes,
        now=0,
        today=TODAY,
    ).facts

    assert told.contested == names[: contest.MOST]
    Readiness.model_validate(told.model_dump())
