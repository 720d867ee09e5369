"""How does one simulated laptop keep its records until they are acknowledged?

The sending half of the delivery rules, in memory and with the time passed in: one batch in flight, resent
after `resend_s` and then ever more seldom, forgotten only when an answer of the same epoch allows it. Each
life of the collector's store is met before anything is sent to it. All of it is written to the log.
"""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum
from random import Random

from fernbereit.delivery import MAX_BATCH_BYTES, MAX_RECORDS, Ack, Envelope, RecordLine
from fernbereit.lives import Lives
from fernbereit_server.demo.sender_log import SenderLog


@dataclass(frozen=True, kw_only=True, slots=True)
class Resend:
    """Seconds until a batch is sent again: `first_s`, then doubling up to `max_s` with full jitter."""

    first_s: float = 60.0
    max_s: float = 1800.0

    def after(self, attempts: int, rng: Random) -> float:
        """Return the seconds to wait after the `attempts`-th sending (1 is the first)."""
        ceiling_s = min(self.max_s, self.first_s * 2.0 ** min(attempts - 1, 20))
        return self.first_s + rng.random() * max(0.0, ceiling_s - self.first_s)


class Answer(Enum):
    """What an answer of the collector meant."""

    IGNORED = "ignored"
    """It speaks of another epoch, or of a life of the store that is over."""
    TAKEN = "taken"
    NEW_GENERATION = "new_generation"
    """Heard, and the collector's store is another than before: it needs a complete record."""
    ROLLED_BACK = "rolled_back"
    """It acknowledges what was never written: the outbox was set back, a new epoch is due."""


@dataclass(slots=True)
class _Held:
    seq: int
    prev: int
    body: bytes
    made_at: float


@dataclass(slots=True)
class Sender:
    """The outbox of one laptop; times are seconds of a monotonic clock."""

    device_id: str
    epoch: str
    rng: Random
    resend: Resend = field(default_factory=Resend)
    log: SenderLog = field(default_factory=SenderLog)
    lives: Lives = field(default_factory=Lives)
    seq: int = 0
    resend_at: float = 0.0
    _held: deque[_Held] = field(default_factory=deque)
    _in_flight: int = 0
    _attempts: int = 0
    _generation: str | None = None

    def __len__(self) -> int:
        """Return how many records wait for their acknowledgement."""
        return len(self._held)

    def put(self, body: bytes, now: float) -> RecordLine:
        """Append a record; its `prev` is the seq before it, for nothing is ever merged or dropped here."""
        held = _Held(self.seq + 1, self.seq, body, now)
        self.seq = held.seq
        self._held.append(held)
        line = RecordLine(held.seq, held.prev, 0, body)
        self.log.wrote(self.device_id, self.epoch, line)
        return line

    @property
    def answer_is_due(self) -> bool:
        """Tell whether a batch is in flight."""
        return self._in_flight > 0

    def batch(self, now: float) -> bytes | None:
        """Return the envelope to send now, or None while nothing is due."""
        if not self._held or (self._in_flight and now < self.resend_at):
            return None
        records = self._oldest(now)
        self._attempts += 1
        self._in_flight = records[-1].seq
        self.resend_at = now + self.resend.after(self._attempts, self.rng)
        return Envelope(
            device_id=self.device_id,
            epoch=self.epoch,
            oldest=self._held[0].seq,
            records=records,
            generation=self.lives.meant_for,
            missing_total=self.lives.missing_total,
        ).encode()

    def _oldest(self, now: float) -> tuple[RecordLine, ...]:
        records: list[RecordLine] = []
        size = 0
        for held in self._held:
            size += len(held.body)
            if records and (len(records) == MAX_RECORDS or size > MAX_BATCH_BYTES):
                break
            age_ms = round((now - held.made_at) * 1000)
            records.append(RecordLine(held.seq, held.prev, age_ms, held.body))
        return tuple(records)

    def answered(self, ack: Ack) -> Answer:
        """Forget what the collector has, and say what else the answer means."""
        if ack.epoch != self.epoch or not self.lives.listens_to(ack):
            return Answer.IGNORED
        meets = self.lives.meet(ack)
        if meets:
            self.log.met(self.device_id, ack)
        known, self._generation = self._generation, ack.generation
        if ack.mark > self.seq:
            return Answer.ROLLED_BACK
        refused = {seq for seq, _ in ack.refused}
        forgotten = []
        while self._held and self._held[0].seq <= ack.mark:
            forgotten.append(self._held.popleft().seq)
        if forgotten:
            self.lives.remember(self.epoch, (seq for seq in forgotten if seq not in refused))
            self.log.acknowledged(self.device_id, self.epoch, ack.mark)
        if meets or ack.mark >= self._in_flight:
            self._in_flight, self._attempts = 0, 0
        return Answer.NEW_GENERATION if known not in {None, ack.generation} else Answer.TAKEN

    def begin_epoch(self, epoch: str, complete: bytes, now: float) -> Sequence[RecordLine]:
        """Start anew with a complete record, then every record that was not acknowledged, numbered afresh."""
        waiting = [held.body for held in self._held]
        self._held.clear()
        self.epoch, self.seq, self._in_flight, self._attempts = epoch, 0, 0, 0
        return tuple(self.put(body, now) for body in (complete, *waiting))
