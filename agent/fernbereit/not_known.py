"""Why is the result of a check not known? What makes it known depends on that.

A check is not known where a value is missing: the one it asks about, or one that decides whether it applies.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from fernbereit.policy import Check
from fernbereit.readiness import CompiledPolicy, Look
from fernbereit.record import Outcome, Reason


class Gap(StrEnum):
    """How it came that a value is missing; a word of `Outcome` that only a newer version knows is `later`."""

    NEVER = "never"
    """The laptop has not reported on the section at all."""
    LATER = "later"
    """The look failed or took too long; the laptop looks again by itself."""
    DENIED = "denied"
    UNSUPPORTED = "unsupported"
    ABSENT = "absent"
    """There is no such thing, and the policy does not say what that means."""
    SILENT = "silent"
    """The look succeeded and the system did not tell this value."""


_GAPS = {
    Outcome.OK: Gap.SILENT,
    Outcome.DENIED: Gap.DENIED,
    Outcome.UNSUPPORTED: Gap.UNSUPPORTED,
    Outcome.ABSENT: Gap.ABSENT,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """The value that is missing (`fact` is section and field), and why."""

    fact: str
    decides: bool
    """Whether it decides if the check applies; else it is what the check asks about."""
    gap: Gap
    outcome: Outcome | None
    reason: Reason | None


def missing(compiled_policy: CompiledPolicy, check: Check, looks: Mapping[str, Look]) -> Missing:
    """Return why `check`, one of `compiled_policy.judged`, is not known by these looks.

    No condition of a check that is not known can be unmet, so the first one without a value is the reason.
    """
    row = compiled_policy.rows[compiled_policy.judged.index(check)]
    for number in row.conditions:
        asked = compiled_policy.conditions[number]
        if _is_missing(asked.section, asked.name, looks):
            return _told(asked.section, asked.name, looks, decides=True)
    return _told(row.section, row.name, looks, decides=False)


def gap(outcome: Outcome | None) -> Gap:
    """Return how it came that there is no value, given how the look ended; None is no look at all."""
    return Gap.NEVER if outcome is None else _GAPS.get(outcome, Gap.LATER)


def _is_missing(section: str, name: str, looks: Mapping[str, Look]) -> bool:
    look = looks.get(section)
    return look is None or look.facts is None or look.facts.get(name) is None


def _told(section: str, name: str, looks: Mapping[str, Look], *, decides: bool) -> Missing:
    look = looks.get(section)
    outcome = look.outcome if look is not None else None
    return Missing(
        fact=f"{section}.{name}",
        decides=decides,
        gap=gap(outcome),
        outcome=outcome,
        reason=look.reason if look is not None else None,
    )
