"""How is a backup made while the collector goes on?

SQLite writes a compact copy of one moment (`VACUUM INTO`): readers hold up nobody in its write-ahead log, and
what was deleted from the store is not in the copy. PostgreSQL dumps one exported snapshot.
"""

import sqlite3
import tempfile
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, func, select, text

from fernbereit import __version__
from fernbereit_server.backups import postgres
from fernbereit_server.backups.archive import checksum, write_archive
from fernbereit_server.backups.contents import Contents
from fernbereit_server.errors import BackupError
from fernbereit_server.folder_owner import Owner, open_inside
from fernbereit_server.store import schema

KEYS = ("inventory.key", "policy.key", "publication.key")
"""Without them the store is of little use: hashes that nobody finds again, policies that no laptop takes."""


def make_backup(
    engine: Engine, data: Path, to: Path, *, now: datetime, owner: Owner | None = None
) -> Contents:
    """Write the store and the keys of the data folder into one file; root may hold that for its `owner`.

    Raises `BackupError`, `OSError`, or what the database raises; then there is no file of that name.
    """
    with tempfile.TemporaryDirectory(dir=to.parent, prefix=".fernbereit-backup-") as folder:
        sqlite = engine.dialect.name == "sqlite"
        copy = Path(folder) / ("store.sqlite3" if sqlite else "store.dump")
        with engine.connect() as connection:
            known = _copy_sqlite(connection, copy) if sqlite else _copy_postgresql(connection, engine, copy)
        members = {copy.name: copy}
        for name in KEYS:
            if (data / name).is_file():
                members[f"keys/{name}"] = Path(folder) / name
                with open_inside(data / name, owner) as key:
                    members[f"keys/{name}"].write_bytes(key.read())
        contents = Contents(
            version=__version__,
            made_at=now.replace(microsecond=0),
            database="sqlite" if sqlite else "postgresql",
            members={name: checksum(file) for name, file in members.items()},
            **known,
        )
        write_archive(to, contents, members)
    return contents


def _copy_sqlite(connection: Connection, to: Path) -> Mapping[str, object]:
    driver = connection.connection.driver_connection
    if not isinstance(driver, sqlite3.Connection):
        raise TypeError(driver)
    driver.execute("VACUUM INTO ?", (str(to),))
    copied = create_engine(f"sqlite:///{to}")
    try:
        with copied.connect() as copy:
            verdict = copy.scalar(text("PRAGMA quick_check(1)"))
            if verdict != "ok":
                raise BackupError("store_damaged", reason=str(verdict)[:200])
            return _numbers(copy)
    finally:
        copied.dispose()


def _copy_postgresql(connection: Connection, engine: Engine, to: Path) -> Mapping[str, object]:
    connection.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY"))
    snapshot = str(connection.scalar(text("SELECT pg_export_snapshot()")))
    numbers = _numbers(connection)
    postgres.dump(engine.url, to, snapshot=snapshot)
    return numbers


def _numbers(connection: Connection) -> Mapping[str, object]:
    generation = connection.scalar(select(schema.store.c.generation))
    if generation is None:
        raise BackupError("empty")
    return {
        "generation": generation,
        "devices": connection.scalar(select(func.count()).select_from(schema.devices)) or 0,
        "records": connection.scalar(select(func.sum(schema.marks.c.applied_count))) or 0,
    }
