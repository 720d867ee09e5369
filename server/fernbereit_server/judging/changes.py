"""What changed about a laptop since the day began, and which cause is named for each change?"""

from collections.abc import Callable, Iterator
from datetime import date

from fernbereit_server.judging.causes import View
from fernbereit_server.judging.judgement import (
    BY_NONE,
    COMPLIANCE,
    VERDICT,
    Cause,
    Judgement,
    Stood,
    Transition,
)

NOT_THERE = ""
"""Before and after of a transition for what was not there."""

_Change = tuple[str, str, str]
"""Subject, before, after."""


def changes(
    device_id: str, stood: Stood | None, judgement: Judgement, views: Callable[[Stood], Iterator[View]]
) -> Iterator[Transition]:
    """Yield the transitions of a day that began with `stood`; `views` is asked where a cause is sought."""
    say = _Teller(device_id, judgement.judged_on)
    headlines = _headlines(stood, judgement)
    if stood is None:
        yield from (say(one, Cause.NEW) for one in headlines)
        return
    if not headlines and judgement.checks == stood.checks:
        return
    before, after = stood.checks, judgement.checks
    for name, state in after.items():
        if name not in before:
            yield say((name, NOT_THERE, state.result.value), Cause.NEW)
    for name, state in before.items():
        if name not in after:
            yield say((name, state.result.value, NOT_THERE), Cause.REMOVED)
    told = [
        *headlines,
        *(
            (name, state.result.value, after[name].result.value)
            for name, state in before.items()
            if name in after and state.result is not after[name].result
        ),
    ]
    if stood.policy_version == BY_NONE:
        yield from (say(one, Cause.NEW) for one in told)
    elif told:
        steps = _Steps(views(stood))
        yield from (say(one, steps.cause(one)) for one in told)


def changes_aside(
    device_id: str, stood: Stood | None, judgement: Judgement, cause: Cause
) -> Iterator[Transition]:
    """Yield the transitions of a laptop that ceases to count, for a cause that is known."""
    if stood is not None:
        say = _Teller(device_id, judgement.judged_on)
        yield from (say(one, cause) for one in _headlines(stood, judgement))


class _Teller:
    def __init__(self, device_id: str, day: date) -> None:
        self._device_id, self._day = device_id, day

    def __call__(self, change: _Change, cause: Cause) -> Transition:
        subject, before, after = change
        return Transition(
            device_id=self._device_id,
            day=self._day,
            subject=subject,
            before=before,
            after=after,
            cause=cause,
        )


class _Steps:
    """The views of a case, each made once and only if it is needed."""

    def __init__(self, made: Iterator[View]) -> None:
        self._made = made
        self._views: list[View] = []

    def cause(self, change: _Change) -> Cause:
        """Return the cause of the first view in which a subject is no longer what it was."""
        subject, before, _ = change
        for view in self._all():
            said = _said(view, subject)
            if said is not None and said != before:
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


def _headlines(stood: Stood | None, judgement: Judgement) -> list[_Change]:
    """Return what changed of verdict and compliance."""
    verdict, compliance = (stood.verdict, stood.compliance) if stood else (NOT_THERE, NOT_THERE)
    both = (
        (VERDICT, str(verdict), judgement.verdict.value),
        (COMPLIANCE, str(compliance), judgement.compliance.value),
    )
    return [one for one in both if one[1] != one[2]]
