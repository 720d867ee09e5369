"""Do rows arrive as they were given, on both databases?"""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.exc import SQLAlchemyError

from fernbereit_server.store import database, schema
from fernbereit_server.store.database import writing
from fernbereit_server.store.upsert import upsert

ID = "00000000-0000-4000-8000-000000000001"
OTHER = "00000000-0000-4000-8000-000000000002"
TODAY = date(2026, 3, 2)
TEXTS = (
    "",
    "plain",
    'quoted "twice"',
    "back\\slash \\x41",
    "{braces,}",
    "Zwölf Boxkämpfer\n\t",
    "\U0001f4bb",
    None,
)
BYTES = (bytes(32), bytes(range(32)), b"\\x" * 16)


@pytest.fixture(autouse=True)
def two_devices(engine: Engine) -> None:
    """Make the store know two laptops."""
    database.upgrade(engine)
    with writing(engine) as connection:
        for number, name in enumerate((ID, OTHER)):
            row = {"device_id": name, "status": "active", "status_on": TODAY, "first_seen_on": TODAY}
            connection.execute(schema.devices.insert(), {**row, "code": f"CODE0{number}"})


def mark(**changes: Any) -> tuple[Any, ...]:
    """Return a row of `marks`, with other values where they are given."""
    row = {
        "device_id": ID,
        "epoch": OTHER,
        "mark": 2**53 + 1,
        "applied_count": 3,
        "chain": BYTES[1],
        "merged_total": 0,
        "dropped_total": 0,
        "missing_total": 0,
        "last_report_at": 1772440000.123456,
    }
    return tuple((row | changes)[column.name] for column in schema.marks.columns)


def put(engine: Engine, table: Any, rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """Write rows and return all that the table holds then."""
    with writing(engine) as connection:
        upsert(connection, table, list(rows))
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(select(table).order_by(*table.primary_key))]


@pytest.mark.parametrize("text", TEXTS, ids=repr)
def test_a_text_arrives_as_it_was_given(engine: Engine, text: str | None) -> None:
    """Neither quotation marks nor braces nor backslashes mean anything."""
    row = (ID, "battery", "ok", text, TODAY.isoformat(), text)
    assert put(engine, schema.sections, [row]) == [(ID, "battery", "ok", text, TODAY, text)]


@pytest.mark.parametrize("chain", BYTES, ids=repr)
def test_bytes_and_numbers_arrive_as_they_were_given(engine: Engine, chain: bytes) -> None:
    """A mark is exact to the last bit."""
    row = mark(chain=chain)
    assert put(engine, schema.marks, [row]) == [row]


def test_the_last_row_of_a_device_stays(engine: Engine) -> None:
    """What had the same key is overwritten, the rest is left alone."""
    other = mark(device_id=OTHER)
    put(engine, schema.marks, [other, mark()])
    later = mark(mark=2**53 + 2, chain=BYTES[0])
    assert put(engine, schema.marks, [later]) == [later, other]


def test_a_row_without_a_mark_is_refused_with_all_beside_it(engine: Engine) -> None:
    """Nothing of such a transaction stays."""
    with pytest.raises(SQLAlchemyError):
        put(engine, schema.marks, [mark(), mark(device_id=OTHER, mark=None)])
    assert put(engine, schema.marks, []) == []
