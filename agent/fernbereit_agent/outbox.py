"""Where do records wait until the collector has them? In a bounded SQLite file that survives power cuts.

A record leaves it in one of three ways: the collector acknowledged it, it was merged into a younger one, or
it was dropped; the last two are counted and the counts travel with every envelope.
"""

import logging
import sqlite3
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from fernbereit import crash
from fernbereit.delivery import (
    CHAIN_START,
    MAX_BATCH_BYTES,
    MAX_RECORDS,
    Ack,
    Envelope,
    RecordLine,
)
from fernbereit_agent.clock import Clock, age_ms
from fernbereit_agent.errors import OutboxError
from fernbereit_agent.outbox_file import (
    FILE,
    Corrupt,
    State,
    identity,
    is_corruption,
    load_state,
    open_outbox,
    outbox_errors,
    set_aside,
    transaction,
)
from fernbereit_agent.outbox_rows import give_up, insert, keep_bounds, rows, split_refused
from fernbereit_agent.outbox_taken import forget, taken_of
from fernbereit_agent.report import Look, make_record

MAX_FILE_BYTES = 16 * 2**20
MAX_AGE_MS = 14 * 86_400_000
TRIES = 3
_LINE_OVERHEAD = 64

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Depth:
    """How full the outbox is and what it gave up since its file was begun."""

    records: int
    merged_total: int
    dropped_total: int
    refused_total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What an answer changed; `answered` says that the next batch may be sent at once."""

    answered: bool = False
    forgotten: int = 0
    refused: int = 0
    rolled_back: bool = False


@dataclass(slots=True)
class _Try:
    """What is being tried to get the oldest records through."""

    in_flight: tuple[int, ...] = ()
    tries: int = 0
    limit: int = MAX_RECORDS
    skipped: int = 0
    """How many of the oldest are passed over for the moment."""
    reach: int = 1
    """How many may be passed over before the oldest has its turn again."""


class Outbox:
    """The outbox of one device in `folder`; used from one thread, opened when first used.

    Every method raises `OutboxError` if the disk is full or cannot be written, and changes nothing then.
    """

    def __init__(
        self,
        folder: Path,
        device_id: str,
        clock: Clock,
        *,
        max_file_bytes: int = MAX_FILE_BYTES,
        max_age_ms: int = MAX_AGE_MS,
    ) -> None:
        self._folder, self._device_id, self._clock = folder, device_id, clock
        self._max_file_bytes, self._max_age_ms = max_file_bytes, max_age_ms
        self._database: sqlite3.Connection | None = None
        self._file: tuple[int, int] | None = None
        self._lost = 0
        """Records of a file that is gone; counted as dropped in the next one."""
        self._try = _Try()

    def append(self, looks: Mapping[str, Look]) -> None:
        """Add a record of what changed since the last one, complete if nothing was said in this epoch yet."""
        with self._changing() as (database, state):
            said = dict(database.execute("SELECT section, digest FROM said"))
            news = make_record(looks, said, self._clock.monotonic())
            body = news.record.encode()
            state.last_seq += 1
            new_rows = [(name, digest, state.last_seq) for name, digest in news.digests.items()]
            database.executemany("INSERT OR REPLACE INTO said VALUES (?, ?, ?)", new_rows)
            if len(body) + _LINE_OVERHEAD <= MAX_BATCH_BYTES:
                insert(database, state.last_seq, self._clock.now(), body)
            else:
                give_up(database, state, state.last_seq, "too large", body)
            keep_bounds(
                database,
                state,
                self._clock,
                max_bytes=self._max_file_bytes,
                max_age_ms=self._max_age_ms,
            )
            state.save(database)
            crash.point("outbox.append")
        crash.point("outbox.appended")

    def batch(self) -> Envelope | None:
        """Return the next envelope, the same again as long as it is not answered; None if nothing waits."""
        with self._changing() as (database, state):
            query = "SELECT max(seq) FROM (SELECT seq FROM records ORDER BY seq LIMIT ?)"
            after = database.execute(query, (self._try.skipped,)).fetchone()[0] or 0
            lines: list[RecordLine] = []
            size = 0
            now, uptime = self._clock.now(), self._clock.uptime_ms()
            for row in rows(database, "seq > ?", after, limit=self._try.limit):
                if not row.intact:
                    give_up(database, state, row.seq, "damaged", row.body)
                    continue
                size += len(row.body) + _LINE_OVERHEAD
                if lines and (row.passed or size > MAX_BATCH_BYTES):
                    break
                prev = lines[-1].seq if lines else min(state.acked, row.seq - 1)
                lines.append(RecordLine(row.seq, prev, age_ms(row.made, now, uptime), row.body))
                if row.passed or self._try.skipped:
                    break
            if not lines:
                self._try.in_flight = ()
                return None
            envelope = Envelope(
                device_id=self._device_id,
                epoch=state.epoch,
                oldest=lines[0].seq,
                records=tuple(lines),
                merged_total=state.merged_total,
                dropped_total=state.dropped_total,
                generation=state.meant_for,
                missing_total=state.missing_total,
            )
            state.sent = max(state.sent, lines[-1].seq)
        self._try.in_flight = tuple(line.seq for line in lines)
        return envelope

    def acknowledge(self, ack: Ack) -> Receipt:
        """Forget what the collector has; answers of other epochs change nothing.

        A collector that took something else than what is written here has spoken with a later state of this
        file or with a copy of it, or an answer with refusals got lost: all that waits is sent anew. Another
        life of the collector's store is begun with where it is.
        """
        with self._changing() as (database, state):
            if ack.epoch != state.epoch or not state.listens_to(ack):
                return Receipt()
            meets = state.meet(ack)
            if meets and ack.mark <= state.acked:
                state.acked, state.chain = ack.mark, ack.chain
            if ack.generation != state.generation:
                if state.generation:
                    database.execute("DELETE FROM said")
                state.generation = ack.generation
            taken = taken_of(database, state, ack)
            if taken is None:
                self._begin_epoch(database, state)
                return Receipt(answered=True, rolled_back=True)
            refused = split_refused(database, state, ack)
            forgotten = forget(database, state, ack, taken)
            state.save(database)
            crash.point("outbox.acknowledge")
        crash.point("outbox.acknowledged")
        answered = meets or (bool(self._try.in_flight) and ack.mark >= self._try.in_flight[-1])
        if answered or (forgotten and not self._try.in_flight):
            self._try = _Try()
        return Receipt(answered=answered, forgotten=forgotten, refused=refused)

    def unanswered(self) -> None:
        """Note that the batch in flight got no answer; the third time it is halved.

        A single record that gets none may be what the collector cannot read, or the collector may be away.
        So the one behind it is tried: if that is answered, the record is set aside and counted, else it is
        still here and its turn comes again.
        """
        if not self._try.in_flight:
            return
        tried, self._try.in_flight = self._try.in_flight, ()
        self._try.tries += 1
        if self._try.tries < TRIES:
            return
        self._try.tries = 0
        if len(tried) > 1:
            self._try.limit = len(tried) // 2
            return
        with self._changing() as (database, _):
            behind = database.execute("SELECT count(*) FROM records WHERE seq > ?", tried).fetchone()[0]
            further = behind > 0 and self._try.skipped < self._try.reach
            if further:
                # Written before anything behind it is sent: after that nobody can tell whether it was taken.
                database.execute("UPDATE records SET passed = 1 WHERE seq = ?", tried)
        if further:
            self._try.skipped += 1
        else:
            self._try = _Try(reach=self._try.reach + 1)

    def depth(self) -> Depth:
        """Return how many records wait and what was merged, dropped or refused."""
        with self._changing() as (database, state):
            waiting = database.execute("SELECT count(*) FROM records").fetchone()[0]
            return Depth(waiting, state.merged_total, state.dropped_total, state.refused_total)

    def begun(self) -> bool:
        """Tell whether this epoch holds or held a record; a new outbox does not."""
        with self._changing() as (_, state):
            return state.last_seq > 0

    def close(self) -> None:
        """Close the file; the next call opens it again."""
        if self._database is not None:
            self._database.close()
            self._database = None

    @contextmanager
    def _changing(self) -> Iterator[tuple[sqlite3.Connection, State]]:
        """Open one transaction; a damaged file is set aside, and the caller's next try finds a new one."""
        with outbox_errors(self._folder):
            self._open()
            assert self._database is not None
            try:
                with transaction(self._database) as database:
                    state = load_state(database)
                    if state.device_id != self._device_id:
                        state.device_id, state.taken, state.missing_total = self._device_id, {}, 0
                        self._begin_epoch(database, state)
                    totals = (state.dropped_total, state.epoch, state.sent)
                    yield database, state
                    if totals != (state.dropped_total, state.epoch, state.sent):
                        state.save(database)
            except (Corrupt, sqlite3.DatabaseError) as error:
                if not is_corruption(error):
                    raise
                self.close()
                self._try = _Try()
                moved = set_aside(self._folder)
                self._lost = 1  # at least one record; nobody can count more
                self._open()
                raise OutboxError(f"{self._folder / FILE} was damaged and is now {moved.name}") from None

    def _open(self) -> None:
        """Open the file, also a new one if somebody deleted it or put another in its place meanwhile."""
        if self._database is not None and identity(self._folder) != self._file:
            with suppress(sqlite3.Error):
                self._lost += self._database.execute("SELECT count(*) FROM records").fetchone()[0]
            self.close()
            self._try = _Try()
            logger.warning(
                "somebody deleted or replaced the outbox; %d records are lost and counted", self._lost
            )
        if self._database is None:
            self._database = open_outbox(self._folder, self._device_id, dropped=self._lost)
            self._file, self._lost = identity(self._folder), 0

    def _begin_epoch(self, database: sqlite3.Connection, state: State) -> None:
        """Give what waits new numbers under a new epoch; what is said next is complete."""
        for row in rows(database):
            if not row.intact:
                give_up(database, state, row.seq, "damaged", row.body)
        waiting = list(rows(database))
        database.execute("DELETE FROM records")
        database.execute("DELETE FROM said")
        state.epoch, state.last_seq, state.acked, state.sent = str(uuid.uuid4()), len(waiting), 0, 0
        state.chain = CHAIN_START.hex()
        for seq, row in enumerate(waiting, start=1):
            insert(database, seq, row.made, row.body)
        state.save(database)
        crash.point("outbox.epoch")
        self._try = _Try()
        logger.warning("the outbox begins a new epoch with %d waiting records", len(waiting))
