"""Does nothing that counts make others wait longer than it must?"""

import asyncio
import gc
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from fernbereit_server.held_once import held_for_good
from fernbereit_server.publication import ticks
from fernbereit_server.publication.cells import Page, publish
from fernbereit_server.publication.ticks import Publisher
from fernbereit_server.settings import Settings
from fernbereit_server.stalls import AT_A_TIME, let_go, none_looked_for, some_at_a_time, tally
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


def test_garbage_is_looked_for_again_when_the_last_who_asked_for_none_is_done() -> None:
    """Whoever began first and ends first must not have it looked for while the other still counts."""
    first, second, third = none_looked_for(), held_for_good(), none_looked_for()
    first.__enter__()
    second.__enter__()
    first.__exit__(None, None, None)
    assert not gc.isenabled()

    third.__enter__()
    second.__exit__(None, None, None)
    assert not gc.isenabled()

    third.__exit__(None, None, None)
    assert gc.isenabled()


def test_what_is_loaded_when_serving_begins_is_not_looked_at_again() -> None:
    """In a process of its own, since it holds for all of it."""
    told = (
        "import gc, sys; from fernbereit_server.stalls import settle; kept = [[] for _ in range(999)];"
        "settle(); print(gc.get_freeze_count() >= 999, sys.getswitchinterval())"
    )

    done = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)

    assert done.stdout.split() == ["True", "0.001"]


def test_garbage_is_looked_for_among_everything_only_when_asked() -> None:
    """However much stays of what was made since; what is young is looked at as ever."""
    told = (
        "import asyncio, gc; from fernbereit_server.stalls import look_for_garbage, settle; settle();"
        "before = [one['collections'] for one in gc.get_stats()]; kept = [[] for _ in range(500_000)];"
        "after = [one['collections'] for one in gc.get_stats()]; frozen = gc.get_freeze_count();"
        "asyncio.run(look_for_garbage());"
        "print(after[1] > before[1], after[2] == before[2], gc.get_freeze_count() - frozen > 499_999)"
    )

    done = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)

    assert done.stdout.split() == ["True", "True", "True"]


def test_what_is_large_is_divided_and_nothing_of_it_is_lost() -> None:
    """In its order, and the last part may be a short one."""
    parts = list(some_at_a_time(iter(range(2 * AT_A_TIME + 1))))

    assert [len(part) for part in parts] == [AT_A_TIME, AT_A_TIME, 1]
    assert [one for part in parts for one in part] == list(range(2 * AT_A_TIME + 1))


def test_words_are_counted_alike_in_parts() -> None:
    """As one call would count them."""
    words = ["yes", "no", "yes"] * AT_A_TIME

    assert tally(iter(words)) == Counter(words)


def test_what_is_let_go_of_is_empty() -> None:
    """Whatever shape it has."""
    ordered, named, counted = [1, 2, 3], {"a": 1, "b": 2}, Counter("abc")

    let_go(ordered, named, counted)

    assert not ordered
    assert not named
    assert not counted
