"""Was anything acknowledged lost, or anything applied twice? Recomputed from the senders' log alone.

Knows nothing of the project's own code: SHA-256, JSON and the tables `marks`, `closed_epochs` and `sections`.
The log holds, one JSON object a line,

    {"device": D, "epoch": E, "seq": 2, "prev": 1, "sha256": H, "body": "..."}   a record was written
    {"device": D, "epoch": E, "acked": 2}                                        an answer was taken
    {"device": D, "epoch": E, "held": {E: 1}}                  a restored store said how far it is

and, for a record that was merged or dropped before it was sent, `{"device": D, "epoch": E, "gone": 3}`.
Missing is what was acknowledged and lies beyond what a restored store holds. What must hold for every device
of the log:

    mark <= the last seq written, and mark >= everything acknowledged that is not missing
    applied_count = the records written up to the mark that are neither gone nor missing
    chain = c(mark), where c(0) is 32 zero bytes and c(seq) = SHA-256(c(before) || seq || SHA-256(body)),
            seq in decimal digits and "before" the seq applied before it

and, once everything was taken in, the store counts at least what is missing, and each section in it is what
the last record that named it says.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, text


@dataclass(slots=True)
class Written:
    """One epoch as its sender tells it."""

    bodies: dict[int, bytes] = field(default_factory=dict)
    acked: int = 0
    gone: set[int] = field(default_factory=set)
    missing: set[int] = field(default_factory=set)

    def restored(self, last: int) -> None:
        """Note that a restored store holds this epoch up to `last`."""
        self.missing |= {seq for seq in self.bodies if last < seq <= self.acked} - self.gone
        self.acked = min(self.acked, last)

    @property
    def last(self) -> int:
        """Return the last record that the store should have once everything was taken in."""
        return max(self.bodies.keys() - self.missing, default=0)


@dataclass(frozen=True, slots=True)
class Stored:
    """One device as the store tells it."""

    epoch: str
    mark: int
    applied_count: int
    chain: bytes
    missing_total: int


Log = Mapping[str, Mapping[str, Written]]
"""Epochs by device, in the order in which they began."""


def read_log(lines: Iterable[str]) -> Log:
    """Read a senders' log; a last line cut short by a kill is passed over, any other raises `ValueError`."""
    devices: dict[str, dict[str, Written]] = {}
    pending: ValueError | None = None
    for line in lines:
        if pending:
            raise pending
        try:
            entry = json.loads(line)
        except ValueError as error:
            pending = error
            continue
        written = devices.setdefault(entry["device"], {}).setdefault(entry["epoch"], Written())
        if "acked" in entry:
            written.acked = max(written.acked, entry["acked"])
        elif "held" in entry:
            for epoch, known in devices[entry["device"]].items():
                known.restored(entry["held"].get(epoch, 0))
        elif "gone" in entry:
            written.gone.add(entry["gone"])
        else:
            body = entry["body"].encode()
            if sha256(body).hexdigest() != entry["sha256"]:
                raise ValueError(f"the log contradicts itself at seq {entry['seq']}")
            written.bodies[entry["seq"]] = body
    return devices


def read_store(url: str) -> tuple[Mapping[str, Stored], Mapping[tuple[str, str], int]]:
    """Return the mark of every device, and the final mark of every closed (device, epoch)."""
    engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://", 1))
    try:
        with engine.connect() as connection:
            stored = {}
            for row in connection.execute(text("SELECT * FROM marks")).mappings():
                missing = row.get("missing_total", 0)  # a store of the version before counts none
                told = (row["epoch"], row["mark"], row["applied_count"], bytes(row["chain"]), missing)
                stored[row["device_id"]] = Stored(*told)
            closed = connection.execute(text("SELECT device_id, epoch, mark FROM closed_epochs"))
            return stored, {(row[0], row[1]): row[2] for row in closed}
    finally:
        engine.dispose()


def faults(log: Path, url: str, *, everything: bool = False) -> list[str]:
    """Return one sentence for each contradiction between log and store; none: nothing lost, nothing twice.

    With `everything`, records that were written and not yet taken in are faults too.
    """
    stored, closed = read_store(url)
    with log.open(encoding="utf-8") as lines:
        devices = read_log(lines)
    return [
        f"{device}: {fault}"
        for device, epochs in devices.items()
        for fault in _judge(device, epochs, stored.get(device), closed, everything=everything)
    ]


def _judge(
    device: str,
    epochs: Mapping[str, Written],
    held: Stored | None,
    closed: Mapping[tuple[str, str], int],
    *,
    everything: bool,
) -> Iterable[str]:
    *old, current = epochs
    wanted = {epoch for epoch, one in epochs.items() if one.acked or (everything and one.last)}
    if held is None:
        if wanted:
            yield "nothing in the store"
        return
    if held.epoch not in epochs or (held.epoch != current and current in wanted):
        yield "the store is at another epoch"
    for epoch in old:
        if epoch != held.epoch and closed.get((device, epoch), 0) < epochs[epoch].acked:
            yield "an acknowledged record of a closed epoch is not in the store"
    missing = sum(len(written.missing) for written in epochs.values())
    if everything and held.missing_total < missing:
        yield f"{missing} records are missing, the store counts {held.missing_total}"
    if held.epoch in epochs:
        yield from _compare(epochs[held.epoch], held, everything=everything)


def _compare(written: Written, held: Stored, *, everything: bool) -> Iterable[str]:
    kept = written.bodies.keys() - written.gone - written.missing
    applied = sorted(seq for seq in kept if seq <= held.mark)
    last = max(written.bodies, default=0)
    if held.mark > last:
        yield f"mark {held.mark} is above the last record written, {last}"
    if held.mark < written.acked:
        yield f"{written.acked} was acknowledged, the store has {held.mark}"
    if everything and held.mark < written.last:
        yield f"{written.last} was written, the store has {held.mark}"
    if held.applied_count != len(applied):
        yield f"{held.applied_count} records applied, {len(applied)} written up to the mark"
    chain = bytes(32)
    for seq in applied:
        chain = sha256(chain + str(seq).encode() + sha256(written.bodies[seq]).digest()).digest()
    if held.chain != chain:
        yield "the chain is not that of the records written"


def called_missing(log: Path) -> int:
    """Return how many records laptops were told are safe and later that the store does not hold them.

    A restored store explains it; where none was restored each is a loss.
    """
    with log.open(encoding="utf-8") as lines:
        return sum(len(one.missing) for epochs in read_log(lines).values() for one in epochs.values())


def stale_facts(log: Path, url: str) -> list[str]:
    """Return one sentence for each section in the store that is not what its device wrote last."""
    last: dict[tuple[str, str], tuple[str, Any]] = {}
    with log.open(encoding="utf-8") as lines:
        for entry in map(json.loads, lines):
            for name, section in json.loads(entry.get("body", "{}")).get("sections", {}).items():
                last[entry["device"], name] = section["outcome"], _told(section.get("facts"))
    engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://", 1))
    try:
        with engine.connect() as connection:
            rows = connection.execute(text("SELECT device_id, section, outcome, facts FROM sections"))
            held = {(row[0], row[1]): (row[2], _told(json.loads(row[3] or "null"))) for row in rows}
    finally:
        engine.dispose()
    return [
        f"{device}: {name} is {held.get((device, name))}, written was {said}"
        for (device, name), said in last.items()
        if held.get((device, name)) != said
    ]


def _told(value: Any) -> Any:
    """Return a value without what is null in it: a fact that is not told."""
    if isinstance(value, dict):
        return {name: _told(one) for name, one in value.items() if one is not None}
    return [_told(one) for one in value] if isinstance(value, list) else value
