"""Why did something change since the day began? One thing is changed at a time, in this order:

1. the facts, seen with the old policy, the old waivers and the old day: `facts`
2. the day, for the results: `time`
3. the day, for grace: `grace_over`
4. the policy: `policy`
5. waivers that ended, then waivers that were granted: `waiver_ended`, `waiver_granted`

The cause is the first step after which the answer is no longer the old one. Old facts are not kept, so
`facts` is what no old policy, waiver or day gives back. Checks that answer as before are held to that answer
in every step: only what changed can be a cause.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from fernbereit.facts.readiness import Verdict
from fernbereit.readiness import Look, Result, evaluate, stand
from fernbereit_server.judging.compliance import comply
from fernbereit_server.judging.judged import Compliance
from fernbereit_server.judging.judgement import Cause, Stood
from fernbereit_server.judging.rulebook import Rulebook


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """What a laptop looks like after some of the changes."""

    cause: Cause
    results: Mapping[str, Result]
    verdict: Verdict
    compliance: Compliance


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """How one laptop stood when the day began, and what became of it.

    `old` is the policy of that time; None if nobody knows it any more: then the policy is every cause.
    """

    stood: Stood
    old: Rulebook | None
    new: Rulebook
    looks: Mapping[str, Look]
    today: date
    waived: Collection[str]
    first_seen_on: date
    results: Mapping[str, Result]
    outdated: bool


def views(case: Case) -> Iterator[View]:
    """Yield the laptop after each step; the last is how it stands now."""
    stood, today, new = case.stood, case.today, case.new
    waived = frozenset(name for name, state in stood.checks.items() if state.result is Result.WAIVED)
    if case.old is not None:
        old, since = case.old, stood.judged_on
        yield _view(case, Cause.FACTS, old, since, waived, grace_on=since)
        yield _view(case, Cause.TIME, old, today, waived, grace_on=since)
        yield _view(case, Cause.GRACE_OVER, old, today, waived)
    if case.old is not new:
        yield _view(case, Cause.POLICY, new, today, waived)
    now = frozenset(case.waived)
    if waived - now:
        yield _view(case, Cause.WAIVER_ENDED, new, today, waived & now)
    if now - waived:
        yield _view(case, Cause.WAIVER_GRANTED, new, today, now)


def _view(
    case: Case,
    cause: Cause,
    book: Rulebook,
    day: date,
    waived: Collection[str],
    *,
    grace_on: date | None = None,
) -> View:
    stood, today = case.stood, case.today
    looks = _aged(case.looks, (today - day).days)
    evaluation = evaluate(book.compiled, looks, day, waived)
    results = dict(zip(book.ids, evaluation.results, strict=True))
    if day < today:
        _take_back(results, case, book, waived)
    for name, result in results.items():
        state = stood.checks.get(name)
        if state is not None and state.result is case.results.get(name) and result is not state.result:
            results[name] = state.result
    told = tuple(results.values())
    outdated = case.outdated if case.outdated == stood.outdated else evaluation.outdated
    verdict = stand(book.compiled, told, outdated=outdated).verdict
    states = (stood.checks.get(name) for name in book.ids)
    compliance = comply(
        book,
        told,
        verdict=verdict,
        outdated=outdated,
        failed_on=tuple((state and state.first_failed_on) or today for state in states),
        first_seen_on=case.first_seen_on,
        today=grace_on or today,
    )
    return View(cause=cause, results=results, verdict=verdict, compliance=compliance)


def _take_back(results: dict[str, Result], case: Case, book: Rulebook, waived: Collection[str]) -> None:
    """Give every check its old result if today's facts gave it on any day since then.

    A laptop may have reported later days in between, which its old day would call a wrong clock.
    """
    since, today = case.stood.judged_on.toordinal(), case.today.toordinal()
    for turn in book.turns(case.looks):
        if not since < turn <= today:
            continue
        eve = evaluate(book.dated, case.looks, date.fromordinal(turn - 1), waived)
        for place, result in zip(book.dated_places, eve.results, strict=True):
            name = book.ids[place]
            state = case.stood.checks.get(name)
            if state is not None and state.result is result:
                results[name] = result


def _aged(looks: Mapping[str, Look], days_ago: int) -> Mapping[str, Look]:
    """Return the looks as old as they were some days ago."""
    if not days_ago:
        return looks
    return {
        name: replace(look, age_days=max(0, look.age_days - days_ago)) if look.age_days else look
        for name, look in looks.items()
    }
