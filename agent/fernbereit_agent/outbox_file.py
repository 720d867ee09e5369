"""How is the outbox file opened, and what if it cannot be read or written?

A file SQLite refuses, or whose state does not match its checksum, is moved aside and a new one begun. A disk
that is full or cannot be written is an `OutboxError`: whoever asked tries again later.
"""

import json
import logging
import os
import sqlite3
import uuid
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path

from fernbereit import crash
from fernbereit.delivery import CHAIN_START
from fernbereit.lives import Lives
from fernbereit_agent.errors import OutboxError

FILE = "outbox.sqlite"
CORRUPT_FILES_KEPT = 3
CORRUPT_BYTES_KEPT = 16 * 2**20

_SCHEMA = """
CREATE TABLE state (id INTEGER PRIMARY KEY CHECK (id = 1), body BLOB NOT NULL, crc INTEGER NOT NULL);
CREATE TABLE records (
    seq INTEGER PRIMARY KEY, boot TEXT NOT NULL, mono_ms INTEGER NOT NULL, wall_ms INTEGER NOT NULL,
    passed INTEGER NOT NULL DEFAULT 0, body BLOB NOT NULL, crc INTEGER NOT NULL);
CREATE TABLE said (section TEXT PRIMARY KEY, digest BLOB NOT NULL, seq INTEGER NOT NULL);
CREATE TABLE set_aside (id INTEGER PRIMARY KEY, epoch TEXT, seq INTEGER, reason TEXT, body BLOB);
"""
_NOT_THE_FILE = {
    sqlite3.SQLITE_PERM,
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_NOMEM,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_PROTOCOL,
    sqlite3.SQLITE_AUTH,
}
_SHORT_READ = 522  # an input/output error by number, a truncated file by nature
logger = logging.getLogger(__name__)


class Corrupt(Exception):  # noqa: N818 - never leaves the outbox
    """The file's content cannot be trusted."""


@dataclass(slots=True, kw_only=True)
class State(Lives):
    """The one row that must never be wrong: a repeated `seq` would be taken for a duplicate and lost."""

    device_id: str
    epoch: str = field(default_factory=lambda: str(uuid.uuid4()))
    last_seq: int = 0
    acked: int = 0
    chain: str = CHAIN_START.hex()
    """The collector's chain at `acked`, in hexadecimal; empty if it is not known."""
    sent: int = 0
    """The last seq that was ever in an envelope: up to it the collector may know a record as it is."""
    generation: str = ""
    """The life of the store that answered last."""
    merged_total: int = 0
    dropped_total: int = 0
    refused_total: int = 0

    def save(self, database: sqlite3.Connection) -> None:
        """Write the row with its checksum."""
        body = json.dumps(asdict(self)).encode()
        database.execute("INSERT OR REPLACE INTO state VALUES (1, ?, ?)", (body, zlib.crc32(body)))


def load_state(database: sqlite3.Connection) -> State:
    """Read the row back, leaving out what only a newer version knows; raises `Corrupt`."""
    row = database.execute("SELECT body, crc FROM state").fetchone()
    if row is None or not isinstance(row[0], bytes) or zlib.crc32(row[0]) != row[1]:
        raise Corrupt("state")
    known = {each.name for each in fields(State)}
    return State(**{name: value for name, value in json.loads(row[0]).items() if name in known})


def open_outbox(folder: Path, device_id: str, *, dropped: int = 0) -> sqlite3.Connection:
    """Open the outbox of `folder` for this process alone, begun anew where it is absent or corrupt.

    `dropped` is what the predecessor of an absent file is known to have lost. Raises `OutboxError`.
    """
    try:
        folder.mkdir(mode=0o711, parents=True, exist_ok=True)
    except OSError as error:
        raise OutboxError(f"{folder}: {error.strerror}") from None
    with outbox_errors(folder):
        try:
            return _opened(folder / FILE, device_id, dropped=dropped)
        except (Corrupt, sqlite3.DatabaseError) as error:
            if not is_corruption(error):
                raise
        logger.warning("the outbox was damaged and is now %s", set_aside(folder).name)
        return _opened(folder / FILE, device_id, dropped=1)  # at least one record; nobody can count more


def _opened(file: Path, device_id: str, *, dropped: int) -> sqlite3.Connection:
    # A new log beside it takes over its mode, an old one keeps its own; others may pass through the folder.
    os.close(os.open(file, os.O_WRONLY | os.O_CREAT, 0o600))
    for kept in (file, file.with_name(f"{FILE}-wal")):
        with suppress(FileNotFoundError):
            kept.chmod(0o600)
    _check_versions(file)
    database = sqlite3.connect(file, timeout=0.5, isolation_level=None, check_same_thread=False)
    try:
        database.execute("PRAGMA locking_mode=EXCLUSIVE")
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("PRAGMA synchronous=FULL")
        database.execute("PRAGMA wal_autocheckpoint=100")
        database.execute("PRAGMA secure_delete=ON")
        with transaction(database):
            if not database.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
                for statement in _SCHEMA.split(";"):
                    database.execute(statement)
                State(device_id=device_id, dropped_total=dropped).save(database)
                crash.point("outbox.begin")
            load_state(database)
        _check(database)
    except BaseException:
        database.close()
        raise
    return database


def _check_versions(file: Path) -> None:
    """Refuse a file that SQLite would take for an empty one, or would only ever read, by its first bytes."""
    try:
        with file.open("rb") as opened:
            header = opened.read(20)
    except FileNotFoundError:
        return
    if header and not (len(header) == 20 and {header[18], header[19]} <= {1, 2}):
        raise Corrupt("versions")


def _check(database: sqlite3.Connection) -> None:
    if database.execute("PRAGMA integrity_check").fetchone() != ("ok",):
        raise Corrupt("integrity_check")


def identity(folder: Path) -> tuple[int, int] | None:
    """Return what tells the outbox file of a folder from any other, None if there is none."""
    try:
        found = (folder / FILE).stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


@contextmanager
def transaction(database: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    """Commit when the block ends, roll back when it raises."""
    database.execute("BEGIN IMMEDIATE")
    try:
        yield database
        database.execute("COMMIT")
    except BaseException:
        if database.in_transaction:
            database.execute("ROLLBACK")
        raise


def is_corruption(error: Exception) -> bool:
    """Tell a damaged file from a disk that is full, closed or busy."""
    if isinstance(error, sqlite3.Error):
        code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT)
        return code == _SHORT_READ or code & 0xFF not in _NOT_THE_FILE
    return True


@contextmanager
def outbox_errors(folder: Path) -> Iterator[None]:
    """Turn what SQLite says about the disk into `OutboxError`."""
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        raise OutboxError(f"{folder / FILE}: {error}") from None


def set_aside(folder: Path) -> Path:
    """Move the damaged outbox to `outbox.corrupt-<n>`, keeping the newest within bounds; return its new name.

    At most `CORRUPT_FILES_KEPT` stay, and together no more than `CORRUPT_BYTES_KEPT`, the new one included:
    one that is larger is cut to that size.
    """
    names = sorted(folder.glob("outbox.corrupt-*"), key=_number)
    room = CORRUPT_BYTES_KEPT - min((folder / FILE).stat().st_size, CORRUPT_BYTES_KEPT)
    for kept, old in enumerate(reversed(names), start=1):
        room -= old.stat().st_size
        if kept >= CORRUPT_FILES_KEPT or room < 0:
            old.unlink(missing_ok=True)
    target = folder / f"outbox.corrupt-{_number(names[-1]) + 1 if names else 1}"
    (folder / FILE).replace(target)
    crash.point("outbox.set_aside")
    if target.stat().st_size > CORRUPT_BYTES_KEPT:
        os.truncate(target, CORRUPT_BYTES_KEPT)
    for suffix in ("-wal", "-shm"):
        folder.joinpath(FILE + suffix).unlink(missing_ok=True)
    return target


def _number(path: Path) -> int:
    digits = path.name.rpartition("-")[2]
    return int(digits) if digits.isdecimal() else 0
