"""How do the units stand, one row each? A table with a bar as its picture and every count as a number."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from fernbereit.words import Words
from fernbereit_server.console.formatting import number
from fernbereit_server.console.pages.bars import Slice, bar
from fernbereit_server.console.status import Status
from fernbereit_server.console.wording import pick
from fernbereit_server.metrics.family import UNKNOWN
from fernbereit_server.metrics.place_names import BUCKETS, place_name
from fernbereit_server.publication.cells import Cell


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One unit."""

    unit: str
    bar: tuple[Slice, ...]
    counts: tuple[str, ...]
    devices: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """The units of one site."""

    site: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitTable:
    """A table of counts by unit; its columns are the words of one family."""

    key: str
    title: str
    text: str
    caption: str
    columns: tuple[Status, ...]
    groups: tuple[Group, ...]


def unit_table(
    key: str, cells: Sequence[Cell], order: Iterable[str], look: Callable[[str], str], words: Words
) -> UnitTable:
    """Make the table of one family; `order` gives the words their columns, good ones first.

    A word no unit has a count for gets no column, except that the known words always stand.
    """
    present = {cell.word for cell in cells if cell.count}
    columns = tuple(word for word in order if word in present or word != UNKNOWN)
    by_place: dict[str, dict[str, dict[str, Cell]]] = {}
    for cell in cells:
        by_place.setdefault(cell.site, {}).setdefault(cell.unit, {})[cell.word] = cell
    return UnitTable(
        key=key,
        title=words(f"{key}.title"),
        text=words(f"{key}.text"),
        caption=words(f"{key}.caption"),
        columns=tuple(Status(word=pick(words, key, word), look=look(word)) for word in columns),
        groups=tuple(
            Group(
                site=place_name(site, words),
                rows=tuple(
                    _row(unit, units[unit], columns, look, words) for unit in sorted(units, key=_order)
                ),
            )
            for site, units in sorted(by_place.items(), key=lambda item: _order(item[0]))
        ),
    )


def _row(
    unit: str, cells: dict[str, Cell], columns: Sequence[str], look: Callable[[str], str], words: Words
) -> Row:
    whole = max(cell.base for cell in cells.values())
    counts = tuple(cells[word].count if word in cells else 0 for word in columns)
    return Row(
        unit=place_name(unit, words),
        bar=bar([(look(word), count) for word, count in zip(columns, counts, strict=True)], whole),
        counts=tuple(number(count, words) for count in counts),
        devices=number(whole, words),
    )


def _order(name: str) -> tuple[int, str]:
    """Sort by name, with what is no unit last: never by how well a unit does."""
    return (BUCKETS.index(name) + 1 if name in BUCKETS else 0, name.casefold())
