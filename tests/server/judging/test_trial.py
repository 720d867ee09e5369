"""Is it counted rightly what another policy would make of the same laptops?"""

from datetime import date, timedelta
from typing import Any

import pytest

from fernbereit.policy import Policy
from fernbereit.readiness import Result, compile_policy
from fernbereit_server.judging.judge import Laptop, judge
from fernbereit_server.judging.judgement import Cause
from fernbereit_server.judging.rulebook import Rulebook, rulebook
from fernbereit_server.judging.trial import Tally, Trial
from judged_laptops import TODAY
from policy_world import check, looks_with, policy_of

HEALTH = "battery.health_ratio"
NOW = policy_of(check("battery", HEALTH, {"minimum": 0.6}, grace_days=30))
STRICTER = policy_of(check("battery", HEALTH, {"minimum": 0.8}, grace_days=30))
FULL = policy_of(
    check("battery", HEALTH, {"minimum": 0.6}), check("camera", "conferencing.camera", {"const": True})
)


def book(policy: Policy) -> Rulebook:
    """Make a policy ready."""
    return rulebook(compile_policy(policy))


def laptop(**more: Any) -> Laptop:
    """Return a laptop that was there for long."""
    return Laptop(device_id="d", first_seen_on=date(2020, 1, 1), **more)


def tried(now: Policy, then: Policy, values: list[float | None], **more: Any) -> Tally:
    """Judge laptops that differ in the health of their batteries."""
    trial = Trial(book(now), book(then), ("battery", "camera"))
    for value in values:
        trial.add(laptop(**more), looks_with({HEALTH: value}), TODAY, None)
    return trial.tally()


def test_the_same_policy_moves_nobody() -> None:
    """However the laptops are."""
    tally = tried(NOW, NOW, [0.9, 0.5, None])

    assert tally.devices == 3
    assert all(before == after for before, after in (*tally.verdicts, *tally.compliances))


def test_another_limit_moves_what_lies_between() -> None:
    """Verdicts, compliance and the check are counted apart."""
    tally = tried(NOW, STRICTER, [0.9, 0.7, 0.65, 0.5])

    assert tally.verdicts == {("ready", "ready"): 1, ("ready", "limited"): 2, ("limited", "limited"): 1}
    assert tally.compliances == {
        ("compliant", "compliant"): 1,
        ("compliant", "in_grace"): 2,
        ("in_grace", "in_grace"): 1,
    }
    assert tally.checks["battery"]["pass", "fail"] == 2


def test_a_check_that_comes_or_goes_has_no_result_on_the_other_side() -> None:
    """Empty, which is no word of a result."""
    new, gone = tried(NOW, FULL, [0.9]), tried(FULL, NOW, [0.9])

    assert new.checks["camera"] == {("", Result.UNKNOWN.value): 1}
    assert gone.checks["camera"] == {(Result.UNKNOWN.value, ""): 1}


def test_grace_counts_from_the_day_a_check_first_failed() -> None:
    """Whoever failed for long already is not given a new grace by a stricter limit."""
    looks, before = looks_with({HEALTH: 0.5}), None
    for days_ago in (31, 1):
        day = TODAY - timedelta(days=days_ago)
        before = judge(book(NOW), laptop(), looks, day, before, earlier={}).judgement
    trial = Trial(book(NOW), book(STRICTER), ())
    trial.add(laptop(), looks, TODAY, before)

    assert trial.tally().compliances == {("non_compliant", "non_compliant"): 1}


@pytest.mark.parametrize(
    ("more", "verdicts"),
    [
        ({"waived": {"battery"}}, {("ready", "ready"): 1}),
        ({"aside": Cause.FACTS}, {("unknown", "unknown"): 1}),
    ],
    ids=["a waiver holds under both", "two with one identity are unknown under both"],
)
def test_what_does_not_come_from_facts_holds_for_both(
    more: dict[str, Any], verdicts: dict[tuple[str, str], int]
) -> None:
    """As while the collector judges."""
    assert tried(NOW, STRICTER, [0.7], **more).verdicts == verdicts


def test_devices_that_never_reported_are_unknown_under_both() -> None:
    """They are counted, since the inventory names them."""
    trial = Trial(book(NOW), book(STRICTER), ())
    trial.add_unseen(3)

    assert trial.tally().devices == 3
    assert trial.tally().verdicts == {("unknown", "unknown"): 3}
    assert trial.tally().compliances == {("not_evaluated", "not_evaluated"): 3}
