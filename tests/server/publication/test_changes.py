"""Does what is published of a change leave it open, for everybody, what changed with him?"""

import itertools
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

import pytest

from fernbereit_server.publication.changes import change_cells, published_change, round_sums, spoken_for
from fernbereit_server.publication.rounding import Row, round_row
from fernbereit_server.resilience.change import ChangeCounts, Part, Present

K = 5


def counts(size: int = 100, then: int = 60, **parts: int) -> ChangeCounts:
    found: Counter[Part] = Counter()
    for word, number in parts.items():
        direction, _, cause = word.partition("_")
        found[Part("gained" if direction == "gained" else "lost", cause.replace("__", ":"))] = number
    gained = sum(n for part, n in found.items() if part.direction == "gained")
    return ChangeCounts(found, then, then + 2 * gained - found.total(), size)


def test_parts_are_rounded_and_small_ones_vanish_into_sums() -> None:
    """Twelve new ones and eight ended certificates are told; two and two of two checks as five of all."""
    exact = counts(gained_new=12, lost_time__certificate=8, lost_facts__firewall=2, lost_facts__disk=2)
    cells = change_cells(30, exact, ["certificate", "firewall", "disk"], K)
    found = published_change(cells, 30)

    assert found is not None
    assert found.size == 100
    assert found.parts == {Part("gained", "new"): 10, Part("lost", "time:certificate"): 10}
    assert found.sums is not None
    assert {part: n for part, n in found.sums.items() if n} == {
        Part("lost", "facts"): 5,
        Part("lost", "time"): 10,
    }
    assert published_change(cells, 7) is None
    assert all(cell.count % K == 0 and len(cell.family) < 128 for cell in cells)


def test_a_fleet_of_fewer_than_k_has_no_change() -> None:
    """Nothing at all is said of four laptops."""
    assert change_cells(7, counts(size=4, lost_policy=4), [], K) == []


def test_a_check_that_is_no_longer_judged_is_told_among_several() -> None:
    """No part is lost when a policy drops a check."""
    found = published_change(change_cells(7, counts(lost_facts__old=10), ["new"], K), 7)

    assert found is not None
    assert found.parts == {Part("lost", "several"): 10}


def all_rows(size: int, words: int) -> Iterator[Row]:
    for bars in itertools.combinations(range(size + words - 1), words - 1):
        ends = (-1, *bars, size + words - 1)
        yield tuple(b - a - 1 for a, b in itertools.pairwise(ends))


@pytest.mark.parametrize(
    ("k", "size", "words", "groups"),
    [
        (3, 3, 5, [[0, 1], [2, 3]]),
        (3, 7, 5, [[0, 1], [2, 3]]),
        (3, 10, 5, [[0, 1, 2], []]),
        (4, 9, 6, [[0, 1, 2], [3, 4]]),
        (5, 6, 6, [[0, 1, 2, 3]]),
        (5, 13, 5, [[0, 1, 2]]),
        (3, 9, 7, [[0, 1, 2], [3, 4, 5]]),
    ],
)
def test_no_row_with_its_sums_excludes_a_word(
    k: int, size: int, words: int, groups: Sequence[Sequence[int]]
) -> None:
    """Every fleet of these sizes: among those with the same numbers somebody says each word."""
    most: dict[object, list[int]] = defaultdict(lambda: [0] * words)
    for exact in all_rows(size, words):
        row = round_row(exact, k)
        page = (row, round_sums(exact, row, groups, k))
        most[page] = [max(pair) for pair in zip(most[page], exact, strict=True)]

    assert [page for page, seen in most.items() if 0 in seen] == []


def lives(days: int, checks: Sequence[str]) -> list["Life"]:
    """Return every life of a device: its state, and by what it changed, day by day."""
    found: list[Life] = [(("ready", None),), (("not", None),)]
    for _ in range(days):
        found = [
            (*life, step)
            for life in found
            for state in [life[-1][0]]
            for step in [
                (state, None),
                *(("not" if state == "ready" else "ready", f"facts:{c}") for c in checks),
            ]
        ]
    return found


def word(life: Sequence[tuple[str, str | None]], since: int, until: int) -> Part | None:
    """Return what a window tells of a life: as `resilience.change` counts it."""
    if life[since][0] == life[until][0]:
        return None
    last = max(day for day in range(since + 1, until + 1) if life[day][1])
    return Part("gained" if life[until][0] == "ready" else "lost", life[last][1] or "")


Life = tuple[tuple[str, str | None], ...]
Unit = tuple[Life, ...]
"""Devices of one unit by their lot: the first is drawn, the second speaks for it, others are in no order."""
TODAY = date(2026, 10, 1)


class Told:
    """Every fleet by what is published of it: which words are possible for whom."""

    def __init__(self, k: int, windows: Sequence[tuple[int, int]]) -> None:
        self.k, self.windows = k, windows
        self.possible: dict[object, dict[tuple[int, int], set[object]]] = defaultdict(dict)
        self._cells: dict[object, object] = {}

    def take(self, units: Sequence[Unit]) -> None:
        """Publish the verdicts of each unit every day, and what changed in the fleet in every window."""
        pages: list[object] = []
        for day, unit in itertools.product(range(len(units[0][0])), units):
            ready = sum(life[day][0] == "ready" for life in (unit[1], *unit[1:]))
            pages.append(round_row((ready, len(unit) - ready), self.k))
        counted = [life for unit in units for life in (unit[1], *unit[1:])]
        pages += [
            self.cells(Counter(word(life, *window) for life in counted), len(counted))
            for window in self.windows
        ]
        seen = self.possible[tuple(pages)]
        for number, window in enumerate(self.windows):
            for place, unit in enumerate(units):
                seen.setdefault((number, place), set()).update(word(life, *window) for life in unit)

    def cells(self, words: Counter[Part | None], size: int) -> object:
        """Publish one window."""
        key = frozenset(words.items())
        if key not in self._cells:
            parts = Counter({part: number for part, number in words.items() if part})
            found = change_cells(7, ChangeCounts(parts, 0, 0, size), ["a", "b"], self.k)
            self._cells[key] = tuple((cell.family, cell.count) for cell in found)
        return self._cells[key]

    def certain(self) -> list[object]:
        """Return the pages that leave one word only to the devices of a unit, in some window.

        Devices of a unit are alike to the attacker, so that he is certain of one only if he is of all.
        """
        return [page for page, seen in self.possible.items() if any(len(one) == 1 for one in seen.values())]


def units_of(size: int, found: Sequence[Life]) -> Iterator[Unit]:
    for drawn_ones in itertools.product(found, repeat=2):
        for rest in itertools.combinations_with_replacement(found, size - 2):
            yield (*drawn_ones, *rest)


@pytest.mark.parametrize("size", [3, 4])
def test_nobody_can_be_certain_what_changed_with_one_device(size: int) -> None:
    """All histories of a small fleet over three days, with every page of both days and of all of it."""
    told = Told(3, [(0, 1), (1, 2), (0, 2)])
    for unit in units_of(size, lives(2, ["a"])):
        told.take([unit])

    assert told.certain() == []


@pytest.mark.parametrize("sizes", [(3, 3), (3, 4), (4, 4)])
def test_neither_can_who_knows_the_verdicts_of_every_unit(sizes: tuple[int, int]) -> None:
    """All histories of two units over two days, with the verdicts of both units beside the changes.

    Without the lot he could: a unit of four that nobody is ready in any more, beside one of three whose row
    leaves room for one change, and six published as lost, say that all four changed.
    """
    told = Told(3, [(0, 1)])
    for units in itertools.product(*(list(units_of(size, lives(1, ["a"]))) for size in sizes)):
        told.take(units)

    assert told.certain() == []


def anywhere(_: str) -> str:
    """Place every device in one group."""
    return "Bauamt"


def devices(new: int, left: int, others: int) -> list[Present]:
    ages = [3] * new + [400] * (left + others)
    return [
        Present(
            device_id=f"laptop {number}",
            verdict="ready",
            first_seen_on=TODAY - timedelta(days=age),
            left_on=TODAY - timedelta(days=2) if new <= number < new + left else None,
        )
        for number, age in enumerate(ages)
    ]


@pytest.mark.parametrize("key", [b"one", b"two", b"three"])
def test_the_drawn_device_says_what_the_next_one_says(key: bytes) -> None:
    """One of the new, one of those that left, one of the others; as many are counted as there are."""
    present = devices(4, 5, 6)
    counted = spoken_for(present, TODAY - timedelta(days=7), anywhere, key)
    missing = [one for one in present if one not in counted]

    assert len(counted) == 15
    assert len(missing) == 3
    assert [bool(one.left_on) for one in missing].count(True) == 1
    assert sum(one.first_seen_on > date(2026, 9, 1) for one in missing) == 1


def test_a_device_that_is_alone_with_being_new_is_not_counted() -> None:
    """Everybody knows which one it is."""
    present = devices(1, 1, 6)

    assert {one.device_id for one in spoken_for(present, TODAY - timedelta(days=7), anywhere, b"key")} <= {
        one.device_id for one in present[2:]
    }


def test_who_left_before_the_window_is_not_counted() -> None:
    """Neither end of the window knows the device."""
    assert len(spoken_for(devices(0, 4, 6), TODAY - timedelta(days=1), anywhere, b"key")) == 6


def test_one_device_of_every_group_is_drawn() -> None:
    """As on the whole page; what is in no published group is not counted."""
    present = devices(0, 0, 12)
    groups = {one.device_id: ("Bauamt", "Archiv", None)[number // 4] for number, one in enumerate(present)}
    counted = spoken_for(present, TODAY - timedelta(days=7), groups.get, b"key")

    assert Counter(groups[one.device_id] for one in counted) == {"Bauamt": 4, "Archiv": 4}
    assert len({one.device_id for one in counted}) == 6
