"""Do the counts of the fleet beside those of its units still leave every word possible in every unit?"""

import itertools
from collections import defaultdict, deque
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fernbereit_server.publication.rounding import Row, fits, likely, round_row, span
from fernbereit_server.publication.totals import round_total

Page = tuple[tuple[Row, ...], Row | None]

SMALL = [
    (3, 2, (3, 3, 3)),
    (3, 2, (3, 4, 5)),
    (3, 2, (3, 3, 3, 3, 3)),
    (3, 3, (3, 4, 3)),
    (3, 3, (5, 4)),
    (3, 4, (3, 4)),
    (4, 2, (4, 4, 5, 4)),
    (4, 3, (4, 5)),
    (5, 2, (5, 5, 5, 5)),
    (5, 2, (5, 6, 7, 8)),
    (5, 3, (5, 6)),
]


def page_of(fleet: Sequence[Row], k: int) -> Page:
    rows = tuple(round_row(group, k) for group in fleet)
    return rows, round_total(fleet, rows, k)


def all_rows(size: int, words: int) -> list[Row]:
    counts = itertools.product(range(size + 1), repeat=words)
    return [row for row in counts if sum(row) == size]


@pytest.mark.parametrize(
    ("k", "words", "sizes"), SMALL, ids=[f"k {k}, {w} words, units {s}" for k, w, s in SMALL]
)
def test_no_page_excludes_a_word_in_a_unit(k: int, words: int, sizes: tuple[int, ...]) -> None:
    """Every fleet of these sizes: among those with the same page, somebody in each unit says each word."""
    most: dict[Page, list[list[int]]] = defaultdict(lambda: [[0] * words for _ in sizes])
    for fleet in itertools.product(*(all_rows(size, words) for size in sizes)):
        seen = most[page_of(fleet, k)]
        for unit, group in enumerate(fleet):
            seen[unit] = [max(pair) for pair in zip(seen[unit], group, strict=True)]
    telling = [page for page, seen in most.items() if any(0 in unit for unit in seen)]

    assert telling == []


def test_a_total_that_would_tell_is_replaced() -> None:
    """Nine units of at least 3 beside a total of at most 27 would say that nobody in the tenth does."""
    fleet = [(3, 2)] * 9 + [(0, 5)]

    rows, total = page_of(fleet, 5)

    assert rows == ((5, 0),) * 9 + ((0, 5),)
    assert total is not None
    assert total[0] != 25


@st.composite
def fleets(draw: st.DrawFn) -> tuple[int, tuple[Row, ...]]:
    k = draw(st.integers(3, 6))
    words = draw(st.integers(2, 6))
    count = st.integers(0, 12) | st.just(0)
    row = st.tuples(*[count] * words).filter(lambda counts: sum(counts) >= k)
    return k, tuple(draw(st.lists(row, min_size=1, max_size=8)))


@settings(max_examples=400, deadline=None)
@given(fleets())
def test_for_every_word_in_every_unit_there_is_a_fleet_with_the_same_page(
    case: tuple[int, tuple[Row, ...]],
) -> None:
    """An attacker who knows all memberships finds, for each device and word, a fleet that contradicts him."""
    k, fleet = case
    rows, total = page_of(fleet, k)
    start = [
        group if fits(group, row, k) else likely(row, sum(group), k)
        for group, row in zip(fleet, rows, strict=True)
    ]
    if total != page_of(start, k)[1] or total is None or not in_spans(start, total, k):
        start = [likely(row, sum(group), k) for group, row in zip(fleet, rows, strict=True)]
    for unit, word in itertools.product(range(len(fleet)), range(len(rows[0]))):
        witness = with_word(start, unit, word, rows, total, k)

        assert witness[unit][word] > 0
        assert page_of(witness, k) == (rows, total)


def in_spans(fleet: Sequence[Row], total: Row, k: int) -> bool:
    sums = [sum(column) for column in zip(*fleet, strict=True)]
    limits = [span(value, sum(sums), k) for value in total]
    return all(low <= count <= high for count, (low, high) in zip(sums, limits, strict=True))


def with_word(
    fleet: Sequence[Row], unit: int, word: int, rows: Sequence[Row], total: Row | None, k: int
) -> list[Row]:
    """Move devices until somebody in the unit says the word, everything published staying as it is."""
    changed = [list(group) for group in fleet]
    if changed[unit][word]:
        return list(fleet)
    sizes = [sum(group) for group in fleet]
    spans = [[span(value, size, k) for value in row] for row, size in zip(rows, sizes, strict=True)]
    words = range(len(fleet[0]))
    sums = [sum(group[w] for group in fleet) for w in words]
    limits = [(0, 10**6)] * len(sums) if total is None else [span(value, sum(sizes), k) for value in total]
    slack = len(sums)
    came_from: dict[int, tuple[int, int]] = {word: (-1, -1)}
    ahead = deque([word])
    while ahead:
        here = ahead.popleft()
        steps = []
        if here == slack:
            steps = [(other, -1) for other in words if sums[other] > limits[other][0]]
        else:
            steps = [(slack, -1)] if sums[here] < limits[here][1] else []
            for place, group in enumerate(fleet):
                if place != unit and group[here] > spans[place][here][0]:
                    steps += [(o, place) for o in words if group[o] < spans[place][o][1]]
        for other, place in steps:
            if other not in came_from:
                came_from[other] = (here, place)
                ahead.append(other)
    giver = next(w for w in words if w in came_from and w != word and fleet[unit][w] > spans[unit][w][0])
    changed[unit][word] += 1
    changed[unit][giver] -= 1
    here = giver
    while here != word:
        before, place = came_from[here]
        if place >= 0:
            changed[place][before] -= 1
            changed[place][here] += 1
        here = before
    return [tuple(group) for group in changed]
