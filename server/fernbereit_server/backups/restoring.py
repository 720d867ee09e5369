"""How does a store become what a backup says, without anything lost that is there now?

Everything is prepared in a copy and put in place in one step: a new file by its name on SQLite, one
transaction on PostgreSQL. The restored store is a new life of it (a new generation): laptops that hear of it
send a complete record. Whoever was retired, revoked or quarantined since the backup stays so, as far as the
present store can still be read.
"""

import contextlib
import os
import tempfile
import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import Engine, Update, func, inspect, select, update
from sqlalchemy.exc import SQLAlchemyError

from fernbereit_server.backups import postgres
from fernbereit_server.backups.archive import extract, sync_folder
from fernbereit_server.backups.contents import Contents, file_name
from fernbereit_server.backups.making import KEYS, make_backup
from fernbereit_server.errors import BackupError
from fernbereit_server.folder_owner import Owner, give_to_owner, held_by_root
from fernbereit_server.store import database, schema

_ACTIVE = "active"


@dataclass(frozen=True, slots=True, kw_only=True)
class Present:
    """What the store holds now; None where it cannot be read or is empty."""

    devices: int
    records: int
    last_report_on: date | None
    """The day of the last report that is there now, in the authority's time zone."""
    inactive: Mapping[str, str]
    """Devices that people or a clone made inactive: their status by id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """What was put in place, and where the former state lies."""

    kept_inactive: int
    former: Path | None


def look(engine: Engine, zone: tzinfo = UTC) -> Present | None:
    """Return what is in the store now, with days of `zone`; None for nothing, or nothing readable."""
    if engine.dialect.name == "sqlite" and not Path(engine.url.database or "").exists():
        return None
    try:
        with engine.connect() as connection:
            if not inspect(connection).has_table(schema.devices.name):
                return None
            devices = schema.devices.c
            rows = connection.execute(select(devices.device_id, devices.status)).all()
            newest = connection.scalar(select(func.max(schema.marks.c.last_report_at)))
            records = connection.scalar(select(func.sum(schema.marks.c.applied_count))) or 0
    except SQLAlchemyError:
        return None
    return Present(
        devices=len(rows),
        records=records,
        last_report_on=None if newest is None else datetime.fromtimestamp(newest, zone).date(),
        inactive={device: status for device, status in rows if status != _ACTIVE},
    )


class Unpacked(NamedTuple):
    """A folder with the members of a backup, checked, and who owns the data folder beside root."""

    folder: Path
    contents: Contents
    owner: Owner | None


@contextlib.contextmanager
def unpacked(file: Path, data: Path) -> Iterator[Unpacked]:
    """Yield the members of a backup on the disk of the data folder, which is root's until the end."""
    with (
        held_by_root(data) as owner,
        tempfile.TemporaryDirectory(dir=data, prefix=".restoring-") as folder,
    ):
        yield Unpacked(Path(folder), extract(file, Path(folder)), owner)


def restore(
    engine: Engine, data: Path, backup: Unpacked, present: Present | None, *, now: datetime
) -> Restored:
    """Put an unpacked backup in place; nobody else may use the store meanwhile.

    Raises `BackupError`, `StoreError` or `OSError`; the store is then as it was.
    """
    folder, contents, owner = backup
    if contents.database != engine.dialect.name:
        raise BackupError("other_database", made_of=contents.database, wanted=engine.dialect.name)
    if not database.is_known(_revisions(folder / contents.store)):
        raise BackupError("newer", version=contents.version[:40])
    former = data / f"before-restore-{now.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    former.mkdir(mode=0o700)
    inactive = present.inactive if present else {}
    generation = str(uuid.uuid4())
    made = [former]
    if engine.dialect.name == "sqlite":
        kept = _restore_sqlite(engine, folder / contents.store, former, generation, inactive, now)
        made.append(Path(engine.url.database or ""))
    else:
        if present is not None:
            made.append(former / file_name(now))
            make_backup(engine, data, made[-1], now=now)
        kept = _restore_postgresql(engine, folder / contents.store, generation, inactive, now)
    made += _put_keys(folder / "keys", data, former)  # last: with a store that is refused its keys stay
    give_to_owner(*made, owner=owner)
    with contextlib.suppress(OSError):
        former.rmdir()
    return Restored(kept_inactive=kept, former=former if former.exists() else None)


def _revisions(store: Path) -> Iterable[str]:
    if store.suffix == ".dump":
        return postgres.revisions(store)
    copy = database.open_engine(f"sqlite:///{store}")
    try:
        with copy.connect() as connection:
            return database.revisions(connection)
    finally:
        copy.dispose()


def _put_keys(keys: Path, data: Path, former: Path) -> list[Path]:
    """Put the keys of the backup in place of those that differ, which are kept beside the former store.

    Returns those that were put in place.
    """
    put = []
    for name in KEYS:
        wanted, here = keys / name, data / name
        if not wanted.is_file() or (here.is_file() and here.read_bytes() == wanted.read_bytes()):
            continue
        if here.exists():
            os.link(here, former / name)
        wanted.replace(here)
        put.append(here)
    sync_folder(data)
    return put


def _afterwards(generation: str, inactive: Mapping[str, str], now: datetime) -> Iterator[Update]:
    """Yield what begins the store's new life, then what keeps each device inactive that is now."""
    life = {"generation": generation, "created_on": now.date(), "version": schema.store.c.version + 1}
    yield update(schema.store).values(life)
    devices = schema.devices
    for device, status in inactive.items():
        held = update(devices).where(devices.c.device_id == device, devices.c.status == _ACTIVE)
        yield held.values(status=status, status_on=now.date())


def _restore_sqlite(
    engine: Engine,
    copy: Path,
    former: Path,
    generation: str,
    inactive: Mapping[str, str],
    now: datetime,
) -> int:
    prepared = database.open_engine(f"sqlite:///{copy}")
    try:
        database.upgrade(prepared)
        with database.writing(prepared) as connection:
            begun, *held = _afterwards(generation, inactive, now)
            connection.execute(begun)
            kept = sum(connection.execute(one).rowcount for one in held)
        with prepared.connect() as connection:
            # One file without a log beside it, so that its name alone decides what the store is.
            connection.connection.driver_connection.execute("PRAGMA journal_mode=DELETE")  # type: ignore[union-attr]
    finally:
        prepared.dispose()
    engine.dispose()
    place = Path(engine.url.database or "")
    _set_aside(place, former)
    copy.replace(place)
    sync_folder(place.parent)
    return kept


def _set_aside(place: Path, former: Path) -> None:
    """Keep the former file under a second name, and move its log away, which belongs to it alone."""
    if not place.exists():
        return
    os.link(place, former / place.name)
    for suffix in ("-wal", "-shm"):
        beside = place.with_name(place.name + suffix)
        if beside.exists():
            beside.replace(former / beside.name)


def _restore_postgresql(
    engine: Engine, dumped: Path, generation: str, inactive: Mapping[str, str], now: datetime
) -> int:
    with engine.connect() as connection:
        where = connection.exec_driver_sql("SELECT current_schema()").scalar()
    then = [
        f'SET search_path TO "{where}"',
        *(
            str(statement.compile(engine, compile_kwargs={"literal_binds": True}))
            for statement in _afterwards(generation, inactive, now)
        ),
    ]
    engine.dispose()
    postgres.put_back(engine.url, dumped, then=";\n".join([*then, ""]))
    database.upgrade(engine)
    with engine.connect() as connection:
        held = connection.execute(select(schema.devices.c.device_id, schema.devices.c.status)).all()
    return sum(inactive.get(device) == status for device, status in held)
