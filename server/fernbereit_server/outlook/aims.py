"""How do goals, adopted measures and drill days stand beside the published drill?"""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from fernbereit_server.decisions import Goal, Measure
from fernbereit_server.outlook.answers import Drilled
from fernbereit_server.outlook.errors import OutlookError
from fernbereit_server.resilience.adopted import MeasureStanding, measure_standing
from fernbereit_server.resilience.drill_day import prediction
from fernbereit_server.resilience.goals import GoalStanding, goal_standing, share_of
from fernbereit_server.resilience.result import DrillResult

Drill = Callable[[str, date | None], Drilled]
"""Answers a scenario as published, today or on a day; `Outlook.drill` is one."""


def goal_standings(drill: Drill, goals: Iterable[Goal], today: date) -> tuple[GoalStanding, ...]:
    """Judge every goal; where a drill has no answer the goal is unknown."""
    return tuple(
        goal_standing(
            goal,
            start=share_of(_answer(drill, goal.scenario, goal.set_on), goal.unit),
            value=share_of(_answer(drill, goal.scenario, None), goal.unit),
            today=today,
        )
        for goal in goals
    )


def measure_standings(drill: Drill, measures: Iterable[Measure]) -> tuple[MeasureStanding, ...]:
    """Compare every measure with what happened since it was decided."""
    standings = []
    for measure in measures:
        then = _answer(drill, measure.scenario, measure.decided_on)
        now = _answer(drill, measure.scenario, measure.ended_on)
        standings.append(measure_standing(measure, then=then, now=now))
    return tuple(standings)


def predicted(drill: Drill, scenario: str, today: date) -> dict[str, Any]:
    """Return what is written down for a drill day; raises `OutlookError`."""
    found = drill(scenario, None)
    return prediction(found.result, today, found.members)


def _answer(drill: Drill, scenario: str, as_of: date | None) -> DrillResult | None:
    try:
        return drill(scenario, as_of).result
    except OutlookError:
        return None
