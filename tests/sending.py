"""How do tests speak as a laptop? Records in ascending order, envelopes of any of them."""

import uuid
from dataclasses import dataclass, field

from fernbereit import topics
from fernbereit.delivery import CHAIN_START, Envelope, Mark, RecordLine

BODY = b'{"sections":{"machine":{"outcome":"ok","facts":{"maker":"Example"}}}}'
UNREADABLE = b'{"sections":'


@dataclass
class Laptop:
    """One device with one outbox; remembers every record it wrote."""

    device_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    epoch: str = field(default_factory=lambda: str(uuid.uuid4()))
    written: list[RecordLine] = field(default_factory=list)

    def write(self, body: bytes = BODY, *, age_ms: int = 0) -> RecordLine:
        """Put a record into the outbox."""
        seq = len(self.written) + 1
        self.written.append(RecordLine(seq, seq - 1, age_ms, body))
        return self.written[-1]

    def envelope(
        self,
        *seqs: int,
        oldest: int = 1,
        merged: int = 0,
        dropped: int = 0,
        generation: str | None = None,
        missing: int = 0,
    ) -> bytes:
        """Put the records with these numbers (all without any) into an envelope."""
        chosen = [r for r in self.written if not seqs or r.seq in seqs]
        return Envelope(
            device_id=self.device_id,
            epoch=self.epoch,
            oldest=oldest,
            records=tuple(chosen),
            merged_total=merged,
            dropped_total=dropped,
            generation=generation,
            missing_total=missing,
        ).encode()

    def begin_anew(self) -> None:
        """Lose the outbox and begin the next epoch."""
        self.epoch = str(uuid.uuid4())
        self.written.clear()

    @property
    def topic(self) -> str:
        """Return the topic of its reports."""
        return topics.report(self.device_id)

    def expected_mark(self) -> Mark:
        """Return the mark a collector has that took in everything written."""
        mark = Mark(self.epoch, 0, 0, CHAIN_START)
        for record in self.written:
            mark = mark.after(record)
        return mark
