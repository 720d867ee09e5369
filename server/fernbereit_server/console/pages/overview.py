"""How does the whole fleet stand? Published counts only, and what they cannot say."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from fernbereit.words import Words
from fernbereit_server.console.figures import Figures
from fernbereit_server.console.formatting import lasted, moment, number, share
from fernbereit_server.console.pages.bars import Slice, bar
from fernbereit_server.console.pages.trend import Trend, trend
from fernbereit_server.console.pages.unit_table import UnitTable, unit_table
from fernbereit_server.console.status import encryption_look, freshness_look, reading_look
from fernbereit_server.console.wording import pick
from fernbereit_server.metrics.families.devices import DEVICES, FRESHNESS, READING
from fernbereit_server.metrics.families.equipment import PLATFORM
from fernbereit_server.metrics.families.protection import ENCRYPTION
from fernbereit_server.metrics.family import UNKNOWN
from fernbereit_server.publication.cells import Cell, Page

LATE_TICKS: Final = 3
LATE_S: Final = 300.0
"""A count older than this many ticks, and than this many seconds, is said to be old."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """Something that must be known before any number is read."""

    title: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    """One number in large type."""

    title: str
    figure: str
    text: str
    bar: tuple[Slice, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One word of a spread; a look of `plain` says nothing about good or bad."""

    word: str
    look: str
    count: str
    share: str
    bar: tuple[Slice, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """How one family spreads over the whole fleet."""

    key: str
    title: str
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """Everything on the page; `empty` is set instead of numbers as long as there are none."""

    lead: str
    counted: str
    notices: tuple[Notice, ...]
    empty: str
    tiles: tuple[Tile, ...]
    trend: Trend | None
    tables: tuple[UnitTable, ...]
    spreads: tuple[Spread, ...]
    rule: str


def overview(figures: Figures, words: Words, shared: Words, now: datetime) -> Overview:
    """Lay out the overview; `now` is in the authority's time zone, in which the time of the count is told."""
    recent = figures.fleet(FRESHNESS).get("recent")
    return Overview(
        lead=words("overview.lead", recent=number(recent.count, words), all=number(recent.base, words))
        if recent
        else "",
        counted=_counted(figures.page, words, now),
        notices=_notices(figures, words, now),
        empty=_empty(figures, words),
        tiles=_tiles(figures, words),
        trend=trend(figures.months, words),
        tables=tuple(
            unit_table(key, cells, family.words, look, words)
            for key, family, look in (
                ("freshness", FRESHNESS, freshness_look),
                ("reading", READING, reading_look),
            )
            if (cells := figures.units(family))
        ),
        spreads=tuple(
            _spread(key, cells, look, _labels(group, shared, words), words)
            for key, family, look, group in (
                ("platform", PLATFORM, _plain_look, "word.platform"),
                ("encryption", ENCRYPTION, encryption_look, "word.encryption_state"),
            )
            if (cells := tuple(figures.fleet(family).values()))
        ),
        rule=words("overview.rule", k=number(figures.k, words)),
    )


def _empty(figures: Figures, words: Words) -> str:
    if figures.page and figures.page.cells:
        return ""
    return (
        words("empty.small", k=number(figures.k, words)) if figures.devices_known else words("empty.nothing")
    )


def _plain_look(word: str) -> str:
    return "unknown" if word == UNKNOWN else "plain"


def _labels(group: str, shared: Words, words: Words) -> Callable[[str], str]:
    def label(word: str) -> str:
        return words("value.unknown") if word == UNKNOWN else pick(shared, group, word)

    return label


def _counted(page: Page | None, words: Words, now: datetime) -> str:
    if page is None:
        return ""
    return words(
        "overview.counted",
        at=moment(page.tick_at.astimezone(now.tzinfo), words),
        age=lasted((now - page.tick_at).total_seconds(), words),
        freshness=moment(page.freshness_at.astimezone(now.tzinfo), words),
    )


def _notices(figures: Figures, words: Words, now: datetime) -> tuple[Notice, ...]:
    notices = []
    if figures.paused:
        notices.append(Notice(title=words("blind.title"), text=pick(words, "blind", figures.paused)))
    late_s = max(LATE_S, LATE_TICKS * figures.tick_s)
    if figures.page and (now - figures.page.tick_at).total_seconds() > late_s:
        notices.append(Notice(title=words("old.title"), text=words("old.text")))
    return tuple(notices)


def _tiles(figures: Figures, words: Words) -> tuple[Tile, ...]:
    tiles = []
    for cell in figures.fleet(DEVICES).values():
        figure = number(cell.count, words)
        tiles.append(Tile(title=words("tile.devices"), figure=figure, text=words("tile.devices.text")))
    for key, family, word in (
        ("recent", FRESHNESS, "recent"),
        ("complete", READING, "complete"),
        ("encrypted", ENCRYPTION, "encrypted"),
    ):
        shown = figures.fleet(family).get(word)
        if shown is not None and shown.base:
            tiles.append(
                Tile(
                    title=words(f"tile.{key}"),
                    figure=share(shown.count, shown.base, words),
                    text=words("tile.of", count=number(shown.count, words), base=number(shown.base, words)),
                    bar=bar([("good", shown.count)], shown.base),
                )
            )
    return tuple(tiles)


def _spread(
    key: str,
    cells: Sequence[Cell],
    look: Callable[[str], str],
    label: Callable[[str], str],
    words: Words,
) -> Spread:
    shown = sorted(
        (cell for cell in cells if cell.count),
        key=lambda cell: (cell.word == UNKNOWN, cell.word == "other", -cell.count),
    )
    return Spread(
        key=key,
        title=words(f"{key}.title"),
        parts=tuple(
            Part(
                word=label(cell.word),
                look=look(cell.word),
                count=number(cell.count, words),
                share=share(cell.count, cell.base, words),
                bar=bar([(look(cell.word), cell.count)], cell.base),
            )
            for cell in shown
        ),
    )
