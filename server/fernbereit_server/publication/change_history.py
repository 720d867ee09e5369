"""What changed in the whole fleet in each window? Read from judgements and transitions, counted in pieces.

Few devices change their verdict within a window: only theirs are read, a few hundred at a time, so that a
policy that changes everybody's verdict costs time and not memory.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

from sqlalchemy import Connection, select

from fernbereit.readiness import CompiledPolicy
from fernbereit_server.fleet import Device
from fernbereit_server.judging.judgement import VERDICT, Cause
from fernbereit_server.judging.lifecycle import counts_in
from fernbereit_server.judging.rows import read_judgements, read_transitions
from fernbereit_server.metrics.family import UNKNOWN
from fernbereit_server.publication.cells import Cell
from fernbereit_server.publication.census import SHARED
from fernbereit_server.publication.changes import change_cells, spoken_for
from fernbereit_server.publication.groups import Group, Place
from fernbereit_server.publication.lot import lot_name
from fernbereit_server.resilience.change import (
    WINDOWS,
    ChangeCounts,
    Present,
    by_device,
    change_counts,
    readiness_under,
)
from fernbereit_server.stalls import let_go
from fernbereit_server.store import schema

_PIECE = 500


def read_change_cells(
    connection: Connection,
    devices: Sequence[Device],
    groups: Mapping[Place, Group],
    *,
    policy: CompiledPolicy,
    today: date,
    k: int,
    lot: bytes,
) -> list[Cell]:
    """Publish every window; `groups` are those of the page, `lot` its secret key.

    Shared devices stay in the office and are left out, as is stock.
    """
    oldest = today - timedelta(days=WINDOWS[-1])
    changed, removed = _changed(connection, oldest)
    verdicts = _verdicts(connection)
    present = list(_present(devices, verdicts, _left(connection), removed))
    places = {device.device_id: groups.get(Place(device.site, device.unit)) for device in devices}
    names = {device.device_id: lot_name(device.device_id, device.inventory_id) for device in devices}
    times: dict[int, Counter[str]] = {}
    for days in WINDOWS:
        counted = spoken_for(present, today - timedelta(days=days), places.get, lot, names.__getitem__)
        times[days] = Counter(one.device_id for one in counted)
    totals = dict.fromkeys(WINDOWS, ChangeCounts(Counter(), 0, 0, 0))
    is_ready = readiness_under(policy)
    for start in range(0, len(present), _PIECE):
        piece = present[start : start + _PIECE]
        told = [one.device_id for one in piece if one.device_id in changed]
        judgements = read_judgements(connection, told)
        transitions = by_device(read_transitions(connection, told, oldest))
        full = [
            replace(
                one,
                # A laptop may be judged anew between two of these reads.
                verdict=[t.after for t in transitions[one.device_id] if t.subject == VERDICT][-1],
                results={name: state.result for name, state in judgements[one.device_id].checks.items()},
            )
            if one.device_id in judgements and one.device_id in transitions
            else one
            for one in piece
        ]
        for days in WINDOWS:
            several = [one for one in full for _ in range(times[days][one.device_id])]
            since = today - timedelta(days=days)
            totals[days] += change_counts(several, transitions, since, is_ready)
    let_go(verdicts, present, places, names, *times.values())
    checks = [check.id for check in policy.judged]
    return [cell for days in WINDOWS for cell in change_cells(days, totals[days], checks, k)]


def _changed(connection: Connection, oldest: date) -> tuple[set[str], dict[str, date]]:
    """Return the devices whose verdict changed since, and the last day some of them were taken out."""
    table = schema.transitions.c
    wanted = select(table.device_id, table.day, table.cause).where(
        table.day > oldest, table.subject == VERDICT
    )
    changed: set[str] = set()
    removed: dict[str, date] = {}
    for device_id, day, cause in connection.execute(wanted):
        changed.add(device_id)
        if cause == Cause.REMOVED:
            removed[device_id] = max(day, removed.get(device_id, day))
    return changed, removed


def _left(connection: Connection) -> dict[str, date]:
    """Return since when devices are retired, quarantined or revoked."""
    table = schema.devices.c
    wanted = select(table.device_id, table.status_on).where(table.status != "active")
    return {row.device_id: row.status_on for row in connection.execute(wanted)}


def _verdicts(connection: Connection) -> dict[str, str]:
    table = schema.judgements.c
    found = connection.execute(select(table.device_id, table.verdict))
    return {row.device_id: row.verdict for row in found}


def _present(
    devices: Sequence[Device],
    verdicts: Mapping[str, str],
    left: Mapping[str, date],
    removed: Mapping[str, date],
) -> Iterator[Present]:
    for device in devices:
        if device.kind == SHARED:
            continue
        left_on = None
        if not counts_in(device):
            left_on = left.get(device.device_id) or removed.get(device.device_id)
            if left_on is None:
                continue
        yield Present(
            device_id=device.device_id,
            verdict=verdicts.get(device.device_id, UNKNOWN),
            first_seen_on=device.first_seen_on,
            left_on=left_on,
        )
