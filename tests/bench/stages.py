"""Which stage of taking in a record costs how much processor time? In this process, without a broker.

python tests/bench stages
"""

import asyncio
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

from bench import messages
from fernbereit import topics
from fernbereit.delivery import decode
from fernbereit.record import decode_record
from fernbereit_server.decisions import NOTHING_DECIDED
from fernbereit_server.fleet import Fleet
from fernbereit_server.ingest.batch import Message, commit, decide_all
from fernbereit_server.ingest.days import Days
from fernbereit_server.ingest.handlers import Word, admit
from fernbereit_server.ingest.opening import NOTHING_SAID, open_record
from fernbereit_server.ingest.rates import Buckets
from fernbereit_server.judging.panel import Judge
from fernbereit_server.store import database
from fernbereit_server.store.changes import Standing

DEVICES, ROUNDS = 400, 6
ZONE = ZoneInfo("Europe/Berlin")
GENERATION = "00000000-0000-4000-8000-000000000001"
STAGES = {
    "admit": "topic, lane, token bucket",
    "decide": "envelope, record, mark and chain",
    "commit": "rows and transaction, SQLite, `synchronous=FULL`",
    "fleet": "what is held in memory",
    "answer": "topic and JSON of the ack",
    "judge": "verdict, its row, one transaction for all",
    "(plain)": "for comparison: `decode_record` alone, every section read anew",
    "(open)": "of deciding: the record alone, nothing known of its device",
}
TEXT = """### What one record costs, stage by stage

Processor time in microseconds a record, {devices} devices, one record each in a transaction of all; one
process, no broker. *First* is a complete record of a device never met, *again* a complete one that says what
is known, *typical* a partial one with what changed. Judging comes once for several records of a laptop.

| stage | what | first | again | typical |
| --- | --- | ---: | ---: | ---: |
{rows}
"""

Spent = dict[str, float]


class _Bench:
    """Everything between the broker's bytes and its PUBACK, on a store of its own."""

    def __init__(self, folder: Path) -> None:
        self._engine = database.open_engine(f"sqlite:///{folder / 'bench.sqlite3'}")
        database.upgrade(self._engine)
        self._fleet, self._buckets = Fleet(), Buckets(rate_per_s=1000, burst=10_000)
        self._days = lru_cache(4)(lambda second: Days(datetime.fromtimestamp(second, UTC), ZONE))
        self._judge = Judge(
            self._engine,
            self._fleet,
            decisions=lambda: NOTHING_DECIDED,
            clock=lambda: datetime.now(UTC),
            zone=ZONE,
        )
        self._loop = asyncio.new_event_loop()

    def take_in(self, sent: list[messages.Message]) -> Spent:
        """Take in one transaction of messages; return microseconds a message by stage."""
        spent: Spent = defaultdict(float)

        @contextmanager
        def stage(name: str) -> Iterator[None]:
            before = time.process_time()
            yield
            spent[name] += (time.process_time() - before) / len(sent) * 1e6

        now = time.time()
        with stage("admit"):
            found = [admit(m.topic, retained=False, now_s=now, buckets=self._buckets) for m in sent]
        assert not any(isinstance(one, Word) for one in found)
        bodies = [decode(message.payload).records[0].body for message in sent]
        with stage("(plain)"):
            for body in bodies:
                decode_record(body)
        with stage("(open)"):
            for body in bodies:
                open_record(body, NOTHING_SAID)
        waiting = [Message(name, m.payload, now) for name, m in zip(found, sent, strict=True)]
        with stage("decide"):
            batch = decide_all(waiting, known=self._known, days=self._day, generation=GENERATION)
        with stage("commit"):
            commit(batch, self._engine)
        with stage("fleet"):
            for change in batch.changes.values():
                self._fleet.apply(change)
        with stage("answer"):
            for device_id, ack in batch.acks.items():
                topics.ack(device_id)
                ack.encode()
        with stage("judge"):
            self._loop.run_until_complete(self._judge.tick())
        return spent

    def close(self) -> None:
        self._loop.close()
        self._engine.dispose()

    def _known(self, device_id: str) -> Standing | None:
        device = self._fleet.devices.get(device_id)
        return device.standing() if device else None

    def _day(self, unix_s: float) -> Days:
        return self._days(int(unix_s))


def measure(*, complete: bool) -> tuple[Spent, Spent]:
    """Return the cost of the first record of every device, and of the cheapest later round, by stage."""
    sent = list(messages.envelopes(DEVICES, ROUNDS, complete=complete))
    each = len(sent) // ROUNDS
    with tempfile.TemporaryDirectory() as name:
        bench = _Bench(Path(name))
        try:
            first, *later = [bench.take_in(sent[at : at + each]) for at in range(0, len(sent), each)]
        finally:
            bench.close()
    return first, {stage: min(spent[stage] for spent in later) for stage in STAGES}


def report() -> str:
    """Return this part of docs/performance.md."""
    (first, again), (_, typical) = measure(complete=True), measure(complete=False)
    columns = (first, again, typical)
    rows = [
        f"| {stage} | {what} | " + " | ".join(f"{spent[stage]:.0f}" for spent in columns) + " |"
        for stage, what in STAGES.items()
    ]
    return TEXT.format(devices=DEVICES, rows="\n".join(rows))
