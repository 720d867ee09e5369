"""Does one collector carry 100,000 laptops that report once a minute?

python tests/bench/at_size.py --devices 100000 --seconds 55 --store sqlite        or python tests/bench size
"""

import argparse
import random
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import lru_cache, partial
from pathlib import Path
from zoneinfo import ZoneInfo

sys.path.insert(0, str(Path(__file__).parents[1]))

import psutil
from sqlalchemy import text

from bench import messages, programs
from bench.publishing import Publisher
from fernbereit import topics
from fernbereit.delivery import Envelope, RecordLine, decode
from fernbereit_server.ingest.batch import Message, commit, decide_all
from fernbereit_server.ingest.days import Days
from fernbereit_server.store import database
from postgres import database as postgres_database
from processes import Program, free_port, listening, running, wait_for

DEVICES, SECONDS, INTERVAL_S = 100_000, 55, 60
SPECIMENS, BATCH = 400, 500
TEXT = """### One collector with {devices:,} laptops

Each reports once a minute, {rate:.0f} partial records a second for {seconds} s, one connection, QoS 1,
mosquitto. The store begins with one complete record of each. Processor time is that of the collector's
process, in shares of one core; everything it does is in it, judging and publishing included.

| store | start, s | MB after it | records/s answered | unanswered | one core | MB after it | bytes a device |
| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |
{rows}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class AtSize:
    """What was found on one store."""

    store: str
    start_s: float
    start_mb: float
    per_s: float
    unanswered: int
    cores: float
    mb: float
    bytes_a_device: float

    def row(self) -> str:
        """Return one line of the table."""
        return (
            f"| {self.store} | {self.start_s:.0f} | {self.start_mb:.0f} | {self.per_s:.0f} "
            f"| {self.unanswered} | {self.cores:.0%} | {self.mb:.0f} | {self.bytes_a_device:.0f} |"
        )


def identity(number: int) -> tuple[str, str]:
    """Return the id and the epoch of the laptop with this number."""
    return str(uuid.UUID(int=number * 2 + 1)), str(uuid.UUID(int=number * 2 + 2))


def envelope(number: int, seq: int, body: bytes) -> messages.Message:
    """Return one record of a laptop as it publishes it."""
    device_id, epoch = identity(number)
    records = (RecordLine(seq, seq - 1, 0, body),)
    payload = Envelope(device_id=device_id, epoch=epoch, oldest=seq, records=records).encode()
    return messages.Message(topics.report(device_id), payload)


def bodies(rounds: int) -> list[list[bytes]]:
    """Return complete records of synthetic laptops, then rounds of partial ones."""
    sent = list(messages.envelopes(SPECIMENS, rounds + 1, complete=False))
    sent_bodies = [decode(message.payload).records[0].body for message in sent]
    each = len(sent) // (rounds + 1)
    return [sent_bodies[at : at + each] for at in range(0, len(sent), each)]


def seed(url: str, devices: int, complete: Sequence[bytes]) -> None:
    """Fill a store with one complete record a laptop, by the way every report takes."""
    engine = database.open_engine(url)
    database.upgrade(engine)
    database.generation(engine, datetime.now(UTC).date())
    days = lru_cache(4)(lambda second: Days(datetime.fromtimestamp(second, UTC), ZoneInfo("Europe/Berlin")))
    for start in range(0, devices, BATCH):
        numbers = range(start, min(start + BATCH, devices))
        waiting = [
            Message(identity(n)[0], envelope(n, 1, complete[n % len(complete)]).payload, time.time())
            for n in numbers
        ]
        batch = decide_all(
            waiting, known=lambda _: None, days=lambda s: days(int(s)), generation=str(uuid.UUID(int=0))
        )
        commit(batch, engine)
    engine.dispose()


def reports(devices: int, partial_bodies: Sequence[Sequence[bytes]]) -> Iterator[messages.Message]:
    """Return partial records of all laptops, round after round, in no order."""
    order = list(range(devices))
    random.Random(5).shuffle(order)
    for seq in range(2, 10**6):
        bodies_now = partial_bodies[seq % len(partial_bodies)]
        for number in order:
            yield envelope(number, seq, bodies_now[number % len(bodies_now)])


def size_of(url: str) -> int:
    """Return how many bytes a database takes."""
    engine = database.open_engine(url)
    sql = "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()"
    if not url.startswith("sqlite"):
        sql = "SELECT pg_database_size(current_database())"
    with engine.connect() as connection:
        size: int = connection.execute(text(sql)).scalar_one()
    engine.dispose()
    return size


@contextmanager
def store(kind: str, folder: Path) -> Iterator[str]:
    """Yield the address of an empty database."""
    there = (
        postgres_database() if kind == "postgresql" else nullcontext(f"sqlite:///{folder / 'data' / 'x.db'}")
    )
    with there as url:
        yield url.replace("postgresql://", "postgresql+psycopg://", 1)


def memory_mb(program: Program) -> float:
    """Return what a program holds in memory."""
    assert program.process is not None
    return float(psutil.Process(program.process.pid).memory_info().rss) / 1e6


def measure(kind: str, devices: int, seconds: float) -> AtSize:
    """Fill a store, start a collector on it, send at the rate of all laptops, and look at what it took."""
    with tempfile.TemporaryDirectory() as name, store(kind, Path(name)) as url:
        folder, mqtt, http = Path(name), free_port(), free_port()
        (folder / "data").mkdir()
        complete, *partials = bodies(3)
        seed(url, devices, complete)
        bytes_a_device = size_of(url) / devices
        broker, collector = programs.broker(folder, mqtt), programs.collector(folder / "data", mqtt, http)
        with (folder / "data" / "collector.toml").open("a") as settings:
            settings.write(f'\n[store]\nurl = "{url}"\n')
        with running(broker):
            wait_for("a listening broker", partial(listening, mqtt))
            began = time.monotonic()
            with running(collector):
                wait_for("a collector that reads", partial(programs.page, http, "/readyz"), 300)
                found = AtSize(
                    store=kind,
                    start_s=time.monotonic() - began,
                    start_mb=memory_mb(collector),
                    per_s=0,
                    unanswered=0,
                    cores=0,
                    mb=0,
                    bytes_a_device=bytes_a_device,
                )
                return _send(
                    found, collector, mqtt, reports(devices, partials), devices / INTERVAL_S, seconds
                )


def _send(
    found: AtSize,
    collector: Program,
    mqtt: int,
    waiting: Iterator[messages.Message],
    rate: float,
    seconds: float,
) -> AtSize:
    programs.cpu_seconds_once_idle(collector)  # everybody is judged once after the start
    publisher, sent = Publisher(mqtt), 0
    before, began = programs.cpu_seconds(collector), time.monotonic()
    while (spent := time.monotonic() - began) < seconds:
        due = int(spent * rate) - sent
        publisher.publish([next(waiting) for _ in range(due)])
        sent += due
        time.sleep(0.02)
    cpu, took = programs.cpu_seconds(collector) - before, time.monotonic() - began
    answered = len(publisher.answers)
    programs.cpu_seconds_once_idle(collector)
    unanswered = sent - len(publisher.answers) if sent <= rate * INTERVAL_S else 0
    publisher.close()
    return replace(
        found, per_s=answered / took, unanswered=unanswered, cores=cpu / took, mb=memory_mb(collector)
    )


def report(
    devices: int = DEVICES, seconds: float = SECONDS, kinds: Sequence[str] = ("sqlite", "postgresql")
) -> str:
    """Return this part of docs/performance.md."""
    rows = [measure(kind, devices, seconds).row() for kind in kinds]
    return TEXT.format(devices=devices, rate=devices / INTERVAL_S, seconds=seconds, rows="\n".join(rows))


def main() -> None:
    """Measure as asked and print it."""
    line = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    line.add_argument("--devices", type=int, default=DEVICES)
    line.add_argument("--seconds", type=float, default=SECONDS)
    line.add_argument("--store", choices=("sqlite", "postgresql"), action="append")
    asked = line.parse_args()
    print(report(asked.devices, asked.seconds, asked.store or ("sqlite", "postgresql")))  # noqa: T201 - its result


if __name__ == "__main__":
    main()
