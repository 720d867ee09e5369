"""What does a record cost at least, by the parts that nobody can leave out?"""

import asyncio
import hashlib
import json
import random
import statistics
import tempfile
import time
import uuid
from collections.abc import Awaitable, Callable, Sequence
from datetime import date
from typing import Any

import gmqtt.mqtt.protocol
import msgspec
from gmqtt.mqtt.utils import ConnectionState, IdGenerator
from sqlalchemy import Engine

from bench.messages import Message
from bench.packets import publish
from fernbereit.delivery import decode
from fernbereit.facts import SECTIONS
from fernbereit_server.store import database, schema
from fernbereit_server.store.database import writing
from fernbereit_server.store.upsert import upsert

IN_ONE_TRANSACTION = (10, 50, 500)
_RUNS, _TRANSACTIONS, _CHUNK = 7, 200, 2**16
_LAPTOPS, _A_BATCH = 20_000, 80


class _Seen(msgspec.Struct, gc=False):
    outcome: str
    reason: str | None = None
    observed_age_s: float = 0.0
    facts: msgspec.Raw = msgspec.Raw()


class _Outline(msgspec.Struct):
    sections: dict[str, _Seen | None]
    unchanged: dict[str, float] = msgspec.field(default_factory=dict)
    complete: bool = False


class _Taker:
    """In the place of gmqtt's connection: takes each packet and does nothing with it."""

    def put_package(self, _package: object) -> None:
        return


def micros(work: Callable[[Any], object], over: Sequence[Any]) -> float:
    """Return the processor time of `work` for one of `over`, in microseconds, median of some runs."""
    runs = []
    for _ in range(_RUNS):
        began = time.process_time()
        for one in over:
            work(one)
        runs.append((time.process_time() - began) / len(over) * 1e6)
    return statistics.median(runs)


def framing(sent: Sequence[Message]) -> float:
    """Return what gmqtt takes to find the packets in what the socket brings, 64 KiB at a time."""
    whole = b"".join(publish(one.topic, one.payload, number, version=5) for number, one in enumerate(sent))

    async def frame() -> float:
        protocol = gmqtt.mqtt.protocol.MQTTProtocol(
            connection_state=ConnectionState(), id_generator=IdGenerator()
        )
        protocol.set_connection(_Taker())

        def read(_: object) -> None:
            rest = b""
            for at in range(0, len(whole), _CHUNK):
                rest += whole[at : at + _CHUNK]
                rest = rest[protocol._read_packet(rest) :]

        return micros(read, (None,)) / len(sent)

    return asyncio.run(frame())


def rows(sent: Sequence[Message]) -> dict[str, float]:
    """Return microseconds a record of what has to be done with its bytes."""
    bodies = [decode(one.payload).records[0].body for one in sent]
    outline = msgspec.json.Decoder(_Outline).decode
    return {
        "gmqtt finds the packet": framing(sent),
        "lines and words of the envelope": micros(_words, [one.payload for one in sent]),
        "SHA-256 of the record": micros(lambda body: hashlib.sha256(body).digest(), bodies),
        "msgspec reads the record's outline": micros(outline, bodies),
        "for comparison: `json.loads` of the record": micros(json.loads, bodies),
    }


def _words(payload: bytes) -> list[list[bytes]]:
    head, *lines = payload.split(b"\n")
    return [head.split(b" "), *(line.split(b" ", 3) for line in lines)]


def transaction() -> tuple[float, float]:
    """Return microseconds of the smallest transaction with FULL, and of handing work to a thread and back."""
    with tempfile.TemporaryDirectory() as folder:
        engine = database.open_engine(f"sqlite:///{folder}/floor.sqlite3")
        with writing(engine) as connection:
            connection.exec_driver_sql("CREATE TABLE one (number INTEGER)")
            connection.exec_driver_sql("INSERT INTO one VALUES (0)")
        smallest = micros(lambda _: _write(engine), range(_TRANSACTIONS))
        engine.dispose()

    async def to_threads() -> float:
        began = time.process_time()
        for _ in range(_TRANSACTIONS):
            await _in_a_thread()
        return (time.process_time() - began) / _TRANSACTIONS * 1e6

    return smallest, statistics.median(asyncio.run(to_threads()) for _ in range(_RUNS))


def scattered() -> float:
    """Return microseconds for the rows of a typical record: a mark, two sections, anywhere in the store."""
    rng, today = random.Random(1), date(2026, 3, 2)
    names = [str(uuid.UUID(int=rng.getrandbits(128))) for _ in range(_LAPTOPS)]
    with tempfile.TemporaryDirectory() as folder:
        engine = database.open_engine(f"sqlite:///{folder}/scattered.sqlite3")
        database.upgrade(engine)

        def write(some: Sequence[str], sections: Sequence[str]) -> None:
            marks = [(name, names[0], 1, 1, bytes(32), 0, 0, 0, 1.0) for name in some]
            facts = f'{{"x":"{"y" * rng.randint(60, 230)}"}}'
            with writing(engine) as connection:
                upsert(connection, schema.marks, marks)
                looks = [
                    (name, one, "ok", None, today.isoformat(), facts) for name in some for one in sections
                ]
                upsert(connection, schema.sections, looks)

        with writing(engine) as connection:
            known = {"status": "active", "status_on": today, "first_seen_on": today}
            rows = [{"device_id": name, "code": name[-6:], **known} for name in names]
            connection.execute(schema.devices.insert(), rows)
        for at in range(0, _LAPTOPS, 500):
            write(names[at : at + 500], tuple(SECTIONS))
        rng.shuffle(names)
        batches = [names[at : at + _A_BATCH] for at in range(0, _LAPTOPS // 2, _A_BATCH)]
        cost = micros(lambda some: write(some, ("agent", "network")), batches)
        engine.dispose()
    return cost / _A_BATCH


def _write(engine: Engine) -> None:
    with writing(engine) as connection:
        connection.exec_driver_sql("UPDATE one SET number = number + 1")


def _in_a_thread() -> Awaitable[None]:
    return asyncio.to_thread(lambda: None)


def table(again: Sequence[Message], typical: Sequence[Message]) -> str:
    """Return the lines of the table of floors."""
    complete, partly = rows(again), rows(typical)
    smallest, thread = transaction()
    found = [f"| {what} | {complete[what]:.1f} | {partly[what]:.1f} |" for what in complete]
    for number in IN_ONE_TRANSACTION:
        for what, cost in (("a transaction of one row, FULL", smallest), ("a thread and back", thread)):
            share = f"{cost / number:.1f}"
            found.append(f"| {what}, by {number} records | {share} | {share} |")
    what = f"SQLite alone, FULL: a mark and two sections of one of {_LAPTOPS:,} laptops, by {_A_BATCH}"
    found.append(f"| {what} | | {scattered():.1f} |")
    return "\n".join(found)
