"""How does one laptop stand today, since when, and why did that change since the day began? Pure.

A day is the finest thing there is: what a laptop was in between is forgotten, and the transitions of a day
are the difference between how it began and how the laptop stands now, however often it was judged meanwhile.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from fernbereit.facts.readiness import Verdict
from fernbereit.readiness import CompiledPolicy, Evaluation, Look, Result, evaluate, stand
from fernbereit_server.judging.causes import Case, View, views
from fernbereit_server.judging.compliance import comply
from fernbereit_server.judging.judged import Compliance, Judged
from fernbereit_server.judging.judgement import (
    COMPLIANCE,
    VERDICT,
    Cause,
    CheckState,
    Judgement,
    Stood,
    Transition,
)
from fernbereit_server.judging.rulebook import Rulebook

NOT_THERE = ""
"""Before and after of a transition for what was not there."""

HORIZON_DAYS = 400
"""How far `ready_until` looks ahead."""

BY_NONE = 0
"""The policy version of a judgement of a laptop that does not count."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """What one judging gives: a row, what the fleet holds, and what changed since the day began."""

    judgement: Judgement
    judged: Judged
    transitions: tuple[Transition, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Laptop:
    """What of a laptop does not come from its facts.

    `aside` says why it does not count at present: no verdict is given then, and its checks stay as they were.
    """

    device_id: str
    first_seen_on: date
    waived: Collection[str] = ()
    aside: Cause | None = None


def judge(
    book: Rulebook,
    laptop: Laptop,
    looks: Mapping[str, Look],
    today: date,
    before: Judgement | None,
    *,
    earlier: Mapping[int, Rulebook],
) -> Ruling:
    """Judge a laptop by its looks; `earlier` are policies of before, by version, as far as they are known."""
    stood: Stood | None = before
    if before is not None and before.judged_on >= today:
        stood = before.begun
    if laptop.aside is not None:
        return _set_aside(book, laptop, today, stood, laptop.aside)
    evaluation = evaluate(book.compiled, looks, today, laptop.waived)
    without = evaluate(book.compiled, looks, today) if laptop.waived else evaluation
    known = stood.checks if stood else {}
    checks = _checks(book, evaluation, without, known, today)
    standing = evaluation.standing
    compliance = comply(
        book,
        evaluation.results,
        verdict=standing.verdict,
        outdated=evaluation.outdated,
        failed_on=tuple(state.first_failed_on or today for state in checks.values()),
        first_seen_on=laptop.first_seen_on,
        today=today,
    )
    judgement = Judgement(
        policy_version=book.version,
        judged_on=today,
        verdict=standing.verdict,
        verdict_since=_since(stood, standing.verdict, compliance, today)[0],
        compliance=compliance,
        compliance_since=_since(stood, standing.verdict, compliance, today)[1],
        low=standing.low,
        high=standing.high,
        coverage=standing.coverage,
        outdated=evaluation.outdated,
        ready_until=ready_until(book, looks, today, evaluation, laptop.waived),
        checks=checks,
        begun=_only_stood(stood),
    )
    return Ruling(
        judgement=judgement,
        judged=_judged(judgement, evaluation.results, evaluation.counted),
        transitions=tuple(_transitions(book, laptop, looks, stood, judgement, earlier)),
    )


def remembered(compiled: CompiledPolicy, judgement: Judgement) -> Judged:
    """Return what the fleet holds of a judgement of before; what may only be counted was not kept."""
    results = tuple(
        state.result if (state := judgement.checks.get(check.id)) else Result.UNKNOWN
        for check in compiled.judged
    )
    if judgement.policy_version == BY_NONE:
        results = (Result.UNKNOWN,) * len(results)
    return _judged(judgement, results, (Result.UNKNOWN,) * len(compiled.counted))


def ready_until(
    book: Rulebook,
    looks: Mapping[str, Look],
    today: date,
    evaluation: Evaluation,
    waived: Collection[str] = (),
) -> date | None:
    """Return the first day on which a ready laptop is no longer ready, with today's facts; else None.

    Only dates in the facts count, not the age of the facts, since somebody will look again; waivers are
    taken to hold. None as well if nothing ends within `HORIZON_DAYS`.
    """
    if evaluation.standing.verdict is not Verdict.READY:
        return None
    first, last = today.toordinal() + 1, today.toordinal() + HORIZON_DAYS
    results = list(evaluation.results)
    for turn in sorted(turn for turn in book.turns(looks) if first <= turn <= last):
        day = date.fromordinal(turn)
        for place, result in zip(
            book.dated_places, evaluate(book.dated, looks, day, waived).results, strict=True
        ):
            results[place] = result
        if stand(book.compiled, results, outdated=False).verdict is not Verdict.READY:
            return day
    return None


def _checks(
    book: Rulebook,
    evaluation: Evaluation,
    without: Evaluation,
    known: Mapping[str, CheckState],
    today: date,
) -> dict[str, CheckState]:
    """Return the state of every check; `without` is the evaluation as if nothing were waived.

    The first day of a failure is kept while the check is unknown or waived, so that both restore what was.
    """
    states = {}
    for name, result, plain in zip(book.ids, evaluation.results, without.results, strict=True):
        state = known.get(name)
        failed_on = state.first_failed_on if state else None
        if plain is Result.FAIL:
            failed_on = failed_on or today
        elif plain is not Result.UNKNOWN:
            failed_on = None
        if state is None or state.result is not result:
            state = CheckState(result=result, since=today, first_failed_on=failed_on)
        elif state.first_failed_on != failed_on:
            state = CheckState(result=result, since=state.since, first_failed_on=failed_on)
        states[name] = state
    return states


def _set_aside(book: Rulebook, laptop: Laptop, today: date, stood: Stood | None, cause: Cause) -> Ruling:
    verdict, compliance = Verdict.UNKNOWN, Compliance.NOT_EVALUATED
    verdict_since, compliance_since = _since(stood, verdict, compliance, today)
    judgement = Judgement(
        policy_version=BY_NONE,
        judged_on=today,
        verdict=verdict,
        verdict_since=verdict_since,
        compliance=compliance,
        compliance_since=compliance_since,
        low=0.0,
        high=1.0,
        coverage=0.0,
        outdated=False,
        ready_until=None,
        checks=stood.checks if stood else {},
        begun=_only_stood(stood),
    )
    unknown = (Result.UNKNOWN,)
    return Ruling(
        judgement=judgement,
        judged=_judged(judgement, unknown * len(book.compiled.judged), unknown * len(book.compiled.counted)),
        transitions=tuple(
            Transition(
                device_id=laptop.device_id, day=today, subject=subject, before=was, after=now, cause=cause
            )
            for subject, was, now in _headlines(stood, judgement)
            if stood is not None and was != now
        ),
    )


def _transitions(
    book: Rulebook,
    laptop: Laptop,
    looks: Mapping[str, Look],
    stood: Stood | None,
    judgement: Judgement,
    earlier: Mapping[int, Rulebook],
) -> Iterator[Transition]:
    def said(subject: str, was: str, now: str, cause: Cause) -> Transition:
        return Transition(
            device_id=laptop.device_id,
            day=judgement.judged_on,
            subject=subject,
            before=was,
            after=now,
            cause=cause,
        )

    headlines = _headlines(stood, judgement)
    if stood is None:
        yield from (said(subject, was, now, Cause.NEW) for subject, was, now in headlines)
        return
    changed = [(subject, was, now) for subject, was, now in headlines if was != now]
    if not changed and judgement.checks == stood.checks:
        return
    results = {name: state.result for name, state in judgement.checks.items()}
    of_checks = [
        (name, state.result.value, results[name].value)
        for name, state in stood.checks.items()
        if name in results and state.result is not results[name]
    ]
    yield from (
        said(name, NOT_THERE, result.value, Cause.NEW)
        for name, result in results.items()
        if name not in stood.checks
    )
    yield from (
        said(name, state.result.value, NOT_THERE, Cause.REMOVED)
        for name, state in stood.checks.items()
        if name not in results
    )
    if not changed and not of_checks:
        return
    if stood.policy_version == BY_NONE:
        yield from (said(*one, Cause.NEW) for one in (*changed, *of_checks))
        return
    case = Case(
        stood=stood,
        old=book if stood.policy_version == book.version else earlier.get(stood.policy_version),
        new=book,
        looks=looks,
        today=judgement.judged_on,
        waived=laptop.waived,
        first_seen_on=laptop.first_seen_on,
        results=results,
        outdated=judgement.outdated,
    )
    steps = _Steps(views(case))
    for one in (*changed, *of_checks):
        yield said(*one, steps.cause(one[0], one[1]))


class _Steps:
    """The views of a case, each made once and only if it is needed."""

    def __init__(self, made: Iterator[View]) -> None:
        self._made = made
        self._views: list[View] = []

    def cause(self, subject: str, was: str) -> Cause:
        """Return the cause of the first view in which a subject is no longer what it was."""
        for view in self._all():
            said = _said(view, subject)
            if said is not None and said != was:
                return view.cause
        return self._views[-1].cause

    def _all(self) -> Iterator[View]:
        yield from self._views
        for view in self._made:
            self._views.append(view)
            yield view


def _said(view: View, subject: str) -> str | None:
    if subject == VERDICT:
        return view.verdict
    if subject == COMPLIANCE:
        return view.compliance
    return view.results.get(subject)


def _headlines(stood: Stood | None, judgement: Judgement) -> tuple[tuple[str, str, str], ...]:
    verdict, compliance = (stood.verdict, stood.compliance) if stood else (NOT_THERE, NOT_THERE)
    return (
        (VERDICT, verdict, judgement.verdict.value),
        (COMPLIANCE, compliance, judgement.compliance.value),
    )


def _since(stood: Stood | None, verdict: Verdict, compliance: Compliance, today: date) -> tuple[date, date]:
    if stood is None:
        return today, today
    return (
        stood.verdict_since if stood.verdict is verdict else today,
        stood.compliance_since if stood.compliance is compliance else today,
    )


def _only_stood(stood: Stood | None) -> Stood | None:
    """Return what is kept of how a day began, without how the day before that had begun."""
    if stood is None:
        return None
    return Stood(
        policy_version=stood.policy_version,
        judged_on=stood.judged_on,
        verdict=stood.verdict,
        verdict_since=stood.verdict_since,
        compliance=stood.compliance,
        compliance_since=stood.compliance_since,
        outdated=stood.outdated,
        checks=stood.checks,
    )


def _judged(judgement: Judgement, results: tuple[Result, ...], counted: tuple[Result, ...]) -> Judged:
    return Judged(
        policy_version=judgement.policy_version,
        verdict=judgement.verdict,
        compliance=judgement.compliance,
        outdated=judgement.outdated,
        results=results,
        counted=counted,
        ready_until=judgement.ready_until,
    )
