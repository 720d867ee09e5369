"""What keeps one laptop from being ready: what was seen, and what should be?

Kept apart from the judging, which runs for every laptop; this is asked when somebody opens one.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fernbereit.fact_kinds import FactKind, facts
from fernbereit.facts.readiness import Verdict
from fernbereit.field import Visibility
from fernbereit.policy import as_json
from fernbereit.readiness import CompiledPolicy, Evaluation, Look, Result
from fernbereit.record import Outcome, Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Blocking:
    """One check that is not fulfilled: what was seen (null: not known), what should be."""

    check: str
    result: Result
    essential: bool
    observed: Any
    expected: Mapping[str, Any]
    outcome: Outcome | None
    """How the look ended; None if there was none."""
    reason: Reason | None


def blocking(
    compiled_policy: CompiledPolicy, evaluation: Evaluation, looks: Mapping[str, Look]
) -> Iterator[Blocking]:
    """Yield what keeps a laptop from being ready, given the looks that it was judged by.

    Essential checks that failed or are not known; the others as well where the score is short.
    """
    if evaluation.standing.verdict is Verdict.READY:
        return
    short = evaluation.standing.low < compiled_policy.policy.ready_at
    for found in findings(compiled_policy, evaluation.results, looks):
        if found.result is not Result.WAIVED and (short or found.essential):
            yield found


def findings(
    compiled_policy: CompiledPolicy, results: Sequence[Result], looks: Mapping[str, Look]
) -> Iterator[Blocking]:
    """Yield every check that failed, is waived or not known, in the policy's order, blocking or not."""
    for check, row, result in zip(compiled_policy.judged, compiled_policy.rows, results, strict=True):
        if result is Result.PASS or result is Result.NOT_APPLICABLE:
            continue
        look = looks.get(row.section)
        seen = look.facts.get(row.name) if look is not None and look.facts is not None else None
        yield Blocking(
            check=check.id,
            result=result,
            essential=check.essential,
            observed=_visible(seen, facts()[check.fact]),
            expected=as_json(check.expect),
            outcome=look.outcome if look is not None else None,
            reason=look.reason if look is not None else None,
        )


def _visible(value: Any, kind: FactKind) -> Any:
    """Leave out what may not be shown for one device, as the tunnel of a target."""
    if isinstance(value, list | tuple) and kind.items is not None:
        return [_visible(item, kind.items) for item in value]
    if isinstance(value, Mapping):
        return {
            name: _visible(part, kind.parts[name])
            for name, part in value.items()
            if name in kind.parts and kind.parts[name].visibility is Visibility.DEVICE
        }
    return value
