"""How does a batch of changes become rows, in one transaction?"""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, Engine, delete, func, insert, select, update

from fernbereit import crash
from fernbereit.code import device_code
from fernbereit_server.store import schema
from fernbereit_server.store.changes import Change, InventoryRow
from fernbereit_server.store.database import writing
from fernbereit_server.store.upsert import as_json, upsert

DEAD_LETTERS_A_DAY = 2000
"""Beyond them nothing is kept, so that a laptop that sends nothing else does not fill the disk."""


def commit(engine: Engine, changes: Sequence[Change]) -> None:
    """Write every change (at most one a device) in one transaction and return when it is on the disk."""
    with writing(engine) as connection:
        new = [_device(change) for change in changes if change.before is None]
        if new:
            connection.execute(insert(schema.devices), new)
        for change in changes:
            _standing(connection, change)
        upsert(connection, schema.marks, [_mark(c) for c in changes if c.reported_at is not None])
        upsert(connection, schema.sections, [row for c in changes for row in _sections(c)])
        crash.point("store.half")
        _looked_at(connection, changes)
        missing = sum(c.after.missing_total - (c.before.missing_total if c.before else 0) for c in changes)
        if missing:
            told = schema.store
            connection.execute(update(told).values(records_missing=told.c.records_missing + missing))
        _dead_letters(connection, changes)


def _dead_letters(connection: Connection, changes: Sequence[Change]) -> None:
    """Keep what shows which records nobody could read: a sample, since all of them are counted elsewhere."""
    letters = [(change.day, letter) for change in changes for letter in change.dead_letters]
    if not letters:
        return
    table = schema.dead_letters
    of_the_day = select(func.count()).select_from(table).where(table.c.day == letters[0][0])
    room = max(0, DEAD_LETTERS_A_DAY - (connection.scalar(of_the_day) or 0))
    rows = [
        {"day": day, "reason": letter.reason, "size": letter.size, "sha256": letter.sha256}
        for day, letter in letters[:room]
    ]
    if rows:
        connection.execute(insert(table), rows)


def _device(change: Change) -> dict[str, Any]:
    return {
        "device_id": change.device_id,
        "status": change.after.status,
        "status_on": change.day,
        "first_seen_on": change.day,
        "code": device_code(change.device_id),
    }


def _mark(change: Change) -> tuple[Any, ...]:
    mark, after = change.after.mark, change.after
    assert mark is not None
    return (
        change.device_id,
        mark.epoch,
        mark.mark,
        mark.applied_count,
        mark.chain,
        after.merged_total,
        after.dropped_total,
        after.missing_total,
        change.reported_at,
    )


def _sections(change: Change) -> Iterable[tuple[Any, ...]]:
    for name, seen in change.sections.items():
        facts = seen.text
        if facts is None and seen.facts is not None:
            facts = seen.facts.model_dump_json(exclude_none=True)
        yield change.device_id, name, seen.outcome.value, seen.reason, seen.observed_on.isoformat(), facts


def _looked_at(connection: Connection, changes: Sequence[Change]) -> None:
    """Move days forward; one that lies ahead of the day of the change is of a clock that was ahead."""
    rows = [
        (day.isoformat(), change.device_id, name, day.isoformat(), change.day.isoformat())
        for change in changes
        for name, day in sorted(change.looked_at.items())
    ]
    if rows and connection.dialect.name == "sqlite":
        connection.exec_driver_sql(
            "UPDATE sections SET observed_on = ? WHERE device_id = ? AND section = ? "
            "AND (observed_on < ? OR observed_on > ?)",
            rows,
        )
    elif rows:
        given = as_json(("day", "device_id", "section", "at_least", "today"), rows)
        connection.exec_driver_sql(
            "UPDATE sections SET observed_on = seen.day "
            "FROM json_to_recordset(%s) AS seen(day date, device_id text, section text, today date) "
            "WHERE sections.device_id = seen.device_id AND sections.section = seen.section "
            "AND (sections.observed_on < seen.day OR sections.observed_on > seen.today)",
            (given,),
        )


def _standing(connection: Connection, change: Change) -> None:
    """Write what seldom changes: the status of a device, its closed epochs."""
    table, before, after = schema.devices, change.before, change.after
    if before is not None and before.status != after.status:
        chosen = table.c.device_id == change.device_id
        connection.execute(update(table).where(chosen).values(status=after.status, status_on=change.day))
    closed_before = before.closed if before else ()
    if after.closed == closed_before:
        return
    closed = schema.closed_epochs
    mine = closed.c.device_id == change.device_id
    number: int = connection.scalar(select(func.coalesce(func.max(closed.c.closed_no), 0)).where(mine)) or 0
    kept = {epoch for epoch, _ in after.closed}
    gone = [epoch for epoch, _ in closed_before if epoch not in kept]
    connection.execute(delete(closed).where(mine, closed.c.epoch.in_(gone)))
    known = {epoch for epoch, _ in closed_before}
    new = [(epoch, mark) for epoch, mark in after.closed if epoch not in known]
    for at, (epoch, mark) in enumerate(new, start=number + 1):
        values = {"device_id": change.device_id, "epoch": epoch, "mark": mark, "closed_no": at}
        connection.execute(insert(closed), values)


def change_inventory(
    connection: Connection, *, written: Sequence[InventoryRow], removed: Sequence[InventoryRow]
) -> None:
    """Insert or overwrite the rows `written` by id, delete `removed`, and let a running collector know."""
    table = schema.inventory
    gone = [row.id for row in (*written, *removed)]
    for start in range(0, len(gone), 500):
        connection.execute(delete(table).where(table.c.id.in_(gone[start : start + 500])))
    if written:
        names = [column.name for column in table.columns]
        connection.execute(insert(table), [{name: getattr(row, name) for name in names} for row in written])
    changed_by_people(connection)


def changed_by_people(connection: Connection) -> None:
    """Let a running collector know that people changed something."""
    versions = schema.store
    connection.execute(update(versions).values(version=versions.c.version + 1))
