"""What does one simulated laptop do? It writes records, sends batches, and forgets what is acknowledged."""

import uuid
from collections import deque
from random import Random

from fernbereit.delivery import Ack, RecordLine
from fernbereit_server.demo.changes import LiveLaptop
from fernbereit_server.demo.sender import Answer, Sender
from fernbereit_server.demo.sender_log import SenderLog
from fernbereit_server.simulate.figures import Figures

MOST_WAITING = 64
"""A laptop that nobody answers stops observing at this many records, so that the simulation stays small."""


class Device:
    """One laptop with its outbox; times are seconds since the simulation began."""

    __slots__ = ("_complete_next", "_figures", "_made", "_sent_s", "_source", "report_s", "sender")

    def __init__(self, source: LiveLaptop, *, seed: int, figures: Figures, log: SenderLog) -> None:
        self._source, self._figures = source, figures
        rng = Random(f"{seed}/{source.device_id}/sender")
        self.sender = Sender(source.device_id, str(uuid.uuid4()), rng, log=log)
        self.report_s = float("inf")
        """When the next record is due; never before it was switched on."""
        self._complete_next = True
        self._made: deque[tuple[int, float]] = deque()
        self._sent_s: float | None = None

    @property
    def device_id(self) -> str:
        """Return the device's UUID."""
        return self._source.device_id

    def report(self, now_s: float) -> None:
        """Write a record: of everything at first, then of what changed."""
        if len(self.sender) >= MOST_WAITING:
            self._figures.held_back += 1
            return
        body = self._source.complete() if self._complete_next else self._source.partial()
        self._complete_next = False
        self._wrote(self.sender.put(body, now_s), now_s)

    def batch(self, now_s: float) -> bytes | None:
        """Return the envelope to send now, or None while nothing is due."""
        payload = self.sender.batch(now_s)
        if payload is not None:
            self._figures.envelopes += 1
            self._figures.resent += self._sent_s is not None
            self._sent_s = now_s if self._sent_s is None else self._sent_s
        return payload

    def connected(self, now_s: float) -> None:
        """Note a new connection: what was in flight on the former one may be sent again."""
        self.sender.resend_at = min(self.sender.resend_at, now_s)

    def answered(self, ack: Ack, now_s: float) -> None:
        """Take an answer of the collector."""
        missing = self.sender.lives.missing_total
        answer = self.sender.answered(ack)
        if answer is Answer.IGNORED:
            return
        self._figures.missing += self.sender.lives.missing_total - missing
        if answer is Answer.ROLLED_BACK:
            self._begin_anew(now_s)
            return
        self._complete_next |= answer is Answer.NEW_GENERATION
        self._figures.refused += len(ack.refused)
        while self._made and self._made[0][0] <= ack.mark:
            self._figures.delay.add(now_s - self._made.popleft()[1])
            self._figures.acknowledged += 1
            self._figures.answered.at(now_s)
        if self._sent_s is not None and not self.sender.answer_is_due:
            self._figures.to_ack.add(now_s - self._sent_s)
            self._sent_s = None

    def _begin_anew(self, now_s: float) -> None:
        """Write everything that waits into a new epoch, after a complete record."""
        self._figures.new_epochs += 1
        self._figures.written -= len(self._made)
        self._made.clear()
        self._sent_s = None
        for record in self.sender.begin_epoch(str(uuid.uuid4()), self._source.complete(), now_s):
            self._wrote(record, now_s)

    def _wrote(self, record: RecordLine, now_s: float) -> None:
        self._made.append((record.seq, now_s))
        self._figures.written += 1
