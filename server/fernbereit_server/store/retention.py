"""How long is what kept?

Dead letters 7 days, devices with everything about them 30 days after they were retired, changes of verdicts
90 days, published numbers 25 months, day by day for 90 days and then one day a week. Everything else is
overwritten by the next observation.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Engine, delete, select

from fernbereit import crash
from fernbereit_server.store import schema
from fernbereit_server.store.database import writing

DEAD_LETTER_DAYS = 7
RETIRED_DAYS = 30
TRANSITION_DAYS = 90
PUBLISHED_MONTHS = 25
PUBLISHED_DAILY_DAYS = 90
"""Of published numbers that are older, the first day of each week is kept."""

_ABOUT_A_DEVICE = (
    schema.devices,
    schema.sections,
    schema.marks,
    schema.closed_epochs,
    schema.judgements,
    schema.transitions,
    schema.contests,
    schema.waivers,
)
"""`devices` comes first: whoever writes about a device waits for its row."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Swept:
    """What a sweep removed; `devices` are the ids the fleet must forget."""

    dead_letters: int
    devices: tuple[str, ...]
    published_cells: int
    transitions: int

    def counts(self) -> dict[str, int]:
        """Return how much of each kind was removed."""
        return {
            "dead_letters": self.dead_letters,
            "devices": len(self.devices),
            "published_cells": self.published_cells,
            "transitions": self.transitions,
        }


def months_before(today: date, months: int) -> date:
    """Return the first day of the month `months` before today's.

    >>> months_before(date(2026, 3, 31), 25)
    datetime.date(2024, 2, 1)
    """
    total = today.year * 12 + today.month - 1 - months
    return date(total // 12, total % 12 + 1, 1)


def between_weeks(days: Sequence[date]) -> list[date]:
    """Return the days, given in ascending order, that are not the first of their calendar week.

    >>> between_weeks([date(2026, 3, 2), date(2026, 3, 3), date(2026, 3, 10)])
    [datetime.date(2026, 3, 3)]
    """
    firsts = {day.isocalendar()[:2]: day for day in reversed(days)}
    return [day for day in days if firsts[day.isocalendar()[:2]] != day]


def sweep(engine: Engine, today: date) -> Swept:
    """Remove everything whose time is over, in one transaction."""
    devices, letters, cells = schema.devices.c, schema.dead_letters.c, schema.published_cells.c
    with writing(engine) as connection:
        over = today - timedelta(days=RETIRED_DAYS)
        retired = select(devices.device_id).where(devices.status == "retired", devices.status_on <= over)
        gone = tuple(connection.scalars(retired).all())
        for table in _ABOUT_A_DEVICE:
            connection.execute(delete(table).where(table.c.device_id.in_(gone)))
        crash.point("retention.half")
        old = letters.day <= today - timedelta(days=DEAD_LETTER_DAYS)
        removed = connection.execute(delete(schema.dead_letters).where(old)).rowcount
        changed = schema.transitions.c.day <= today - timedelta(days=TRANSITION_DAYS)
        transitions = connection.execute(delete(schema.transitions).where(changed)).rowcount
        outdated = cells.day < months_before(today, PUBLISHED_MONTHS)
        published = connection.execute(delete(schema.published_cells).where(outdated)).rowcount
        before = today - timedelta(days=PUBLISHED_DAILY_DAYS)
        days = connection.scalars(
            select(cells.day).where(cells.day < before).distinct().order_by(cells.day)
        ).all()
        finer = cells.day.in_(between_weeks(days))
        published += connection.execute(delete(schema.published_cells).where(finer)).rowcount
    crash.point("retention.written")
    return Swept(dead_letters=removed, devices=gone, published_cells=published, transitions=transitions)
