"""How is one group of devices counted so that nobody in it is told apart?

A *row* is the counts of one group, one count a word, each device saying exactly one word. Counts are rounded
to multiples of k, half to even, and never above the greatest multiple within the group, so that "all of
them" has no number of its own. That alone leaves one hole: if every count is the smallest that rounds as
published, their sum is the size of the group only for this one row, and a word published as 0 is known to
be said by nobody. Such a row is published as one of its neighbours (`round_row`).

**What holds.** For every published row and every word there is a row that is published alike in which
somebody says the word. With two words or more it follows that no word is said by everybody for certain.
*Proof.* Let lo, hi be the smallest and greatest counts that round as published. A row is changed only if
sum(lo) = n, and then to a row with sum(lo) < n, so every published row has sum(lo) < n. If lo of the word is
positive there is nothing to show. Else some row of the box lo..hi with sum n exists (for a changed row:
lowering one count by one lets another, not at its hi, take the device); if the word is at 0 in it, some
other word is above its lo, since sum(lo) < n; move one device from there: hi of a word published as 0 is at
least k // 2 >= 1. No row of the box is changed, since sum(lo) < n. QED
"""

from collections.abc import Sequence
from functools import lru_cache

Row = tuple[int, ...]


def rounded(count: int, size: int, k: int) -> int:
    """Round a count of a group of `size` devices to a multiple of k, half to even, never above the group.

    >>> rounded(8, 8, 5), rounded(7, 20, 5), rounded(2, 20, 5)
    (5, 5, 0)
    """
    return min(k * round(count / k), size // k * k)


@lru_cache(maxsize=65_536)
def span(published: int, size: int, k: int) -> tuple[int, int]:
    """Return the smallest and the greatest count of a group of `size` that rounds to `published`."""
    near = range(max(0, published - k), min(size, published + k) + 1)
    fitting = [count for count in near if rounded(count, size, k) == published]
    return fitting[0], fitting[-1]


def round_row(counts: Sequence[int], k: int) -> Row:
    """Publish one group; needs `sum(counts) >= k` and two words or more."""
    size = sum(counts)
    row = [rounded(count, size, k) for count in counts]
    if sum(span(value, size, k)[0] for value in row) == size:
        # The first of the smallest: good words stand first and unknown last, so no unit looks better.
        _, place = min((value, place) for place, value in enumerate(row) if value)
        row[place] -= k
    return tuple(row)


def fits(counts: Sequence[int], row: Row, k: int) -> bool:
    """Tell whether counts round to `row` without having been changed."""
    size = sum(counts)
    return all(rounded(count, size, k) == value for count, value in zip(counts, row, strict=True))


@lru_cache(maxsize=65_536)
def likely(row: Row, size: int, k: int) -> Row:
    """Return one row that is published as `row`: a function of what everybody sees, nothing else."""
    spans = [span(value, size, k) for value in row]
    counts = [low for low, _ in spans]
    missing = size - sum(counts)
    while missing:
        for place, (_, high) in enumerate(spans):
            if missing and counts[place] < high:
                counts[place] += 1
                missing -= 1
    return tuple(counts)
