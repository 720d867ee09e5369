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
from fernbereit_server.folder_owner import NotPlainError, Owner, give_to_owner, held_by_root, open_inside
from fernbereit_server.store import database, schema

_ACTIVE = "active"
_LOGS = ("-wal", "-shm")


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


def look(engine: Engine, zone: tzinfo = UTC, owner: Owner | None = None) -> Present | None:
    """Return what is in the store now, with days of `zone`; None for nothing, or nothing readable.

    `owner` is whose data folder root holds; raises `StoreError` for a store that leads root elsewhere.
    """
    database.see_store(engine, owner)
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

    Raises `BackupError`, `StoreError` or `OSError`; the store is then as it was, unless the word of the error
    is `half`, or on PostgreSQL the tables were put back and could not be brought to this version's schema.
    What was made belongs to the folder's owner in any case.
    """
    folder, contents, owner = backup
    if contents.database != engine.dialect.name:
        raise BackupError("other_database", made_of=contents.database, wanted=engine.dialect.name)
    revisions = tuple(_revisions(folder / contents.store))
    if not revisions:
        raise BackupError("damaged")
    if not database.is_known(revisions):
        raise BackupError("newer", version=contents.version[:40])
    former = data / f"before-restore-{now.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    former.mkdir(mode=0o700)
    inactive = present.inactive if present else {}
    generation = str(uuid.uuid4())
    sqlite = engine.dialect.name == "sqlite"
    place = Path(engine.url.database or "") if sqlite else former / file_name(now)
    made = [former, place]
    try:
        keys = _set_keys_aside(folder / "keys", data, former, owner)
        if sqlite:
            kept = _restore_sqlite(engine, folder / contents.store, former, generation, inactive, now)
        else:
            if present is not None:
                make_backup(engine, data, place, now=now, owner=owner)
            kept = _restore_postgresql(engine, folder / contents.store, generation, inactive, now)
        _put_keys(keys, made)  # last: with a store that is refused its keys stay
    finally:
        for one in (*([place] if sqlite else []), *(data / name for name in KEYS)):
            _take_back(one, former)
        give_to_owner(*(one for one in made if os.path.lexists(one)), owner=owner)
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


def _set_keys_aside(keys: Path, data: Path, former: Path, owner: Owner | None) -> dict[Path, Path]:
    """Keep keys that differ from the backup's under a second name; return what is to be put where."""
    differing = {}
    for name in KEYS:
        wanted, here = keys / name, data / name
        if not wanted.is_file() or _holds(here, wanted.read_bytes(), owner):
            continue
        if os.path.lexists(here):
            os.link(here, former / name)
        differing[wanted] = here
    return differing


def _holds(here: Path, body: bytes, owner: Owner | None) -> bool:
    try:
        with open_inside(here, owner) as opened:
            return opened.read() == body
    except (FileNotFoundError, NotPlainError):
        return False


def _put_keys(keys: Mapping[Path, Path], made: list[Path]) -> None:
    """Put keys of the backup in place, and each among what was made; the store is exchanged already."""
    here = made[-1].parent
    try:
        sync_folder(here)
        for wanted, here in keys.items():
            wanted.replace(here)
            made.append(here)
            sync_folder(here.parent)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise BackupError("half", file=str(here), reason=reason) from None


def _take_back(place: Path, former: Path) -> None:
    """Undo what keeps a file under a second name, if nothing was put in its place."""
    aside = former / place.name
    if not (aside.exists() and place.exists() and place.samefile(aside)):
        return
    for suffix in _LOGS:
        beside = aside.with_name(aside.name + suffix)
        if beside.exists():
            beside.replace(place.with_name(beside.name))
    aside.unlink()


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
    return kept


def _set_aside(place: Path, former: Path) -> None:
    """Keep the former file under a second name, and move its log away, which belongs to it alone."""
    if not place.exists():
        return
    os.link(place, former / place.name)
    for suffix in _LOGS:
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
