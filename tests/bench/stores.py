"""On which database is measured, what does it take on the disk, and what does it cost itself?"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil
from sqlalchemy import text

from bench.programs import cpu_seconds_of
from fernbereit_server.store import database
from postgres import Cluster, cluster


@dataclass(frozen=True, slots=True)
class Weight:
    """What a store takes, in bytes, and how much of it is transitions."""

    size: int
    log: int
    """Its write-ahead log, which is used again and again."""
    transitions: int
    transitions_bytes: int
    given_up: int
    """Rows that were overwritten and whose room is not free yet; SQLite has none."""


_SQLITE = (
    "SELECT (SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()), 0, "
    "(SELECT count(*) FROM transitions), "
    "(SELECT coalesce(sum(pgsize), 0) FROM dbstat WHERE name LIKE '%transitions%'), 0"
)
_POSTGRESQL = (
    "SELECT pg_database_size(current_database()), (SELECT sum(size) FROM pg_ls_waldir()), "
    "(SELECT count(*) FROM transitions), pg_total_relation_size('transitions'), "
    "(SELECT sum(n_dead_tup) FROM pg_stat_user_tables)"
)


class Store:
    """An empty database, with durable settings."""

    def __init__(self, url: str, server: Cluster | None) -> None:
        self.url = url.replace("postgresql://", "postgresql+psycopg://", 1)
        self._server = server

    def weight(self) -> Weight:
        """Weigh it."""
        engine = database.open_engine(self.url)
        with engine.connect() as connection:
            found = connection.execute(text(_SQLITE if self._server is None else _POSTGRESQL)).one()
        engine.dispose()
        size, log, transitions, transitions_bytes, given_up = (int(number or 0) for number in found)
        if self._server is None:
            file = Path(f"{self.url.removeprefix('sqlite:///')}-wal")
            log = file.stat().st_size if file.exists() else 0
        return Weight(size, log, transitions, transitions_bytes, given_up)

    def processor_s(self) -> float | None:
        """Return the processor time of its server and of everything the server started; None without one."""
        if self._server is None:
            return None
        server, *helpers = self._server.processes()
        ended = server.cpu_times()
        spent = float(ended.children_user + ended.children_system) + cpu_seconds_of(server.pid)
        for helper in helpers:
            try:
                spent += cpu_seconds_of(helper.pid)
            except (OSError, psutil.NoSuchProcess):  # it ended meanwhile
                continue
        return spent


@contextmanager
def store(kind: str, folder: Path) -> Iterator[Store]:
    """Yield an empty database of this kind; makes the folder `data` in the one given."""
    (folder / "data").mkdir()
    if kind == "sqlite":
        yield Store(f"sqlite:///{folder / 'data' / 'fernbereit.sqlite3'}", None)
        return
    with cluster(durable=True) as server:
        yield Store(server.new_database(), server)
