"""How long is each piece of a bar? In hundredths, as attributes of SVG: no style is written inline."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Slice:
    """One piece of a bar: its look, where it begins and how long it is, both as text in hundredths."""

    look: str
    x: str
    width: str


def bar(pieces: Sequence[tuple[str, int]], whole: int) -> tuple[Slice, ...]:
    """Lay pieces of (look, count) side by side; `whole` fills the bar, what rounding took stays empty.

    Rounded counts may add up to more than the whole; then their sum fills the bar.

    >>> [(piece.x, piece.width) for piece in bar([("good", 15), ("warning", 5)], 20)]
    [('0', '75'), ('75', '25')]
    """
    full = max(whole, sum(count for _, count in pieces))
    slices = []
    begin = 0.0
    for look, count in pieces:
        if not count:
            continue
        width = 100 * count / full
        slices.append(Slice(look=look, x=f"{begin:.6g}", width=f"{width:.6g}"))
        begin += width
    return tuple(slices)
