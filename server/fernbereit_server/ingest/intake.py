"""How does a received message become a committed one?

    admit -> queue -> decide and commit (one transaction, in a thread) -> fleet -> PUBACK -> ack

Nothing is acknowledged, neither to the broker nor to the laptop, before its transaction was committed. While
the database cannot be written, nothing is taken from the queue; the queue is as long as the Receive Maximum,
so the broker stops sending, and everything goes on by itself. A broker that does not obey it, or envelopes
that are large, find the `room` full: then nothing is read until some of what is held was committed.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from itertools import groupby
from operator import itemgetter

from sqlalchemy import Engine
from sqlalchemy.exc import DataError, IntegrityError, ProgrammingError

from fernbereit import crash, topics
from fernbereit.delivery import MAX_PAYLOAD_BYTES
from fernbereit_server.errors import StoreTakenError
from fernbereit_server.fleet import Fleet
from fernbereit_server.ingest.batch import Batch, Message, commit, decide_all
from fernbereit_server.ingest.days import Days
from fernbereit_server.ingest.handlers import Decision, Word, admit
from fernbereit_server.ingest.health import StoreHealth, waits
from fernbereit_server.ingest.rates import Buckets
from fernbereit_server.ingest.room import Room
from fernbereit_server.ingest.subscription import Receipt
from fernbereit_server.ingest.tally import Tally
from fernbereit_server.settings import Settings
from fernbereit_server.store import reads
from fernbereit_server.store.changes import Standing
from fernbereit_server.store.reads import DeviceRow

_log = logging.getLogger(__name__)

_POISON = (DataError, IntegrityError, ProgrammingError, ValueError, TypeError, AssertionError)
"""What the database or its driver says about the rows; everything else is about the database."""

_A_TURN = 100
"""Devices of a committed batch that are taken over before everybody else has a turn."""

Waiting = tuple[Message | None, Receipt | None]
"""A message and its receipt; None in the place of one that is not opened, and for one without."""

Answer = Callable[[Sequence[tuple[str, bytes]]], int]
"""Publishes messages, each with its topic; returns how many left."""


class Intake:
    """The queue, and the only task that writes reports."""

    def __init__(
        self,
        settings: Settings,
        engine: Engine,
        fleet: Fleet,
        *,
        tally: Tally,
        health: StoreHealth,
        clock: Callable[[], datetime],
        after_acks: Callable[[Iterable[str]], None] = lambda _: None,
    ) -> None:
        self._settings, self._engine, self._fleet = settings, engine, fleet
        self._after_acks = after_acks
        self.before_commit: Callable[[], None] = lambda: None
        """Called in the thread of each commit; what it raises is taken for the database's."""
        self._tally, self._health, self._clock = tally, health, clock
        ingest = settings.ingest
        self._buckets = Buckets(rate_per_s=ingest.rate_per_s, burst=ingest.burst)
        self._queue: deque[Waiting] = deque()
        self.room = Room(messages=ingest.queue, tally=tally)
        """What waits and what is being committed; reading goes on only while it is free."""
        self._filled = asyncio.Event()
        self._days = lru_cache(maxsize=4)(self._days_of)
        self.generation = ""

    def __len__(self) -> int:
        return len(self._queue)

    def receive(self, topic: str, payload: bytes, *, retained: bool, receipt: Receipt | None) -> None:
        """Queue a message; its receipt is given when the broker may forget it.

        A message that is not opened waits in its place all the same: MQTT wants PUBACKs in the order of the
        messages, and iotcore cuts the connection otherwise. Of one that is too large only as much is held as
        shows that it is.
        """
        crash.point("intake.received")
        now_s = self._clock().timestamp()
        admitted = admit(topic, retained=retained, now_s=now_s, buckets=self._buckets)
        message = None
        if isinstance(admitted, Word):
            self._tally.messages[admitted] += 1
        else:
            message = Message(admitted, payload[: MAX_PAYLOAD_BYTES + 1], now_s)
        self._queue.append((message, receipt))
        self.room.enter(_size(message))
        self._filled.set()

    def disconnected(self) -> None:
        """Forget what waits: the broker has, and the laptops send it again."""
        waiting = tuple(self._queue)
        self._queue.clear()
        self._release(waiting)

    async def run(self, answer: Answer) -> None:
        """Take in batch after batch; `answer` publishes acks. Ends only by cancellation."""
        size, pause_s = self._settings.ingest.batch, self._settings.ingest.batch_ms / 1000
        while True:
            await self._filled.wait()
            if len(self._queue) < size:
                await asyncio.sleep(pause_s)
            taken = [self._queue.popleft() for _ in range(min(len(self._queue), size))]
            if not self._queue:
                self._filled.clear()
            await self._take_in(taken, answer)

    async def _take_in(self, taken: Sequence[Waiting], answer: Answer) -> None:
        messages = [message for message, _ in taken if message is not None]
        batch = await self._committed(messages) if messages else Batch()
        if batch is None and len(taken) > 1:
            for one in taken:
                await self._take_in([one], answer)
            return
        batch = batch or Batch(decisions=[Decision(word=Word.UNSTORABLE)])
        for number, change in enumerate(batch.changes.values(), start=1):
            self._fleet.apply(change)
            if number % _A_TURN == 0:
                await asyncio.sleep(0)
        batch.count(self._tally)
        crash.point("intake.puback")
        self._release(taken)
        crash.point("intake.ack")
        answers = [(topics.ack(device_id), ack.encode()) for device_id, ack in batch.acks.items()]
        self._tally.acks_sent += answer(answers)
        self._after_acks(batch.acks)

    def _release(self, waiting: Sequence[Waiting]) -> None:
        """Give the receipts, which a connection that is gone does not pass on, and make room."""
        given = [receipt for _, receipt in waiting if receipt is not None]
        for receipts, some in groupby(given, key=itemgetter(0)):
            receipts.give(number for _, number in some)
        self.room.leave(len(waiting), sum(_size(message) for message, _ in waiting))

    async def _committed(self, messages: Sequence[Message]) -> Batch | None:
        """Return the committed batch, however long the database takes to come back; None for poison."""
        for wait_s in waits():
            self._health.writes()
            try:
                batch = await asyncio.to_thread(self._decide_and_commit, messages)
            except StoreTakenError:
                raise
            except Exception as error:  # noqa: BLE001 - the fence of the store
                self._tally.commits_failed += 1
                if _is_poison(error):
                    self._health.wrote()
                    _log.error("a transaction was refused for what it holds: %s", type(error).__name__)
                    await self._reload(messages)
                    return None
                self._health.wrote(error)
            else:
                self._health.wrote()
                return batch
            await asyncio.sleep(wait_s)
            await self._reload(messages)
        raise AssertionError

    def _decide_and_commit(self, messages: Sequence[Message]) -> Batch:
        self.before_commit()
        batch = decide_all(messages, known=self._known, days=self._day_of, generation=self.generation)
        commit(batch, self._engine)
        return batch

    def _known(self, device_id: str) -> Standing | None:
        device = self._fleet.devices.get(device_id)
        return device.standing() if device else None

    def _day_of(self, unix_s: float) -> Days:
        return self._days(int(unix_s))

    def _days_of(self, unix_s: int) -> Days:
        return Days(datetime.fromtimestamp(unix_s, UTC), self._settings.zone)

    async def _reload(self, messages: Sequence[Message]) -> None:
        """Learn from the store what a failed commit did: it may have been carried out all the same."""
        ids = {message.device_id for message in messages}
        for wait_s in waits():
            try:
                rows = await asyncio.to_thread(self._read, ids)
            except Exception as error:  # noqa: BLE001 - the fence of the store
                self._health.reached(error)
            else:
                self._health.reached()
                self._fleet.replace(rows, ids)
                return
            await asyncio.sleep(wait_s)

    def _read(self, device_ids: set[str]) -> list[DeviceRow]:
        with self._engine.connect() as connection:
            self._tally.records_missing = reads.records_missing(connection)
            return list(reads.load_devices(connection, device_ids, facts_of=self._fleet.facts_needed))


def _is_poison(error: Exception) -> bool:
    """Tell a fault of the rows from one of the database, such as a missing table or right (class 42)."""
    state = getattr(getattr(error, "orig", None), "sqlstate", None) or ""
    return isinstance(error, _POISON) and not state.startswith("42")


def _size(message: Message | None) -> int:
    return len(message.payload) if message else 0
