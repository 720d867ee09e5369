"""Is the right thing named as the cause of a change?"""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fernbereit.policy import Policy
from fernbereit.readiness import compile_policy
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
from policy_world import check, known_facts

GOOD: dict[str, Any] = {ENCRYPTED: "encrypted", CAMERA: True}
BARE = {**GOOD, ENCRYPTED: "not_encrypted"}
NO_CAMERA = {**GOOD, CAMERA: False}
RULES = (ENCRYPTION, CAMERA_CHECK)
ESSENTIAL_SUPPORT = {**SUPPORT_CHECK, "essential": True}


def day(number: int) -> str:
    return (TODAY + timedelta(days=number)).isoformat()


def test_a_laptop_judged_for_the_first_time_is_new() -> None:
    """Its checks have no transitions: they would say nothing more."""
    assert said(Life(book(*RULES)).on(0, BARE)) == {
        "verdict": ("", "not_ready", "new"),
        "compliance": ("", "in_grace", "new"),
    }


def test_nothing_changes_without_a_cause() -> None:
    """The same facts on the next day are no news."""
    life = Life(book(*RULES))
    life.on(0, NO_CAMERA)

    assert life.on(1, NO_CAMERA).transitions == ()


def test_other_facts_are_the_cause() -> None:
    """Somebody switched encryption off, and on again."""
    life = Life(book(*RULES))
    life.on(0, GOOD)
    assert said(life.on(1, BARE)) == {
        "verdict": ("ready", "not_ready", "facts"),
        "compliance": ("compliant", "in_grace", "facts"),
        "encryption": ("pass", "fail", "facts"),
    }

    assert {cause for _, _, cause in said(life.on(2, GOOD)).values()} == {"facts"}


@pytest.mark.parametrize("pause", [6, 9, 40], ids=["no pause", "a pause", "a long pause"])
def test_a_date_that_passed_is_time(pause: int) -> None:
    """However long nobody looked."""
    facts = {SUPPORT: day(5)}
    life = Life(book(ESSENTIAL_SUPPORT))
    life.on(0, facts)
    if pause == 6:
        life.on(5, facts)

    assert said(life.on(pause, facts)) == {
        "verdict": ("ready", "not_ready", "time"),
        "compliance": ("compliant", "in_grace", "time"),
        "support": ("pass", "fail", "time"),
    }


def test_time_is_the_cause_although_later_facts_came_in_between() -> None:
    """A judgement that says the same is not kept again; its day would call those facts a wrong clock."""
    life = Life(book(UPDATE_CHECK))
    kept = life.on(0, {UPDATED: day(-1)}).judgement
    facts = {UPDATED: day(20)}
    assert life.on(20, facts).transitions == ()
    life.judgement = kept

    assert said(life.on(66, facts))["update"] == ("pass", "fail", "time")


def test_what_answers_as_before_is_no_cause_of_a_verdict() -> None:
    """Although the day of the kept judgement would doubt it."""
    strict = {**ESSENTIAL_SUPPORT, "expect": {"min_days_left": 90}}
    life = Life(book(UPDATE_CHECK, ESSENTIAL_SUPPORT, ready_at=1.0))
    life.on(0, {UPDATED: day(-1), SUPPORT: day(60)})
    life.adopt(book(UPDATE_CHECK, strict, version=2, ready_at=1.0))

    told = said(life.on(25, {UPDATED: day(20), SUPPORT: day(60)}))

    assert told["verdict"] == ("ready", "not_ready", "policy")


def test_facts_that_became_too_old_are_time() -> None:
    """Nobody heard of the laptop."""
    life = Life(book(*RULES))
    life.on(0, GOOD)

    assert said(life.on(15, GOOD, seen_days_ago=15)) == {
        "verdict": ("ready", "unknown", "time"),
        "compliance": ("compliant", "outdated", "time"),
    }
    assert {cause for _, _, cause in said(life.on(16, GOOD)).values()} == {"facts"}


def test_grace_that_is_over_is_the_cause() -> None:
    """Nothing but compliance changes."""
    life = Life(book(*RULES))
    life.on(0, NO_CAMERA)

    assert said(life.on(30, NO_CAMERA)) == {"compliance": ("in_grace", "non_compliant", "grace_over")}


def test_the_end_of_set_up_is_grace_over_too() -> None:
    """The grace of the check was over before."""
    life = Life(book(ENCRYPTION), first_seen_on=TODAY)
    life.on(0, BARE)

    assert said(life.on(14, BARE)) == {"compliance": ("in_grace", "non_compliant", "grace_over")}


def test_a_policy_is_the_cause_if_the_old_one_would_say_what_it_said() -> None:
    """A check added, one made essential, one removed."""
    life = Life(book(ENCRYPTION, CAMERA_CHECK))
    life.on(0, NO_CAMERA)
    microphone = check("microphone", "conferencing.microphone", {"const": True}, grace_days=3)
    life.adopt(book({**CAMERA_CHECK, "essential": True}, microphone, version=2))

    assert said(life.on(1, NO_CAMERA)) == {
        "verdict": ("ready", "not_ready", "policy"),
        "encryption": ("pass", "", "removed"),
        "microphone": ("", "unknown", "new"),
    }


@pytest.mark.parametrize("forget", [False, True], ids=["known", "shipped with another version"])
def test_a_stricter_limit_is_policy(*, forget: bool) -> None:
    """Even if nobody knows any more what the old one said."""
    life = Life(book(SUPPORT_CHECK))
    life.on(0, {SUPPORT: day(5)})
    life.adopt(book({**SUPPORT_CHECK, "expect": {"min_days_left": 30}}, version=2), forget=forget)

    assert said(life.on(1, {SUPPORT: day(5)}))["support"] == ("pass", "fail", "policy")


def test_a_waiver_is_the_cause_while_it_lasts() -> None:
    """Granted and ended."""
    life = Life(book(*RULES))
    life.on(0, BARE)

    assert said(life.on(1, BARE, ["encryption"])) == {
        "verdict": ("not_ready", "ready", "waiver_granted"),
        "compliance": ("in_grace", "compliant", "waiver_granted"),
        "encryption": ("fail", "waived", "waiver_granted"),
    }
    assert said(life.on(2, BARE)) == {
        "verdict": ("ready", "not_ready", "waiver_ended"),
        "compliance": ("compliant", "in_grace", "waiver_ended"),
        "encryption": ("waived", "fail", "waiver_ended"),
    }


def test_one_waiver_ends_as_another_is_granted() -> None:
    """Each check tells its own."""
    life = Life(book(*RULES))
    bad = {**BARE, CAMERA: False}
    life.on(0, bad, ["encryption"])
    told = said(life.on(1, bad, ["camera"]))

    assert told["encryption"] == ("waived", "fail", "waiver_ended")
    assert told["camera"] == ("fail", "waived", "waiver_granted")
    assert told["verdict"] == ("ready", "not_ready", "waiver_ended")


@pytest.mark.parametrize(
    ("facts", "today", "version", "waived", "cause"),
    [
        (True, True, True, True, "facts"),
        (False, True, True, True, "time"),
        (False, False, True, True, "policy"),
        (False, False, False, True, "waiver_ended"),
    ],
    ids=["facts first", "then time", "then policy", "then waivers"],
)
def test_of_several_sufficient_causes_the_first_is_named(
    *, facts: bool, today: bool, version: bool, waived: bool, cause: str
) -> None:
    """Each of them alone takes readiness away."""
    rules = (ENCRYPTION, ESSENTIAL_SUPPORT, {**CAMERA_CHECK, "essential": True})
    life = Life(book(*rules))
    began = {**NO_CAMERA, SUPPORT: day(5)}
    assert life.on(0, began, ["camera"]).judgement.verdict == "ready"
    if version:
        strict = {**ESSENTIAL_SUPPORT, "id": "long_support", "expect": {"min_days_left": 90}}
        life.adopt(book(*rules, strict, version=2))
    ended = {**began, ENCRYPTED: "not_encrypted"} if facts else began

    told = said(life.on(6 if today else 1, ended, [] if waived else ["camera"]))

    assert told["verdict"] == ("ready", "not_ready", cause)


@settings(deadline=None, max_examples=80)
@given(policy=graced(), data=st.data())
def test_what_did_not_change_is_no_cause(policy: Policy, data: st.DataObject) -> None:
    """Each kind of change alone has its own causes."""
    first = rulebook(compile_policy(policy))
    began, ended = data.draw(known_facts(policy)), data.draw(known_facts(policy))
    waived = data.draw(st.sets(st.sampled_from([one.id for one in policy.checks])))
    other = rulebook(compile_policy(data.draw(graced(version=2))))
    alone = {
        "day": (first, began, frozenset[str](), {"time", "grace_over"}),
        "waiver": (first, began, waived, {"time", "grace_over", "waiver_granted"}),
        "policy": (other, began, frozenset[str](), {"time", "grace_over", "policy", "new", "removed"}),
        "facts": (first, ended, frozenset[str](), {"time", "grace_over", "facts"}),
    }
    for rules, facts, holds, causes in alone.values():
        life = Life(first)
        life.on(0, began)
        if rules is other:
            life.adopt(other)
        told = life.on(data.draw(st.integers(1, 20)), facts, holds)
        assert {one.cause.value for one in told.transitions} <= causes
        assert all(one.before != one.after for one in told.transitions)
