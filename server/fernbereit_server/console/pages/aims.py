"""Where do we want to be, what was decided for it, what came of it, and what did the drill days show?"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from fernbereit.words import Words
from fernbereit_server.console.formatting import day, number, percent
from fernbereit_server.console.pages.changed import shifted, signed
from fernbereit_server.console.status import Status
from fernbereit_server.resilience import telling
from fernbereit_server.resilience.adopted import MeasureStanding
from fernbereit_server.resilience.drill_day import Phase, Review
from fernbereit_server.resilience.goals import GoalStanding, GoalState

_GOALS: Final = {
    GoalState.REACHED: "good",
    GoalState.ON_TRACK: "good",
    GoalState.BEHIND: "warning",
    GoalState.MISSED: "critical",
    GoalState.ENDED: "neutral",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class GoalView:
    """One goal beside today's figure."""

    subject: str
    target: str
    due: str
    value: str
    needed: str
    state: Status


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureView:
    """One adopted measure: cost, what it was expected to bring, what changed since."""

    title: str
    decided: str
    cost: str
    predicted: str
    gained: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DrillDayView:
    """One announced drill day."""

    held_on: str
    phase: str
    predicted: str
    measured: str
    error: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AimsView:
    """The whole page."""

    goals: tuple[GoalView, ...]
    measures: tuple[MeasureView, ...]
    drill_days: tuple[DrillDayView, ...]


def aims(
    goals: Sequence[GoalStanding], measures: Sequence[MeasureStanding], days: Sequence[Review], own: Words
) -> AimsView:
    """Lay out goals, measures and drill days, those in force first and the newest on top."""
    return AimsView(
        goals=tuple(_goal(one, own) for one in sorted(goals, key=lambda one: (_over(one), one.goal.due_on))),
        measures=tuple(
            _measure(one, own)
            for one in sorted(measures, key=lambda one: one.measure.decided_on, reverse=True)
        ),
        drill_days=tuple(_drill_day(one, own) for one in sorted(days, key=_held_on, reverse=True)),
    )


def _held_on(review: Review) -> date:
    return review.drill_day.held_on


def _over(standing: GoalStanding) -> bool:
    return standing.state is GoalState.ENDED


def _goal(one: GoalStanding, own: Words) -> GoalView:
    return GoalView(
        subject=one.goal.unit or own("aims.everybody"),
        target=percent(one.goal.target, own),
        due=day(one.goal.due_on, own),
        value=telling.share(one.value, telling.words(own.lang)) if one.value else own("value.unknown"),
        needed=percent(one.needed, own) if one.needed is not None else own("value.unknown"),
        state=Status(word=own(f"aims.state.{one.state.value}"), look=_GOALS.get(one.state, "unknown")),
    )


def _measure(one: MeasureStanding, own: Words) -> MeasureView:
    measure = one.measure
    return MeasureView(
        title=own("aims.measure", title=measure.title, number=number(measure.number, own))
        + (own("aims.in_unit", unit=measure.unit) if measure.unit else ""),
        decided=day(measure.decided_on, own),
        cost=own("plan.cost", euro=number(measure.euro, own), hours=number(measure.it_hours, own)),
        predicted=signed(measure.predicted, own),
        gained=shifted(one.gained, own) if one.gained is not None else own("value.unknown"),
    )


def _drill_day(one: Review, own: Words) -> DrillDayView:
    say, total = telling.words(own.lang), one.total
    unknown = own("value.unknown")
    return DrillDayView(
        held_on=day(one.drill_day.held_on, own),
        phase=own(f"aims.phase.{one.phase.value}"),
        predicted=telling.people(total.predicted, say) if total and total.predicted else unknown,
        measured=number(total.working, own) if total else unknown,
        error=own("aims.points", n=signed(100 * total.error, own))
        if total and total.error is not None and one.phase is Phase.OVER
        else unknown,
    )
