"""Why is this one laptop ready or not? What its judgement says, beside what was seen and what should be."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date

from fernbereit.blocking import Blocking, findings
from fernbereit.code import check_codes
from fernbereit.policy import Check, Texts
from fernbereit.readiness import CompiledPolicy, Look, Result
from fernbereit_server.decisions import Waiver
from fernbereit_server.desk.answers import CheckDetail, InTwoLanguages, ReadinessDetail, WaiverDetail
from fernbereit_server.judging.judgement import CheckState, Judgement

_ORDER = (Result.FAIL, Result.UNKNOWN, Result.WAIVED)


def readiness_of(
    judgement: Judgement,
    compiled: CompiledPolicy,
    looks: Mapping[str, Look],
    *,
    waivers: Sequence[Waiver],
    owner_contests: Collection[str],
    desk_contests: Collection[str],
    today: date,
) -> ReadinessDetail:
    """Lay out a judgement under the policy it was made with; `waivers` are those of this device."""
    states = tuple(judgement.checks.get(check.id) for check in compiled.judged)
    results = tuple(state.result if state else Result.UNKNOWN for state in states)
    by_id = {check.id: check for check in compiled.judged}
    codes = check_codes(check.id for check in compiled.policy.checks)
    details = [
        _check(
            found,
            by_id[found.check],
            codes[found.check],
            judgement.checks.get(found.check),
            waiver=next((one for one in waivers if one.check_id == found.check and one.holds(today)), None),
            contested_by=tuple(_by(found.check, owner_contests, desk_contests)),
            today=today,
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


def _check(
    found: Blocking,
    check: Check,
    code: str,
    state: CheckState | None,
    *,
    waiver: Waiver | None,
    contested_by: tuple[str, ...],
    today: date,
) -> CheckDetail:
    failing = _days(state.first_failed_on, today) if state and state.first_failed_on else None
    return CheckDetail(
        check=check.id,
        code=code,
        pillar=check.pillar.value,
        essential=check.essential,
        result=found.result,
        since_days_ago=_days(state.since, today) if state else 0,
        failing_since_days_ago=failing,
        grace_days_left=None if failing is None else check.grace_days - failing,
        fact=check.fact,
        observed=found.observed,
        expected=dict(found.expected),
        outcome=found.outcome.value if found.outcome else None,
        reason=found.reason.value if found.reason else None,
        title=_texts(check.title),
        remedy_staff=_texts(check.remedy.staff),
        remedy_it=_texts(check.remedy.it),
        grundschutz=(*check.grundschutz.kompendium, *check.grundschutz.plus_plus),
        waiver=WaiverDetail(reason=waiver.reason, approver=waiver.approver, until=waiver.expires_on)
        if waiver
        else None,
        contested_by=contested_by,
    )


def _by(check: str, owner: Collection[str], desk: Collection[str]) -> Iterator[str]:
    if check in owner:
        yield "owner"
    if check in desk:
        yield "desk"


def _texts(texts: Texts) -> InTwoLanguages:
    return InTwoLanguages(de=texts.de, en=texts.en)


def _days(day: date, today: date) -> int:
    return max(0, (today - day).days)
