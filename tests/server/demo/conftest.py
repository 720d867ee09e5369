"""A store as the demonstration prepares it, made once for all tests that only read it."""

from collections.abc import Iterator

import pytest

from musterstadt import Prepared, prepared_in


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Prepared]:
    made = prepared_in(tmp_path_factory.mktemp("musterstadt"))
    yield made
    made.engine.dispose()
