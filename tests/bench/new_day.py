"""How much is left of taking in while everybody is judged anew for another day?

python tests/bench newday
"""

import asyncio
import tempfile
import time
import uuid
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from sqlalchemy import Engine

from bench import messages
from bench.judging import Running, fill
from bench.watched import BOUND_MS
from fernbereit import topics
from fernbereit_server.ingest.batch import Batch, Message, commit, decide_all
from fernbereit_server.ingest.days import Days
from fernbereit_server.stalls import settle
from fernbereit_server.store import database
from fernbereit_server.store.changes import Standing

FLEET, SENDERS, BATCH, ALONE_S = 500, 200, 50, 3.0
TEXT = """### Another day begins

{fleet:,} laptops are judged anew while {senders} others report one typical record after the other, in
transactions of {batch}, as fast as they are taken in; SQLite, one process, as settled as a collector after
its start. A turn is how late the event loop comes back from a millisecond's sleep.

| | records/s | of it left | longest turn, ms | 99 % of turns, ms |
| --- | ---: | ---: | ---: | ---: |
| taking in alone | {alone:.0f} | | {alone_longest:.0f} | {alone_most:.0f} |
| while all are judged anew, {seconds:.0f} s | {beside:.0f} | {left:.0%} | {longest:.0f} | {most:.0f} |
| to be at most | | | {bound} | |
"""


class _Intake:
    """Takes in records in transactions, as `ingest.intake` does, and watches the event loop."""

    def __init__(self, engine: Engine, running: Running, sent: Sequence[messages.Message]) -> None:
        self._engine, self._running = engine, running
        self._days = lru_cache(4)(lambda s: Days(datetime.fromtimestamp(s, UTC), ZoneInfo("Europe/Berlin")))
        self._batches = self._cut(sent)

    async def rate(
        self, seconds: float, until: "asyncio.Future[None] | None" = None
    ) -> tuple[float, list[float]]:
        """Take in for so long, or until something is done or nothing is left; return records/s and turns."""
        taken, began, turns = 0, time.monotonic(), list[float]()
        watching = asyncio.create_task(self._watch(turns))
        while not until.done() if until else time.monotonic() - began < seconds:
            some = next(self._batches, None)
            if some is None:
                break
            batch = await asyncio.to_thread(self._commit, some)
            for change in batch.changes.values():
                self._running.fleet.apply(change)
            taken += len(batch.decisions)
        watching.cancel()
        return taken / (time.monotonic() - began), sorted(turns)

    async def _watch(self, turns: list[float]) -> None:
        while True:
            before = time.perf_counter()
            await asyncio.sleep(0.001)
            turns.append((time.perf_counter() - before - 0.001) * 1000)

    def _commit(self, sent: Sequence[Message]) -> Batch:
        batch = decide_all(
            sent, known=self._known, days=lambda s: self._days(int(s)), generation=str(uuid.UUID(int=0))
        )
        commit(batch, self._engine)
        return batch

    def _known(self, device_id: str) -> Standing | None:
        device = self._running.fleet.devices.get(device_id)
        return device.standing() if device else None

    def _cut(self, sent: Sequence[messages.Message]) -> Iterator[list[Message]]:
        now = time.time()
        for start in range(0, len(sent), BATCH):
            found = [(topics.parse_report(one.topic), one) for one in sent[start : start + BATCH]]
            yield [Message(report.device_id, one.payload, now) for report, one in found if report]


async def _measured(engine: Engine, fleet: int, senders: int, alone_s: float) -> str:
    running = Running(engine, waiting=lambda: 1)
    await running.judge.tick()
    intake = _Intake(engine, running, list(messages.envelopes(senders, 200, complete=False)))
    settle()
    await intake.rate(1.0)
    await running.judge.tick()
    alone, alone_turns = await intake.rate(alone_s)
    running.days += 1
    began = time.monotonic()
    judging = asyncio.ensure_future(running.judge.tick())
    beside, turns = await intake.rate(0, judging)
    seconds = time.monotonic() - began
    await judging
    return TEXT.format(
        fleet=fleet,
        senders=senders,
        batch=BATCH,
        alone=alone,
        alone_longest=alone_turns[-1],
        alone_most=alone_turns[len(alone_turns) * 99 // 100],
        seconds=seconds,
        beside=beside,
        left=beside / alone,
        longest=turns[-1],
        most=turns[len(turns) * 99 // 100],
        bound=BOUND_MS,
    )


def report(fleet: int = FLEET, senders: int = SENDERS, alone_s: float = ALONE_S) -> str:
    """Measure and return the part of docs/performance.md about a new day."""
    with tempfile.TemporaryDirectory() as folder:
        engine = database.open_engine(f"sqlite:///{folder}/store.sqlite3")
        fill(engine, fleet)
        text = asyncio.run(_measured(engine, fleet, senders, alone_s))
        engine.dispose()
    return text
