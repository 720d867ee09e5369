"""Does a published group leave every word possible in it?"""

from collections import defaultdict
from collections.abc import Iterator

import pytest

from fernbereit_server.publication.rounding import Row, fits, likely, round_row, rounded, span

CASES = [(3, 2), (3, 3), (3, 4), (4, 2), (4, 3), (5, 2), (5, 3), (5, 4), (6, 3), (7, 3)]


def rows(size: int, words: int) -> Iterator[Row]:
    if words == 1:
        yield (size,)
        return
    for first in range(size + 1):
        for others in rows(size - first, words - 1):
            yield (first, *others)


@pytest.mark.parametrize(
    ("count", "size", "published"),
    [
        (0, 20, 0),
        (2, 20, 0),
        (3, 20, 5),
        (7, 20, 5),
        (8, 20, 10),
        (20, 20, 20),
        (5, 5, 5),
        (8, 8, 5),
        (9, 9, 5),
    ],
    ids=str,
)
def test_a_count_is_rounded_and_never_reaches_beyond_its_group(count: int, size: int, published: int) -> None:
    """Counts are multiples of k, and "all of them" has no number of its own."""
    assert rounded(count, size, 5) == published


def test_halves_go_to_the_even_multiple() -> None:
    """Rounding does not lean upwards."""
    assert [rounded(count, 100, 4) for count in (2, 6, 10, 14)] == [0, 8, 8, 16]


@pytest.mark.parametrize(("k", "words"), CASES, ids=[f"k {k}, {w} words" for k, w in CASES])
def test_in_every_published_group_every_word_may_be_said_by_somebody(k: int, words: int) -> None:
    """Every group up to 2k+2 devices, every way to say the words: none is excluded, so none is certain."""
    for size in range(k, 2 * k + 3):
        most: dict[Row, list[int]] = defaultdict(lambda: [0] * words)
        for row in rows(size, words):
            seen = most[round_row(row, k)]
            most[round_row(row, k)] = [max(pair) for pair in zip(seen, row, strict=True)]
        excluded = {published: seen for published, seen in most.items() if 0 in seen}

        assert excluded == {}


def test_plain_rounding_would_exclude_a_word() -> None:
    """3 and 3 of 6 would be published as 5 and 5, which leaves nobody for the third word."""
    assert round_row((3, 3, 0), 5) == (0, 5, 0)
    assert not fits((3, 3, 0), (0, 5, 0), 5)


@pytest.mark.parametrize(("k", "words"), CASES, ids=[f"k {k}, {w} words" for k, w in CASES])
def test_the_likely_row_is_published_as_what_it_stands_for(k: int, words: int) -> None:
    """The stand-in rounds to the row everybody sees."""
    for size in range(k, 2 * k + 3):
        for published in {round_row(row, k) for row in rows(size, words)}:
            stand_in = likely(published, size, k)

            assert sum(stand_in) == size
            assert fits(stand_in, published, k)


def test_the_spans_of_a_group_leave_no_count_out() -> None:
    """Every count lies in the span of what it is published as."""
    for size in range(5, 40):
        for count in range(size + 1):
            low, high = span(rounded(count, size, 5), size, 5)

            assert low <= count <= high
