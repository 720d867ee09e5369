"""How is it published why more or fewer devices are ready, without telling it of anybody?

One row of the whole fleet a window: every device says one word, unchanged or what it gained or lost its
readiness by, down to the check. It is rounded like any row, so every word stays possible for everybody
(`rounding`). Beside it stand four sums, of what facts and time did to all checks together, since thirty
checks of two devices each would vanish; they are published only if every word stays possible beside them.

Both depend on the verdicts of the units at either end of the window: if all units but one stood at the edge
of what is published of them, a change of the fleet would tell the last one. So, as on the whole page
(`cells`), one device of each published group says what the next one says, drawn by the same secret lot; and
since everybody may know which devices are new and which have left, so does one of all those that are new,
and one of all that left (`spoken_for`). Whatever the pages add up to, a device may be the one whose word
nobody counted.

**What holds.** `hides(row, sums)` looks at published numbers alone. Published are the rounded sums if they
hide, else those of the likely row, which depend on the row alone, and if these do not hide either, never any
for this row. So every published pair hides, and every fleet that rounds to the pair is published as it. QED
"""

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from heapq import nsmallest
from typing import get_args

from fernbereit_server.publication.cells import Cell
from fernbereit_server.publication.lot import drawn
from fernbereit_server.publication.rounding import Row, fits, likely, round_row, rounded, span
from fernbereit_server.resilience.change import (
    FACTS,
    NEW,
    POLICY,
    RETIRED,
    SEVERAL,
    SILENT,
    TIME,
    WAIVER,
    ChangeCounts,
    Direction,
    Part,
    Present,
)

NAME = "fernbereit_change_devices"
"""Family of its cells: this name, days, and then direction and cause where there are any."""
HELP = "Devices that became ready or stopped being ready within a window of days, by cause."

_NEVER = {Part("gained", RETIRED), Part("lost", NEW)}
_SUMS: tuple[Part, ...] = tuple(Part(way, cause) for way in get_args(Direction) for cause in (FACTS, TIME))

Span = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedChange:
    """One window as everybody sees it: devices by direction and cause, sums by kind of cause.

    Counts are multiples of k, and what is not in `parts` was rounded to none. `sums` is None where they were
    withheld; they stand under the causes `facts` and `time`.
    """

    days: int
    size: int
    parts: Mapping[Part, int]
    sums: Mapping[Part, int] | None


def change_cells(days: int, counts: ChangeCounts, checks: Iterable[str], k: int) -> list[Cell]:
    """Publish one window; `checks` are all that the policy judges, those of no device included."""
    if counts.size < k:
        return []
    words = list(_words(checks))
    exact = _row(words, counts)
    row = round_row(exact, k)
    sums = round_sums(exact, row, [_indices(words, one) for one in _SUMS], k)
    base = rounded(counts.size, counts.size, k)
    found = [(f"{NAME}:{days}", base)]
    found += [(_key(days, part), count) for part, count in zip(words, row, strict=True) if count and part]
    if sums is not None:
        found += [(_key(days, part), count) for part, count in zip(_SUMS, sums, strict=True)]
    return [Cell(family=key, site="", unit="", word="", count=count, base=base) for key, count in found]


def spoken_for(
    present: Iterable[Present],
    since: date,
    group_of: Callable[[str], Hashable | None],
    lot: bytes,
    name_of: Callable[[str], str] = str,
) -> list[Present]:
    """Return the devices to be counted: of each class the one that is drawn speaks as the next one does.

    A class is all that is new, all that left, or the others of a published group; `group_of` names that of a
    device id, `name_of` the name it is drawn by, which must be that of the page. A device that is alone in
    its class, or in no published group, is not counted.
    """
    classes: dict[Hashable, list[Present]] = {}
    for one in present:
        if one.left_on is not None:
            name: Hashable = RETIRED if one.left_on > since else None
        else:
            group = group_of(one.device_id)
            name = group if group is None or one.first_seen_on <= since else NEW
        if name is not None:
            classes.setdefault(name, []).append(one)
    counted: list[Present] = []
    for devices in classes.values():
        if len(devices) > 1:
            lowest, second = nsmallest(2, devices, key=lambda one: drawn(lot, name_of(one.device_id)))
            counted += [second if one is lowest else one for one in devices]
    return counted


def changes_of(cells: Iterable[Cell]) -> list[Cell]:
    """Pick the cells of every window out of a page."""
    return [cell for cell in cells if cell.family.partition(":")[0] == NAME]


def placed(cell: Cell) -> tuple[int, Part | None]:
    """Return the days of a window's cell, and its part; None for the one that says how many are counted."""
    _, days, *place = cell.family.split(":", 3)
    if not place:
        return int(days), None
    return int(days), Part("gained" if place[0] == "gained" else "lost", place[1])


def published_change(cells: Iterable[Cell], days: int) -> PublishedChange | None:
    """Pick one window out of a page, or out of the cells of a day; None where it was not published."""
    parts: dict[Part, int] = {}
    sums: dict[Part, int] = {}
    size: int | None = None
    for cell in changes_of(cells):
        window, part = placed(cell)
        if window != days:
            continue
        if part is None:
            size = cell.count
        else:
            (sums if part in _SUMS else parts)[part] = cell.count
    if size is None:
        return None
    return PublishedChange(days=days, size=size, parts=parts, sums=sums or None)


def round_sums(exact: Row, row: Row, groups: Sequence[Sequence[int]], k: int) -> Row | None:
    """Publish the sums of some words beside their row, or None where that would tell."""
    size = sum(exact)
    usual = likely(row, size, k)
    fallback = _summed(usual, groups, k)
    if not hides(row, fallback, groups, size, k):
        return None
    sums = _summed(exact if fits(exact, row, k) else usual, groups, k)
    return sums if hides(row, sums, groups, size, k) else fallback


def hides(row: Row, sums: Row, groups: Sequence[Sequence[int]], size: int, k: int) -> bool:
    """Tell whether every word is said in some fleet that rounds to the row and its sums."""
    spans = [span(count, size, k) for count in row]
    limits = [span(count, size, k) for count in sums]
    group_of = {word: number for number, group in enumerate(groups) for word in group}
    lows = [sum(spans[word][0] for word in group) for group in groups]
    highs = [sum(spans[word][1] for word in group) for group in groups]
    alone = [word for word in range(len(row)) if word not in group_of]
    least, most = (sum(spans[word][end] for word in alone) for end in (0, 1))

    def possible(extra: Mapping[int, int], more: int) -> bool:
        ends = [
            (max(low + extra.get(number, 0), limit[0]), min(high, limit[1]))
            for number, (low, high, limit) in enumerate(zip(lows, highs, limits, strict=True))
        ]
        return all(low <= high for low, high in ends) and least + more + sum(
            low for low, _ in ends
        ) <= size <= most + sum(high for _, high in ends)

    return all(
        spans[word][0] > 0
        or (
            spans[word][1] > 0
            and possible({group_of[word]: 1} if word in group_of else {}, word not in group_of)
        )
        for word in range(len(row))
    )


def _words(checks: Iterable[str]) -> Iterator[Part | None]:
    names = list(checks)
    for direction in get_args(Direction):
        causes = [NEW, RETIRED, POLICY, WAIVER, SILENT, SEVERAL]
        causes += [f"{kind}:{name}" for kind in (FACTS, TIME) for name in names]
        yield from (part for cause in causes if (part := Part(direction, cause)) not in _NEVER)
    yield None


def _row(words: Sequence[Part | None], counts: ChangeCounts) -> Row:
    """Order the counts as the words; a check that is no longer judged is one of several."""
    known: Counter[Part | None] = Counter()
    for part, count in counts.parts.items():
        known[part if part in words else Part(part.direction, SEVERAL)] += count
    known[None] = counts.size - known.total()
    return tuple(known[word] for word in words)


def _indices(words: Sequence[Part | None], of: Part) -> list[int]:
    return [
        place
        for place, part in enumerate(words)
        if part and part.direction == of.direction and part.cause.startswith(f"{of.cause}:")
    ]


def _summed(row: Row, groups: Sequence[Sequence[int]], k: int) -> Row:
    size = sum(row)
    return tuple(rounded(sum(row[word] for word in group), size, k) for group in groups)


def _key(days: int, part: Part) -> str:
    return f"{NAME}:{days}:{part.direction}:{part.cause}"
