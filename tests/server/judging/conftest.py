"""One store on SQLite, the same on PostgreSQL."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from fernbereit_server.store import database
from judged_laptops import TODAY
from postgres import database as postgres_database


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """Return an engine on an upgraded, empty store."""
    if request.param == "sqlite":
        yield from _opened(f"sqlite:///{tmp_path / 'store.sqlite3'}")
        return
    with postgres_database() as url:
        yield from _opened(url.replace("postgresql://", "postgresql+psycopg://"))


def _opened(url: str) -> Iterator[Engine]:
    engine = database.open_engine(url)
    database.upgrade(engine)
    database.generation(engine, TODAY)
    try:
        yield engine
    finally:
        engine.dispose()
