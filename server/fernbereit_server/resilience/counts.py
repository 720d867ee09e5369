"""How many devices are there, of which unit, path, verdict and kind? Read from a CSV of counts.

Columns `unit,path,verdict,kind,count`, and `fix` if known: what alone would make devices ready. Rows add
up, so their order says nothing. A row without a unit belongs to the visible bucket of devices without a unit,
which makes nobody able.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from fernbereit.nearest import nearest
from fernbereit_server.organisation.faults import Fault, FaultyFileError
from fernbereit_server.organisation.table import Row, read_table

COLUMNS = ("unit", "path", "verdict", "kind", "count")
FIX = "fix"
_SLUG = re.compile(r"[a-z][a-z0-9_]{0,31}")
_NO_SINGLE_FIX = {"", "none", "several", "unknown"}
"""Words of published counts that name nothing to be bought or done."""


class Path(StrEnum):
    """Does the device work without a tunnel?"""

    VPN = "vpn"
    DIRECT = "direct"
    UNKNOWN = "unknown"


class Verdict(StrEnum):
    """Is the device ready? Only `ready` makes somebody able; `unknown` may."""

    READY = "ready"
    LIMITED = "limited"
    NOT_READY = "not_ready"
    UNKNOWN = "unknown"


class Kind(StrEnum):
    """Whose is the device? Personal and loan are in somebody's hands, a pool is shared out by rule.

    Stock is not issued and shared ones stay in the office: neither makes anybody able.
    """

    PERSONAL = "personal"
    POOL = "pool"
    LOAN = "loan"
    STOCK = "stock"
    SHARED = "shared"


@dataclass(frozen=True, slots=True)
class Group:
    """What the devices of one row have in common; `unit` is a unit, a device pool, or empty.

    `fix` is what alone would make devices ready that are not, such as `battery` or `settings`; empty where
    that is more than one thing or not known. The drill does not look at it.
    """

    unit: str
    path: Path
    verdict: Verdict
    kind: Kind
    fix: str = ""


Counts = Counter[Group]


def read_counts(data: bytes, units: Sequence[str], pools: Sequence[str]) -> Counts:
    """Read a fleet file; raises `FaultyFileError` with every fault, unknown units included."""
    rows, _ = read_table(data, {name: (name,) for name in (*COLUMNS, FIX)}, needed=COLUMNS)
    counts: Counts = Counter()
    faults: list[Fault] = []
    for row in rows:
        found = list(_faults(row, units, pools))
        faults += found
        if not found:
            cells = row.cells
            group = Group(
                cells["unit"],
                Path(cells["path"].casefold()),
                Verdict(cells["verdict"].casefold()),
                Kind(cells["kind"].casefold()),
                _fix(row),
            )
            counts[group] += int(cells["count"])
    if faults:
        raise FaultyFileError(faults)
    return counts


def _faults(row: Row, units: Sequence[str], pools: Sequence[str]) -> Iterator[Fault]:
    cells = row.cells
    for column, words in (("path", Path), ("verdict", Verdict), ("kind", Kind)):
        if cells[column].casefold() not in (known := [word.value for word in words]):
            yield Fault(
                line=row.line,
                field=column,
                word="wrong",
                kind="choice",
                values={"choices": ", ".join(known)},
                example=known[0],
                suggestion=nearest(cells[column], known),
            )
    count = cells["count"]
    if not (count.isascii() and count.isdigit() and len(count) < 9):
        yield Fault(line=row.line, field="count", word="wrong", kind="count", example="120")
    if (fix := _fix(row)) and not _SLUG.fullmatch(fix):
        yield Fault(line=row.line, field=FIX, word="wrong", kind="slug", example="battery")
    elif fix and cells["verdict"].casefold() in {Verdict.READY, Verdict.UNKNOWN}:
        values = {"fix": fix, "verdict": cells["verdict"]}
        yield Fault(line=row.line, field=FIX, word="nothing_to_fix", values=values)
    if cells["unit"] in pools:
        if cells["kind"].casefold() in set(Kind) - {Kind.POOL}:
            yield Fault(line=row.line, field="kind", word="pool_row", example=Kind.POOL.value)
    elif cells["unit"] and cells["unit"] not in units:
        known = [*units, *pools]
        yield Fault(
            line=row.line,
            field="unit",
            word="stranger",
            values={"name": cells["unit"], "known": _some(known)},
            suggestion=nearest(cells["unit"], known),
        )


def _fix(row: Row) -> str:
    fix = row.cells.get(FIX, "").casefold()
    return "" if fix in _NO_SINGLE_FIX else fix


def _some(known: Sequence[str], most: int = 8) -> str:
    return ", ".join(known[:most]) + (", ..." if len(known) > most else "")


def total(counts: Counts, kinds: Iterable[Kind]) -> int:
    """Return how many devices are of these kinds."""
    wanted = set(kinds)
    return sum(number for group, number in counts.items() if group.kind in wanted)
