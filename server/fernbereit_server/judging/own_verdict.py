"""What does a laptop think of itself, by which policy, and does the collector agree?"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from fernbereit.facts.readiness import Readiness, Verdict
from fernbereit.readiness import Result
from fernbereit_server.judging.judged import Judged

Agreement = Literal["same", "differs", "unknown"]

GROUP = 10
"""Disagreement is told in multiples of this many laptops, and as if at least so many agreed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnVerdict:
    """What the section `readiness` says; `adopted` tells the authority's policies from the shipped ones."""

    verdict: Verdict | None
    policy_version: int | None
    adopted: bool


def own_verdict(facts: object) -> OwnVerdict | None:
    """Return what the facts of the section say; None for none."""
    if not isinstance(facts, Readiness):
        return None
    return OwnVerdict(
        verdict=facts.verdict, policy_version=facts.policy_version, adopted=facts.policy_adopted is True
    )


def agreement(own: OwnVerdict | None, judged: Judged | None, *, adopted: bool) -> Agreement:
    """Compare the two verdicts; `adopted` says whether the policy in force is the authority's own.

    `unknown` where they cannot be compared: another policy, facts that became too old since, or a waiver, of
    which the laptop knows nothing.
    """
    if own is None or judged is None or own.verdict is None or judged.outdated:
        return "unknown"
    if (own.policy_version, own.adopted) != (judged.policy_version, adopted):
        return "unknown"
    if Result.WAIVED in judged.results:
        return "unknown"
    return "same" if own.verdict is judged.verdict else "differs"


def differing(agreements: Iterable[Agreement]) -> int:
    """Return the count of laptops that differ as everybody may see it: neither one nor all can be read off.

    >>> differing(["differs"] * 27 + ["same"] * 100), differing(["differs"] * 27), differing(["differs"] * 9)
    (20, 10, 0)
    """
    counts = Counter(agreements)
    differs, compared = counts["differs"], counts["differs"] + counts["same"]
    told = max(0, min(differs, compared - GROUP))
    return told - told % GROUP
