"""Can what may only be counted be read off one laptop's evaluation?"""

from typing import Any

import pytest

from fernbereit.blocking import Blocking, blocking
from fernbereit.fact_kinds import facts
from fernbereit.field import Visibility
from fernbereit.policy import as_json
from fernbereit.policy_rules import counted
from fernbereit.readiness import Evaluation, Result, compile_policy, evaluate
from fernbereit.record import Outcome
from judged_laptops import TODAY, shipped
from policy_world import check, looks_with, policy_of, values_of

COUNTED = sorted(path for path, kind in facts().items() if kind.visibility is Visibility.COUNTED)
TARGET: dict[str, Any] = {"name": "mail", "essential": True, "reachable": False}
WHEREABOUTS: dict[str, Any] = {"through_tunnel": True, "rtt_ms": 81.0, "loss_ratio": 0.5}


def shown(values: dict[str, Any]) -> tuple[Evaluation, tuple[Blocking, ...]]:
    """Return everything an evaluation under the shipped policy says, except what is marked as counted."""
    looks = looks_with(values)
    told = evaluate(shipped(), looks, TODAY)
    return told, tuple(blocking(shipped(), told, looks))


@pytest.mark.parametrize("path", COUNTED)
def test_no_counted_fact_changes_what_is_shown(path: str) -> None:
    """Verdict, bounds, results and what blocks are the same whatever its value; only `counted` may differ."""
    values = tuple(values_of(facts()[path], None)) or (0, 0.9, 1500)
    link = {"network.link_type": "wifi", "remote_access.tunnel": "up"}
    told = [shown({**link, path: value, "remote_access.clients": []}) for value in values]

    assert len(values) > 1
    assert {(one.standing, one.outdated, one.results) for one, _ in told} == {
        (told[0][0].standing, told[0][0].outdated, told[0][0].results)
    }
    assert all(blocks == told[0][1] for _, blocks in told)


def test_counted_facts_are_judged_all_the_same() -> None:
    """A weak wireless network is counted as a failure, apart."""
    told, _ = shown({"network.link_type": "wifi", "network.wifi_quality_ratio": 0.1})
    names = [one.id for one in shipped().counted]

    assert told.counted[names.index("wifi_quality")] is Result.FAIL


def test_what_was_observed_is_shown_without_its_counted_parts() -> None:
    """A target that was not reached is named; how well and through what it was reached is not."""
    _, blocks = shown({"targets.results": [{**TARGET, **WHEREABOUTS}]})
    observed = next(one.observed for one in blocks if one.check == "targets_reachable")

    assert observed == [TARGET]


def test_the_shipped_policy_gives_counted_checks_no_weight() -> None:
    """Else the score would tell their results."""
    marked = [one for one in shipped().policy.checks if counted(as_json(one))]

    assert marked == list(shipped().counted)
    assert marked
    assert all(one.weight == 0 and not one.essential for one in marked)


@pytest.mark.parametrize(
    "more",
    [
        {"expect": {"not": {"contains": {"properties": {"through_tunnel": {"const": True}}}}}},
        {"applies": {"network.zone": {"const": "remote"}}},
    ],
    ids=["inside a list", "in a condition"],
)
def test_a_check_with_weight_may_touch_no_counted_fact(more: dict[str, Any]) -> None:
    """Wherever in the check it stands."""
    one = check("one", "targets.results", {"minItems": 1}) | more
    with pytest.raises(ValueError, match="counted_weight"):
        policy_of(one)
    with pytest.raises(ValueError, match="counted_essential"):
        policy_of({**one, "weight": 0, "essential": True})

    assert policy_of({**one, "weight": 0}).checks[0].weight == 0


def test_what_blocks_says_why_it_is_not_known() -> None:
    """An essential check that was never looked at blocks, with nothing observed."""
    compiled = compile_policy(policy_of(check("gate", "firewall.enabled", {"const": True}, essential=True)))
    told = evaluate(compiled, {}, TODAY)

    assert list(blocking(compiled, told, {})) == [
        Blocking(
            check="gate",
            result=Result.UNKNOWN,
            essential=True,
            observed=None,
            expected={"const": True},
            outcome=None,
            reason=None,
        )
    ]


def test_nothing_blocks_a_laptop_that_is_ready() -> None:
    """A failure that the score carries is no obstacle; one that it does not carry is."""
    compiled = compile_policy(
        policy_of(
            check("camera", "conferencing.camera", {"const": True}, weight=1),
            check("microphone", "conferencing.microphone", {"const": True}, weight=9),
        )
    )
    for camera, microphone, expected in ((False, True, []), (True, False, ["microphone"])):
        looks = looks_with({"conferencing.camera": camera, "conferencing.microphone": microphone})
        told = evaluate(compiled, looks, TODAY)
        found = list(blocking(compiled, told, looks))

        assert [one.check for one in found] == expected
        assert all((one.observed, one.outcome) == (False, Outcome.OK) for one in found)
