"""What did the collector take of this outbox, and what may it forget therefore?

Every function works inside the caller's transaction.
"""

import sqlite3

from fernbereit.delivery import Ack, Mark, RecordLine
from fernbereit_agent.outbox_file import State
from fernbereit_agent.outbox_rows import give_up, rows

MOST_PASSED = 8
"""Each record that was passed over doubles the histories there may have been."""


def taken_of(database: sqlite3.Connection, state: State, ack: Ack) -> frozenset[int] | None:
    """Return which of the waiting records an answer says were taken; None if it speaks of other records.

    Those are of a later state of this file, of a copy of it, or of an answer with refusals that got lost.
    What was passed over may have been taken or not: the chain tells. Where it cannot, since a sent record was
    damaged, the answer is believed.
    """
    if ack.mark > state.last_seq:
        return None
    refused = {seq for seq, _ in ack.refused}
    waiting = [row for row in rows(database, "seq <= ?", ack.mark) if row.seq not in refused]
    certain = all(row.intact for row in waiting) and sum(row.passed for row in waiting) <= MOST_PASSED
    if ack.mark <= state.acked or not (ack.chain and state.chain and certain):
        return frozenset(row.seq for row in waiting if not row.passed or row.seq == ack.mark)
    histories = {Mark(state.epoch, state.acked, 0, bytes.fromhex(state.chain)).chain: frozenset[int]()}
    for row in waiting:
        line = RecordLine(row.seq, 0, 0, row.body)
        with_it = {
            Mark(state.epoch, 0, 0, chain).after(line).chain: seqs | {row.seq}
            for chain, seqs in histories.items()
        }
        histories = {**histories, **with_it} if row.passed else with_it
    return histories.get(bytes.fromhex(ack.chain))


def forget(database: sqlite3.Connection, state: State, ack: Ack, taken: frozenset[int]) -> int:
    """Remove everything up to the mark and return how many; what was not taken or refused is given up."""
    refused = {seq for seq, _ in ack.refused}
    known = list(rows(database, "seq <= ?", ack.mark))
    for row in known:
        if row.seq not in taken and row.seq not in refused:
            give_up(database, state, row.seq, "no answer", row.body)
    forgotten = database.execute("DELETE FROM records WHERE seq <= ?", (ack.mark,)).rowcount
    state.remember(state.epoch, sorted(taken))
    if ack.mark > state.acked:
        state.acked, state.chain = ack.mark, ack.chain
    return forgotten
