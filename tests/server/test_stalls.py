"""Does nothing that counts make others wait longer than it must?"""

import asyncio
import gc
import subprocess
import sys
from pathlib import Path

import pytest

from fernbereit_server.publication import ticks
from fernbereit_server.publication.cells import Page, publish
from fernbereit_server.publication.ticks import Publisher
from fernbereit_server.settings import Settings
from fernbereit_server.stalls import none_looked_for
from fernbereit_server.store import database
from small_fleet import NOW, two_units


def test_no_garbage_is_looked_for_while_a_page_is_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Counted is in a thread, but looking makes every thread stand still."""
    settings, looked = Settings(data=tmp_path), []

    def noting(*args: object, **named: object) -> Page:
        looked.append(gc.isenabled())
        return publish(*args, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(ticks, "publish", noting)
    engine = database.open_engine(settings.store_url)
    database.upgrade(engine)

    asyncio.run(Publisher(two_units(), engine, settings, lambda: NOW).publish_now())

    assert looked == [False]
    assert gc.isenabled()


def test_garbage_is_looked_for_again_after_a_failure() -> None:
    """And who had switched it off finds it as it was."""
    with pytest.raises(ZeroDivisionError), none_looked_for():
        raise ZeroDivisionError
    assert gc.isenabled()

    gc.disable()
    try:
        with none_looked_for():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_what_is_loaded_when_serving_begins_is_not_looked_at_again() -> None:
    """In a process of its own, since it holds for all of it."""
    told = (
        "import gc, sys; from fernbereit_server.stalls import settle; kept = [[] for _ in range(999)];"
        "settle(); print(gc.get_freeze_count() >= 999, sys.getswitchinterval())"
    )

    done = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)

    assert done.stdout.split() == ["True", "0.001"]
