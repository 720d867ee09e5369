"""What does the overview show? A published page and published months; nothing here tells of one device."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from fernbereit_server.metrics.family import Family
from fernbereit_server.publication.cells import Cell, Page
from fernbereit_server.store.published import PublishedCell


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """The last published count of a month: devices that reported lately, of how many."""

    month: date
    recent: int
    base: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Everything the overview shows.

    `paused` says in one word why nothing is taken in (`broker`, `store`, `starting`, `other`), or is None
    while all is well.
    `devices_known` tells whether anything was ever reported or imported, even if too little to be published.
    """

    page: Page | None
    k: int
    tick_s: float
    months: tuple[Month, ...] = ()
    paused: str | None = None
    devices_known: bool = False

    def fleet(self, family: Family) -> dict[str, Cell]:
        """Return the cells of the whole fleet by word; empty where they are not published."""
        return {cell.word: cell for cell in self._cells(family) if not cell.site and not cell.unit}

    def units(self, family: Family) -> tuple[Cell, ...]:
        """Return the cells of units, those of the whole fleet left out."""
        return tuple(cell for cell in self._cells(family) if cell.site or cell.unit)

    def _cells(self, family: Family) -> tuple[Cell, ...]:
        return tuple(cell for cell in self.page.cells if cell.family == family.key) if self.page else ()


def months(cells: Mapping[date, Cell | PublishedCell]) -> tuple[Month, ...]:
    """Take of every month the last published day, from the fleet's cells of the word `recent` by day."""
    last: dict[date, Cell | PublishedCell] = {}
    for day in sorted(cells):
        last[day.replace(day=1)] = cells[day]
    return tuple(Month(month=month, recent=cell.count, base=cell.base) for month, cell in last.items())
