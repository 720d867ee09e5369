"""Are answers worked out once, and let go when there are too many?"""

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest

from fernbereit_server.outlook.kept import Kept


def test_an_answer_is_worked_out_once_however_many_ask() -> None:
    """At the same time, too."""
    worked: list[int] = []
    kept = Kept(3)

    def answer() -> int:
        worked.append(1)
        return 7

    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(lambda _: kept.once(("a",), answer), range(40)))

    assert found == [7] * 40
    assert len(worked) == 1


def test_the_answer_nobody_asked_for_longest_is_let_go() -> None:
    """The others stay."""
    kept = Kept(2)
    for key in ("a", "b", "a", "c"):
        kept.once((key,), lambda: 1)

    assert [(key,) in kept for key in ("a", "b", "c")] == [True, False, True]


def test_an_answer_may_ask_for_others() -> None:
    """A drill asks for the fleet."""
    kept = Kept(5)

    assert kept.once(("sum",), lambda: kept.once(("one",), lambda: 1) + 1) == 2


def test_what_is_kept_does_not_wait_for_what_is_being_worked_out() -> None:
    """A plan may take seconds; whoever asks for the drill of today has it at once."""
    kept = Kept(5)
    kept.once(("drill",), lambda: 1)
    begun, asked = Event(), Event()

    def plan() -> bool:
        begun.set()
        return asked.wait(10)

    with ThreadPoolExecutor(1) as threads:
        planned = threads.submit(kept.once, ("plan",), plan)
        assert begun.wait(10)
        assert kept.once(("drill",), lambda: 2) == 1
        asked.set()
        assert planned.result()


def test_what_failed_is_not_kept() -> None:
    """The next one may have more luck."""
    kept = Kept(5)
    with pytest.raises(ZeroDivisionError):
        kept.once(("a",), lambda: 1 // 0)

    assert kept.once(("a",), lambda: 2) == 2
