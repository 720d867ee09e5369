"""When may published counts move, and what does whoever knows exactly who changed learn from that?"""

from collections import defaultdict
from itertools import permutations, product

import pytest

from fernbereit_server.publication.groups import Group
from fernbereit_server.publication.movement import DRAWN, Held, Memory, Words, moved
from fernbereit_server.publication.rounding import Row, round_row

UNIT = Group("Rathaus", "Bauamt")


def shown(history: list[list[int]], words: int, k: int, drawn: int, speaker: int) -> tuple[Row, ...]:
    """Publish one family of one unit tick by tick; `drawn` says what `speaker` says."""
    memory, held, pages = Memory(("f",)), None, []
    for moment in history:
        said: dict[str, Words] = {
            str(device): DRAWN if device == drawn else str(word) for device, word in enumerate(moment)
        }
        now = Memory(("f",), {UNIT: said})
        counted = [moment[speaker] if device == drawn else word for device, word in enumerate(moment)]
        row = tuple(counted.count(word) for word in range(words))
        new = moved(
            Held("f", *UNIT, row, round_row(row, k)), held, k, memory.changed(now).get(UNIT, {}).get("f", 0)
        )
        memory = memory.updated(now, {UNIT: {"f"}} if new is not held else {})
        held = new
        pages.append(new.shown)
    return tuple(pages)


def possible(size: int, words: int, k: int, changing: tuple[int, ...]) -> list[list[set[int]]]:
    """Return, for each sequence of pages, what each device may say at last.

    The attacker knows that exactly the devices `changing` changed, one a tick, and nobody else; left are
    every fleet, every change and every lot that give the same pages.
    """
    seen: dict[tuple[Row, ...], list[set[int]]] = defaultdict(lambda: [set() for _ in range(size)])
    for first in product(range(words), repeat=size):
        for steps in product(range(1, words), repeat=len(changing)):
            history = [list(first)]
            for device, step in zip(changing, steps, strict=True):
                moment = list(history[-1])
                moment[device] = (moment[device] + step) % words
                history.append(moment)
            for drawn, speaker in permutations(range(size), 2):
                said = seen[shown(history, words, k, drawn, speaker)]
                for device in range(size):
                    said[device].add(history[-1][device])
    return list(seen.values())


@pytest.mark.parametrize(
    ("size", "changing"),
    [
        (3, (0,)),
        (4, (0,)),
        (5, (0,)),
        (4, (0, 1)),
        (4, (0, 0)),
        pytest.param(4, (0, 1, 2), marks=pytest.mark.slow),
        pytest.param(4, (0, 1, 2, 3), marks=pytest.mark.slow),
        pytest.param(5, (0, 1, 2), marks=pytest.mark.slow),
    ],
    ids=str,
)
def test_whoever_knows_that_nobody_else_changed_learns_nothing(size: int, changing: tuple[int, ...]) -> None:
    """Every unit of three words, k = 3, every change: afterwards each device may say each word."""
    for said in possible(size, 3, 3, changing):
        assert all(len(words) == 3 for words in said)


def certain_after_a_week(size: int, words: int, k: int, changing: tuple[int, ...]) -> int:
    """Count what is certain when a new week begins, knowing that exactly these devices have changed since.

    Every fleet, every change, every lot of either week; each device of each pair of pages is looked at.
    """
    lots = list(permutations(range(size), 2))

    def page(said: list[int], drawn: int, speaker: int) -> Row:
        counted = [said[speaker] if device == drawn else word for device, word in enumerate(said)]
        return round_row([counted.count(word) for word in range(words)], k)

    seen: dict[tuple[Row, Row], list[set[int]]] = defaultdict(lambda: [set() for _ in range(size)])
    for first in map(list, product(range(words), repeat=size)):
        earlier = {page(first, *lot) for lot in lots}
        for steps in product(range(1, words), repeat=len(changing)):
            last = list(first)
            for device, step in zip(changing, steps, strict=True):
                last[device] = (last[device] + step) % words
            for pages in product(earlier, {page(last, *lot) for lot in lots}):
                for device, word in enumerate(last):
                    seen[pages][device].add(word)
    return sum(len(possible) == 1 for said in seen.values() for possible in said)


@pytest.mark.parametrize(
    ("size", "words", "changing", "certain"),
    [
        (3, 3, (0,), 0),
        (4, 3, (0,), 0),
        (4, 3, (0, 1), 0),
        (5, 3, (0,), 0),
        (5, 3, (0, 1), 0),
        (6, 2, (0,), 0),
        (5, 2, (0,), 2),
        (6, 2, (0, 1), 4),
    ],
    ids=str,
)
def test_a_new_week_tells_next_to_nothing_of_a_known_change(
    size: int, words: int, changing: tuple[int, ...], certain: int
) -> None:
    """That the numbers move on a Monday may be since another device is drawn; k = 3.

    The last two show the limit: a unit that turns from nearly all of one word to nearly all of the other.
    """
    assert certain_after_a_week(size, words, 3, changing) == certain


@pytest.mark.slow
def test_whoever_knows_of_more_than_k_changes_one_by_one_may_learn_something() -> None:
    """The limit of what is claimed, as it is today: four of five known to have changed, and nobody else.

    That the numbers did not move at the third change says that one of the three was drawn by lot.
    """
    told = [words for said in possible(5, 3, 3, (0, 1, 2, 3)) for words in said if len(words) == 1]

    assert len(told) == 12


def test_numbers_stay_until_k_devices_changed() -> None:
    """One laptop less moves nothing, the fifth change does; the published counts are those of then."""
    moments = [[0] * 12 + [1] * 8]
    for number in range(5):
        moments.append([1] * (number + 1) + moments[0][number + 1 :])

    pages = shown(moments, 2, 5, drawn=19, speaker=18)

    assert pages == ((10, 10),) * 5 + ((5, 15),)


def test_devices_that_arrive_and_leave_count_as_changed() -> None:
    """A unit that is replaced one by one does not keep its numbers."""
    before = Memory(("f",), {UNIT: {"a": "x", "b": "x", "c": "x"}})
    now = Memory(("f",), {UNIT: {"a": "x", "c": "y", "d": "x"}})

    assert before.changed(now) == {UNIT: {"f": 3}}


def test_a_family_moves_for_itself() -> None:
    """What moved is remembered anew, what stayed is compared with what it was."""
    before = Memory(("f", "g"), {UNIT: {"a": "11", "b": "11"}})
    now = Memory(("f", "g"), {UNIT: {"a": "22", "c": "11"}})

    after = before.updated(now, {UNIT: {"f"}})

    assert after.changed(now) == {UNIT: {"f": 0, "g": 3}}


def test_a_new_family_has_not_been_said_by_anybody() -> None:
    """After a change of policy; the others are remembered in their new order."""
    before = Memory(("f",), {UNIT: {"a": "1"}})
    now = Memory(("g", "f"), {UNIT: {"a": "21"}})

    assert before.in_order(("g", "f")).changed(now) == {UNIT: {"g": 1, "f": 0}}


def test_counts_that_all_changes_alike_must_explain_stay() -> None:
    """From at most 2 to at least 8 with six changed: all six would be known."""
    old, new = Held("f", *UNIT, (18, 2), (20, 0)), Held("f", *UNIT, (12, 8), (10, 10))

    assert moved(new, old, 5, changed=6) is old
    assert moved(new, old, 5, changed=7) is new
