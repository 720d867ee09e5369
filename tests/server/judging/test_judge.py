"""Does a laptop stand as the facts, the policy and the days say, and since the right day?"""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fernbereit.facts.readiness import Verdict
from fernbereit.policy import Policy
from fernbereit.readiness import Result, compile_policy, evaluate
from fernbereit_server.judging.judged import Compliance
from fernbereit_server.judging.judgement import Cause, CheckState, Judgement
from fernbereit_server.judging.ready_until import HORIZON_DAYS
from fernbereit_server.judging.rulebook import rulebook
from judged_laptops import TODAY
from judging_world import (
    CAMERA,
    CAMERA_CHECK,
    ENCRYPTED,
    ENCRYPTION,
    SUPPORT,
    SUPPORT_CHECK,
    UPDATE_CHECK,
    UPDATED,
    Life,
    book,
    graced,
    said,
)
from policy_world import check, known_facts, looks_with, policies, policy_of

GOOD: dict[str, Any] = {ENCRYPTED: "encrypted", CAMERA: True}
NO_CAMERA = {**GOOD, CAMERA: False}
BARE = {**GOOD, ENCRYPTED: "not_encrypted"}
RULES = (ENCRYPTION, CAMERA_CHECK)


def day(number: int) -> Any:
    return TODAY + timedelta(days=number)


@pytest.mark.parametrize(
    ("facts", "seen_days_ago", "failed_days", "compliance"),
    [
        (GOOD, 0, 0, Compliance.COMPLIANT),
        (NO_CAMERA, 0, 0, Compliance.IN_GRACE),
        (NO_CAMERA, 0, 29, Compliance.IN_GRACE),
        (NO_CAMERA, 0, 30, Compliance.NON_COMPLIANT),
        (BARE, 0, 6, Compliance.IN_GRACE),
        (BARE, 0, 7, Compliance.NON_COMPLIANT),
        ({CAMERA: True}, 0, 0, Compliance.NOT_EVALUATED),
        ({CAMERA: False}, 0, 3, Compliance.NOT_EVALUATED),
        ({CAMERA: False}, 0, 30, Compliance.NON_COMPLIANT),
        ({ENCRYPTED: "encrypted"}, 0, 0, Compliance.COMPLIANT),
        ({}, 0, 0, Compliance.NOT_EVALUATED),
        (GOOD, 15, 0, Compliance.OUTDATED),
        (BARE, 15, 40, Compliance.OUTDATED),
    ],
    ids=[
        "everything passes",
        "a failure on its first day",
        "a failure on the last day of its grace",
        "a failure after its grace",
        "an essential failure on the last day of its grace",
        "an essential failure after its grace",
        "an essential check nobody could answer",
        "an essential check nobody could answer beside a failure in grace",
        "a failure after its grace whatever else is unknown",
        "another check nobody could answer",
        "no facts at all",
        "facts older than the policy allows",
        "facts older than the policy allows that were bad",
    ],
)
def test_compliance_follows_from_results_and_grace(
    facts: dict[str, Any], seen_days_ago: int, failed_days: int, compliance: Compliance
) -> None:
    """The table of `compliance`, row by row."""
    life = Life(book(*RULES))
    life.on(0, facts)

    assert life.on(failed_days, facts, seen_days_ago=seen_days_ago).judgement.compliance is compliance


@pytest.mark.parametrize(
    ("today", "compliance"),
    [(13, Compliance.IN_GRACE), (14, Compliance.NON_COMPLIANT)],
    ids=["last day", "over"],
)
def test_a_new_laptop_has_grace_for_everything(today: int, compliance: Compliance) -> None:
    """Longer than the grace of the check; the verdict is what it is."""
    life = Life(book(*RULES), first_seen_on=TODAY)
    life.on(0, BARE)
    ruling = life.on(today, BARE)

    assert (ruling.judgement.compliance, ruling.judgement.verdict) == (compliance, Verdict.NOT_READY)


@pytest.mark.parametrize(
    ("between", "waived", "kept"),
    [
        ({CAMERA: True}, (), True),
        (BARE, ("encryption",), True),
        (GOOD, ("encryption",), False),
        (GOOD, (), False),
    ],
    ids=["unknown", "waived", "a pass that a waiver would cover", "a pass"],
)
def test_the_first_day_of_a_failure_survives_what_does_not_mend_it(
    between: dict[str, Any], waived: tuple[str, ...], *, kept: bool
) -> None:
    """Grace cannot be renewed by switching a probe off, nor by a waiver."""
    life = Life(book(*RULES))
    life.on(0, BARE)
    life.on(2, between, waived)
    state = life.on(4, BARE).judgement.checks["encryption"]

    assert state.first_failed_on == day(0 if kept else 4)
    assert state.since == day(4)


def test_a_check_that_is_removed_forgets_its_failure() -> None:
    """If it comes back, its grace begins anew."""
    life = Life(book(*RULES))
    life.on(0, NO_CAMERA)
    life.adopt(book(ENCRYPTION, version=2))
    assert "camera" not in life.on(1, NO_CAMERA).judgement.checks
    life.adopt(book(*RULES, version=3))

    assert life.on(2, NO_CAMERA).judgement.checks["camera"].first_failed_on == day(2)


def test_a_waiver_that_ends_restores_what_was() -> None:
    """Even a failure that began while it was waived: nobody gets grace twice."""
    with_waiver, without = Life(book(*RULES)), Life(book(*RULES))
    for life, waived in ((with_waiver, ("encryption",)), (without, ())):
        life.on(0, GOOD)
        for number in range(1, 9):
            life.on(number, BARE, waived)
    waived_state = with_waiver.judgement
    assert waived_state is not None
    assert waived_state.checks["encryption"].result is Result.WAIVED
    assert (waived_state.verdict, waived_state.compliance) == (Verdict.READY, Compliance.COMPLIANT)

    ended, never = with_waiver.on(9, BARE).judgement, without.on(9, BARE).judgement

    assert without_since(ended) == without_since(never)
    assert ended.compliance is Compliance.NON_COMPLIANT


def without_since(judgement: Judgement) -> Any:
    checks = {name: (state.result, state.first_failed_on) for name, state in judgement.checks.items()}
    return judgement.verdict, judgement.compliance, judgement.low, judgement.high, checks


def test_a_day_is_stored_as_it_began_and_as_it_ended() -> None:
    """What was in between is forgotten, as if it had never been."""
    life, calm = Life(book(*RULES)), Life(book(*RULES))
    for one in (life, calm):
        one.on(0, NO_CAMERA)
    life.on(3, BARE)
    life.on(3, GOOD)
    life.on(3, {})
    troubled = life.on(3, NO_CAMERA)
    ruling = calm.on(3, NO_CAMERA)

    assert (
        (troubled.judgement, troubled.transitions)
        == (ruling.judgement, ruling.transitions)
        == (
            ruling.judgement,
            (),
        )
    )
    assert troubled.judgement.checks["camera"] == CheckState(
        result=Result.FAIL, since=day(0), first_failed_on=day(0)
    )


@settings(deadline=None, max_examples=60)
@given(policy=graced(), data=st.data())
def test_the_order_of_events_within_a_day_does_not_matter(policy: Policy, data: st.DataObject) -> None:
    """Facts, a new policy and a waiver, in whatever order they come: row and transitions are the same."""
    began, ended = data.draw(known_facts(policy)), data.draw(known_facts(policy))
    stricter = data.draw(graced(version=2))
    names = [one.id for one in policy.checks]
    waived = data.draw(st.sets(st.sampled_from(names)))
    first, second = rulebook(compile_policy(policy)), rulebook(compile_policy(stricter))

    def lived(order: list[str]) -> Any:
        life, facts, holds = Life(first), began, set[str]()
        life.on(0, facts)
        for event in order:
            if event == "facts":
                facts = ended
            elif event == "policy":
                life.adopt(second)
            else:
                holds = waived
            ruling = life.on(3, facts, holds)
        return ruling

    events = ["facts", "policy", "waiver"]
    assert lived(events) == lived(data.draw(st.permutations(events)))


@settings(deadline=None, max_examples=60)
@given(policy=graced(), data=st.data())
def test_grace_never_changes_a_verdict(policy: Policy, data: st.DataObject) -> None:
    """Nor does the age of a laptop: verdict and bounds are those of the evaluator, on every day."""
    facts = data.draw(known_facts(policy))
    shown = {path: facts[path] for path in data.draw(st.sets(st.sampled_from(sorted(facts))))}
    compiled = compile_policy(policy)
    life = Life(rulebook(compiled), first_seen_on=day(data.draw(st.integers(-20, 0))))
    for number in (0, 1, 5, 20):
        judgement = life.on(number, shown).judgement
        standing = evaluate(compiled, looks_with(shown), day(number)).standing
        assert (judgement.verdict, judgement.low, judgement.high, judgement.coverage) == (
            standing.verdict,
            standing.low,
            standing.high,
            standing.coverage,
        )


@settings(deadline=None, max_examples=40)
@given(policy=graced(), data=st.data())
def test_judging_after_a_pause_gives_what_every_day_would_have_given(
    policy: Policy, data: st.DataObject
) -> None:
    """Verdict, results and bounds are the same; what failed meanwhile is only known to fail since today."""
    facts = data.draw(known_facts(policy))
    rules = rulebook(compile_policy(policy))
    daily, paused = Life(rules), Life(rules)
    for life in (daily, paused):
        life.on(0, facts)
    pause = data.draw(st.integers(1, 30))
    for number in range(1, pause):
        daily.on(number, facts)
    one, other = daily.on(pause, facts).judgement, paused.on(pause, facts).judgement

    assert (one.verdict, one.low, one.high, one.coverage, one.ready_until) == (
        other.verdict,
        other.low,
        other.high,
        other.coverage,
        other.ready_until,
    )
    for name, state in one.checks.items():
        late = other.checks[name]
        assert state.result is late.result
        assert state.since <= late.since
        assert (state.first_failed_on or TODAY) <= (late.first_failed_on or TODAY)


def test_a_clock_that_was_ahead_is_forgotten() -> None:
    """The day it called today gives way to the one it is."""
    life, right = Life(book(*RULES)), Life(book(*RULES))
    for one in (life, right):
        one.on(0, GOOD)
    life.on(900, BARE)

    assert life.on(1, NO_CAMERA) == right.on(1, NO_CAMERA)


def test_a_clock_that_was_ahead_over_midnight_grants_no_grace_of_years() -> None:
    """What then began to fail fails since today at the latest, and no `since` lies in the future."""
    life = Life(book(*RULES))
    life.on(0, GOOD)
    life.on(900, BARE)
    life.on(901, {**BARE, **NO_CAMERA})

    back = life.on(1, BARE).judgement

    assert back.begun is not None
    assert {state.first_failed_on for state in back.checks.values()} <= {None, TODAY + timedelta(days=1)}
    assert max(back.verdict_since, back.compliance_since, back.begun.judged_on) <= back.judged_on
    assert life.on(60, BARE).judgement.compliance is Compliance.NON_COMPLIANT


def test_what_does_not_count_has_no_verdict_and_keeps_its_past() -> None:
    """A laptop that is retired by mistake has no new grace when it comes back."""
    life = Life(book(*RULES))
    life.on(0, BARE)
    retired = life.on(3, BARE, aside=Cause.REMOVED)
    assert (retired.judged.verdict, retired.judged.compliance) == (Verdict.UNKNOWN, Compliance.NOT_EVALUATED)
    assert set(retired.judged.results) == {Result.UNKNOWN}
    assert said(retired) == {
        "verdict": ("not_ready", "unknown", "removed"),
        "compliance": ("in_grace", "not_evaluated", "removed"),
    }
    assert life.on(4, BARE, aside=Cause.REMOVED).transitions == ()

    restored = life.on(9, BARE)

    assert restored.judgement.checks["encryption"].first_failed_on == day(0)
    assert said(restored) == {
        "verdict": ("unknown", "not_ready", "new"),
        "compliance": ("not_evaluated", "non_compliant", "new"),
    }


@pytest.mark.parametrize(
    ("facts", "until"),
    [
        ({SUPPORT: 30}, 31),
        ({SUPPORT: 30, UPDATED: 0}, 31),
        ({SUPPORT: 500, UPDATED: 0}, 46),
        ({SUPPORT: HORIZON_DAYS - 1}, HORIZON_DAYS),
        ({SUPPORT: HORIZON_DAYS}, None),
        ({SUPPORT: -1}, None),
    ],
    ids=[
        "support ends",
        "the earlier of two",
        "no update comes",
        "on the last day of the horizon",
        "beyond the horizon",
        "not ready today",
    ],
)
def test_a_ready_laptop_says_how_long_it_is_so(facts: dict[str, int], until: int | None) -> None:
    """By the dates in its facts, if nothing is done."""
    rules = book(SUPPORT_CHECK, UPDATE_CHECK, ready_at=1.0) if UPDATED in facts else book(SUPPORT_CHECK)
    ruling = Life(rules).on(0, {path: day(ahead).isoformat() for path, ahead in facts.items()})

    assert ruling.judgement.ready_until == (None if until is None else day(until))


def test_the_age_of_the_facts_does_not_end_readiness() -> None:
    """Somebody will look again."""
    rules = rulebook(compile_policy(policy_of(ENCRYPTION, CAMERA_CHECK)))

    assert Life(rules).on(0, GOOD, seen_days_ago=10).judgement.ready_until is None


@settings(deadline=None, max_examples=80)
@given(policy=policies(), data=st.data())
def test_the_last_ready_day_is_the_one_a_scan_of_all_days_finds(policy: Policy, data: st.DataObject) -> None:
    """Conditions and negations included."""
    dates = st.integers(-60, 60).map(lambda days: day(days).isoformat())
    facts = {
        path: data.draw(dates) if isinstance(value, str) and value[:4].isdigit() else value
        for path, value in data.draw(known_facts(policy)).items()
    }
    compiled, looks = compile_policy(policy), looks_with(facts)
    verdicts = [evaluate(compiled, looks, day(number)).standing.verdict for number in range(HORIZON_DAYS + 1)]
    end = next((number for number, one in enumerate(verdicts) if one is not Verdict.READY), None)
    expected = day(end) if end else None

    assert Life(rulebook(compiled)).on(0, facts).judgement.ready_until == expected


def test_dates_inside_lists_end_readiness_too() -> None:
    """As the last time a management client was in touch."""
    touch = {"contains": {"properties": {"last_sync_on": {"max_age": 30}}}}
    rules = book(check("touch", "management.clients", touch, essential=True))
    clients = [{"last_sync_on": day(-3).isoformat()}, {"last_sync_on": None}, {"last_sync_on": "soon"}]

    assert Life(rules).on(0, {"management.clients": clients[:1]}).judgement.ready_until == day(28)
    assert Life(rules).on(0, {"management.clients": clients[:2]}).judgement.ready_until == day(28)
    assert Life(rules).on(0, {"management.clients": clients[::-1]}).judgement.verdict is Verdict.UNKNOWN
