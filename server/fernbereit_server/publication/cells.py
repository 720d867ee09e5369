"""What does everybody see? A page of cells: rounded counts of groups of k devices or more.

An attacker who knows every membership and every page must not learn for certain what one device says.
The argument, for each family by itself: who is in a group depends on sizes only, never on words
(`groups.merge`); the counts of a group leave every word possible in it (`rounding`); the counts of the fleet
beside those of its units still do (`totals`); a value may change between two pages, so that pages do not add
up. Families that depend on each other (who never reported is unknown everywhere) are enumerated together for
small units. What is *not* claimed: that nothing becomes likelier, or that whoever knows the words of all
others in a group learns nothing about the last one. `docs/decisions/005` tells what was tried.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime

from fernbereit_server.metrics.catalogue import FAMILIES
from fernbereit_server.metrics.family import UNKNOWN, Family
from fernbereit_server.publication.census import Census
from fernbereit_server.publication.groups import Group, Place, merge
from fernbereit_server.publication.rounding import Row, round_row, rounded
from fernbereit_server.publication.totals import round_total

WHOLE_FLEET = Group("", "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One published count; `base` is the rounded size of its group. Site and unit are empty for the fleet.

    `family` is `Family.key`; `word` is empty for the family that counts devices.
    """

    family: str
    site: str
    unit: str
    word: str
    count: int
    base: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """All cells published at one tick. Freshness is counted less often and has a time of its own."""

    tick_at: datetime
    freshness_at: datetime
    k: int
    cells: tuple[Cell, ...]

    def encode(self) -> bytes:
        """Write the page as JSON."""
        written = {
            "tick_at": self.tick_at.timestamp(),
            "freshness_at": self.freshness_at.timestamp(),
            "k": self.k,
            "cells": [list(asdict(cell).values()) for cell in self.cells],
        }
        return json.dumps(written, ensure_ascii=False, separators=(",", ":")).encode()


def decode_page(body: bytes) -> Page:
    """Read a page back; raises `ValueError`, `KeyError` or `TypeError` for anything else."""
    read = json.loads(body)
    names = tuple(Cell.__dataclass_fields__)
    return Page(
        tick_at=datetime.fromtimestamp(read["tick_at"], UTC),
        freshness_at=datetime.fromtimestamp(read["freshness_at"], UTC),
        k=int(read["k"]),
        cells=tuple(Cell(**dict(zip(names, cell, strict=True))) for cell in read["cells"]),
    )


def publish(census: Census, *, now: datetime, today: date, k: int, before: Page | None = None) -> Page:
    """Make the page of one tick; with `before`, its freshness is kept instead of being counted anew."""
    groups = merge(census.sizes(), k)
    cells: list[Cell] = []
    for family in FAMILIES:
        if before is not None and family.source == "freshness":
            cells += [cell for cell in before.cells if cell.family == family.key]
            continue
        cells += _cells(family, _grouped(census.words(family, today), groups), k)
    return Page(tick_at=now, freshness_at=before.freshness_at if before else now, k=k, cells=tuple(cells))


def _grouped(
    counts: Mapping[Place, Counter[str]], groups: Mapping[Place, Group]
) -> dict[Group, Counter[str]]:
    grouped: dict[Group, Counter[str]] = defaultdict(Counter)
    for place, words in counts.items():
        if place in groups:
            grouped[groups[place]] += words
    return dict(sorted(grouped.items()))


def _cells(family: Family, grouped: Mapping[Group, Counter[str]], k: int) -> list[Cell]:
    """Publish one family: by unit and for the fleet, or for the fleet only."""
    if not grouped:
        return []
    exact = [_row(family, words) for words in grouped.values()]
    fleet = tuple(sum(column) for column in zip(*exact, strict=True))
    if family.level == "fleet":
        return _written(family, WHOLE_FLEET, fleet, round_row(fleet, k), k)
    if not family.words:
        rows: list[Row] = [(rounded(sum(row), sum(row), k),) for row in exact]
        total: Row | None = (rounded(sum(fleet), sum(fleet), k),)
    else:
        rows = [round_row(row, k) for row in exact]
        total = round_total(exact, rows, k)
    cells: list[Cell] = []
    for group, row, published in zip(grouped, exact, rows, strict=True):
        cells += _written(family, group, row, published, k)
    return cells + (_written(family, WHOLE_FLEET, fleet, total, k) if total else [])


def _row(family: Family, words: Counter[str]) -> Row:
    """Order the counts as the family's words; a word it does not list is unknown, not lost."""
    if not family.words:
        return (words.total(),)
    strange = sum(count for word, count in words.items() if word not in family.words)
    return tuple(words[word] + (strange if word == UNKNOWN else 0) for word in family.words)


def _written(family: Family, group: Group, row: Row, published: Iterable[int], k: int) -> list[Cell]:
    base = rounded(sum(row), sum(row), k)
    return [
        Cell(family=family.key, site=group.site, unit=group.unit, word=word, count=count, base=base)
        for word, count in zip(family.words or ("",), published, strict=True)
    ]
