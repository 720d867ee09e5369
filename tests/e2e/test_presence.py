"""Can anybody find out when a laptop was on? Looked for in the database, our logs and what is scraped."""

import re
import sqlite3
import struct
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from e2e.estate import Estate
from fernbereit.code import device_code
from processes import running, wait_for

pytestmark = [pytest.mark.slow, pytest.mark.real, pytest.mark.timeout(180)]

OF_NO_DEVICE = {("published_page", "tick_at")}
ONE_OVERWRITTEN = {("marks", "last_report_at")}
TIME_OF_DAY = re.compile(r"\d\d:\d\d")


def finer_than_a_day(database: Path, since: float) -> Iterator[tuple[str, str]]:
    """Return table and column of every value that is a moment of this test, as a number or as text."""
    with sqlite3.connect(database) as connection:
        tables = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        for table in tables:
            rows = connection.execute(f"SELECT * FROM {table}")  # noqa: S608 - names from the schema itself
            columns = [column[0] for column in rows.description]
            for row in rows:
                for column, value in zip(columns, row, strict=True):
                    if is_moment(value, since):
                        yield table, column


def is_moment(value: object, since: float) -> bool:
    """Tell whether a value names a moment between `since` and now, in any usual notation."""
    if isinstance(value, int | float):
        return any(since <= value / scale <= time.time() + 1 for scale in (1, 1e3, 1e6, 1e9))
    text = value.decode(errors="replace") if isinstance(value, bytes) else str(value)
    day = datetime.now(UTC).date()
    written = "|".join(re.escape(str(day + timedelta(days=shift))) for shift in (-1, 0, 1))
    return re.search(rf"(?:{written})[T ]{TIME_OF_DAY.pattern}", text) is not None


def moments_in(file: Path, since: float) -> set[float]:
    """Return the 8-byte numbers of a database file that are moments of this test, wherever they lie."""
    if not file.exists():
        return set()
    data = file.read_bytes()
    found = (struct.unpack_from(">d", data, at)[0] for at in range(len(data) - 7) if data[at] == 0x41)
    return {number for number in found if since <= number <= time.time() + 1}


def test_nothing_says_when_a_laptop_was_on(tmp_path: Path) -> None:
    """Beside the one overwritten column there is no time of a report anywhere."""
    since = time.time()
    estate = Estate(tmp_path)
    database = tmp_path / "collector" / "fernbereit.sqlite3"
    with running(estate.broker, estate.collector):
        estate.wait_until_up()
        with running(estate.senders, estate.agent):
            wait_for("records of every laptop", lambda: estate.written() > 120)
            estate.rest()
            pages = estate.get("/metrics", expect_json=False) + estate.get(
                "/metrics/operations", expect_json=False
            )
        shown = estate.get(f"/api/v1/devices/{estate.agent_id}", expect_json=False)
        held = dict.fromkeys(finer_than_a_day(database, since))
        with sqlite3.connect(database) as connection:
            latest = {row[0] for row in connection.execute("SELECT last_report_at FROM marks")}
            ids = [row[0] for row in connection.execute("SELECT device_id FROM devices")]
            ticks = {row[0] for row in connection.execute("SELECT tick_at FROM published_page")}
        estate.collector.stop()

    assert set(held) <= OF_NO_DEVICE | ONE_OVERWRITTEN
    assert len(latest) == len(ids) > 30
    assert moments_in(database, since) <= latest | ticks
    assert not TIME_OF_DAY.search(shown)
    log = estate.collector.log.read_text()
    told = [name for device in ids for name in (device, device_code(device)) if name in log or name in pages]
    assert told == []
    moments = re.findall(r"^(\S+?)(?:\{.*\})? ([0-9.e+]+)$", pages, re.MULTILINE)
    timed = {name for name, value in moments if is_moment(float(value), since)}
    assert timed <= {
        "fernbereit_publication_tick_timestamp_seconds",
        "fernbereit_publication_freshness_tick_timestamp_seconds",
        "process_start_time_seconds",
    }
