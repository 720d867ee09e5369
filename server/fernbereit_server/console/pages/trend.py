"""How did the fleet change over the last 13 months? A line drawn from published counts, and its table."""

from collections.abc import Sequence
from dataclasses import dataclass

from fernbereit.words import Words
from fernbereit_server.console.figures import Month
from fernbereit_server.console.formatting import month, number, share

MONTHS = 13


@dataclass(frozen=True, slots=True, kw_only=True)
class TrendRow:
    """One month, in words and numbers."""

    month: str
    short: str
    recent: str
    all: str
    share: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Trend:
    """A drawing of 100 by 100 as SVG paths, and the same as rows; `ticks` stand from top to bottom."""

    text: str
    ticks: tuple[str, ...]
    grid: str
    recent: str
    area: str
    all: str
    rows: tuple[TrendRow, ...]


def trend(months: Sequence[Month], words: Words) -> Trend | None:
    """Draw the last 13 months, or None as long as there are not two to compare."""
    shown = tuple(sorted(months, key=lambda m: m.month))[-MONTHS:]
    if len(shown) < 2:
        return None
    top = nice_top(max(max(m.base, m.recent) for m in shown))
    recent = _line([m.recent for m in shown], top)
    rows = tuple(_row(m, words) for m in shown)
    return Trend(
        text=words(
            "trend.text",
            first=rows[0].month,
            last=rows[-1].month,
            first_share=rows[0].share,
            last_share=rows[-1].share,
        ),
        ticks=tuple(number(top * quarter / 4, words) for quarter in (4, 3, 2, 1, 0)),
        grid="".join(f"M0 {height}H100" for height in (0, 25, 50, 75, 100)),
        recent=recent,
        area=f"{recent}V100H0Z",
        all=_line([m.base for m in shown], top),
        rows=rows,
    )


def nice_top(highest: int) -> int:
    """Return the end of the scale: 2, 4, 6, 8 or 10 times a power of ten, in four whole steps.

    >>> nice_top(312), nice_top(400), nice_top(1)
    (400, 400, 4)
    """
    power = 1
    while True:
        for top in (2 * power, 4 * power, 6 * power, 8 * power, 10 * power):
            if top >= highest and top % 4 == 0:
                return top
        power *= 10


def _line(values: Sequence[int], top: int) -> str:
    last = len(values) - 1
    points = (f"{100 * place / last:.4g} {100 - 100 * value / top:.4g}" for place, value in enumerate(values))
    return "M" + "L".join(points)


def _row(figures: Month, words: Words) -> TrendRow:
    return TrendRow(
        month=month(figures.month, words),
        short=words(f"month_short.{figures.month.month}"),
        recent=number(figures.recent, words),
        all=number(figures.base, words),
        share=share(figures.recent, figures.base, words) if figures.base else words("value.no_share"),
    )
