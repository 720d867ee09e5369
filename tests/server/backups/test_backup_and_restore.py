"""Is a store after a restore what it was at the backup, and is nothing lost that is there now?"""

import errno
import os
import sqlite3
import sys
import tarfile
import uuid
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, insert, select, text, update
from sqlalchemy.exc import SQLAlchemyError

from fernbereit_server.backups.contents import Contents
from fernbereit_server.backups.making import make_backup
from fernbereit_server.backups.restoring import Restored, look, restore, unpacked
from fernbereit_server.errors import BackupError
from fernbereit_server.folder_owner import NotPlainError
from fernbereit_server.store import database, schema
from realparts import lacking
from two_databases import BOTH, store_on

TODAY = date(2026, 11, 20)
NOW = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
LATER = NOW + timedelta(days=2)
SERVICE = 61_184
"""Number of an account that systemd makes for a service."""


@pytest.fixture(params=BOTH)
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    with store_on(request.param, tmp_path, TODAY) as engine:
        yield engine


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "publication.key").write_text("11" * 32)
    return folder


def put_back(engine: Engine, data: Path, file: Path, now: datetime = LATER) -> Restored:
    with unpacked(file, data) as backup:
        return restore(engine, data, backup, look(engine), now=now)


def insert_devices(connection: Connection, number: int) -> list[str]:
    """Insert devices that have delivered ten records each."""
    names = [str(uuid.uuid4()) for _ in range(number)]
    for name in names:
        device = {"device_id": name, "status": "active", "status_on": TODAY, "first_seen_on": TODAY}
        connection.execute(insert(schema.devices), {**device, "code": name[:6].upper()})
        totals = {"mark": 10, "applied_count": 10, "merged_total": 0, "dropped_total": 0}
        mark = {"device_id": name, "epoch": name, "chain": bytes(32), "last_report_at": NOW.timestamp()}
        connection.execute(insert(schema.marks), {**mark, **totals})
    return names


def put_devices(engine: Engine, number: int) -> list[str]:
    with database.writing(engine) as connection:
        return insert_devices(connection, number)


def rows(engine: Engine) -> dict[str, list[tuple[object, ...]]]:
    """Return everything but what begins anew with a restore."""
    with engine.connect() as connection:
        return {
            table.name: sorted(map(tuple, connection.execute(select(table))), key=repr)
            for table in schema.metadata.sorted_tables
            if table.name != "store"
        }


def life(engine: Engine) -> tuple[str, date, int]:
    with engine.connect() as connection:
        store = schema.store.c
        row = connection.execute(select(store.generation, store.created_on, store.version)).one()
    return row.generation, row.created_on, row.version


def test_a_restored_store_is_what_it_was_but_begins_a_new_life(
    engine: Engine, data: Path, tmp_path: Path
) -> None:
    """Laptops see the new generation in every answer; a running program reads all decisions anew."""
    put_devices(engine, 3)
    before, (generation, _, version) = rows(engine), life(engine)
    contents = make_backup(engine, data, tmp_path / "b", now=NOW)
    put_devices(engine, 2)
    assert rows(engine) != before

    put_back(engine, data, tmp_path / "b")

    assert rows(engine) == before
    assert contents.generation == generation
    assert life(engine)[0] != generation
    assert life(engine)[1:] == (LATER.date(), version + 1)


def test_the_former_state_is_kept(engine: Engine, data: Path, tmp_path: Path) -> None:
    """Whoever restored the wrong file goes back to where they were."""
    put_devices(engine, 2)
    make_backup(engine, data, tmp_path / "b", now=NOW)
    put_devices(engine, 1)
    wanted = rows(engine)

    former = put_back(engine, data, tmp_path / "b").former
    assert former is not None
    if engine.dialect.name == "sqlite":
        engine.dispose()
        there = database.open_engine(f"sqlite:///{former / 'store.sqlite3'}")
        assert rows(there) == wanted
        there.dispose()
    else:
        put_back(engine, data, next(former.glob("*.backup")), LATER + timedelta(hours=1))
        assert rows(engine) == wanted


def test_who_was_made_inactive_since_the_backup_stays_so(engine: Engine, data: Path, tmp_path: Path) -> None:
    """A restore gives no stolen laptop its word back."""
    stolen, *_ = put_devices(engine, 3)
    make_backup(engine, data, tmp_path / "b", now=NOW)
    with database.writing(engine) as connection:
        devices = schema.devices
        connection.execute(update(devices).where(devices.c.device_id == stolen).values(status="revoked"))

    assert put_back(engine, data, tmp_path / "b").kept_inactive == 1

    with engine.connect() as connection:
        held = dict(connection.execute(select(schema.devices.c.device_id, schema.devices.c.status)).all())
    assert held.pop(stolen) == "revoked"
    assert set(held.values()) == {"active"}


def test_keys_come_back_and_those_that_were_here_are_kept(engine: Engine, data: Path, tmp_path: Path) -> None:
    """Hashes and signatures in the store are of the keys in its backup."""
    put_devices(engine, 1)
    make_backup(engine, data, tmp_path / "b", now=NOW)
    (data / "publication.key").write_text("22" * 32)

    former = put_back(engine, data, tmp_path / "b").former

    assert (data / "publication.key").read_text() == "11" * 32
    assert former is not None
    assert (former / "publication.key").read_text() == "22" * 32
    for backup in former.glob("*.backup"):
        assert members(backup)["keys/publication.key"] == b"22" * 32


def test_an_empty_store_takes_a_backup(engine: Engine, data: Path, tmp_path: Path) -> None:
    """After the loss of a machine there is nothing to keep."""
    put_devices(engine, 2)
    before = rows(engine)
    make_backup(engine, data, tmp_path / "b", now=NOW)
    with database.writing(engine) as connection:
        schema.metadata.drop_all(connection)
        connection.exec_driver_sql("DROP TABLE alembic_version")
    assert look(engine) is None

    put_back(engine, data, tmp_path / "b")

    assert rows(engine) == before


def test_a_backup_waits_for_nobody(engine: Engine, data: Path, tmp_path: Path) -> None:
    """What a transaction has not yet committed is not in it."""
    put_devices(engine, 2)
    before = rows(engine)
    with database.writing(engine) as connection:
        insert_devices(connection, 1)
        make_backup(engine, data, tmp_path / "b", now=NOW)
    assert rows(engine) != before

    put_back(engine, data, tmp_path / "b")

    assert rows(engine) == before


def members(file: Path) -> dict[str, bytes]:
    with tarfile.open(file) as tar:
        return {entry.name: tar.extractfile(entry).read() for entry in tar}  # type: ignore[union-attr]


def rewritten(file: Path, parts: dict[str, bytes]) -> Path:
    with tarfile.open(file, "w") as tar:
        for name, body in parts.items():
            part = file.with_suffix(".part")
            part.write_bytes(body)
            tar.add(part, arcname=name)
    return file


@pytest.fixture
def sqlite_engine(tmp_path: Path) -> Iterator[Engine]:
    with store_on("sqlite", tmp_path, TODAY) as engine:
        put_devices(engine, 2)
        yield engine


@pytest.mark.parametrize(
    ("damage", "word"),
    [
        pytest.param(lambda file: file.write_bytes(b"PK not a tar"), "no_backup", id="another kind of file"),
        pytest.param(lambda file: file.write_bytes(b""), "no_backup", id="empty"),
        pytest.param(lambda file: file.write_bytes(file.read_bytes()[:-40_000]), "damaged", id="cut short"),
        pytest.param(lambda file: file.write_bytes(file.read_bytes()[:700]), "damaged", id="hardly begun"),
        pytest.param(
            lambda file: file.write_bytes(file.read_bytes().replace(b"SQLite format 3", b"SQLite format 4")),
            "damaged",
            id="one byte changed",
        ),
        pytest.param(
            lambda file: rewritten(file, {"backup.json": members(file)["backup.json"]}),
            "damaged",
            id="the store is missing",
        ),
        pytest.param(
            lambda file: rewritten(file, dict(reversed(members(file).items()))),
            "no_backup",
            id="in another order",
        ),
        pytest.param(
            lambda file: rewritten(
                file,
                {
                    **members(file),
                    "backup.json": members(file)["backup.json"].replace(b'"format": 1', b'"format": 2'),
                },
            ),
            "newer",
            id="of a newer version",
        ),
    ],
)
def test_a_faulty_file_changes_nothing(
    sqlite_engine: Engine, data: Path, tmp_path: Path, damage: object, word: str
) -> None:
    """It is told apart what is no backup, what is damaged, and what a newer version made."""
    make_backup(sqlite_engine, data, tmp_path / "b", now=NOW)
    before, lived = rows(sqlite_engine), life(sqlite_engine)
    damage(tmp_path / "b")  # type: ignore[operator]

    with pytest.raises(BackupError) as raised:
        put_back(sqlite_engine, data, tmp_path / "b")

    assert raised.value.word == word
    assert (rows(sqlite_engine), life(sqlite_engine)) == (before, lived)
    assert {file.name for file in data.iterdir()} == {"publication.key"}


def test_a_store_of_a_newer_version_changes_nothing(engine: Engine, data: Path, tmp_path: Path) -> None:
    """Neither the store nor the keys that belong to it: it is refused before anything is touched."""
    put_devices(engine, 1)
    stamp(engine, "9999")
    make_backup(engine, data, tmp_path / "b", now=NOW)
    stamp(engine, "0003")
    put_devices(engine, 2)
    (data / "publication.key").write_text("22" * 32)
    before, lived = rows(engine), life(engine)

    with pytest.raises(BackupError) as raised:
        put_back(engine, data, tmp_path / "b")

    assert raised.value.word == "newer"
    assert (rows(engine), life(engine)) == (before, lived)
    assert {file.name for file in data.iterdir()} == {"publication.key"}
    assert (data / "publication.key").read_text() == "22" * 32


@pytest.mark.parametrize(
    "forget", ["DELETE FROM alembic_version", "DROP TABLE alembic_version"], ids=["no row", "no table"]
)
def test_a_store_that_names_no_version_is_a_damaged_one(
    engine: Engine, data: Path, tmp_path: Path, forget: str
) -> None:
    """No newer version would help."""
    put_devices(engine, 1)
    with database.writing(engine) as connection:
        connection.exec_driver_sql(forget)
    make_backup(engine, data, tmp_path / "b", now=NOW)

    with pytest.raises(BackupError) as raised:
        put_back(engine, data, tmp_path / "b")

    assert raised.value.word == "damaged"


def test_a_key_that_cannot_be_set_aside_leaves_all_as_it_was(
    engine: Engine, data: Path, tmp_path: Path
) -> None:
    """Keys that differ are kept before the store is exchanged; each has one name again."""
    for name in ("inventory.key", "policy.key"):
        (data / name).write_text("11" * 32)
    put_devices(engine, 1)
    make_backup(engine, data, tmp_path / "b", now=NOW)
    put_devices(engine, 1)
    (data / "inventory.key").write_text("22" * 32)
    (data / "policy.key").unlink()
    (data / "policy.key").mkdir()
    before, lived = rows(engine), life(engine)

    with pytest.raises(OSError, match=r"policy\.key"):
        put_back(engine, data, tmp_path / "b")

    assert (rows(engine), life(engine)) == (before, lived)
    assert {one.name for one in data.iterdir()} == {"inventory.key", "policy.key", "publication.key"}
    assert (data / "inventory.key").stat().st_nlink == 1


@pytest.fixture
def of_the_service(data: Path) -> Path:
    if sys.platform == "win32":
        pytest.skip("Windows has no root")
    if os.geteuid() != 0:
        lacking("needs root, who can give files away")
    os.chown(data, SERVICE, SERVICE)
    return data


def test_a_key_that_cannot_be_put_back_is_told_and_the_store_is_the_services(
    of_the_service: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was exchanged already: the service has to open it, and nobody says that nothing was changed."""
    data = of_the_service
    with store_on("sqlite", data, TODAY) as engine:
        put_devices(engine, 1)
        make_backup(engine, data, data.parent / "b", now=NOW)
        (data / "publication.key").write_text("22" * 32)
        lived, replace = life(engine), Path.replace

        def full(self: Path, target: Path) -> Path:
            if target == data / "publication.key":
                raise OSError(errno.ENOSPC, "No space left on device", str(self))
            return replace(self, target)

        monkeypatch.setattr(Path, "replace", full)
        with pytest.raises(BackupError) as raised:
            put_back(engine, data, data.parent / "b")

        assert (raised.value.word, raised.value.values["file"]) == ("half", str(data / "publication.key"))
        assert life(engine) != lived
    assert {(data / "store.sqlite3").stat().st_uid, data.stat().st_uid} == {SERVICE}
    assert (data / "publication.key").read_text() == "22" * 32
    assert (data / "publication.key").stat().st_nlink == 1


def test_a_key_that_leads_elsewhere_is_not_packed_by_a_restore(of_the_service: Path, tmp_path: Path) -> None:
    """What is kept of the former state is given to the service, and with it whatever the key led to."""
    data, victim = of_the_service, tmp_path / "shadow"
    victim.write_text("root's alone")
    with store_on("postgresql", data, TODAY) as engine:
        put_devices(engine, 1)
        make_backup(engine, data, tmp_path / "b", now=NOW)
        (data / "policy.key").symlink_to(victim)

        with pytest.raises(NotPlainError, match=r"policy\.key"):
            put_back(engine, data, tmp_path / "b")

    assert {one.name for one in data.iterdir()} == {"policy.key", "publication.key"}


def stamp(engine: Engine, revision: str) -> None:
    with database.writing(engine) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :it"), {"it": revision})


def test_names_in_a_file_lead_nowhere_else(sqlite_engine: Engine, data: Path, tmp_path: Path) -> None:
    """A member that climbs out of its folder is passed over."""
    make_backup(sqlite_engine, data, tmp_path / "b", now=NOW)
    rewritten(tmp_path / "b", {**members(tmp_path / "b"), "../../evil": b"1", "/evil": b"1"})

    put_back(sqlite_engine, data, tmp_path / "b")

    assert not list(tmp_path.rglob("evil"))


def test_a_damaged_store_is_not_backed_up(sqlite_engine: Engine, data: Path, tmp_path: Path) -> None:
    """No file is better than one that cannot be restored."""
    place = Path(sqlite_engine.url.database or "")
    with sqlite_engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    sqlite_engine.dispose()
    body = bytearray(place.read_bytes())
    body[4096:] = bytes(len(body) - 4096)
    place.write_bytes(body)

    with pytest.raises((BackupError, SQLAlchemyError, sqlite3.Error)):
        make_backup(sqlite_engine, data, tmp_path / "b", now=NOW)

    assert not (tmp_path / "b").exists()


def test_a_backup_is_readable_by_its_owner_alone(sqlite_engine: Engine, data: Path, tmp_path: Path) -> None:
    """It holds the keys."""
    make_backup(sqlite_engine, data, tmp_path / "b", now=NOW)

    assert (tmp_path / "b").stat().st_mode & 0o777 == 0o600
    assert set(members(tmp_path / "b")) == {"backup.json", "store.sqlite3", "keys/publication.key"}
    assert Contents.model_validate_json(members(tmp_path / "b")["backup.json"]).devices == 2
