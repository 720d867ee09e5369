"""Does the store give back what a committed change said, on both databases?"""

import uuid
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Engine, func, insert, select
from sqlalchemy.exc import IntegrityError

from fernbereit.delivery import Mark
from fernbereit.facts.battery import Battery
from fernbereit.facts.machine import Machine
from fernbereit.record import Outcome
from fernbereit_server.store import database, reads, schema, writes
from fernbereit_server.store.changes import Change, DeadLetter, InventoryRow, SectionChange, Standing
from fernbereit_server.store.database import writing
from fernbereit_server.store.reads import DeviceRow

DAY, NEXT = date(2026, 3, 10), date(2026, 3, 11)


def seen(maker: str = "Example", day: date = DAY) -> SectionChange:
    return SectionChange(outcome=Outcome.OK, reason=None, observed_on=day, facts=Machine(maker=maker))


def first(device_id: str, **more: Any) -> Change:
    standing = Standing(status="active", mark=Mark("e1", 3, 2, b"\x01" * 32), merged_total=1, dropped_total=2)
    change = Change(
        device_id=device_id,
        before=None,
        after=standing,
        day=DAY,
        reported_at=1_700_000_000.25,
        sections={"machine": seen()},
    )
    return replace(change, **more)


def stored(engine: Engine) -> dict[str, DeviceRow]:
    with engine.connect() as connection:
        return {row.device_id: row for row in reads.load_fleet(connection, facts_of={"machine"})}


def test_a_new_device_comes_back_as_it_was_written(engine: Engine) -> None:
    """Mark, chain, totals, last report, section and facts."""
    device_id = str(uuid.uuid4())
    writes.commit(engine, [first(device_id)])
    row = stored(engine)[device_id]

    assert row.standing.mark == Mark("e1", 3, 2, b"\x01" * 32)
    assert (row.standing.merged_total, row.standing.dropped_total) == (1, 2)
    assert (row.last_report_at, row.first_seen_on) == (1_700_000_000.25, DAY)
    assert (row.outcomes, row.standing.observed) == ({"machine": Outcome.OK}, {"machine": DAY})
    assert row.facts == {"machine": Machine(maker="Example")}


def test_a_change_overwrites_and_leaves_no_history(engine: Engine) -> None:
    """One row a device and section, however often it reports."""
    device_id = str(uuid.uuid4())
    change = first(device_id)
    writes.commit(engine, [change])
    later = replace(
        change,
        before=change.after,
        after=replace(change.after, mark=Mark("e1", 4, 3)),
        reported_at=1_700_000_900.0,
        sections={"machine": seen("Other"), "battery": replace(seen(), facts=Battery())},
    )
    writes.commit(engine, [later])
    row = stored(engine)[device_id]

    assert row.standing.mark == Mark("e1", 4, 3)
    assert row.last_report_at == 1_700_000_900.0
    assert row.facts == {"machine": Machine(maker="Other")}
    assert set(row.outcomes) == {"machine", "battery"}
    with engine.connect() as connection:
        assert connection.scalar(select(func.count()).select_from(schema.marks)) == 1
        assert connection.scalar(select(func.count()).select_from(schema.sections)) == 2


def test_missing_records_are_counted_in_the_transaction_that_tells_of_them(engine: Engine) -> None:
    """So that no restart loses or doubles any: for each device, and for the store what it grew."""
    database.generation(engine, DAY)
    changes = []
    for missing in (3, 4):
        change = first(str(uuid.uuid4()))
        changes.append(replace(change, after=replace(change.after, missing_total=missing)))
    writes.commit(engine, changes)
    later = replace(changes[0], before=changes[0].after, after=replace(changes[0].after, missing_total=5))
    writes.commit(engine, [later])

    assert stored(engine)[later.device_id].standing.missing_total == 5
    with engine.connect() as connection:
        assert reads.records_missing(connection) == 9


def test_a_day_only_moves_forward(engine: Engine) -> None:
    """A look that arrives late does not make facts older."""
    device_id = str(uuid.uuid4())
    change = first(device_id, sections={"machine": seen(day=NEXT)})
    writes.commit(engine, [change])
    for day in (DAY, NEXT):
        looked_at = {"machine": day, "battery": day}
        again = replace(change, before=change.after, sections={}, looked_at=looked_at, day=NEXT)
        writes.commit(engine, [again])
        assert stored(engine)[device_id].standing.observed == {"machine": NEXT}


def test_a_day_of_a_clock_that_was_ahead_moves_back(engine: Engine) -> None:
    """To the day that it is, or facts would look fresh for as long as the clock was ahead."""
    device_id = str(uuid.uuid4())
    change = first(device_id, sections={"machine": seen(day=NEXT)})
    writes.commit(engine, [change])
    again = replace(change, before=change.after, sections={}, looked_at={"machine": DAY}, day=DAY)
    writes.commit(engine, [again])

    assert stored(engine)[device_id].standing.observed == {"machine": DAY}


def test_closed_epochs_come_back_in_their_order(engine: Engine) -> None:
    """Those that made room are gone."""
    device_id = str(uuid.uuid4())
    change = first(device_id)
    writes.commit(engine, [change])
    for closed in ((("z", 1),), (("z", 1), ("a", 2), ("m", 3)), (("m", 3), ("b", 4))):
        after = replace(change.after, closed=closed)
        change = replace(change, before=change.after, after=after)
        writes.commit(engine, [change])
        assert stored(engine)[device_id].standing.closed == closed


def test_a_clone_changes_the_status_and_not_the_last_report(engine: Engine) -> None:
    """Quarantine is written with its day."""
    device_id = str(uuid.uuid4())
    change = first(device_id)
    writes.commit(engine, [change])
    after = replace(change.after, status="quarantined")
    clone = Change(device_id=device_id, before=change.after, after=after, day=NEXT)
    writes.commit(engine, [clone])

    row = stored(engine)[device_id]
    assert (row.standing.status, row.last_report_at) == ("quarantined", 1_700_000_000.25)
    with engine.connect() as connection:
        assert connection.scalar(select(schema.devices.c.status_on)) == NEXT


def test_many_devices_in_one_transaction_all_come_back(engine: Engine) -> None:
    """Also when there are more than one page."""
    ids = {str(uuid.uuid4()) for _ in range(2100)}
    writes.commit(engine, [first(device_id) for device_id in ids])

    assert set(stored(engine)) == ids


def test_a_transaction_is_all_or_nothing(engine: Engine) -> None:
    """One row that cannot be written takes the others with it."""
    known, new = str(uuid.uuid4()), str(uuid.uuid4())
    writes.commit(engine, [first(known)])
    with pytest.raises(IntegrityError):
        writes.commit(engine, [first(new), first(known)])

    assert set(stored(engine)) == {known}


def test_a_dead_letter_is_reason_size_and_hash(engine: Engine) -> None:
    """Never the bytes."""
    letter = DeadLetter(reason="json", size=12, sha256="ab" * 32)
    writes.commit(engine, [first(str(uuid.uuid4()), dead_letters=(letter,))])
    with engine.connect() as connection:
        (row,) = connection.execute(select(schema.dead_letters)).mappings()

    assert {**row, "id": None} == {"id": None, "day": DAY, "reason": "json", "size": 12, "sha256": "ab" * 32}


def test_dead_letters_of_a_day_do_not_fill_the_disk(engine: Engine) -> None:
    """A laptop that sends nothing else leaves a sample; the next day has room again."""
    device_id, most = str(uuid.uuid4()), writes.DEAD_LETTERS_A_DAY
    letters = tuple(DeadLetter(reason="json", size=n, sha256="ab" * 32) for n in range(most - 1))
    writes.commit(engine, [first(device_id, dead_letters=letters)])
    for day in (DAY, DAY, NEXT):
        change = first(device_id, dead_letters=letters[:3], day=day)
        writes.commit(engine, [replace(change, before=change.after)])

    table = schema.dead_letters.c
    with engine.connect() as connection:
        kept = connection.execute(select(table.day, func.count()).group_by(table.day).order_by(table.day))
        assert [tuple(row) for row in kept] == [(DAY, most), (NEXT, 3)]


def test_facts_that_this_version_cannot_read_do_not_stop_the_start(engine: Engine) -> None:
    """The device is there, the word is unknown."""
    device_id = str(uuid.uuid4())
    writes.commit(engine, [first(device_id, sections={})])
    row = {"device_id": device_id, "section": "machine", "outcome": "ok", "observed_on": DAY, "facts": "[]"}
    with engine.begin() as connection:
        connection.execute(insert(schema.sections), row)

    assert stored(engine)[device_id].facts == {}


def test_a_changed_inventory_has_a_new_version(engine: Engine) -> None:
    """A running collector notices by it."""
    rows = [InventoryRow(id=1, serial_hash="0a" * 32, label="A"), InventoryRow(id=2, label="B")]
    with writing(engine) as connection:
        writes.change_inventory(connection, written=rows, removed=())
    changed = replace(rows[0], unit="Bürgeramt")
    with writing(engine) as connection:
        writes.change_inventory(connection, written=[changed], removed=[rows[1]])

    with engine.connect() as connection:
        assert reads.inventory_rows(connection) == [changed]
        assert reads.version(connection) == 2


def test_changes_of_one_device_become_one() -> None:
    """The first `before`, the last `after`, the newest of each section."""
    device_id = str(uuid.uuid4())
    one = first(device_id, dead_letters=(DeadLetter(reason="json", size=1, sha256=""),))
    two = replace(
        one, before=one.after, after=replace(one.after, status="quarantined"), reported_at=None, sections={}
    )
    both = one.then(two)

    assert (both.before, both.after.status) == (None, "quarantined")
    assert both.reported_at == one.reported_at
    assert both.sections == one.sections
    assert len(both.dead_letters) == 2
