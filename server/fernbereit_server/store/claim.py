"""Does anybody else work on this store? One collector, or one restore, at a time.

A lock on a file of the data folder, and on PostgreSQL one of the database besides, since collectors with two
data folders may name the same one. Both end with the process that holds them, however it ends.
"""

import contextlib
import os
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import Connection, Engine, event, text
from sqlalchemy.exc import DBAPIError

from fernbereit_server.errors import StoreError
from fernbereit_server.folder_owner import NO_LINK, make_for_owner

FILE = "in-use.lock"
_NUMBER = 0x6665_726E_6265_7265
"""The letters `fernbere`: what PostgreSQL knows the lock by."""
_PAUSE_S = 0.2
_KEPT_ALIVE = {"tcp_keepalives_idle": 30, "tcp_keepalives_interval": 10, "tcp_keepalives_count": 3}
"""A machine that lost its power holds the lock for a minute instead of two hours."""


@contextlib.contextmanager
def claimed_folder(data: Path) -> Iterator[None]:
    """Hold the data folder; raises `StoreError` if another process does."""
    try:
        make_for_owner(data / FILE)
        descriptor = os.open(data / FILE, os.O_RDWR | os.O_CREAT | NO_LINK, 0o600)
    except OSError as error:
        raise StoreError(
            f"{data / FILE}: cannot be opened ({error.strerror}); delete this file, and see whose it was"
        ) from None
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
    """Hold a PostgreSQL database; raises `StoreError` if another process does.

    On SQLite the folder is what is held; to connect would make an empty store where there is none.
    """
    if engine.dialect.name != "postgresql":
        yield
        return
    with engine.connect() as connection:
        if not claim_database(connection):
            raise StoreError(in_use(engine))
        yield


class Claim:
    """The lock of a database, held by a connection of its own and taken again if that was lost.

    A database that was started anew has forgotten the lock, and everybody has to connect anew: whenever a
    connection is made, the lock is looked after before anything else is written.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._connection: Connection | None = None
        self._doubtful = True
        self._one_at_a_time = threading.Lock()
        self.is_elsewhere = False
        """Whether somebody else held it when we last asked."""
        self.was_lost = False
        """Whether it was taken again since this was set to False."""
        event.listen(engine, "connect", self._doubt)

    def take(self, patience_s: float = 0.0) -> None:
        """Hold the database; raises `StoreError` if somebody else does, for so long at least.

        A process that was killed a moment ago may still hold it.
        """
        until = time.monotonic() + patience_s
        while True:
            try:
                self.hold()
            except StoreError:
                if time.monotonic() > until:
                    raise
                time.sleep(_PAUSE_S)
            else:
                self.was_lost = False
                return

    def hold(self, *, look: bool = False) -> None:
        """Take the lock again if there is doubt, or always `look` whether it is held; raises as `take`."""
        with self._one_at_a_time:
            if self._engine.dialect.name == "postgresql" and (self._doubtful or look):
                self._doubtful = False
                if not self._is_alive():
                    self._take_again()

    def let_go(self) -> None:
        """End the connection, and the lock with it."""
        if self._connection is not None:
            with contextlib.suppress(DBAPIError):
                self._connection.invalidate()
            self._connection.close()
            self._connection = None

    def _take_again(self) -> None:
        self.let_go()
        self._doubtful = True
        connection = self._engine.connect()
        if not claim_database(connection):
            connection.close()
            self.is_elsewhere = True
            raise StoreError(in_use(self._engine))
        for setting, seconds in _KEPT_ALIVE.items():
            connection.execute(text(f"SET {setting} = {seconds}"))
        connection.commit()
        self._connection, self.was_lost = connection, True
        self.is_elsewhere = self._doubtful = False

    def _is_alive(self) -> bool:
        if self._connection is None:
            return False
        try:
            self._connection.execute(text("SELECT 1"))
            self._connection.rollback()
        except DBAPIError:
            return False
        return True

    def _doubt(self, *_: object) -> None:
        self._doubtful = True


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
