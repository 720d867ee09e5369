"""What is kept of a laptop's judgement, and of how it changed? Days, nothing finer."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from fernbereit.facts.readiness import Verdict
from fernbereit.readiness import Result
from fernbereit_server.judging.judged import Compliance

VERDICT, COMPLIANCE = "verdict", "compliance"
"""Subjects of a transition beside the checks."""

BY_NONE = 0
"""The policy version of a laptop that no policy judged, since it does not count."""


class Cause(StrEnum):
    """Why something changed."""

    FACTS = "facts"
    POLICY = "policy"
    GRACE_OVER = "grace_over"
    WAIVER_GRANTED = "waiver_granted"
    WAIVER_ENDED = "waiver_ended"
    TIME = "time"
    """Nothing changed but the day: a certificate ended, or facts became too old."""
    NEW = "new"
    """A laptop that was not counted before, or a check that the policy did not have."""
    REMOVED = "removed"


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckState:
    """The result of one check, since when, and since when it fails (kept while it is unknown or waived)."""

    result: Result
    since: date
    first_failed_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stood:
    """How one laptop stood at the end of a day."""

    policy_version: int
    """`BY_NONE` where it did not count: retired, quarantined, set up anew since."""
    judged_on: date
    verdict: Verdict
    verdict_since: date
    compliance: Compliance
    compliance_since: date
    outdated: bool
    checks: Mapping[str, CheckState]


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement(Stood):
    """Everything known of one laptop under one policy; shares from 0 to 1."""

    low: float
    high: float
    coverage: float
    ready_until: date | None
    begun: Stood | None = None
    """How it stood when the day `judged_on` began; None if it was judged for the first time on that day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Transition:
    """What changed on one day; `subject` is `verdict`, `compliance` or a check.

    `before` and `after` are what it was when the day began and when it ended, empty for what was not there.
    """

    device_id: str
    day: date
    subject: str
    before: str
    after: str
    cause: Cause
