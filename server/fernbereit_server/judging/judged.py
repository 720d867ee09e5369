"""What does the fleet hold in memory of a judgement? Equal ones are held once."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from fernbereit.facts.readiness import Verdict
from fernbereit.readiness import Result


class Compliance(StrEnum):
    """Whether a laptop is as the policy wants it, grace and waivers taken into account."""

    COMPLIANT = "compliant"
    IN_GRACE = "in_grace"
    NON_COMPLIANT = "non_compliant"
    NOT_EVALUATED = "not_evaluated"
    OUTDATED = "outdated"


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One laptop as it stands; `results` and `counted` are in the order of its `CompiledPolicy`.

    `ready_until` is the first day on which it is no longer ready if nothing is done, where that is known.
    """

    policy_version: int
    verdict: Verdict
    compliance: Compliance
    outdated: bool
    results: tuple[Result, ...]
    counted: tuple[Result, ...]
    ready_until: date | None = None
