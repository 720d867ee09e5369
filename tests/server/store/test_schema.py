"""What can the store hold, and does it hold a time that tells of somebody's day?"""

from collections.abc import Callable
from datetime import date

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import Date, DateTime, Engine, Float, Interval, Numeric, Time, text
from sqlalchemy.exc import DBAPIError

from fernbereit_server.errors import StoreError
from fernbereit_server.store import database, reads
from fernbereit_server.store.schema import metadata

DAY = date(2026, 3, 10)
FINER_THAN_A_DAY = {("marks", "last_report_at"), ("published_page", "tick_at")}
"""The overwritten column, and the hour of a count that tells of no device."""
WHOLE_NUMBERS = {
    *{"mark", "applied_count", "merged_total", "dropped_total", "closed_no", "version"},
    *{"missing_total", "records_missing"},
    *{"id", "size", "count", "base"},
    *{"policy_version", "low_permille", "high_permille", "coverage_permille"},
    *{"target_permille", "number", "euro", "it_hours", "predicted"},
}


def test_only_one_column_about_a_device_is_finer_than_a_day() -> None:
    """No other type that can hold a time is used anywhere."""
    found = {
        (table.name, column.name)
        for table in metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, DateTime | Time | Interval | Float | Numeric)
    }
    assert found == FINER_THAN_A_DAY


def test_whole_numbers_are_counts() -> None:
    """Seconds could hide in a whole number, so each is named here."""
    numbers = {
        column.name
        for table in metadata.sorted_tables
        for column in table.columns
        if column.type.python_type is int
    }
    assert numbers == WHOLE_NUMBERS


def test_days_are_called_days() -> None:
    """A column of dates says so in its name."""
    names = {
        column.name
        for table in metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, Date)
    }
    assert all(name == "day" or name.endswith("_on") for name in names)


def test_the_migrations_make_exactly_the_schema(engine: Engine) -> None:
    """Whoever changes a table writes the step that changes it in older stores."""
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_upgrading_twice_changes_nothing(engine: Engine) -> None:
    """Every start upgrades."""
    before = database.generation(engine, DAY)
    database.upgrade(engine)

    assert database.generation(engine, DAY) == before


def test_an_older_store_keeps_everything_when_it_is_upgraded(engine: Engine) -> None:
    """And a downgrade gives up no more than what the newer version brought."""
    config = Config()
    config.set_main_option("script_location", "fernbereit_server.store:migrations")

    def step(to: Callable[[Config, str], None], revision: str) -> None:
        with database.writing(engine) as connection:
            config.attributes["connection"] = connection
            to(config, revision)

    generation = database.generation(engine, DAY)
    step(command.downgrade, "0001")
    filled = (
        """INSERT INTO devices (device_id, status, status_on, first_seen_on, code)
        VALUES ('d', 'active', :day, :day, 'SX64EC')""",
        """INSERT INTO sections (device_id, section, outcome, observed_on, facts)
        VALUES ('d', 'battery', 'ok', :day, '{}')""",
    )
    with database.writing(engine) as connection:
        connection.execute(text("UPDATE store SET inventory_version = 7"))
        for statement in filled:
            connection.execute(text(statement), {"day": DAY.isoformat()})
    for _ in range(2):
        database.upgrade(engine)
        assert database.generation(engine, DAY) == generation
        with engine.connect() as connection:
            assert reads.version(connection) == 7
            (device,) = reads.load_fleet(connection, facts_of={"battery"})
        assert (device.first_seen_on, device.standing.observed) == (DAY, {"battery": DAY})
        step(command.downgrade, "0001")


def test_a_store_of_a_newer_version_is_refused(engine: Engine) -> None:
    """An older program would not know what it overwrites."""
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StoreError, match="newer version"):
        database.upgrade(engine)


def test_a_commit_is_on_the_disk_before_it_returns(engine: Engine) -> None:
    """Whatever the defaults of the database are."""
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2
            assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        else:
            assert connection.exec_driver_sql("SHOW synchronous_commit").scalar() == "on"


def test_an_error_of_the_database_quotes_no_device(engine: Engine) -> None:
    """Tracebacks end in logs, and logs hold no device ids, labels or hashes."""
    statement = text("SELECT * FROM missing WHERE device_id = :device_id")
    with pytest.raises(DBAPIError) as caught, engine.begin() as connection:
        connection.execute(statement, {"device_id": "11111111-2222-4333-8444-555555555555"})
    assert "11111111-2222" not in str(caught.value)
