"""When may a published count move? Once k devices' worth of change have come together.

Somebody may know that since yesterday one laptop of a unit changed, and which one. If its unit's numbers
moved, he would know how. So a group's numbers stay until the exact counts behind them differ by k devices or
more (`change`), whoever these are. Of those k, not all may be needed to explain what everybody sees: if
the published counts move so far that every device that changed must have changed to the same word, they
stay until one more has changed (`may_move`). An exact count is thus never more than k - 1 devices away from
the one behind the published number.

Only counts decide, never who changed: so this is a function of what is counted, as `cells` needs it.
"""

from typing import NamedTuple

from fernbereit_server.publication.rounding import Row, span


class Held(NamedTuple):
    """The exact and the published counts of one family and group, in the order of its words.

    `shown` is empty where a total had to be withheld. A rest that has no cell comes last.
    """

    family: str
    site: str
    unit: str
    row: Row
    shown: Row


def change(before: Row, now: Row) -> int:
    """Return how many devices at least arrived, left or changed their word.

    >>> change((5, 3), (3, 6))
    3
    """
    more = sum(max(0, new - old) for old, new in zip(before, now, strict=True))
    fewer = sum(max(0, old - new) for old, new in zip(before, now, strict=True))
    return max(more, fewer)


def may_move(before: Held, now: Row, shown: Row, k: int) -> bool:
    """Tell whether the counts `now` of a group may be published as `shown`, instead of those of before."""
    moved = change(before.row, now)
    if moved < k:
        return False
    size, next_size = sum(before.row), sum(now)
    for old, new in zip(before.shown, shown, strict=False):
        least, most = span(old, size, k)
        next_least, next_most = span(new, next_size, k)
        if max(next_least - most, least - next_most) >= moved:
            return False
    return True
