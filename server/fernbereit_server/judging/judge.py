"""How does one laptop stand today, since when, and why did that change since the day began? Pure.

A day is the finest thing there is: what a laptop was in between is forgotten, and the transitions of a day
are the difference between how it began and how the laptop stands now, however often it was judged meanwhile.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from fernbereit.facts.readiness import Verdict
from fernbereit.readiness import CompiledPolicy, Evaluation, Look, Result, evaluate
from fernbereit_server.judging.causes import Case, View, views
from fernbereit_server.judging.changes import changes, changes_aside
from fernbereit_server.judging.compliance import comply
from fernbereit_server.judging.judged import Compliance, Judged
from fernbereit_server.judging.judgement import BY_NONE, Cause, CheckState, Judgement, Stood, Transition
from fernbereit_server.judging.ready_until import ready_until
from fernbereit_server.judging.rulebook import Rulebook


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
    if stood is not None and stood.judged_on > today:
        stood = _not_ahead(stood, today)
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

    def steps(stood: Stood) -> Iterator[View]:
        same = stood.policy_version == book.version
        return views(
            Case(
                stood=stood,
                old=book if same else earlier.get(stood.policy_version),
                new=book,
                looks=looks,
                today=today,
                waived=laptop.waived,
                first_seen_on=laptop.first_seen_on,
                results=dict(zip(book.ids, evaluation.results, strict=True)),
                outdated=evaluation.outdated,
            )
        )

    return Ruling(
        judgement=judgement,
        judged=_judged(judgement, evaluation.results, evaluation.counted),
        transitions=tuple(changes(laptop.device_id, stood, judgement, steps)),
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
        transitions=tuple(changes_aside(laptop.device_id, stood, judgement, cause)),
    )


def _since(stood: Stood | None, verdict: Verdict, compliance: Compliance, today: date) -> tuple[date, date]:
    if stood is None:
        return today, today
    return (
        stood.verdict_since if stood.verdict is verdict else today,
        stood.compliance_since if stood.compliance is compliance else today,
    )


def _not_ahead(stood: Stood, today: date) -> Stood:
    """Return how a laptop stood by a clock that was ahead, no day after today: grace would wait for it."""
    return replace(
        stood,
        judged_on=today,
        verdict_since=min(stood.verdict_since, today),
        compliance_since=min(stood.compliance_since, today),
        checks={
            name: replace(
                state,
                since=min(state.since, today),
                first_failed_on=state.first_failed_on and min(state.first_failed_on, today),
            )
            for name, state in stood.checks.items()
        },
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
