"""How did the able share develop? A band between low and high, drawn from published days, and its table."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from fernbereit.words import Words
from fernbereit_server.console.formatting import day, number
from fernbereit_server.outlook.answers import TrendPoint
from fernbereit_server.resilience import telling
from fernbereit_server.resilience.result import Bounds

TICKS: Final = (100, 75, 50, 25, 0)
_LABELS: Final = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseRow:
    """One published day, in words and numbers."""

    day: str
    able: str
    suitable: str
    share: str
    sessions: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """A drawing of 100 by 100 as SVG paths, and the same as rows, the newest first."""

    text: str
    ticks: tuple[str, ...]
    grid: str
    low: str
    band: str
    labels: tuple[str, ...]
    rows: tuple[CourseRow, ...]


def course(points: Sequence[TrendPoint], own: Words) -> Course | None:
    """Draw the able share by day; None as long as there are not two days with somebody to be able."""
    shown = [(point, ratio) for point in points if (ratio := point.ratio) is not None]
    if len(shown) < 2:
        return None
    first, last = shown[0], shown[-1]
    span = max(1, (last[0].day - first[0].day).days)
    places = [100 * (point.day - first[0].day).days / span for point, _ in shown]
    low = _line(places, [ratio.low for _, ratio in shown])
    high = _line(places[::-1], [ratio.high for _, ratio in reversed(shown)])
    say = telling.words(own.lang)
    return Course(
        text=own(
            "course.text",
            first=day(first[0].day, own),
            first_share=telling.share(first[1], say),
            last=day(last[0].day, own),
            last_share=telling.share(last[1], say),
        ),
        ticks=tuple(own("value.percent", n=str(tick)) for tick in TICKS),
        grid="".join(f"M0 {100 - tick}H100" for tick in TICKS),
        low=f"M{low}",
        band=f"M{low}L{high}Z",
        labels=_labels(shown, own),
        rows=tuple(_row(point, ratio, own) for point, ratio in reversed(shown)),
    )


def _labels(shown: Sequence[tuple[TrendPoint, Bounds]], own: Words) -> tuple[str, ...]:
    """Return a few days at even distances of time, first and last included."""
    first, last = shown[0][0].day, shown[-1][0].day
    steps = min(_LABELS, (last - first).days + 1, len(shown))
    days = [first + (last - first) * step / (steps - 1) for step in range(steps)]
    return tuple(own("course.label", day=one.day, month=own(f"month_short.{one.month}")) for one in days)


def _line(places: Sequence[float], ratios: Sequence[float]) -> str:
    points = (
        f"{place:.5g} {100 - 100 * min(1.0, ratio):.5g}" for place, ratio in zip(places, ratios, strict=True)
    )
    return "L".join(points)


def _row(point: TrendPoint, ratio: Bounds, own: Words) -> CourseRow:
    say = telling.words(own.lang)
    return CourseRow(
        day=day(point.day, own),
        able=telling.people(point.able, say),
        suitable=number(point.suitable, own),
        share=telling.share(ratio, say),
        sessions=telling.people(point.sessions, say),
    )
