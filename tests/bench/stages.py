"""Which stage of taking in a record costs how much processor time? In this process, without a broker.

python tests/bench stages
"""

import asyncio
import gc
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench import floors, messages
from bench.pumping import Pump, pumping
from bench.simulated import say
from fernbereit import topics
from fernbereit.delivery import decode
from fernbereit.record import decode_record
from fernbereit_server.decisions import NOTHING_DECIDED
from fernbereit_server.fleet import Fleet
from fernbereit_server.ingest.batch import Message, commit, decide_all
from fernbereit_server.ingest.days import Days
from fernbereit_server.ingest.health import StoreHealth
from fernbereit_server.ingest.intake import Intake
from fernbereit_server.ingest.opening import NOTHING_SAID, open_record
from fernbereit_server.ingest.room import Room
from fernbereit_server.ingest.subscription import Receipt, Subscription
from fernbereit_server.ingest.tally import Tally
from fernbereit_server.judging.panel import Judge
from fernbereit_server.metrics.exact import Exact
from fernbereit_server.settings import IngestSettings, Settings
from fernbereit_server.store import database
from fernbereit_server.store.changes import Standing

DEVICES, ROUNDS, STORES = 400, 8, 3
ZONE = ZoneInfo("Europe/Berlin")
GENERATION = "00000000-0000-4000-8000-000000000001"
ONE_BY_ONE_S = 0.002
STAGES = {
    "receive": "socket, packets, topic, lane, token bucket, queue",
    "validate": "envelope, record, mark and chain",
    "commit": "rows and transaction, SQLite, `synchronous=FULL`",
    "apply": "what is held in memory",
    "ack": "PUBACK, topic and JSON of the answer, socket",
    "evaluate": "verdict, its row, one transaction for all",
    "render": "exact counts, as kept for whoever scrapes",
}
BESIDE = {
    "receive, one by one": "of each message that comes alone: a turn of the loop, a system call",
    "open": "of validating: the record alone, nothing known of its device",
    "`decode_record`": "for comparison: every section read anew",
}
TAKEN_IN = ("receive", "validate", "commit", "apply", "ack")
SUMS = (("receive to ack", TAKEN_IN, (None, 110, 70)), ("everything", tuple(STAGES), (None, 170, None)))
"""With what is to be reached: of a first record, of one again, of a typical one."""
TEXT = """### What one record costs, stage by stage

Processor time in microseconds a record, {devices} devices, one record each in a transaction of all; one
process, the packets come from another one that made them before. *First* is a complete record of a device
never met, *again* a complete one that says what is known, *typical* a partial one with what changed. Medians
of {stores} stores, and of {rounds} rounds on each for *again* and *typical*. Evaluating comes once for
several records of a laptop. As in the collector, what was loaded is frozen for the garbage collector.
How noisy it was: to read the same complete records anew took {least:.0f} to {most:.0f} microseconds, round by
round.

| stage | what | first | again | typical |
| --- | --- | ---: | ---: | ---: |
{rows}

What cannot be left out, measured alone in the same run:

| at least | complete | typical |
| --- | ---: | ---: |
{floors}
"""

Spent = dict[str, float]


def _now() -> datetime:
    return datetime.now(UTC)


class _Hearing:
    """The intake, and what it was given."""

    def __init__(self, intake: Intake) -> None:
        self.intake, self.heard = intake, asyncio.Event()
        self.expected = 0

    @property
    def room(self) -> Room:
        return self.intake.room

    def receive(self, topic: str, payload: bytes, *, retained: bool, receipt: Receipt | None) -> None:
        self.intake.receive(topic, payload, retained=retained, receipt=receipt)
        if len(self.intake) >= self.expected:
            self.heard.set()

    def disconnected(self) -> None:
        self.intake.disconnected()


class _Bench:
    """Everything between the broker's bytes and its PUBACK, on a store of its own."""

    def __init__(self, folder: Path, pump: Pump) -> None:
        self._engine = database.open_engine(f"sqlite:///{folder / 'bench.sqlite3'}")
        database.upgrade(self._engine)
        self._fleet, self._pump, self._pubacks = Fleet(), pump, 0
        self._days = lru_cache(4)(lambda second: Days(datetime.fromtimestamp(second, UTC), ZONE))
        ingest = IngestSettings(queue=20_000, rate_per_s=1000, burst=100_000)
        tally = Tally()
        intake = Intake(
            Settings(data=folder, ingest=ingest),
            self._engine,
            self._fleet,
            tally=tally,
            health=StoreHealth("the bench"),
            clock=_now,
        )
        self._hearing = _Hearing(intake)
        self._subscription = Subscription(
            host="127.0.0.1",
            port=pump.port,
            receive_maximum=ingest.queue,
            receiver=self._hearing,
            tally=tally,
        )
        self._judge = Judge(
            self._engine, self._fleet, decisions=lambda: NOTHING_DECIDED, clock=_now, zone=ZONE
        )
        self._exact = Exact(
            self._fleet, decisions=lambda: NOTHING_DECIDED, today=lambda: Days(_now(), ZONE).today
        )

    @asynccontextmanager
    async def connected(self) -> AsyncIterator[None]:
        """Connect inside the block."""
        connecting = asyncio.create_task(self._subscription.run())
        try:
            await self._subscription.subscribed.wait()
            await self._exact.keep_up()
            yield
        finally:
            connecting.cancel()
            await asyncio.gather(connecting, return_exceptions=True)
            self._engine.dispose()

    async def take_in(self, sent: Sequence[messages.Message]) -> Spent:
        """Take in one transaction of messages; return microseconds a message by stage."""
        spent: Spent = defaultdict(float)

        @contextmanager
        def stage(name: str) -> Iterator[None]:
            before = time.process_time()
            yield
            spent[name] += (time.process_time() - before) / len(sent) * 1e6

        bodies = [decode(message.payload).records[0].body for message in sent]
        with stage("`decode_record`"):
            for body in bodies:
                decode_record(body)
        with stage("open"):
            for body in bodies:
                open_record(body, NOTHING_SAID)
        self._pump.prepare(sent)
        with stage("receive, one by one"):
            await self._receive(len(sent), ONE_BY_ONE_S)
        self._release(len(sent))
        with stage("receive"):
            await self._receive(len(sent))
        now, found = time.time(), [topics.parse_report(message.topic) for message in sent]
        waiting = [Message(one.device_id, m.payload, now) for one, m in zip(found, sent, strict=True) if one]
        with stage("validate"):
            batch = decide_all(waiting, known=self._known, days=self._day, generation=GENERATION)
        with stage("commit"):
            commit(batch, self._engine)
        with stage("apply"):
            for change in batch.changes.values():
                self._fleet.apply(change)
        with stage("ack"):
            self._hearing.disconnected()
            self._subscription.answer([(topics.ack(name), ack.encode()) for name, ack in batch.acks.items()])
            await asyncio.sleep(0)
        self._wait_for_pubacks(len(sent))
        with stage("evaluate"):
            await self._judge.tick()
        with stage("render"):
            await self._exact.keep_up()
        return spent

    async def _receive(self, number: int, pause_s: float = 0.0) -> None:
        self._hearing.expected = number
        self._hearing.heard.clear()
        self._pump.send(pause_s)
        await self._hearing.heard.wait()

    def _release(self, number: int) -> None:
        """Give the receipts: to forget what waits is all of it."""
        self._hearing.disconnected()
        self._wait_for_pubacks(number)

    def _wait_for_pubacks(self, number: int) -> None:
        self._pubacks += number
        self._pump.pubacks()
        ends = time.monotonic() + 10
        while (came := self._pump.count()) < self._pubacks:
            if time.monotonic() > ends:
                raise SystemExit(f"{self._pubacks - came} messages have no PUBACK")
            time.sleep(0.01)

    def _known(self, device_id: str) -> Standing | None:
        device = self._fleet.devices.get(device_id)
        return device.standing() if device else None

    def _day(self, unix_s: float) -> Days:
        return self._days(int(unix_s))


async def _rounds(folder: Path, pump: Pump, sent: Sequence[messages.Message], rounds: int) -> list[Spent]:
    bench, each, found = _Bench(folder, pump), len(sent) // (rounds + 1), []
    async with bench.connected():
        for at in range(0, len(sent), each):
            gc.collect()
            gc.freeze()
            found.append(await bench.take_in(sent[at : at + each]))
    return found


def measure(sent: Sequence[messages.Message], rounds: int) -> tuple[Spent, list[Spent]]:
    """Return the cost of the first record of every device, and of each later round, by stage."""
    with tempfile.TemporaryDirectory() as name, pumping(Path(name)) as pump:
        first, *later = asyncio.run(_rounds(Path(name), pump, sent, rounds))
    return first, later


def _median(found: Sequence[Spent]) -> Spent:
    """Return the median of each stage, and of their sums."""
    names = (*STAGES, *BESIDE)
    medians = {name: statistics.median(spent[name] for spent in found) for name in names}
    for what, stages, _ in SUMS:
        medians[what] = statistics.median(sum(spent[name] for name in stages) for spent in found)
    return medians


def report(devices: int = DEVICES, rounds: int = ROUNDS, stores: int = STORES) -> str:
    """Return this part of docs/performance.md."""
    first, again, typical = list[Spent](), list[Spent](), list[Spent]()
    for number in range(stores):
        say(f"store {number + 1} of {stores}")
        complete = list(messages.envelopes(devices, rounds + 1, complete=True))
        begun, later = measure(complete, rounds)
        first.append(begun)
        again += later
        partly = list(messages.envelopes(devices, rounds + 1, complete=False))
        begun, later = measure(partly, rounds)
        first.append(begun)
        typical += later
    columns = [_median(found) for found in (first, again, typical)]
    rows = [_row(stage, what, columns) for stage, what in STAGES.items()]
    for what, _, reached in SUMS:
        rows.append(_row(f"**{what}**", "", columns, what))
        rows.append(f"| to be at most | | {' | '.join('' if one is None else str(one) for one in reached)} |")
    rows += [_row(stage, what, columns) for stage, what in BESIDE.items()]
    each = len(complete) // (rounds + 1)
    same_work = sorted(spent["`decode_record`"] for spent in (*first, *again))
    return TEXT.format(
        devices=devices,
        stores=stores,
        rounds=rounds,
        least=same_work[0],
        most=same_work[-1],
        rows="\n".join(rows),
        floors=floors.table(complete[-each:], partly[-each:]),
    )


def _row(stage: str, what: str, columns: Sequence[Spent], name: str | None = None) -> str:
    return f"| {stage} | {what} | " + " | ".join(f"{spent[name or stage]:.0f}" for spent in columns) + " |"


if __name__ == "__main__":
    sys.stdout.write(report())
