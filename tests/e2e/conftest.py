"""An estate of real processes on SQLite or on PostgreSQL."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from e2e.estate import Estate
from postgres import database


@pytest.fixture(params=["sqlite", "postgresql"])
def estate(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Estate]:
    """Return an estate whose programs are not started yet."""
    if request.param == "sqlite":
        yield Estate(tmp_path)
        return
    with database() as url:
        yield Estate(tmp_path, url)
