"""Where does the console get what it shows? From the publisher, the desk and the collector's own state."""

from datetime import date, datetime, timedelta
from typing import Final

from fastapi import APIRouter
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from fernbereit_server.collector import Collector
from fernbereit_server.console.contest_routes import contest_router
from fernbereit_server.console.device_routes import device_router
from fernbereit_server.console.figures import Figures, Month, months
from fernbereit_server.console.outlook_routes import outlook_router
from fernbereit_server.console.routes import public_router
from fernbereit_server.desk import Desk
from fernbereit_server.metrics.families.devices import FRESHNESS
from fernbereit_server.outlook import Outlook
from fernbereit_server.publication.ticks import Publisher
from fernbereit_server.store.published import read_history

HISTORY: Final = timedelta(days=400)
"""Thirteen months and a little more."""

BLIND: Final = {"paused": "store", "disconnected": "broker", "starting": "starting", "stopped": "other"}


def build_router(collector: Collector, *, desk: Desk, publisher: Publisher, outlook: Outlook) -> APIRouter:
    """Return the console's routes, showing what these four know."""
    settings = collector.settings
    history = History(collector.engine)

    def now() -> datetime:
        return collector.clock().astimezone(settings.zone)

    def figures() -> Figures:
        page = publisher.page
        return Figures(
            page=page,
            k=settings.publication.k,
            tick_s=settings.publication.tick_s,
            months=history.months(page.tick_at, now().date()) if page else (),
            paused=BLIND.get(collector.state),
            devices_known=bool(collector.fleet.devices or collector.fleet.inventory),
        )

    router = APIRouter()
    router.include_router(public_router(figures, now))
    router.include_router(outlook_router(outlook))
    router.include_router(device_router(desk, now))
    router.include_router(contest_router(desk))
    return router


class History:
    """The published months, read from the store once a tick; a store that is away leaves the last ones."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._read_for: datetime | None = None
        self._months: tuple[Month, ...] = ()

    def months(self, tick_at: datetime, today: date) -> tuple[Month, ...]:
        """Return the months published until the tick."""
        if tick_at != self._read_for:
            try:
                cells = read_history(self._engine, family=FRESHNESS.key, since=today - HISTORY, until=today)
            except SQLAlchemyError:
                return self._months
            self._months = months({cell.day: cell for cell in cells if cell.word == "recent"})
            self._read_for = tick_at
        return self._months
