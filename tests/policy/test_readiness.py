"""Does the evaluator say what is known, and never more?"""

import json
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from fernbereit.facts.readiness import Verdict
from fernbereit.policy import Policy, as_json
from fernbereit.readiness import (
    CompiledPolicy,
    Look,
    Result,
    Standing,
    compile_policy,
    evaluate,
    share,
    stand,
)
from fernbereit.record import Outcome
from judged_laptops import TODAY
from policy_world import check, known_facts, looks_with, policies, policy_of

P, F, U, N = Result.PASS, Result.FAIL, Result.UNKNOWN, Result.NOT_APPLICABLE
ESSENTIAL = check("gate", "firewall.enabled", {"const": True}, essential=True)
CAMERA = check("camera", "conferencing.camera", {"const": True}, weight=3)
MICROPHONE = check("microphone", "conferencing.microphone", {"const": True}, weight=1)
RESULTS = st.lists(st.sampled_from([P, F, U, N]), min_size=8, max_size=8)


def answer(expect: dict[str, Any], fact: str, value: object, **more: Any) -> Result:
    """Return what one check says of one value."""
    compiled = compile_policy(policy_of(check("one", fact, expect, **more)))
    return evaluate(compiled, looks_with({fact: value}), TODAY).results[0]


def results_for(compiled: CompiledPolicy, drawn: Sequence[Result]) -> list[Result]:
    """Return as many of the drawn results as the policy has checks."""
    return list(drawn[: len(compiled.judged)])


@settings(deadline=None)
@given(policy=policies(), drawn=RESULTS, data=st.data())
def test_turning_an_unknown_into_a_pass_never_worsens_anything(
    policy: Policy, drawn: list[Result], data: st.DataObject
) -> None:
    """No share sinks, readiness is never lost, and a verdict gets no worse than was certain before."""
    compiled = compile_policy(policy)
    results = results_for(compiled, drawn)
    unknown = [number for number, result in enumerate(results) if result is U]
    if not unknown:
        return
    before = stand(compiled, results, outdated=False)
    results[data.draw(st.sampled_from(unknown))] = P
    after = stand(compiled, results, outdated=False)

    assert after.low >= before.low
    assert after.high == before.high
    assert after.coverage >= before.coverage
    if after.verdict is not before.verdict:
        assert before.verdict is Verdict.UNKNOWN
        assert after.verdict is Verdict.READY or (
            after.verdict is Verdict.LIMITED and before.high < policy.ready_at
        )


@settings(deadline=None)
@given(policy=policies(), data=st.data())
def test_the_bounds_contain_the_truth(policy: Policy, data: st.DataObject) -> None:
    """Whatever is hidden, low and high enclose the score of all facts; certain verdicts are the true ones."""
    compiled = compile_policy(policy)
    everything = data.draw(known_facts(policy))
    shown = data.draw(st.sets(st.sampled_from(sorted(everything))))
    true = evaluate(compiled, looks_with(everything), TODAY).standing
    told = evaluate(compiled, looks_with({path: everything[path] for path in shown}), TODAY).standing

    assert U not in evaluate(compiled, looks_with(everything), TODAY).results
    if true.coverage == 1:  # else no check applies, and there is no score
        assert told.low <= true.low <= told.high
        assert true.low == true.high
    if told.verdict is not Verdict.UNKNOWN:
        assert told.verdict is true.verdict


@settings(deadline=None)
@given(policy=policies())
def test_without_facts_nothing_is_ready(policy: Policy) -> None:
    """Silence is unknown, never good."""
    told = evaluate(compile_policy(policy), {}, TODAY)

    assert told.standing == Standing(verdict=Verdict.UNKNOWN, low=0.0, high=1.0, coverage=0.0)
    assert set(told.results) == {U}


@settings(deadline=None)
@given(policy=policies(), data=st.data())
def test_the_order_of_checks_does_not_matter(policy: Policy, data: st.DataObject) -> None:
    """Shuffled checks give the same standing, and each the same result."""
    everything = data.draw(known_facts(policy))
    shown = data.draw(st.sets(st.sampled_from(sorted(everything))))
    looks = looks_with({path: everything[path] for path in shown})
    shuffled = Policy.model_validate(
        {**as_json(policy), "checks": data.draw(st.permutations(as_json(policy)["checks"]))}, strict=False
    )
    first, second = compile_policy(policy), compile_policy(shuffled)
    told, again = evaluate(first, looks, TODAY), evaluate(second, looks, TODAY)

    assert told.standing == again.standing
    assert {one.id: result for one, result in zip(first.judged, told.results, strict=True)} == {
        one.id: result for one, result in zip(second.judged, again.results, strict=True)
    }


@pytest.mark.parametrize(
    ("results", "outdated", "verdict"),
    [
        ((P, P, P), False, Verdict.READY),
        ((F, P, P), False, Verdict.NOT_READY),
        ((F, U, U), True, Verdict.NOT_READY),
        ((U, P, P), False, Verdict.UNKNOWN),
        ((U, F, F), False, Verdict.UNKNOWN),
        ((P, P, P), True, Verdict.UNKNOWN),
        ((P, F, P), False, Verdict.LIMITED),
        ((P, U, P), False, Verdict.UNKNOWN),
        ((P, P, F), False, Verdict.READY),
        ((P, P, U), False, Verdict.READY),
        ((N, N, N), False, Verdict.UNKNOWN),
        ((N, N, P), False, Verdict.READY),
        ((P, Result.WAIVED, P), False, Verdict.READY),
    ],
    ids=[
        "all pass: ready",
        "an essential failure: not ready",
        "an essential failure decides even on old facts",
        "an essential unknown: unknown",
        "an essential unknown comes before the score",
        "facts too old: unknown",
        "the score is short whatever the unknowns are: limited",
        "the score may be short or not: unknown",
        "the score suffices with a failure",
        "the score suffices with an unknown",
        "no check applies: unknown",
        "what does not apply does not count",
        "a waiver counts as a pass",
    ],
)
def test_the_verdict_follows_from_the_results(
    *, results: tuple[Result, ...], outdated: bool, verdict: Verdict
) -> None:
    """Gate first, then what is not known, then the score between its bounds."""
    policy = policy_of(ESSENTIAL, CAMERA, MICROPHONE, ready_at=0.8)

    assert stand(compile_policy(policy), results, outdated=outdated).verdict is verdict


@pytest.mark.parametrize(
    ("expect", "fact", "value", "result"),
    [
        ({"const": "on"}, "boot_security.secure_boot", "other", U),
        ({"const": "other"}, "boot_security.secure_boot", "other", P),
        ({"not": {"const": "on"}}, "boot_security.secure_boot", "other", U),
        ({"max_age": 30}, "operating_system.last_update_on", "2026-10-22", P),
        ({"max_age": 30}, "operating_system.last_update_on", "2026-10-21", F),
        ({"max_age": 30}, "operating_system.last_update_on", "2026-11-22", P),
        ({"max_age": 30}, "operating_system.last_update_on", "2026-11-24", U),
        ({"min_days_left": 0}, "operating_system.support_ends_on", "2026-11-21", P),
        ({"min_days_left": 0}, "operating_system.support_ends_on", "2026-11-20", F),
        ({"version_at_least": "12.4"}, "operating_system.version", "12.10", P),
        ({"version_at_least": "12.4"}, "operating_system.version", "12", F),
        ({"version_at_least": "12"}, "operating_system.version", "12.0 LTS", P),
        ({"version_at_least": "12"}, "operating_system.version", "rolling", U),
        ({"minimum": 5}, "battery.cycle_count", 5, P),
        ({"exclusiveMinimum": 5}, "battery.cycle_count", 5, F),
        ({"exclusiveMaximum": 5}, "battery.cycle_count", 4, P),
        ({"minimum": 5}, "battery.cycle_count", "many", U),
        ({"minimum": 5, "maximum": 9}, "battery.cycle_count", 10, F),
        ({"minimum": 0}, "battery.cycle_count", 0, P),
        ({"contains": {"const": "teams"}}, "conferencing.clients", ["zoom", "teams"], P),
        ({"contains": {"const": "teams"}}, "conferencing.clients", ["zoom", "other"], U),
        ({"contains": {"const": "teams"}}, "conferencing.clients", [], F),
        ({"minItems": 1}, "conferencing.clients", [], F),
        (
            {"contains": {"properties": {"enrolled": {"const": True}, "last_sync_on": {"max_age": 9}}}},
            "management.clients",
            [{"provider": "opsi", "enrolled": True, "last_sync_on": None}],
            U,
        ),
        (
            {"not": {"contains": {"properties": {"local_policy_result": {"const": "not_met"}}}}},
            "management.clients",
            [{"provider": "opsi", "local_policy_result": "met"}],
            P,
        ),
    ],
)
def test_an_expectation_is_met_or_not_or_not_known(
    expect: dict[str, Any], fact: str, value: object, result: Result
) -> None:
    """Limits belong to the side the keyword names; words, days and shapes not understood are unknown."""
    assert answer(expect, fact, value) is result


@pytest.mark.parametrize(
    ("platform", "realtime", "result"),
    [("windows", False, F), ("linux", False, N), (None, True, U), ("windows", None, U)],
    ids=["applies", "does not apply", "not known whether it applies", "applies and is not known"],
)
def test_a_condition_decides_whether_a_check_applies(
    *, platform: str | None, realtime: bool | None, result: Result
) -> None:
    """Not knowing whether it applies is not knowing its result."""
    one = check(
        "one",
        "malware_protection.realtime_on",
        {"const": True},
        applies={"operating_system.platform": {"const": "windows"}},
    )
    facts = {"operating_system.platform": platform, "malware_protection.realtime_on": realtime}

    assert evaluate(compile_policy(policy_of(one)), looks_with(facts), TODAY).results == (result,)


@pytest.mark.parametrize("said", ["fail", "pass", "unknown", "not_applicable"])
def test_what_is_absent_means_what_the_policy_says(said: str) -> None:
    """No battery may be fine, no malware protection not."""
    one = check("one", "battery.health_ratio", {"minimum": 0.6}, when_absent=said)
    looks = {"battery": Look(outcome=Outcome.ABSENT), "storage": Look(outcome=Outcome.DENIED)}

    assert evaluate(compile_policy(policy_of(one)), looks, TODAY).results == (Result(said),)


@pytest.mark.parametrize(("age", "outdated"), [(14, False), (15, True)])
def test_facts_older_than_the_policy_allows_give_no_verdict(*, age: int, outdated: bool) -> None:
    """The age is that of the sections that were judged, not of others."""
    compiled = compile_policy(policy_of(CAMERA))
    looks = {**looks_with({"firewall.enabled": True}, 99), **looks_with({"conferencing.camera": True}, age)}
    told = evaluate(compiled, looks, TODAY)

    assert told.outdated is outdated
    assert told.standing.verdict is (Verdict.UNKNOWN if outdated else Verdict.READY)


@pytest.mark.parametrize(("age", "verdict"), [(14, Verdict.READY), (400, Verdict.UNKNOWN)])
def test_what_was_absent_long_ago_takes_no_check_out(*, age: int, verdict: Verdict) -> None:
    """An essential check that does not apply by an old look would leave the laptop ready."""
    battery = check("battery", "battery.health_ratio", {"minimum": 0.6}, when_absent="not_applicable")
    looks = looks_with({"conferencing.camera": True})
    looks["battery"] = Look(outcome=Outcome.ABSENT, age_days=age)

    assert evaluate(compile_policy(policy_of(CAMERA, battery)), looks, TODAY).standing.verdict is verdict


@pytest.mark.parametrize(("camera", "result"), [(False, Result.WAIVED), (None, Result.WAIVED), (True, P)])
def test_a_waiver_is_marked_and_counts_as_a_pass(*, camera: bool | None, result: Result) -> None:
    """What passes anyway needs no mark."""
    compiled = compile_policy(policy_of(CAMERA, MICROPHONE))
    looks = looks_with({"conferencing.camera": camera, "conferencing.microphone": True})
    told = evaluate(compiled, looks, TODAY, waived={"camera"})

    assert told.results == (result, P)
    assert told.standing.verdict is Verdict.READY


def test_a_waiver_does_not_bring_in_a_check_that_does_not_apply() -> None:
    """Else it would add weight."""
    one = check("one", "battery.health_ratio", {"minimum": 0.6}, when_absent="not_applicable")
    told = evaluate(
        compile_policy(policy_of(one)), {"battery": Look(outcome=Outcome.ABSENT)}, TODAY, waived={"one"}
    )

    assert told.results == (N,)


def test_the_day_is_a_parameter() -> None:
    """Support that ends today has ended tomorrow."""
    compiled = compile_policy(
        policy_of(check("one", "operating_system.support_ends_on", {"min_days_left": 0}))
    )
    looks = looks_with({"operating_system.support_ends_on": TODAY.isoformat()})

    assert evaluate(compiled, looks, TODAY).results == (P,)
    assert evaluate(compiled, looks, TODAY + timedelta(days=1)).results == (F,)


@pytest.mark.parametrize(
    ("part", "whole", "shown"),
    [
        (1, 3, 0.333),
        (2, 3, 0.667),
        (1, 2000, 0.0),
        (3, 2000, 0.002),
        (5, 2000, 0.002),
        (7, 7, 1.0),
        (0, 5, 0.0),
    ],
)
def test_shares_are_rounded_half_to_even(part: int, whole: int, shown: float) -> None:
    """One rounding for every share that people see."""
    assert share(part, whole) == shown


@pytest.mark.parametrize("field", ["version", "version_at_least"])
def test_numbers_that_databases_or_laptops_cannot_hold_are_no_policy(field: str) -> None:
    """PostgreSQL keeps 31 bits; a version of thousands of digits would end every agent that reads it."""
    demand = "9" * 5000 if field == "version_at_least" else "9.1"
    written = as_json(policy_of(check("os", "operating_system.version", {"version_at_least": "9.1"})))
    written["checks"][0]["expect"]["version_at_least"] = demand
    written["version"] = 2**31 if field == "version" else 1

    with pytest.raises(ValidationError):
        Policy.model_validate_json(json.dumps(written))
