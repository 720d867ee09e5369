"""How do records travel, and when may a laptop forget one?

An envelope is text: one fixed first line, then one line a record, so that a record that cannot be read
still has its number and does not block those behind it.

    fernbereit 1 <device> <epoch> <oldest> <first> <last> <merged> <dropped> <generation> <missing>
    <seq> <prev> <age_ms> {"sections":{...}}

*Epoch* is the life of one outbox file (a UUID). *seq* grows within it, *prev* is the seq before it in the
outbox, *oldest* the oldest record the outbox still holds. Further words in the first line are ignored, so
that a newer laptop may add some. The collector keeps one `Mark` a device and changes it in the transaction
that stores the record; `chain` lets anyone with the sender's log recompute that nothing was lost or
applied twice.

*Generation* is the life of the collector's store the laptop has met, `-` for none. Another life takes nothing
in: it answers with what it holds of the laptop, which compares that with what it was told is safe, adds what
is not there any more to *missing*, and sends again. An older laptop leaves both words out. *merged*,
*dropped* and *missing* are totals.
"""

import hashlib
import re
from enum import Enum
from typing import Annotated, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from fernbereit.topics import is_device_id

MAX_PAYLOAD_BYTES = 64 * 1024
MAX_RECORDS = 32
MAX_BATCH_BYTES = 48 * 1024
"""A sender fills an envelope up to this size and keeps the rest for the next."""
CLOSED_EPOCHS_KEPT = 8
CHAIN_START = bytes(32)
NOBODY = "-"
"""The generation a laptop names that has not met any life of the store yet."""

_ID, _NUMBER = rb"([0-9a-f-]{36})", rb"(\d{1,15})"
_HEADER = re.compile(
    b" ".join((b"fernbereit 1", _ID, _ID, *5 * (_NUMBER,)))
    + rb"(?: ([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|-) (\d{1,15})(?![^ ]))?(?: [ -~]{1,512})?"
)
_RECORD = re.compile(rb"(\d{1,15}) (\d{1,15}) (-?\d{1,15}) (?=.)", re.DOTALL)


class EnvelopeError(ValueError):
    """The bytes are no envelope of this version; `reason` is one word for a counter."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"not an envelope: {reason}")
        self.reason = reason


class RecordLine(NamedTuple):
    """One record as it travels: its place in the outbox, its age when sent (milliseconds), its JSON."""

    seq: int
    prev: int
    age_ms: int
    body: bytes


class Envelope(NamedTuple):
    """A batch of records of one epoch."""

    device_id: str
    epoch: str
    oldest: int
    records: tuple[RecordLine, ...]
    merged_total: int = 0
    dropped_total: int = 0
    generation: str | None = None
    """The life of the store it is meant for; None for a laptop that does not say."""
    missing_total: int = 0

    def encode(self) -> bytes:
        """Write the envelope; the records must be in ascending order and there must be at least one."""
        first, last = self.records[0].seq, self.records[-1].seq
        head = (
            f"fernbereit 1 {self.device_id} {self.epoch} {self.oldest} {first} {last} "
            f"{self.merged_total} {self.dropped_total}"
        )
        if self.generation is not None:
            head += f" {self.generation} {self.missing_total}"
        lines = [b"%d %d %d %s" % (r.seq, r.prev, r.age_ms, r.body) for r in self.records]
        return b"\n".join([head.encode(), *lines])


def decode(payload: bytes) -> Envelope:
    """Read an envelope without looking into the records.

    Raises `EnvelopeError` with reason `too_large`, `header`, `device_id`, `line`, `order` or `range`.
    """
    if len(payload) > MAX_PAYLOAD_BYTES:
        raise EnvelopeError("too_large")
    head, *lines = payload.split(b"\n")
    found = _HEADER.fullmatch(head)
    if found is None:
        raise EnvelopeError("header")
    device_id, epoch, generation = found[1].decode(), found[2].decode(), found[8]
    if not is_device_id(device_id) or not is_device_id(epoch):
        raise EnvelopeError("device_id")
    oldest, first, last, merged, dropped = map(int, found.groups()[2:7])
    records = []
    before = 0
    for line in lines:
        place = _RECORD.match(line)
        if place is None:
            raise EnvelopeError("line")
        seq, prev, age_ms = map(int, place.groups())
        if not before < seq or not prev < seq:
            raise EnvelopeError("order")
        before = seq
        records.append(RecordLine(seq, prev, age_ms, line[place.end() :]))
    if not 0 < len(records) <= MAX_RECORDS or (records[0].seq, records[-1].seq) != (first, last):
        raise EnvelopeError("range")
    if oldest > first:
        raise EnvelopeError("range")
    return Envelope(
        device_id=device_id,
        epoch=epoch,
        oldest=oldest,
        records=tuple(records),
        merged_total=merged,
        dropped_total=dropped,
        generation=generation.decode() if generation else None,
        missing_total=int(found[9] or 0),
    )


class Step(Enum):
    """What a record means to a mark."""

    APPLY = "apply"
    DUPLICATE = "duplicate"
    GAP = "gap"
    """Records before this one are still in the outbox: answer with the mark and wait for them."""


class Mark(NamedTuple):
    """How far the records of one epoch have been taken in."""

    epoch: str
    mark: int = 0
    applied_count: int = 0
    chain: bytes = CHAIN_START

    def step(self, record: RecordLine, oldest: int) -> Step:
        """Say what to do with a record of this mark's epoch; `oldest` is the envelope's."""
        if record.seq <= self.mark:
            return Step.DUPLICATE
        if record.prev <= self.mark or record.seq == oldest:
            return Step.APPLY
        return Step.GAP

    def after(self, record: RecordLine) -> "Mark":
        """Return the mark once `record` is applied."""
        digest = hashlib.sha256(record.body).digest()
        link = hashlib.sha256(self.chain + b"%d" % record.seq + digest).digest()
        return Mark(self.epoch, record.seq, self.applied_count + 1, link)

    def past(self, seq: int) -> "Mark":
        """Return the mark once the unreadable record `seq` is passed over, never to be asked for again."""
        return Mark(self.epoch, seq, self.applied_count, self.chain)


_UUID = r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_Uuid = Annotated[str, StringConstraints(pattern=f"^{_UUID}$")]
_Named = Annotated[str, StringConstraints(pattern=f"^({_UUID}|{NOBODY})$")]
_Count = Annotated[int, Field(ge=0, lt=10**15)]
"""What `_NUMBER` can say as well; what is larger fits neither an envelope nor the outbox."""
_Chain = Annotated[str, StringConstraints(pattern=r"^([0-9a-f]{64})?$")]
_Reason = Annotated[str, StringConstraints(pattern=r"^[a-z_]{1,40}$")]


class Ack(BaseModel):
    """The collector's answer: everything of `epoch` up to `mark` may be forgotten.

    `generation` names the life of the collector's store; a new one asks for a complete record.
    `refused` lists records passed over and why. `chain` is that of the mark in hexadecimal; a laptop
    forgets only what it can recompute it from, so that neither a lost answer with refusals nor an outbox that
    was rolled back and grew past the mark again passes for delivered. Empty says nothing.

    `instead_of` is in the answer to an envelope that was meant for another life of the store, and names that
    one: nothing was taken in. `held` is then how far each epoch of the laptop is in this life, and `missing`
    how many of its records are counted as missing here.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    epoch: _Uuid
    mark: _Count
    generation: _Uuid
    refused: tuple[tuple[_Count, _Reason], ...] = ()
    chain: _Chain = ""
    instead_of: _Named | None = None
    held: tuple[tuple[_Uuid, _Count], ...] = ()
    missing: _Count = 0

    def encode(self) -> bytes:
        """Write the answer as JSON, leaving out what is empty."""
        return self.model_dump_json(exclude_defaults=True).encode()


def decode_ack(payload: bytes) -> Ack | None:
    """Read an answer, or return None for anything else."""
    try:
        return Ack.model_validate_json(payload)
    except ValidationError:
        return None
