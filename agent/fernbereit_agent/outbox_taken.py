"""What did the collector take of this outbox, and what of it does a restored store lack?

A store that is put back to a backup begins a new life. The laptop meets each life before it sends anything to
it: the life says how far it is, and what lies beyond and was acknowledged is counted as missing.

Every function works inside the caller's transaction.
"""

import sqlite3
from collections.abc import Iterable

from fernbereit.delivery import CLOSED_EPOCHS_KEPT, NOBODY, Ack, Mark, RecordLine
from fernbereit_agent.outbox_file import State
from fernbereit_agent.outbox_rows import give_up, rows

RANGES_KEPT = 128
"""Records that were refused, merged or dropped split ranges; older ones are forgotten, and never missed."""
MOST_PASSED = 8
"""Each record that was passed over doubles the histories there may have been."""


def listens_to(state: State, ack: Ack) -> bool:
    """Tell whether an answer is of the life that was met, or of one that is met by this answer.

    One that never says what it holds is an older collector's.
    """
    if ack.generation == state.met:
        return True
    if ack.instead_of is not None:
        return ack.instead_of == (state.met or NOBODY)
    return ack.generation not in state.former


def meet(state: State, ack: Ack) -> None:
    """Begin with another life of the store where that life is; count what it should hold and does not."""
    held = dict(ack.held)
    state.missing_total = max(state.missing_total, ack.missing)
    for epoch, ranges in state.taken.items():
        last = held.get(epoch, 0)
        state.missing_total += sum(end - max(first, last + 1) + 1 for first, end in ranges if end > last)
        state.taken[epoch] = [[first, min(end, last)] for first, end in ranges if first <= last]
    lives = [life for life in (*state.former, state.met) if life and life != ack.generation]
    state.former, state.met = lives[-CLOSED_EPOCHS_KEPT:], ack.generation
    if ack.mark <= state.acked:
        state.acked, state.chain = ack.mark, ack.chain


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
    _remember(state, sorted(taken))
    if ack.mark > state.acked:
        state.acked, state.chain = ack.mark, ack.chain
    return forgotten


def _remember(state: State, seqs: Iterable[int]) -> None:
    ranges = state.taken.setdefault(state.epoch, [])
    for seq in seqs:
        if ranges and ranges[-1][1] == seq - 1:
            ranges[-1][1] = seq
        else:
            ranges.append([seq, seq])
    while len(state.taken) > CLOSED_EPOCHS_KEPT or sum(map(len, state.taken.values())) > RANGES_KEPT:
        oldest = next(iter(state.taken))
        del state.taken[oldest][:1]
        if not state.taken[oldest] or len(state.taken) > CLOSED_EPOCHS_KEPT:
            del state.taken[oldest]
