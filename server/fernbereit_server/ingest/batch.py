"""How do the messages of one batch become one transaction?

Runs in a worker thread, which the event loop waits for: it reads the fleet, decides message by message (each
after those before it in the batch) and commits.
"""

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Engine

from fernbereit import crash
from fernbereit.delivery import Ack
from fernbereit_server.ingest.days import Days
from fernbereit_server.ingest.handlers import Decision, Word, coalesce, decide
from fernbereit_server.ingest.tally import Tally
from fernbereit_server.store import writes
from fernbereit_server.store.changes import Change, Standing

_log = logging.getLogger(__name__)


@dataclass(slots=True)
class Message:
    """An admitted message on its way into the store."""

    device_id: str
    payload: bytes
    received_s: float
    """Unix time of its arrival: ages count from here, however long the database keeps it waiting."""


@dataclass(slots=True)
class Batch:
    """What the messages of one transaction add up to."""

    decisions: list[Decision] = field(default_factory=list)
    changes: dict[str, Change] = field(default_factory=dict)
    acks: dict[str, Ack] = field(default_factory=dict)
    seconds: float = 0.0

    def count(self, tally: Tally) -> None:
        """Count a batch that was committed."""
        for decision in self.decisions:
            tally.messages[decision.word] += 1
            tally.grow(decision.counts)
            if decision.word is Word.UNDECODABLE:
                tally.undecodable[decision.detail] += 1
            for _, reason in decision.ack.refused if decision.ack else ():
                tally.refused[reason] += 1
        tally.devices_new += sum(change.before is None for change in self.changes.values())
        tally.commits += bool(self.changes)
        tally.commit_seconds += self.seconds


def decide_all(
    messages: Sequence[Message],
    *,
    known: Callable[[str], Standing | None],
    days: Callable[[float], Days],
    generation: str,
) -> Batch:
    """Decide about every message in its order; `days` gives the calendar of a Unix time."""
    batch = Batch()
    for message in messages:
        earlier = batch.changes.get(message.device_id)
        standing = earlier.after if earlier else known(message.device_id)
        try:
            decision = decide(
                message.device_id,
                message.payload,
                standing=standing,
                days=days(message.received_s),
                now_s=message.received_s,
                generation=generation,
            )
        except Exception as error:  # noqa: BLE001 - the fence; the message may quote a report, so it is not told
            _log.error("a report could not be decided about: %s", type(error).__name__)
            decision = Decision(word=Word.INTERNAL_ERROR)
        batch.decisions.append(decision)
        if decision.change is not None:
            change = decision.change
            batch.changes[message.device_id] = earlier.then(change) if earlier else change
        if decision.ack is not None:
            batch.acks[message.device_id] = coalesce(batch.acks, message.device_id, decision.ack)
    return batch


def commit(batch: Batch, engine: Engine) -> None:
    """Write the batch in one transaction; returns when it is on the disk. Raises what the database raises."""
    if batch.changes:
        begun = time.monotonic()
        crash.point("store.commit")
        writes.commit(engine, tuple(batch.changes.values()))
        crash.point("store.committed")
        batch.seconds = time.monotonic() - begun
