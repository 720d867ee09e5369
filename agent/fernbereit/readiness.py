"""Could the owner of this laptop work from home tomorrow? Facts judged by a policy, alike on both sides.

Facts that may only be counted over groups are judged too, but apart: their results stand in
`Evaluation.counted` and carry no weight, so nothing else in an evaluation tells them.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, NamedTuple

from fernbereit.expectations import Test, compiled
from fernbereit.fact_kinds import facts
from fernbereit.facts.readiness import Verdict
from fernbereit.policy import Check, Expectation, Policy, as_json
from fernbereit.policy_rules import counted
from fernbereit.record import Outcome, Reason

SCALE = 1000
"""Shares are rounded to one part in a thousand; a verdict compares what is shown."""


class Result(StrEnum):
    """The answer of one check; `waived` is shown as a pass, marked."""

    PASS = "pass"  # noqa: S105 - an answer, no password
    FAIL = "fail"
    UNKNOWN = "unknown"
    NOT_APPLICABLE = "not_applicable"
    WAIVED = "waived"


# Names of their own, since looking a member up in its enumeration costs more than the comparison.
_PASS, _FAIL, _UNKNOWN, _NOT_APPLICABLE, _WAIVED = Result
_ABSENT = Outcome.ABSENT


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """The latest observation of one section: facts as they stand in JSON, age in whole days."""

    outcome: Outcome
    reason: Reason | None = None
    facts: Mapping[str, Any] | None = None
    age_days: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What the results of all checks add up to; shares of the weights from 0 to 1."""

    verdict: Verdict
    low: float
    """If every unknown failed."""
    high: float
    """If every unknown passed."""
    coverage: float
    """Share of the weights whose results are known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """One laptop under one policy on one day."""

    standing: Standing
    outdated: bool
    """Whether some facts that were judged are older than the policy allows."""
    results: tuple[Result, ...]
    """In the order of `CompiledPolicy.judged`."""
    counted: tuple[Result, ...]
    """In the order of `CompiledPolicy.counted`; for counts over groups alone, never shown for one laptop."""


class _Row(NamedTuple):
    """How one check, or one condition of checks, asks the facts; a tuple, since unpacking it is fast."""

    section: str
    name: str
    test: Test
    conditions: tuple[int, ...] = ()
    when_absent: Result = Result.UNKNOWN
    sections: frozenset[str] = frozenset()
    """Where the check itself and all its conditions look."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CompiledPolicy:
    """A policy made ready to judge many laptops."""

    policy: Policy
    judged: tuple[Check, ...]
    counted: tuple[Check, ...]
    rows: tuple[_Row, ...]
    counted_rows: tuple[_Row, ...]
    conditions: tuple[_Row, ...]
    weights: tuple[tuple[int, bool], ...]
    """Weight and whether it is essential, in the order of `judged`."""


def share(part: int, whole: int) -> float:
    """Return part / whole rounded to thousandths, half to even; exact, since both are whole numbers.

    >>> share(1, 3), share(1, 2000), share(3, 2000)
    (0.333, 0.0, 0.002)
    """
    quotient, rest = divmod(part * SCALE, whole)
    up = 2 * rest > whole or (2 * rest == whole and quotient % 2 == 1)
    return (quotient + up) / SCALE


def compile_policy(policy: Policy) -> CompiledPolicy:
    """Make a policy ready to judge; do it once a policy."""
    known: dict[tuple[str, str], int] = {}
    conditions: list[_Row] = []
    rows: dict[str, _Row] = {}
    for check in policy.checks:
        needed = []
        for path, expectation in check.applies.items():
            key = (path, expectation.model_dump_json())
            if key not in known:
                known[key] = len(conditions)
                conditions.append(_row(path, expectation))
            needed.append(known[key])
        rows[check.id] = _row(check.fact, check.expect)._replace(
            conditions=tuple(needed),
            when_absent=Result(check.when_absent.value),
            sections=frozenset(path.split(".")[0] for path in (check.fact, *check.applies)),
        )
    apart = {check.id for check in policy.checks if counted(as_json(check))}
    judged = tuple(check for check in policy.checks if check.id not in apart)
    counted_checks = tuple(check for check in policy.checks if check.id in apart)
    return CompiledPolicy(
        policy=policy,
        judged=judged,
        counted=counted_checks,
        rows=tuple(rows[check.id] for check in judged),
        counted_rows=tuple(rows[check.id] for check in counted_checks),
        conditions=tuple(conditions),
        weights=tuple((check.weight, check.essential) for check in judged),
    )


def _row(path: str, expectation: Expectation) -> _Row:
    section, name = path.split(".")
    return _Row(section, name, compiled(expectation, facts()[path]))


def evaluate(
    compiled_policy: CompiledPolicy,
    looks: Mapping[str, Look],
    today: date,
    waived: Collection[str] = (),
) -> Evaluation:
    """Judge the latest looks at one laptop, by section; `waived` are checks with a waiver in force today."""
    ordinal = today.toordinal()
    met = _results(compiled_policy.conditions, (), looks, ordinal)
    results = _results(compiled_policy.rows, met, looks, ordinal)
    if waived:
        for number, check in enumerate(compiled_policy.judged):
            if check.id in waived and (results[number] is _FAIL or results[number] is _UNKNOWN):
                results[number] = _WAIVED
    outdated = _outdated(compiled_policy, results, looks)
    return Evaluation(
        standing=stand(compiled_policy, results, outdated=outdated),
        outdated=outdated,
        results=tuple(results),
        counted=tuple(_results(compiled_policy.counted_rows, met, looks, ordinal)),
    )


def stand(compiled_policy: CompiledPolicy, results: Sequence[Result], *, outdated: bool) -> Standing:
    """Add up results, given in the order of `CompiledPolicy.judged`.

    An essential failure decides; then what is not known; then the score between its bounds.
    """
    passed = unknown = whole = 0
    essential_fail = essential_unknown = False
    for (weight, essential), result in zip(compiled_policy.weights, results, strict=True):
        if result is _NOT_APPLICABLE:
            continue
        whole += weight
        if result is _PASS or result is _WAIVED:
            passed += weight
        elif result is _UNKNOWN:
            unknown += weight
            essential_unknown |= essential
        else:
            essential_fail |= essential
    if not whole:
        return Standing(verdict=Verdict.UNKNOWN, low=0.0, high=1.0, coverage=0.0)
    low, high = share(passed, whole), share(passed + unknown, whole)
    ready_at = compiled_policy.policy.ready_at
    if essential_fail:
        verdict = Verdict.NOT_READY
    elif essential_unknown or outdated:
        verdict = Verdict.UNKNOWN
    elif low >= ready_at:
        verdict = Verdict.READY
    else:
        verdict = Verdict.LIMITED if high < ready_at else Verdict.UNKNOWN
    return Standing(verdict=verdict, low=low, high=high, coverage=share(whole - unknown, whole))


def _results(
    rows: Sequence[_Row], met: Sequence[Result], looks: Mapping[str, Look], today: int
) -> list[Result]:
    """Answer every row; one loop without calls of its own, since it runs for every check of every laptop."""
    results = []
    for section, name, test, conditions, when_absent, _ in rows:
        result = _PASS
        for number in conditions:
            condition = met[number]
            if condition is not _PASS:
                result = condition
                if condition is _FAIL:
                    break
        if result is not _PASS:
            results.append(_NOT_APPLICABLE if result is _FAIL else _UNKNOWN)
            continue
        look = looks.get(section)
        if look is None:
            results.append(_UNKNOWN)
            continue
        facts_seen = look.facts
        if facts_seen is None:
            results.append(when_absent if look.outcome is _ABSENT else _UNKNOWN)
            continue
        value = facts_seen.get(name)
        if value is None:
            results.append(_UNKNOWN)
            continue
        try:
            answer = test(value, today)
        except (TypeError, ValueError, AttributeError):
            answer = None  # a value of another shape than this version's facts have
        results.append(_UNKNOWN if answer is None else _PASS if answer else _FAIL)
    return results


def _outdated(compiled_policy: CompiledPolicy, results: Sequence[Result], looks: Mapping[str, Look]) -> bool:
    """Tell whether a look that is too old decided a check, be it only that the check does not apply."""
    most = compiled_policy.policy.facts_max_age_days
    old = [section for section, look in looks.items() if look.age_days > most]
    return bool(old) and any(
        result is not _UNKNOWN and result is not _WAIVED and not row.sections.isdisjoint(old)
        for row, result in zip(compiled_policy.rows, results, strict=True)
    )
