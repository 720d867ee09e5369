"""Is this device ready, since when, and what stands in the way? In one sentence, then point by point."""

from collections.abc import Iterator
from dataclasses import dataclass

from fernbereit.not_known import Gap
from fernbereit.readiness import Result
from fernbereit.record import Outcome, Reason
from fernbereit.telling import told_day, told_expectation, told_name, told_value
from fernbereit.words import Words
from fernbereit_server.console.formatting import days_ago, number, percent
from fernbereit_server.console.status import Status, compliance_look, result_look, verdict_look
from fernbereit_server.console.wording import pick, plural
from fernbereit_server.desk import CheckDetail, InTwoLanguages, MissingDetail, ReadinessDetail


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckView:
    """One check that is not fulfilled; empty texts have nothing to say.

    What is not known says in `known_by` how it becomes known, in place of what to do about a failure. `offer`
    is what a form can do: `contest` or `withdraw`.
    """

    id: str
    code: str
    title: str
    status: Status
    weight: str
    fact: str
    observed: str
    expected: str
    since: str
    grace: str
    known_by: str
    for_staff: str
    for_it: str
    grundschutz: str
    waiver: str
    contested: tuple[str, ...]
    offer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VerdictView:
    """The verdict; without one `status` is that of unknown, and `sentence` says why."""

    status: Status
    sentence: str
    as_of: str
    compliance: Status | None
    score: str
    until: str
    passed: str
    checks: tuple[CheckView, ...]


def verdict(detail: ReadinessDetail | None, own: Words, shared: Words, *, aside: bool = False) -> VerdictView:
    """Lay out a verdict; None is a device that was not judged yet, or not at present if it stands `aside`."""
    if detail is None:
        return VerdictView(
            status=Status(word=own("verdict.unknown"), look="unknown"),
            sentence=own("verdict.set_aside" if aside else "verdict.not_judged"),
            as_of="",
            compliance=None,
            score="",
            until="",
            passed="",
            checks=(),
        )
    since = days_ago(detail.compliance_since_days_ago, own)
    return VerdictView(
        status=Status(word=pick(own, "verdict", detail.verdict), look=verdict_look(detail.verdict)),
        sentence=_sentence(detail, own, shared),
        as_of=own(
            "verdict.as_of",
            when=days_ago(detail.judged_days_ago, own),
            version=number(detail.policy_version, own),
        ),
        compliance=Status(
            word=own("verdict.compliance", word=pick(own, "compliance", detail.compliance), since=since),
            look=compliance_look(detail.compliance),
        ),
        score=_score(detail, own),
        until=own("verdict.until", day=told_day(detail.ready_until, shared)) if detail.ready_until else "",
        passed=plural(own, "verdict.passed", detail.passed, number(detail.passed, own)),
        checks=tuple(_check(check, own, shared) for check in detail.checks),
    )


def _sentence(detail: ReadinessDetail, own: Words, shared: Words) -> str:
    since = days_ago(detail.verdict_since_days_ago, own)
    if detail.outdated:
        return own("verdict.sentence.outdated", since=since)
    blocking = next(_blocking(detail), None)
    if blocking is None:
        return own(f"verdict.sentence.{_known(detail.verdict)}", since=since)
    return own(
        f"verdict.sentence.{_known(detail.verdict)}.because",
        since=since,
        title=_text(blocking.title, own),
        fact=told_name(blocking.fact, shared),
        observed=_observed(blocking, own, shared),
    )


def _blocking(detail: ReadinessDetail) -> Iterator[CheckDetail]:
    """Yield what decides, essential checks first: what is not known for `unknown`, else what failed."""
    decides = {"not_ready": Result.FAIL, "limited": Result.FAIL, "unknown": Result.UNKNOWN}.get(
        detail.verdict
    )
    for essential in (True, False):
        yield from (c for c in detail.checks if c.result is decides and c.essential is essential)


def _known(word: str) -> str:
    return word if word in {"ready", "limited", "not_ready"} else "unknown"


def _score(detail: ReadinessDetail, own: Words) -> str:
    low, high = percent(detail.low, own), percent(detail.high, own)
    if low == high:
        return own("verdict.score", share=low)
    return own("verdict.score.range", low=low, high=high)


def _check(check: CheckDetail, own: Words, shared: Words) -> CheckView:
    return CheckView(
        id=check.check,
        code=check.code,
        title=_text(check.title, own),
        status=Status(word=own(f"result.{check.result.value}"), look=result_look(check.result.value)),
        weight=own("verdict.essential") if check.essential else "",
        fact=told_name(check.fact, shared),
        observed=_observed(check, own, shared),
        expected=told_expectation(check.fact, check.expected, shared),
        since=days_ago(check.since_days_ago, own),
        grace=_grace(check, own),
        known_by=own(f"verdict.known_by.{check.missing.gap}") if check.missing else "",
        for_staff=_text(check.remedy_staff, own) if check.remedy_staff else "",
        for_it=_text(check.remedy_it, own) if check.remedy_it else "",
        grundschutz=", ".join(check.grundschutz),
        waiver=own(
            "verdict.waiver",
            day=told_day(check.waiver.until, shared),
            approver=check.waiver.approver,
            reason=check.waiver.reason,
        )
        if check.waiver
        else "",
        contested=tuple(own(f"verdict.contested.{by}") for by in check.contested_by),
        offer="withdraw" if "desk" in check.contested_by else "contest",
    )


def _observed(check: CheckDetail, own: Words, shared: Words) -> str:
    """Tell what was seen, or why it is not known: never only that it is not."""
    if check.missing is None:
        if check.observed is None and check.outcome == Outcome.ABSENT:  # it fails since there is none
            return pick(shared, "outcome", check.outcome)
        return told_value(check.fact, check.observed, shared)
    reason = _why(check.missing, own, shared)
    if check.missing.decides:
        fact = told_name(check.missing.fact, shared)
        return own("verdict.unknown_applies", fact=fact, reason=reason)
    return own("verdict.unknown_because", reason=reason)


def _why(missing: MissingDetail, own: Words, shared: Words) -> str:
    if missing.gap in {Gap.NEVER, Gap.SILENT}:
        return own(f"verdict.why.{missing.gap}")
    if missing.reason and missing.reason != Reason.OTHER:
        return pick(shared, "reason", missing.reason)
    return pick(shared, "outcome", missing.outcome or "other")


def _grace(check: CheckDetail, own: Words) -> str:
    left = check.grace_days_left
    if check.result is not Result.FAIL or left is None:
        return ""
    if left <= 0:
        return own("verdict.grace.over" if check.grace_days else "verdict.grace.none")
    key = "verdict.grace.new" if check.grace_of_new else "verdict.grace"
    return plural(own, key, left, number(left, own))


def _text(texts: InTwoLanguages, own: Words) -> str:
    return texts.de if own.lang == "de" else texts.en
