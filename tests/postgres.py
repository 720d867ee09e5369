"""How do tests get a real PostgreSQL? A throw-away cluster on a free port, started once a session."""

import atexit
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from itertools import count
from pathlib import Path

import psutil
import psycopg

from processes import free_port, wait_for
from realparts import lacking, need

_numbers = count(1)


class Cluster:
    """One server with its own data folder; as root it runs as the user postgres, who alone may.

    `durable` has it wait for the disk, as by default; tests, which end before a power cut, do without.
    """

    def __init__(self, *, durable: bool = False) -> None:
        self._fsync = "on" if durable else "off"
        self._programs = Path(need("postgres")).resolve().parent
        self.port = free_port()
        self._folder = Path(tempfile.mkdtemp(prefix="fernbereit-postgres-"))
        self._user = _other_than_root()
        if self._user:
            shutil.chown(self._folder, self._user, self._user)
        self._process: subprocess.Popen[bytes] | None = None
        subprocess.run(
            [
                *(str(self._programs / "initdb"), "-D", str(self._folder / "data"), "-U", "fernbereit"),
                *("-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"),
            ],
            check=True,
            capture_output=True,
            user=self._user,
            cwd="/",
        )

    def start(self) -> None:
        """Start the server and wait until it answers."""
        self._process = subprocess.Popen(
            [
                *(str(self._programs / "postgres"), "-D", str(self._folder / "data"), "-p", str(self.port)),
                *("-k", str(self._folder), "-c", "listen_addresses=127.0.0.1", "-c", f"fsync={self._fsync}"),
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            user=self._user,
            cwd="/",
        )
        wait_for("an answering PostgreSQL", self._answers)

    def stop(self) -> None:
        """End the server at once, cutting every connection."""
        if self._process is not None:
            self._process.send_signal(signal.SIGINT)
            self._process.wait(timeout=20)
            self._process = None

    def remove(self) -> None:
        """End the server and remove its folder."""
        self.stop()
        shutil.rmtree(self._folder, ignore_errors=True)

    def new_database(self) -> str:
        """Make an empty database and return its address for settings."""
        name = f"fernbereit_{next(_numbers)}"
        with psycopg.connect(self._address("postgres"), autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}"')
        return self._address(name)

    def processes(self) -> list[psutil.Process]:
        """Return the server and everything it started, for whoever asks what they cost."""
        assert self._process is not None
        server = psutil.Process(self._process.pid)
        return [server, *server.children(recursive=True)]

    def _address(self, name: str) -> str:
        return f"postgresql://fernbereit@127.0.0.1:{self.port}/{name}"

    def _answers(self) -> bool:
        try:
            psycopg.connect(self._address("postgres"), connect_timeout=1).close()
        except psycopg.OperationalError:
            return False
        return True


@cache
def _shared() -> Cluster:
    cluster = Cluster()
    atexit.register(cluster.remove)
    cluster.start()
    return cluster


@contextmanager
def database() -> Iterator[str]:
    """Yield the address of an empty database in the session's cluster."""
    yield _shared().new_database()


@contextmanager
def cluster(*, durable: bool = False) -> Iterator[Cluster]:
    """Yield a started cluster of one's own, to be stopped and started at will."""
    own = Cluster(durable=durable)
    try:
        own.start()
        yield own
    finally:
        own.remove()


def _other_than_root() -> str | None:
    """Return who runs the server instead of root, who may not."""
    if sys.platform == "win32":
        lacking("needs the users of POSIX")
    return "postgres" if os.geteuid() == 0 else None
