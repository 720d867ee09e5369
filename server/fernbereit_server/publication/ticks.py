"""When does the published page change? At a tick, whatever happens in between.

The page is counted in a thread from a snapshot, written to the store, and only then served; after a restart
the old page is served until its tick is over. As long as nothing could be published (fewer than k devices),
the fleet is looked at every few seconds, so that the first page need not wait for a tick.
"""

import asyncio
import logging
from collections.abc import Callable, Iterable
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Engine

from fernbereit_server.decisions import NOTHING_DECIDED, Decisions
from fernbereit_server.fleet import Device, Fleet
from fernbereit_server.judging.judgement import BY_NONE
from fernbereit_server.metrics.catalogue import families
from fernbereit_server.metrics.family import Family
from fernbereit_server.publication import census
from fernbereit_server.publication.cells import Cell, Page, decode_page, publish
from fernbereit_server.publication.census import Census
from fernbereit_server.publication.change_history import read_change_cells
from fernbereit_server.publication.changes import changes_of
from fernbereit_server.publication.groups import merge
from fernbereit_server.publication.lot import lot_key, week_of
from fernbereit_server.publication.people import people_and_devices
from fernbereit_server.settings import PublicationSettings, Settings
from fernbereit_server.stalls import let_go, none_looked_for
from fernbereit_server.store.published import PublishedCell, load_page, save_page

LOOK_S = 5.0
"""How often the clock is looked at, at least."""
PATIENCE_S = 120.0
FEW_OF = 50
"""One device in so many may be without a judgement under the policy in force when a page is made."""

_log = logging.getLogger(__name__)


class Publisher:
    """Holds the page everybody sees; `page` is None before the first tick."""

    def __init__(
        self,
        fleet: Fleet,
        engine: Engine,
        settings: Settings,
        clock: Callable[[], datetime],
        decisions: Callable[[], Decisions] = lambda: NOTHING_DECIDED,
        *,
        patience_s: float = 0.0,
        prepare: Callable[[Page], object] = lambda _: None,
    ) -> None:
        """Hold nothing yet; a page that is due waits up to `patience_s` for devices still to be judged.

        `prepare` is called in a thread with every page before it comes into force.
        """
        self._prepare = prepare
        self._fleet = fleet
        self._engine = engine
        self._all_settings = settings
        self._interval_s = settings.report_interval_s
        self._zone: ZoneInfo = settings.zone
        self._settings: PublicationSettings = settings.publication
        self._clock = clock
        self._decisions = decisions
        self._patience = timedelta(seconds=patience_s)
        self._waiting_since: datetime | None = None
        self._families: tuple[Decisions, tuple[Family, ...]] | None = None
        self._one_at_a_time = asyncio.Lock()
        self._loaded = False
        self.page: Page | None = None

    @property
    def families(self) -> tuple[Family, ...]:
        """Return everything that is published under the policy in force."""
        decisions = self._decisions()
        if self._families is None or self._families[0].policy is not decisions.policy:
            self._families = (decisions, families(decisions.policy))
        return self._families[1]

    async def tick(self) -> None:
        """Publish if it is time; to be called every `LOOK_S` seconds or oftener.

        Takes up the page of the previous run first. Raises SQLAlchemy's errors; the old page then stays.
        """
        if not self._loaded:
            await self._load()
        if self._due() and not self._waits(await asyncio.to_thread(self._many_are_late)):
            await self.publish_now(freshness=False)

    async def _load(self) -> None:
        """Take up the page of the previous run, unless it was made for another k."""
        body = await asyncio.to_thread(load_page, self._engine)
        self._loaded = True
        if body is None:
            return
        try:
            page = decode_page(body)
        except (ValueError, KeyError, TypeError):
            _log.warning("the published page in the store cannot be read; a new one is made")
            return
        if page.k == self._settings.k:
            await asyncio.to_thread(self._prepare, page)
            self.page = page

    async def publish_now(self, *, freshness: bool = True) -> Page:
        """Publish out of turn, as the demo's fast clock does; without `freshness` that keeps its own tick.

        Raises SQLAlchemy's errors if the page could not be written; the old one stays in force.
        """
        async with self._one_at_a_time:
            now = self._clock()
            daily = freshness or self._freshness_due(now)
            async with self._fleet.one_inventory:
                devices = list(self._fleet.devices.values())
                with none_looked_for():
                    page = await asyncio.to_thread(self._count, devices, now, daily)
            if page.cells or (self.page and self.page.cells):
                await asyncio.to_thread(self._save, page)
            await asyncio.to_thread(self._prepare, page)
            old, self.page = self.page, page
            if old is not None:
                await asyncio.to_thread(old.memory.let_go, page.memory)
            return page

    def _due(self) -> bool:
        if self.page is None or not self.page.cells:
            return True
        age = self._clock() - self.page.tick_at
        return age >= timedelta(seconds=self._settings.tick_s) or age < timedelta(0)

    def _many_are_late(self) -> bool:
        """Tell whether after a start or a new policy a page would say that nothing is known."""
        devices = list(self._fleet.devices.values())
        answered = {self._decisions().policy.policy.version, BY_NONE}
        late = sum(1 for d in devices if d.judged is None or d.judged.policy_version not in answered)
        return late * FEW_OF > len(devices)

    def _waits(self, many_are_late: bool) -> bool:  # noqa: FBT001 - what was just found out
        """Tell whether to wait for them: not beyond patience."""
        now = self._clock()
        if not many_are_late:
            self._waiting_since = None
            return False
        self._waiting_since = self._waiting_since or now
        return timedelta(0) <= now - self._waiting_since < self._patience

    def _count(
        self,
        devices: list[Device],
        now: datetime,
        daily: bool,  # noqa: FBT001 - handed through a thread by place
    ) -> Page:
        decisions = self._decisions()
        counted = census.take(
            devices,
            self._fleet.missing_beside(devices),
            now=now,
            interval_s=self._interval_s,
            contested=decisions.contested,
            lot=lot_key(self._all_settings, now.astimezone(self._zone).date()),
            zone=self._zone,
        )
        page = publish(
            counted,
            now=now.astimezone(UTC),
            today=now.astimezone(self._zone).date(),
            k=self._settings.k,
            decisions=decisions,
            before=self.page,
            daily=daily,
        )
        cells = (*page.cells, *self._changes(devices, counted, decisions, now, daily=daily))
        counted.let_go()
        return replace(page, cells=cells)

    def _changes(
        self, devices: list[Device], counted: Census, decisions: Decisions, now: datetime, *, daily: bool
    ) -> Iterable[Cell]:
        """Return why readiness changed; once a day, since windows of days end where they did an hour ago."""
        if not daily and self.page is not None:
            return changes_of(self.page.cells)
        k = self._settings.k
        with self._engine.connect() as connection:
            return read_change_cells(
                connection,
                devices,
                merge(people_and_devices(counted.sizes(), decisions.organisation), k),
                policy=decisions.policy,
                today=now.astimezone(self._zone).date(),
                k=k,
                lot=lot_key(self._all_settings, now.astimezone(self._zone).date()),
            )

    def _freshness_due(self, now: datetime) -> bool:
        if self.page is None or not self.page.cells:
            return True
        if self.page.week != week_of(now.astimezone(self._zone).date()):
            return True
        age = now - self.page.freshness_at
        return age >= timedelta(seconds=self._settings.freshness_tick_s) or age < timedelta(0)

    def _save(self, page: Page) -> None:
        day = page.tick_at.astimezone(self._zone).date()
        cells = [PublishedCell(day=day, **asdict(cell)) for cell in page.cells]
        save_page(self._engine, tick_at=page.tick_at.timestamp(), body=page.encode(), cells=cells)
        let_go(cells)
