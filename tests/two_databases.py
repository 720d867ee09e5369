"""One store on SQLite, the same on PostgreSQL: what tests of everything that writes are run on."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from sqlalchemy import Engine

from fernbereit_server.store import database
from postgres import database as postgres_database

BOTH = ("sqlite", "postgresql")


@contextmanager
def store_on(kind: str, folder: Path, today: date) -> Iterator[Engine]:
    """Yield an engine on an upgraded, empty store of that kind, which began on a day."""
    if kind == "sqlite":
        with _opened(f"sqlite:///{folder / 'store.sqlite3'}", today) as engine:
            yield engine
        return
    with (
        postgres_database() as url,
        _opened(url.replace("postgresql://", "postgresql+psycopg://"), today) as engine,
    ):
        yield engine


@contextmanager
def _opened(url: str, today: date) -> Iterator[Engine]:
    engine = database.open_engine(url)
    database.upgrade(engine)
    database.generation(engine, today)
    try:
        yield engine
    finally:
        engine.dispose()
