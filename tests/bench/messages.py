"""What is sent while measuring? Records of the synthetic authority; for the peer as much in flat JSON."""

import json
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bench.programs import FLAT
from fernbereit import topics
from fernbereit.delivery import Envelope, RecordLine, decode
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
                name: (number * 31 + device * 7 + place) % 1000 for place, name in enumerate(FLAT)
            }
            facts["padding"] = "x" * 600
            yield Message(f"bench/{device}", json.dumps(facts).encode())


def same_facts(sent: Iterable[Message]) -> tuple[list[Message], list[str]]:
    """Return what the records of envelopes say as flat JSON, and the names the peer can make gauges of.

    Every value of a record is a field, by its own name, or where two sections share it by `section_name`.
    Numbers and truth values are gauges. The peer takes no texts and no nulls: texts are carried along, what
    is not known is left out.
    """
    told = [
        (f"bench/{message.topic.rsplit('/', 2)[1]}", dict(_values(decode(message.payload).records[0].body)))
        for message in sent
    ]
    sections: dict[str, set[str]] = {}
    kinds: dict[str, set[bool]] = {}
    for _, values in told:
        for section, name in values:
            sections.setdefault(name, set()).add(section)
    said = []
    for topic, values in told:
        fields = {
            name if len(sections[name]) == 1 else f"{section}_{name}": value
            for (section, name), value in values.items()
        }
        for name, value in fields.items():
            kinds.setdefault(name, set()).add(isinstance(value, bool | int | float))
        payload = json.dumps(fields, separators=(",", ":"), ensure_ascii=False).encode()
        said.append(Message(topic, payload))
    return said, sorted(name for name, numbers in kinds.items() if numbers == {True})


def _values(body: bytes) -> Iterator[tuple[tuple[str, str], object]]:
    """Yield the values of a record with their section and their name in it."""
    for section, seen in json.loads(body)["sections"].items():
        facts = seen.pop("facts", None)
        for name, value in (*_leaves(seen, ""), *_leaves(facts, "")):
            yield (section, name), value


def _leaves(value: object, name: str) -> Iterator[tuple[str, object]]:
    """Yield every value that is neither a list, a mapping nor null, under the names that lead to it."""
    if isinstance(value, dict | list):
        for key, inside in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _leaves(inside, f"{name}_{key}" if name else str(key))
    elif value is not None:
        yield name, value
