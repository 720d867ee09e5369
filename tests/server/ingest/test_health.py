"""When is a database one that cannot be used?"""

import pytest

from fernbereit_server.ingest import health
from fernbereit_server.ingest.health import StoreHealth


def test_a_write_without_an_answer_is_told_of_until_it_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    """A database that takes connections and says nothing raises nothing either."""
    store = StoreHealth("the database")
    store.writes()
    assert (store.works, store.fault) == (True, "")

    monkeypatch.setattr(health, "SILENT_S", -1.0)

    assert not store.works
    assert store.fault.startswith("no answer")
    store.reached()
    assert not store.works, "reading says nothing about the write that hangs"
    store.wrote()
    assert (store.works, store.fault) == (True, "")


def test_reading_does_not_excuse_a_write_that_failed() -> None:
    """A full disk can still be read."""
    store = StoreHealth("the database")
    store.writes()
    store.wrote(OSError(28, "No space left on device"))

    store.reached()

    assert not store.works
    assert store.fault == "No space left on device"
