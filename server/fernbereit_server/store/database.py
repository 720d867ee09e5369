"""How is the store opened, so that a commit is on the disk before it returns?"""

import contextlib
import uuid
from collections.abc import Iterable
from contextlib import AbstractContextManager
from datetime import date
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util.exc import CommandError
from sqlalchemy import Connection, Engine, create_engine, event, insert, select

from fernbereit import crash
from fernbereit_server.errors import StoreError
from fernbereit_server.folder_owner import NotPlainError, Owner, make_for_owner, see_plain
from fernbereit_server.store import schema

_BUSY_MS = 5000
_NOTICES_A_DEAD_SERVER = {
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 30_000,
}
"""A server that vanished without a word is given up after 30 s, or a minute while idle, not after hours."""

_THE_LAST_ONE_AGAIN: dict[str, Any] = {"pool_use_lifo": True}
"""Whoever writes gets the connection that wrote last: SQLite forgets its pages when another one wrote."""


def open_engine(url: str) -> Engine:
    """Return an engine for a SQLite or PostgreSQL address; nothing is connected yet.

    SQLite: write-ahead log, `synchronous=FULL`. PostgreSQL: `synchronous_commit=on`, whatever the server's
    default is.
    """
    if url.startswith("sqlite"):
        engine = create_engine(url, hide_parameters=True, **_THE_LAST_ONE_AGAIN)
        event.listen(engine, "do_connect", lambda *_: see_store(engine))
        event.listen(engine, "connect", _on_sqlite_connect)
        event.listen(engine, "begin", _on_sqlite_begin)
        return engine
    options = "-c synchronous_commit=on -c timezone=UTC -c datestyle=ISO -c lock_timeout=10s"
    given = {"connect_timeout": 5, "options": options, **_NOTICES_A_DEAD_SERVER}
    return create_engine(
        url, hide_parameters=True, pool_pre_ping=True, connect_args=given, **_THE_LAST_ONE_AGAIN
    )


def see_store(engine: Engine, owner: Owner | None = None) -> None:
    """Look whether SQLite leads root elsewhere: it follows links, and gives its log to whose the store is.

    `owner` is whose folder root holds. Raises `StoreError`.
    """
    place = engine.url.database
    if engine.dialect.name != "sqlite" or not place:
        return
    try:
        see_plain(*(Path(place + suffix) for suffix in ("", "-wal", "-shm", "-journal")), owner=owner)
    except NotPlainError as error:
        raise StoreError(
            f"{error.filename}: {error.strerror}, so root does not open it; see who laid it there, "
            "then delete it"
        ) from None


def _on_sqlite_connect(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # begin is ours, see below: the driver would leave DDL outside
    cursor = connection.cursor()
    for pragma in (f"busy_timeout={_BUSY_MS}", "journal_mode=WAL", "synchronous=FULL"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _on_sqlite_begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def place(engine: Engine) -> str:
    """Name the store to people: the file, or the server without user and password."""
    url = engine.url
    return url.database or "" if url.host is None else f"{url.host}/{url.database}"


def writing(engine: Engine) -> AbstractContextManager[Connection]:
    """Begin a transaction that writes; on SQLite it takes the write lock at once instead of half-way."""
    return engine.execution_options(writes=True).begin()


def upgrade(engine: Engine) -> None:
    """Bring the tables to this version's schema; raises `StoreError` if a newer version made them."""
    config = _migrations()
    if engine.dialect.name == "sqlite" and engine.url.database:
        with contextlib.suppress(OSError):  # of which SQLite tells
            make_for_owner(Path(engine.url.database))
    with writing(engine) as connection:
        config.attributes["connection"] = connection
        try:
            command.upgrade(config, "head")
            crash.point("migration.half")
        except CommandError as error:
            if "Can't locate revision" not in str(error):
                raise
            raise StoreError(
                "the store was made by a newer version of Fernbereit; install that version, or choose "
                "another store.url"
            ) from None


def revisions(connection: Connection) -> tuple[str, ...]:
    """Return which revision of the schema a store says it has; more than one, or none, is not of ours."""
    return MigrationContext.configure(connection).get_current_heads()


def is_known(found: Iterable[str]) -> bool:
    """Tell whether `upgrade` knows a store of such revisions; those of a newer version it does not."""
    known = {each.revision for each in ScriptDirectory.from_config(_migrations()).walk_revisions()}
    return not known.isdisjoint(found)


def _migrations() -> Config:
    config = Config()
    config.set_main_option("script_location", "fernbereit_server.store:migrations")
    return config


def generation(engine: Engine, today: date) -> str:
    """Return the UUID of this life of the store, which begins when first asked for."""
    with writing(engine) as connection:
        known: str | None = connection.scalar(select(schema.store.c.generation))
        if known is None:
            known = str(uuid.uuid4())
            row = {"generation": known, "created_on": today, "version": 0}
            connection.execute(insert(schema.store), row)
        return known
