"""Does anybody else work on this store? One collector, or one restore, at a time.

A lock on a file of the data folder, and on PostgreSQL one of the database besides, since collectors with two
data folders may name the same one. Both end with the process that holds them, however it ends.
"""

import contextlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import Connection, Engine, text

from fernbereit_server.errors import StoreError

FILE = "in-use.lock"
_NUMBER = 0x6665_726E_6265_7265
"""The letters `fernbere`: what PostgreSQL knows the lock by."""


@contextlib.contextmanager
def claimed_folder(data: Path) -> Iterator[None]:
    """Hold the data folder; raises `StoreError` if another process does."""
    descriptor = os.open(data / FILE, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        if not _locked(descriptor):
            raise StoreError(
                f"{data}: another collector works in this data folder, or a backup is being restored into "
                "it; end that one first, or choose another folder with data"
            )
        yield
    finally:
        os.close(descriptor)


def claim_database(connection: Connection) -> bool:
    """Take the lock of a PostgreSQL database for as long as the connection lives; others: True at once."""
    if connection.dialect.name != "postgresql":
        return True
    taken = bool(connection.scalar(text("SELECT pg_try_advisory_lock(:number)"), {"number": _NUMBER}))
    connection.commit()
    return taken


@contextlib.contextmanager
def claimed_database(engine: Engine) -> Iterator[None]:
    """Hold the database; raises `StoreError` if another process does."""
    with engine.connect() as connection:
        if not claim_database(connection):
            raise StoreError(in_use(engine))
        yield


def in_use(engine: Engine) -> str:
    """Say that somebody else works on a database."""
    return (
        f"another collector works on the database {engine.url.host}/{engine.url.database}; end that one "
        "first, or choose another database with store.url"
    )


def _locked(descriptor: int) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
