"""What runs as long as the collector runs, and how does it begin and end?

The broker if it is ours, the fleet rebuilt from the store, the subscription, the intake, and what happens
now and then. A database that cannot be reached is waited for, at start as at any other time.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime
from functools import partial
from typing import Literal, TypeAlias

from fernbereit_server.decisions import NOTHING_DECIDED, Decisions, read_decisions
from fernbereit_server.errors import ServerError, StoreError, StoreTakenError
from fernbereit_server.fleet import Fleet, load_fleet
from fernbereit_server.held_once import held_for_good
from fernbereit_server.ingest.days import Days
from fernbereit_server.ingest.embedded import EmbeddedBroker
from fernbereit_server.ingest.health import StoreHealth, waits
from fernbereit_server.ingest.intake import Intake
from fernbereit_server.ingest.policy_answers import PolicyAnswers
from fernbereit_server.ingest.subscription import Subscription
from fernbereit_server.ingest.tally import Tally
from fernbereit_server.inventory.key import inventory_key
from fernbereit_server.judging.own_verdict import agreement, differing
from fernbereit_server.judging.panel import TICK_S, Judge
from fernbereit_server.policies.signing import signer
from fernbereit_server.settings import Settings
from fernbereit_server.stalls import let_go
from fernbereit_server.store import database, reads, retention
from fernbereit_server.store.changes import InventoryRow
from fernbereit_server.store.claim import Claim

_log = logging.getLogger(__name__)

State = Literal["starting", "reading", "paused", "disconnected", "stopped"]
Tick = Callable[[], Awaitable[None]]
_Decided: TypeAlias = tuple[Decisions, list[InventoryRow] | None, dict[str, str], frozenset[str]]

WATCH_S = 30.0
"""What people changed, and a store that went away while nothing arrived, are noticed within this time."""
_SWEEP_S = 86_400.0
_CLAIM_S = 5.0
"""For so long a collector waits at its start for one that was just killed to be gone."""


def utc_now() -> datetime:
    """Return the present moment."""
    return datetime.now(UTC)


class Collector:
    """Everything between the broker and the store; started and stopped once."""

    def __init__(self, settings: Settings, *, clock: Callable[[], datetime] = utc_now) -> None:
        self.settings = settings
        self.clock = clock
        self.engine = database.open_engine(settings.store_url)
        self._claim = Claim(self.engine)
        self.fleet = Fleet()
        self.decisions = NOTHING_DECIDED
        """What is in force because people decided it; replaced as a whole when the store says more."""
        self.verdicts_differing = 0
        """Laptops whose own verdict is not ours, in the tens that may be seen; recounted at each tick."""
        self.tally = Tally()
        self.health = StoreHealth(f"the database {database.place(self.engine)}")
        self.loaded = asyncio.Event()
        """Set once the fleet is what the store says."""
        self._stopped = self._left_to_take = False
        self._tasks: list[asyncio.Task[None]] = []
        self._ticks: list[tuple[float, Tick]] = []
        policies = PolicyAnswers(
            self.fleet,
            decisions=lambda: self.decisions,
            sign=lambda policy: signer(settings.data).signed(policy),
            publish=lambda topic, payload: self._subscription.publish(topic, payload, qos=1),
            tally=self.tally,
            clock=clock,
        )
        self._intake = Intake(
            settings,
            self.engine,
            self.fleet,
            tally=self.tally,
            health=self.health,
            clock=clock,
            after_acks=policies.after_acks,
        )
        self._intake.before_commit = self._still_hold
        self.judge = Judge(
            self.engine,
            self.fleet,
            decisions=lambda: self.decisions,
            clock=clock,
            zone=settings.zone,
            waiting=lambda: self._intake.room.messages,
        )
        self.every(TICK_S, self.judge.tick)
        broker, queue = settings.broker, settings.ingest.queue
        self._broker = EmbeddedBroker(broker.host, broker.port, inflight=queue) if broker.embedded else None
        self._subscription = Subscription(
            host=broker.host,
            port=broker.port,
            receive_maximum=queue,
            receiver=self._intake,
            tally=self.tally,
            before_connecting=self._ready_for_messages,
        )

    @property
    def state(self) -> State:
        """Return what the collector is doing; only `reading` is ready."""
        if self._stopped:
            return "stopped"
        if not self.health.works:
            return "paused"
        if not self.loaded.is_set():
            return "starting"
        return "reading" if self._subscription.subscribed.is_set() else "disconnected"

    @property
    def generation(self) -> str:
        """Return the UUID of this life of the store, empty until the store was reached."""
        return self._intake.generation

    @property
    def queued(self) -> int:
        """Return how many messages wait for the store."""
        return len(self._intake)

    def inventory_key(self) -> bytes:
        """Return the key serial numbers and host names are hashed under; raises `StoreError`."""
        return inventory_key(self.settings)

    def every(self, seconds: float, tick: Tick) -> None:
        """Have `tick` called once the fleet is loaded and then every so many seconds; before `start`."""
        self._ticks.append((seconds, tick))

    async def start(self) -> None:
        """Start the broker if it is ours, and everything that runs until `stop`.

        Raises `AddressInUseError`, `BrokerError`, or `StoreError` for a store that a newer version made.
        """
        try:
            if self._broker is not None:
                await asyncio.to_thread(self._broker.start)
            await self._try_to_load()
        except ServerError:
            await self.stop()
            raise
        loops = [self._load(), self._take_in(), self._subscription.run(), self._watch()]
        own = ((_SWEEP_S, self._sweep), (self.settings.publication.tick_s, self._compare))
        loops += [self._repeat(seconds, tick) for seconds, tick in (*self._ticks, *own)]
        self._tasks = [asyncio.create_task(loop) for loop in loops]

    async def stop(self) -> None:
        """Stop everything; what was not committed was not acknowledged either."""
        self._stopped = True
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._broker is not None:
            await asyncio.to_thread(self._broker.stop)
        self._claim.let_go()
        self.engine.dispose()

    async def _take_in(self) -> None:
        await self.loaded.wait()
        try:
            await self._intake.run(self._subscription.answer)
        except StoreTakenError as error:
            self._stopped = True
            _log.error("no report is taken in any more: %s", error)
        except Exception as error:  # noqa: BLE001 - not told: it may quote a report
            # What was committed may not be in the fleet: to go on from there could apply a report twice.
            self._stopped = True
            _log.error("no report is taken in any more (%s); start the collector again", type(error).__name__)

    async def _ready_for_messages(self) -> None:
        await self.loaded.wait()
        if self._broker is not None and not self._broker.is_running:
            _log.warning("the embedded broker ended; starting it again")
            await asyncio.to_thread(self._broker.start)

    async def _load(self) -> None:
        for wait_s in waits():
            if self.loaded.is_set():
                return
            await asyncio.sleep(wait_s)
            try:
                await self._try_to_load()
            except StoreError as error:
                self.health.wrote(error)
                _log.error("%s", error)

    async def _try_to_load(self) -> None:
        try:
            fleet, generation, decisions, missing = await asyncio.to_thread(self._read_store)
        except StoreError:
            raise
        except Exception as error:  # noqa: BLE001 - the fence of the store
            self.health.wrote(error)
            return
        self.fleet.take(fleet)
        self._intake.generation, self.decisions = generation, decisions
        self.tally.records_missing = missing
        self.health.wrote()
        self.loaded.set()

    def _read_store(self) -> tuple[Fleet, str, Decisions, int]:
        self.settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._claim.take(_CLAIM_S)
        database.upgrade(self.engine)
        generation = database.generation(self.engine, self._today())
        with self.engine.connect() as connection, held_for_good():
            decisions = read_decisions(connection)
            return load_fleet(connection), generation, decisions, reads.records_missing(connection)

    def _still_hold(self) -> None:
        """Make sure, before each commit, that nobody else works on the store; raises `StoreError`.

        What failed before was read again: what the store knows then and the fleet does not, another wrote.
        """
        self._claim.hold()
        if self._claim.was_lost:
            with self.engine.connect() as connection:
                latest = reads.last_report_at(connection)
            known = max((d.last_report_at or 0.0 for d in list(self.fleet.devices.values())), default=0.0)
            if latest > known:
                raise StoreTakenError(
                    f"another collector worked on the database {database.place(self.engine)} meanwhile; end "
                    "it, and start this one again"
                )
            self._claim.was_lost = False

    async def _watch(self) -> None:
        await self.loaded.wait()
        while True:
            await asyncio.sleep(WATCH_S if self.health.works else min(1.0, WATCH_S))
            try:
                changed = await asyncio.to_thread(self._read_decided)
            except Exception as error:  # noqa: BLE001 - the fence of the store
                self.health.reached(error)
                continue
            self.health.reached()
            if changed is not None:
                self._left_to_take = not await self._fenced(partial(self._take_over, changed))

    async def _take_over(self, decided: _Decided) -> None:
        self.decisions, rows, statuses, before = decided
        self.fleet.set_statuses(statuses, before=before)
        if rows is not None:
            await self.fleet.take_inventory(rows)

    def _read_decided(self) -> _Decided | None:
        """Return what people changed since it was last read, None if they did not, and who was not active."""
        self._claim.hold(look=True)
        with self.engine.connect() as connection:
            if reads.version(connection) == self.decisions.version and not self._left_to_take:
                return None
        # First of all: who is quarantined from here on stays so, whether what is read says it or not.
        before = self.fleet.not_active()
        with self.engine.connect() as connection, held_for_good():
            decisions, statuses = read_decisions(connection), reads.statuses(connection)
            rows = reads.inventory_rows(connection)
            if known := not self._left_to_take and self.fleet.owned.is_of(rows):
                let_go(rows)
        return decisions, None if known else rows, statuses, before

    async def _compare(self) -> None:
        devices, adopted = list(self.fleet.devices.values()), self.decisions.policy_adopted_on is not None
        said = (agreement(d.own, d.judged, adopted=adopted) for d in devices if d.status == "active")
        self.verdicts_differing = await asyncio.to_thread(differing, said)

    async def _sweep(self) -> None:
        swept = await asyncio.to_thread(retention.sweep, self.engine, self._today())
        self.fleet.replace((), swept.devices)
        self.tally.sweeps += 1
        self.tally.swept.update(swept.counts())

    async def _repeat(self, seconds: float, tick: Tick) -> None:
        await self.loaded.wait()
        while True:
            if not (self._stopped or self._claim.is_elsewhere):
                await self._fenced(tick)
            await asyncio.sleep(seconds)

    async def _fenced(self, tick: Tick) -> bool:
        """Do something regular; tell whether it ended well: what did not is logged and counted."""
        try:
            await tick()
        except Exception as error:  # noqa: BLE001 - the fence of everything regular
            self.tally.ticks_failed += 1
            _log.error("a regular task failed: %s", type(error).__name__)
            return False
        return True

    def _today(self) -> date:
        return Days(self.clock(), self.settings.zone).today
