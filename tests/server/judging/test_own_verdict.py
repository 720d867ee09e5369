"""Are a laptop's own verdict and the collector's compared only where they can be?"""

from dataclasses import replace
from typing import get_args

import pytest

from fernbereit.facts.firewall import Firewall
from fernbereit.facts.readiness import Readiness, Verdict
from fernbereit.readiness import Result
from fernbereit_server.judging.judged import Compliance, Judged
from fernbereit_server.judging.own_verdict import (
    GROUP,
    Agreement,
    OwnVerdict,
    agreement,
    differing,
    own_verdict,
)

OURS = Judged(
    policy_version=3,
    verdict=Verdict.READY,
    compliance=Compliance.COMPLIANT,
    outdated=False,
    results=(Result.PASS,),
    counted=(),
)
ITS = OwnVerdict(verdict=Verdict.READY, policy_version=3, adopted=True)
OTHER = replace(ITS, verdict=Verdict.NOT_READY)


@pytest.mark.parametrize(
    ("own", "judged", "word"),
    [
        (ITS, OURS, "same"),
        (OTHER, OURS, "differs"),
        (None, OURS, "unknown"),
        (ITS, None, "unknown"),
        (replace(ITS, verdict=None), OURS, "unknown"),
        (replace(OTHER, policy_version=2), OURS, "unknown"),
        (replace(OTHER, adopted=False), OURS, "unknown"),
        (OTHER, replace(OURS, outdated=True), "unknown"),
        (OTHER, replace(OURS, results=(Result.WAIVED,)), "unknown"),
    ],
    ids=[
        "equal verdicts",
        "different verdicts",
        "a laptop that has not judged itself",
        "a laptop we have not judged",
        "a laptop without a verdict",
        "another version",
        "the shipped policy of that version",
        "facts that became too old",
        "a waiver",
    ],
)
def test_verdicts_under_the_same_policy_are_compared(
    own: OwnVerdict | None, judged: Judged | None, word: str
) -> None:
    """Everything else is unknown, which is no disagreement."""
    assert agreement(own, judged, adopted=True) == word


def test_what_a_laptop_thinks_is_taken_from_its_section() -> None:
    """An agent that does not say whose policy it holds has the shipped one."""
    facts = Readiness(verdict=Verdict.LIMITED, policy_version=2)

    assert own_verdict(facts) == OwnVerdict(verdict=Verdict.LIMITED, policy_version=2, adopted=False)
    assert own_verdict(Firewall(enabled=True)) is own_verdict(None) is None


@pytest.mark.parametrize("same", [0, 1, GROUP, 5 * GROUP])
def test_the_count_of_those_that_differ_singles_nobody_out(same: int) -> None:
    """It moves in tens, and even if all differ, ten of them may not; the unknown ones do not matter."""

    def told_of(**counts: int) -> int:
        return differing([word for word in get_args(Agreement) for _ in range(counts[word])])

    told = [told_of(differs=count, same=same, unknown=7) for count in range(100)]

    assert all(one % GROUP == 0 for one in told)
    assert all(one <= min(count, max(0, count + same - GROUP)) for count, one in enumerate(told))
    assert told == sorted(told)
    assert told[99] >= 80


def test_one_laptop_that_changes_its_mind_moves_the_count_by_ten_or_not_at_all() -> None:
    """And not at all in a trial of a few."""
    assert {differing(["differs"] * count) for count in range(2 * GROUP)} == {0}
