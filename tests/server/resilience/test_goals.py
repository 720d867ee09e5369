"""Is a goal on its way, behind, reached or missed, and when does nobody know?"""

from datetime import date

import pytest

from fernbereit_server.decisions import Goal
from fernbereit_server.resilience.goals import GoalState, goal_standing, needed_share
from fernbereit_server.resilience.result import Bounds

SET, HALF, DUE = date(2026, 1, 1), date(2026, 7, 2), date(2026, 12, 31)
START = Bounds(0.4, 0.6)
GOAL = Goal(id=1, unit=None, scenario="office-closed", target=0.9, due_on=DUE, set_on=SET)


@pytest.mark.parametrize(
    ("low", "high", "today", "state"),
    [
        (0.9, 0.95, HALF, "reached"),
        (0.7, 0.8, HALF, "on_track"),
        (0.6, 0.69, HALF, "behind"),
        (0.6, 0.8, HALF, "unknown"),
        (0.9, 0.9, date(2027, 1, 1), "reached"),
        (0.85, 0.89, date(2027, 1, 1), "missed"),
        (0.85, 0.92, date(2027, 1, 1), "unknown"),
        (0.85, 0.89, DUE, "behind"),
    ],
    ids=[
        "the target before its time",
        "above the line",
        "below the line",
        "the line within the range",
        "the target after its time",
        "below the target after its time",
        "the target within the range after its time",
        "on the last day it can still be reached",
    ],
)
def test_a_goal_is_judged_by_the_whole_range(low: float, high: float, today: date, state: str) -> None:
    """Half way from 50 to 90 per cent is 70; a range on both sides of the line says nothing."""
    assert goal_standing(GOAL, start=START, value=Bounds(low, high), today=today).state == state


def test_without_a_published_figure_nobody_knows() -> None:
    """A goal for a unit that is not published alone is unknown, not missed."""
    found = goal_standing(GOAL, start=START, value=None, today=date(2027, 6, 1))

    assert (found.state, found.value, found.needed) == (GoalState.UNKNOWN, None, 0.9)


def test_without_a_start_only_the_target_counts() -> None:
    """Nothing was published on the day the goal was set: there is no line to be on."""
    today = goal_standing(GOAL, start=None, value=Bounds(0.8, 0.85), today=HALF)

    assert (today.state, today.needed) == (GoalState.UNKNOWN, None)
    assert goal_standing(GOAL, start=None, value=Bounds(0.9, 0.9), today=HALF).state is GoalState.REACHED


@pytest.mark.parametrize(
    ("today", "start", "needed"),
    [(SET, 0.5, 0.5), (HALF, 0.5, 0.7), (DUE, 0.5, 0.9), (HALF, 0.95, 0.9), (date(2025, 1, 1), 0.5, 0.5)],
    ids=["first day", "half way", "last day", "above the target from the start", "a clock set back"],
)
def test_the_line_is_straight(today: date, start: float, needed: float) -> None:
    """From the share of the first day to the target on the last."""
    assert needed_share(GOAL, start, today) == needed


def test_a_goal_that_was_given_up_is_not_judged() -> None:
    """Ended is ended, whatever the figures say."""
    ended = Goal(id=1, unit=None, scenario="office-closed", target=0.9, due_on=DUE, set_on=SET, ended_on=HALF)

    assert goal_standing(ended, start=START, value=Bounds(1, 1), today=HALF).state is GoalState.ENDED
