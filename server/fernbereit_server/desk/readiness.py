"""Why is this one laptop ready or not? What its judgement says, beside what was seen and what should be."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from fernbereit.blocking import Blocking, findings
from fernbereit.code import check_codes
from fernbereit.not_known import Gap, Missing, missing
from fernbereit.policy import Check, Texts, WhenAbsent
from fernbereit.readiness import CompiledPolicy, Look, Result
from fernbereit_server.decisions import Waiver
from fernbereit_server.desk.answers import (
    CheckDetail,
    InTwoLanguages,
    MissingDetail,
    ReadinessDetail,
    WaiverDetail,
)
from fernbereit_server.judging.judgement import CheckState, Judgement

_ORDER = (Result.FAIL, Result.UNKNOWN, Result.WAIVED)


def readiness_of(
    judgement: Judgement,
    compiled: CompiledPolicy,
    looks: Mapping[str, Look],
    *,
    waivers: Sequence[Waiver],
    contests: Mapping[str, Collection[str]],
    first_seen_on: date,
    today: date,
) -> ReadinessDetail:
    """Lay out a judgement under the policy it was made with; `waivers` are those of this device.

    `contests` holds the checks that are called wrong, by who says so: `owner`, `desk`.
    """
    set_up_days_left = compiled.policy.setup_grace_days - (today - first_seen_on).days
    states = tuple(judgement.checks.get(check.id) for check in compiled.judged)
    results = tuple(state.result if state else Result.UNKNOWN for state in states)
    by_id = {check.id: check for check in compiled.judged}
    codes = check_codes(check.id for check in compiled.policy.checks)
    details = [
        _check(
            found,
            by_id[found.check],
            codes[found.check],
            _standing(by_id[found.check], judgement.checks.get(found.check), set_up_days_left, today),
            waiver=next((one for one in waivers if one.check_id == found.check and one.holds(today)), None),
            contested_by=tuple(who for who, checks in contests.items() if found.check in checks),
            why=_why(compiled, by_id[found.check], found, looks),
        )
        for found in findings(compiled, results, looks)
    ]
    details.sort(key=lambda detail: (_ORDER.index(detail.result), not detail.essential))
    return ReadinessDetail(
        verdict=judgement.verdict.value,
        verdict_since_days_ago=_days(judgement.verdict_since, today),
        compliance=judgement.compliance.value,
        compliance_since_days_ago=_days(judgement.compliance_since, today),
        low=judgement.low,
        high=judgement.high,
        coverage=judgement.coverage,
        outdated=judgement.outdated,
        policy_version=judgement.policy_version,
        judged_days_ago=_days(judgement.judged_on, today),
        ready_until=judgement.ready_until,
        passed=results.count(Result.PASS),
        not_applicable=results.count(Result.NOT_APPLICABLE),
        checks=tuple(details),
    )


class _Standing(NamedTuple):
    """How long a check has been so, in days; `left` of the grace, null where nothing fails."""

    since: int
    failing_since: int | None
    left: int | None
    of_new: bool


def _standing(check: Check, state: CheckState | None, set_up_days_left: int, today: date) -> _Standing:
    since = _days(state.since, today) if state else 0
    if state is None or state.first_failed_on is None:
        return _Standing(since, None, None, of_new=False)
    failing = _days(state.first_failed_on, today)
    own = check.grace_days - failing
    return _Standing(since, failing, max(own, set_up_days_left), of_new=set_up_days_left > max(0, own))


def _check(
    found: Blocking,
    check: Check,
    code: str,
    standing: _Standing,
    *,
    waiver: Waiver | None,
    contested_by: tuple[str, ...],
    why: Missing | None,
) -> CheckDetail:
    return CheckDetail(
        check=check.id,
        code=code,
        pillar=check.pillar.value,
        essential=check.essential,
        result=found.result,
        since_days_ago=standing.since,
        failing_since_days_ago=standing.failing_since,
        grace_days=check.grace_days,
        grace_days_left=standing.left,
        grace_of_new=standing.of_new,
        fact=check.fact,
        observed=found.observed,
        expected=dict(found.expected),
        outcome=found.outcome.value if found.outcome else None,
        reason=found.reason.value if found.reason else None,
        title=_texts(check.title),
        missing=_missing(why) if why else None,
        remedy_staff=None if why else _texts(check.remedy.staff),
        remedy_it=None if why else _texts(check.remedy.it),
        grundschutz=(*check.grundschutz.kompendium, *check.grundschutz.plus_plus),
        waiver=WaiverDetail(reason=waiver.reason, approver=waiver.approver, until=waiver.expires_on)
        if waiver
        else None,
        contested_by=contested_by,
    )


def _why(
    compiled: CompiledPolicy, check: Check, found: Blocking, looks: Mapping[str, Look]
) -> Missing | None:
    """Return why the result is not known, be it under a waiver; None for a failure, waived or not."""
    if found.result is Result.FAIL or (found.result is Result.WAIVED and found.observed is not None):
        return None
    why = missing(compiled, check, looks)
    fails = why.gap is Gap.ABSENT and not why.decides and check.when_absent is WhenAbsent.FAIL
    return None if fails and found.result is Result.WAIVED else why


def _missing(why: Missing) -> MissingDetail:
    return MissingDetail(
        fact=why.fact,
        decides=why.decides,
        gap=why.gap,
        outcome=why.outcome.value if why.outcome else None,
        reason=why.reason.value if why.reason else None,
    )


def _texts(texts: Texts) -> InTwoLanguages:
    return InTwoLanguages(de=texts.de, en=texts.en)


def _days(day: date, today: date) -> int:
    return max(0, (today - day).days)
