"""What happens to an announced drill day by itself? Predicted anew that morning, counted all day, closed.

What is kept of a day is the greatest rounded count of each group. Nothing tells which devices took part, and
when the day is over nothing about any of them is left but the facts that the next report overwrites.
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Engine

from fernbereit_server.decisions import Decisions, DrillDay, read_drill_day
from fernbereit_server.decisions.writing import change_drill_day
from fernbereit_server.fleet import Fleet
from fernbereit_server.publication.drill_count import count, heard_on
from fernbereit_server.publication.lot import lot_key
from fernbereit_server.resilience.drill_day import greater
from fernbereit_server.settings import Settings
from fernbereit_server.store.database import writing

LOOK_S = 60.0
"""How often the calendar is looked at."""
COUNT_S = 900.0
"""Seconds between two counts of the day."""

Predict = Callable[[str], Mapping[str, Any] | None]


class DrillDays:
    """Looks after the drill days that were announced; `predict` answers a scenario as it is published."""

    def __init__(
        self,
        engine: Engine,
        fleet: Fleet,
        settings: Settings,
        *,
        clock: Callable[[], datetime],
        decisions: Callable[[], Decisions],
        predict: Predict,
    ) -> None:
        self._engine = engine
        self._fleet = fleet
        self._settings = settings
        self._k = settings.publication.k
        self._zone: ZoneInfo = settings.zone
        self._clock = clock
        self._decisions = decisions
        self._predict = predict
        self._counted_at: datetime | None = None

    async def tick(self) -> None:
        """Do what is due; to be called every `LOOK_S` seconds. Raises SQLAlchemy's errors."""
        now = self._clock()
        today = now.astimezone(self._zone).date()
        due = [one for one in self._decisions().drill_days if one.closed_on is None and one.held_on <= today]
        if not due:
            return
        counts = self._counted_at is None or abs(now - self._counted_at) >= timedelta(seconds=COUNT_S)
        for one in due:
            if one.held_on < today:
                await asyncio.to_thread(self._close, one.id, today)
            elif counts:
                async with self._fleet.one_inventory:
                    await asyncio.to_thread(self._count, one.id, today)
        if counts:
            self._counted_at = now

    def _close(self, drill_day_id: int, today: date) -> None:
        with writing(self._engine) as connection:
            one = read_drill_day(connection, drill_day_id)
            if one is not None and one.closed_on is None:
                change_drill_day(connection, replace(one, closed_on=today))

    def _count(self, drill_day_id: int, today: date) -> None:
        devices = list(self._fleet.devices.values())
        never_seen = self._fleet.missing_beside(devices)
        with self._engine.connect() as connection:
            found = heard_on(connection, today)
            one = read_drill_day(connection, drill_day_id)
        if one is None:
            return
        predicted = self._predicted_anew(one, today)
        counted = count(devices, never_seen, found, k=self._k, lot=lot_key(self._settings, today))
        with writing(self._engine) as connection:
            one = read_drill_day(connection, drill_day_id)
            if one is None or one.closed_on is not None:
                return
            measured = one.measured if counted is None else greater(one.measured, counted)
            if (predicted, measured) != (one.predicted, one.measured):
                change_drill_day(connection, replace(one, predicted=predicted, measured=measured))

    def _predicted_anew(self, one: DrillDay, today: date) -> Mapping[str, Any]:
        if one.predicted.get("made_on") == today.isoformat():
            return one.predicted
        return self._predict(one.scenario) or one.predicted
