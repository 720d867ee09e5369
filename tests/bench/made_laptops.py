"""Who are a hundred thousand made-up laptops, what do they say, and in which order do they report?"""

import random
import time
import uuid
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from bench import messages
from fernbereit import topics
from fernbereit.delivery import Envelope, RecordLine, decode
from fernbereit_server.ingest.batch import Message, commit, decide_all
from fernbereit_server.ingest.days import Days
from fernbereit_server.store import database

SPECIMENS, BATCH = 400, 500


def identity(number: int) -> tuple[str, str]:
    """Return the id and the epoch of the laptop with this number."""
    return str(uuid.UUID(int=number * 2 + 1)), str(uuid.UUID(int=number * 2 + 2))


def number_of(device_id: str) -> int:
    """Return the number of the laptop with this id.

    >>> number_of(identity(99_999)[0])
    99999
    """
    return int(device_id[-12:], 16) // 2


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


def order(devices: int) -> list[int]:
    """Return the numbers of all laptops as they report: in no order, and the same one every time."""
    numbers = list(range(devices))
    random.Random(5).shuffle(numbers)
    return numbers


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
