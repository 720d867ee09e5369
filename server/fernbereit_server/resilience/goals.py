"""Is a goal on its way? A share of able staff, where it stands today and where it would have to stand."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from fernbereit_server.decisions.model import Goal
from fernbereit_server.resilience.result import Bounds, DrillResult


class GoalState(StrEnum):
    """Decided by the whole range; where the deciding line lies inside it, nobody knows."""

    REACHED = "reached"
    ON_TRACK = "on_track"
    BEHIND = "behind"
    MISSED = "missed"
    UNKNOWN = "unknown"
    ENDED = "ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class GoalStanding:
    """A goal beside the published figure; shares from 0 to 1, None where nothing is published.

    `start` is the share on the day the goal was set, `needed` the one that a straight line from there to the
    target asks for today.
    """

    goal: Goal
    value: Bounds | None
    start: float | None
    needed: float | None
    state: GoalState


def share_of(result: DrillResult | None, unit: str | None) -> Bounds | None:
    """Return the able share of a unit, or of everybody; None where it is not told apart."""
    if result is None:
        return None
    if unit is None:
        return result.ratio
    return next((one.ratio for one in result.units if one.name == unit and one.leaves), None)


def goal_standing(goal: Goal, *, start: Bounds | None, value: Bounds | None, today: date) -> GoalStanding:
    """Judge a goal: `start` is the published share of the day it was set, `value` today's."""
    begun = None if start is None else round((start.low + start.high) / 2, 3)
    needed = None if begun is None else needed_share(goal, begun, today)
    return GoalStanding(
        goal=goal, value=value, start=begun, needed=needed, state=_state(goal, value, needed, today)
    )


def needed_share(goal: Goal, start: float, today: date) -> float:
    """Return what a straight line from the day the goal was set to the day it is due asks for today."""
    whole = (goal.due_on - goal.set_on).days
    if today >= goal.due_on or whole <= 0 or start >= goal.target:
        return goal.target
    gone = max(0, (today - goal.set_on).days)
    return round(start + (goal.target - start) * gone / whole, 3)


def _state(goal: Goal, value: Bounds | None, needed: float | None, today: date) -> GoalState:
    if goal.ended_on is not None and goal.ended_on <= today:
        return GoalState.ENDED
    if value is None:
        return GoalState.UNKNOWN
    if value.low >= goal.target:
        return GoalState.REACHED
    over = today > goal.due_on
    line = goal.target if over else needed
    if line is None:
        return GoalState.UNKNOWN
    if value.low >= line:
        return GoalState.ON_TRACK
    too_low = GoalState.MISSED if over else GoalState.BEHIND
    return too_low if value.high < line else GoalState.UNKNOWN
