"""How do threads that count not hold up the loop that takes reports in and answers people?

To look at everything for garbage takes 0.4 seconds with 20,000 devices, and whichever thread does it, all
others stand still. So what is loaded at the start is not looked at again, and nothing is looked for while a
page is counted: that makes many small things which are all given up at its end. And a thread that counts lets
others go on after a millisecond; with Python's five, an answer that needs four turns waits for twenty. But it
lets them go on between two steps of Python only: 100,000 things that one call goes through, or that are freed
together when the last name of them goes, take 10 to 50 milliseconds in which nobody else has a turn. So large
things are counted, and let go of, some at a time.
"""

import gc
import sys
from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, MutableMapping, MutableSequence
from contextlib import contextmanager
from itertools import islice
from threading import RLock
from typing import Any, TypeAlias, TypeVar

_TURN_S = 0.001
_NEVER = 2**30
LOOK_FOR_GARBAGE_S = 86_400.0
AT_A_TIME = 2_000
"""So many things at most are handed to one call that goes through all of them."""

Thing = TypeVar("Thing")
Word = TypeVar("Word", bound=Hashable)


def settle() -> None:
    """Begin to serve; to be called once in a process, when everything is loaded.

    From now on garbage is looked for among what is young, and among everything only by `look_for_garbage`.
    """
    sys.setswitchinterval(_TURN_S)
    young, middle, _ = gc.get_threshold()
    gc.set_threshold(young, middle, _NEVER)
    gc.collect()
    gc.freeze()


async def look_for_garbage() -> None:
    """Look for garbage among all that came since the last time; to be called every `LOOK_FOR_GARBAGE_S`.

    Left to Python it happens whenever a quarter more is there, in the middle of a busy hour: two things a
    laptop are new with each report, and 100,000 laptops kept everybody waiting for 0.2 seconds.
    """
    gc.collect()
    gc.freeze()


class _Garbage:
    """In how many places nobody may look for garbage now, and whether somebody did before the first."""

    def __init__(self) -> None:
        self.one_at_a_time = RLock()
        self.places = 0
        self.looked = False


_garbage = _Garbage()


@contextmanager
def none_looked_for() -> Iterator[None]:
    """Look for no garbage within, for all threads, until the last of those who asked for it is done.

    After midnight a page, the exact counts and the metrics of a day are made at once, and end in any order.
    """
    with _garbage.one_at_a_time:
        if not _garbage.places:
            _garbage.looked = gc.isenabled()
        gc.disable()
        _garbage.places += 1
    try:
        yield
    finally:
        with _garbage.one_at_a_time:
            _garbage.places -= 1
            if _garbage.looked and not _garbage.places:
                gc.enable()


def some_at_a_time(things: Iterable[Thing]) -> Iterator[list[Thing]]:
    """Divide what is too much for one call."""
    left = iter(things)
    while some := list(islice(left, AT_A_TIME)):
        yield some


def tally(words: Iterable[Word]) -> Counter[Word]:
    """Count words as `Counter` does."""
    counts: Counter[Word] = Counter()
    for some in some_at_a_time(words):
        counts.update(some)
    return counts


Large: TypeAlias = MutableSequence[Any] | MutableMapping[Any, Any]


def let_go(*large: Large) -> None:
    """Empty large things one by one; to be called where the last name of them ends."""
    for _ in letting_go(*large):
        pass


def letting_go(*large: Large) -> Iterator[None]:
    """Let go on the loop itself: stops some at a time, so that others may have a turn."""
    for one in large:
        take_out = one.pop if isinstance(one, MutableSequence) else one.popitem
        while one:
            for _ in range(min(AT_A_TIME, len(one))):
                take_out()
            yield
