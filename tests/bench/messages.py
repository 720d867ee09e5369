"""What is sent while measuring? Records of the synthetic authority; for the peer as much in flat JSON."""

import json
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from fernbereit import topics
from fernbereit.delivery import Envelope, RecordLine
from fernbereit_server.demo.authority import make_authority
from fernbereit_server.demo.changes import LiveLaptop


@dataclass(frozen=True, slots=True)
class Message:
    """One publication and how many bytes of record it carries."""

    topic: str
    payload: bytes


def envelopes(devices: int, records: int, *, complete: bool) -> Iterator[Message]:
    """Return `records` rounds of one record a device, each in an envelope of its own.

    `complete` repeats all sections in every record; else only the first is complete.
    """
    today = datetime.now(UTC).date()
    authority = make_authority(seed=7, devices=devices, today=today, key=bytes(32))
    laptops = [LiveLaptop(device, seed=7, today=today) for device in authority.reporting]
    epochs = {laptop.device_id: str(uuid.uuid4()) for laptop in laptops}
    for seq in range(1, records + 1):
        for laptop in laptops:
            body = laptop.complete() if complete or seq == 1 else laptop.partial()
            envelope = Envelope(
                device_id=laptop.device_id,
                epoch=epochs[laptop.device_id],
                oldest=seq,
                records=(RecordLine(seq, seq - 1, 0, body),),
            )
            yield Message(topics.report(laptop.device_id), envelope.encode())


def flat(devices: int, records: int) -> Iterator[Message]:
    """Return as many messages of 33 numbers and some text each, about 1.2 kB, as the peer can read."""
    for number in range(records):
        for device in range(devices):
            facts: dict[str, Any] = {
                f"value_{i:02d}": (number * 31 + device * 7 + i) % 1000 for i in range(33)
            }
            facts["padding"] = "x" * 600
            yield Message(f"bench/{device}", json.dumps(facts).encode())
