"""How did readiness develop, and why? The course of the able share, and what changed in it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from fernbereit.words import Words
from fernbereit_server.console.formatting import number
from fernbereit_server.console.pages.changed import ChangedView, changed
from fernbereit_server.console.pages.course import Course, course
from fernbereit_server.outlook.answers import Trend
from fernbereit_server.outlook.changed import Changed
from fernbereit_server.resilience.change import WINDOWS

MONTH: Final = 30
"""The window that is shown unasked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowView:
    """A window of days that can be chosen."""

    days: int
    text: str
    current: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryView:
    """The whole page; `change` is None as long as there is no earlier day."""

    course: Course | None
    windows: tuple[WindowView, ...]
    change: ChangedView | None


def history(
    trend: Trend, change: Changed | None, titles: Mapping[str, str], *, days: int, own: Words
) -> HistoryView:
    """Lay out the trend of one scenario and the change of one window."""
    return HistoryView(
        course=course(trend.points, own),
        windows=tuple(
            WindowView(days=one, text=own("changed.window", n=number(one, own)), current=one == days)
            for one in WINDOWS
        ),
        change=changed(change, titles, own) if change is not None else None,
    )
