"""How does a record enter the outbox, and how does it leave without an acknowledgement? Counted, always.

Every function works inside the caller's transaction.
"""

import logging
import sqlite3
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from fernbereit.delivery import Ack
from fernbereit_agent.clock import Clock, Moment, age_ms
from fernbereit_agent.merging import merge, split
from fernbereit_agent.outbox_file import State

MERGED_AT_ONCE = 500
SET_ASIDE_KEPT = 16

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Row:
    """One waiting record; `passed` says that an envelope called a later one the oldest."""

    seq: int
    made: Moment
    passed: bool
    body: Any
    crc: int

    @property
    def intact(self) -> bool:
        """Whether the row is as it was written."""
        return isinstance(self.body, bytes) and self.crc == _crc(self.seq, self.made, self.body)


def rows(
    database: sqlite3.Connection, condition: str = "TRUE", *values: Any, limit: int = -1
) -> Iterator[Row]:
    """Yield records in ascending order; `condition` is SQL about `records` with `?` for each value."""
    query = (
        "SELECT seq, boot, mono_ms, wall_ms, passed, body, crc FROM records "  # noqa: S608 - ours
        f"WHERE {condition} ORDER BY seq LIMIT ?"
    )
    for seq, boot, mono_ms, wall_ms, passed, body, crc in database.execute(
        query, (*values, limit)
    ).fetchall():
        yield Row(seq, Moment(boot, mono_ms, wall_ms), bool(passed), body, crc)


def insert(database: sqlite3.Connection, seq: int, made: Moment, body: bytes) -> None:
    """Write one record."""
    database.execute(
        "INSERT OR REPLACE INTO records VALUES (?, ?, ?, ?, 0, ?, ?)",
        (seq, made.boot, made.mono_ms, made.wall_ms, body, _crc(seq, made, body)),
    )


def give_up(database: sqlite3.Connection, state: State, seq: int, reason: str, body: Any = None) -> None:
    """Remove a record and count it; its sections are said again. With a body it is kept on the laptop."""
    state.dropped_total += 1
    if seq <= state.sent:
        state.chain = ""  # it may have been taken
    database.execute("DELETE FROM records WHERE seq = ?", (seq,))
    database.execute("DELETE FROM said WHERE seq = ?", (seq,))
    logger.warning("a record is given up: %s", reason)
    if body is not None:
        row = (state.epoch, seq, reason, body)
        database.execute("INSERT INTO set_aside (epoch, seq, reason, body) VALUES (?, ?, ?, ?)", row)
        newest = "SELECT id FROM set_aside ORDER BY id DESC LIMIT ?"
        database.execute(f"DELETE FROM set_aside WHERE id NOT IN ({newest})", (SET_ASIDE_KEPT,))  # noqa: S608


def split_refused(database: sqlite3.Connection, state: State, ack: Ack) -> int:
    """Say the sections of a refused record again, each alone, so that one faulty section spoils no other.

    A refused section that was alone already waits until it changes. Returns how many were refused.
    """
    count = 0
    for seq, reason in ack.refused:
        for row in rows(database, "seq = ? AND seq <= ?", seq, ack.mark):
            count += 1
            logger.warning("the collector refused a record: %s", reason)
            query = "SELECT section FROM said WHERE seq = ? ORDER BY section"
            sections = [name for (name,) in database.execute(query, (seq,))]
            if len(sections) < 2 or not row.intact:
                continue
            for section, body in split(row.body, sections).items():
                state.last_seq += 1
                insert(database, state.last_seq, row.made, body)
                database.execute("UPDATE said SET seq = ? WHERE section = ?", (state.last_seq, section))
    state.refused_total += count
    return count


def keep_bounds(
    database: sqlite3.Connection, state: State, clock: Clock, *, max_bytes: int, max_age_ms: int
) -> None:
    """Merge from the oldest on what is too old or too much, then drop; nothing that was sent is touched.

    The collector may have taken it as it is. At most one envelope and what was passed over stay so.
    """
    now, uptime = clock.now(), clock.uptime_ms()
    while oldest := next(rows(database, "seq > ?", state.sent, limit=1), None):
        too_much = _live_bytes(database) > max_bytes
        if not oldest.intact:
            give_up(database, state, oldest.seq, "damaged", oldest.body)
        elif too_much or age_ms(oldest.made, now, uptime) > max_age_ms:
            group = [row for row in rows(database, "seq > ?", state.sent, limit=MERGED_AT_ONCE) if row.intact]
            if not too_much:
                young = (n for n, row in enumerate(group, 1) if age_ms(row.made, now, uptime) <= max_age_ms)
                group = group[: next(young, len(group))]
            if len(group) > 1:
                _merge(database, state, group, [age_ms(row.made, now, uptime) for row in group])
            else:
                give_up(database, state, oldest.seq, "no room" if too_much else "too old")
        else:
            return


def _merge(database: sqlite3.Connection, state: State, group: list[Row], ages_ms: list[int]) -> None:
    """Replace a group by one record with the number and the age of its youngest."""
    last = group[-1]
    body = merge(list(zip((row.body for row in group), ages_ms, strict=True)))
    state.merged_total += len(group) - 1
    for row in group:
        database.execute("DELETE FROM records WHERE seq = ?", (row.seq,))
        database.execute("UPDATE said SET seq = ? WHERE seq = ?", (last.seq, row.seq))
    insert(database, last.seq, last.made, body)


def _crc(seq: int, made: Moment, body: bytes) -> int:
    head = f"{seq} {made.boot} {made.mono_ms} {made.wall_ms} ".encode()
    return zlib.crc32(body, zlib.crc32(head))


def _live_bytes(database: sqlite3.Connection) -> int:
    pages, unused, size = (
        database.execute(f"PRAGMA {name}").fetchone()[0]
        for name in ("page_count", "freelist_count", "page_size")
    )
    return int((pages - unused) * size)
