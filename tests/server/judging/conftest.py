"""One store on SQLite, the same on PostgreSQL."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from judged_laptops import TODAY
from two_databases import BOTH, store_on


@pytest.fixture(params=BOTH)
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """Return an engine on an upgraded, empty store."""
    with store_on(request.param, tmp_path, TODAY) as engine:
        yield engine
