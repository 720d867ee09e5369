"""What does everybody see? A page of cells: rounded counts of groups of k devices or more.

An attacker who knows every membership, every size and the policy, and who keeps every page there ever was,
must not learn for certain what one device says, nor that it does not say something. What holds, and why:

1. *Whatever families there are.* In each group one device, drawn by a secret lot, speaks with the words of
   another (`Census.counted`). Pages depend on nothing but the words that are counted. Take any device d, and
   anything it might ever say: in the world where d was drawn, the device that really was drawn says what d
   says here, all week, and d may say anything at all. The pages are the same. The next week begins anew with
   another lot (`lot`) and looks at no page before, and there the same holds. QED for all families together,
   however they depend on each other, and for all pages together.
2. *Without the lot*, each family by itself: who is in a group depends on sizes alone (`groups`); its counts
   leave every word possible in it (`rounding`), and so do the counts of the fleet beside them (`totals`).
3. *Knowing who changed and that nobody else did*: the numbers of a group stay as they are until k of its
   devices have changed, whatever to, and not every one of the k need have changed alike (`movement`). On
   Mondays they may move since another device is drawn.

What is *not* claimed: that nothing becomes likelier, or that whoever knows the words of all others in a
group learns nothing about the last one. `docs/decisions/005` and `010` tell what was tried.
"""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from fernbereit_server.decisions import NOTHING_DECIDED, Decisions
from fernbereit_server.metrics.catalogue import families
from fernbereit_server.metrics.family import DAILY, Family
from fernbereit_server.publication.answers import Answers
from fernbereit_server.publication.census import Census
from fernbereit_server.publication.groups import WHOLE_FLEET, Group, merge
from fernbereit_server.publication.lot import week_of
from fernbereit_server.publication.movement import Held, Memory, moved
from fernbereit_server.publication.people import people_and_devices
from fernbereit_server.publication.rounding import Row, round_row, rounded
from fernbereit_server.publication.sheet import count, summed_up
from fernbereit_server.publication.totals import round_total


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
    """All cells published at one tick. What is near behaviour is counted less often, with a time of its own.

    `held` and `memory` are what stands behind the cells: what may move next is decided by it. Never shown.
    """

    tick_at: datetime
    freshness_at: datetime
    k: int
    cells: tuple[Cell, ...]
    policy_version: int = 0
    week: date = date.min
    """The Monday of its week; the first page of a week is made without looking at those before."""
    held: tuple[Held, ...] = ()
    memory: Memory = field(default_factory=Memory, compare=False, repr=False)

    def encode(self) -> bytes:
        """Write the page as JSON."""
        written = {
            "tick_at": self.tick_at.timestamp(),
            "freshness_at": self.freshness_at.timestamp(),
            "k": self.k,
            "policy_version": self.policy_version,
            "week": self.week.isoformat(),
        }
        cells = _listed([(c.family, c.site, c.unit, c.word, c.count, c.base) for c in self.cells])
        return f'{_json(written)[:-1]},"cells":{cells},"held":{_listed(self.held)}}}'.encode()


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _listed(values: Sequence[object]) -> str:
    """Write a long list as JSON, some at a time: one call for all would keep other threads waiting."""
    parts = (_json(values[begin : begin + 1000])[1:-1] for begin in range(0, len(values), 1000))
    return f"[{','.join(parts)}]"


def decode_page(body: bytes) -> Page:
    """Read a page back; raises `ValueError`, `KeyError` or `TypeError` for anything else."""
    read = json.loads(body)
    names = tuple(Cell.__dataclass_fields__)
    return Page(
        tick_at=datetime.fromtimestamp(read["tick_at"], UTC),
        freshness_at=datetime.fromtimestamp(read["freshness_at"], UTC),
        k=int(read["k"]),
        policy_version=int(read["policy_version"]),
        week=date.fromisoformat(read["week"]),
        cells=tuple(Cell(**dict(zip(names, cell, strict=True))) for cell in read["cells"]),
        held=tuple(
            Held(key, site, unit, tuple(row), tuple(shown)) for key, site, unit, row, shown in read["held"]
        ),
    )


def publish(
    census: Census,
    *,
    now: datetime,
    today: date,
    k: int,
    decisions: Decisions = NOTHING_DECIDED,
    before: Page | None = None,
    daily: bool = True,
) -> Page:
    """Make the page of one tick; without `daily`, what is near behaviour stays as it was `before`.

    A page of another week or of another k is not looked at: everything is counted anew.
    """
    policy = decisions.policy
    version = policy.policy.version
    if before is None or before.k != k or before.week != week_of(today):
        before, daily = None, True
    groups = merge(people_and_devices(census.sizes(), decisions.organisation), k)
    everything = families(policy)
    sheet = count(everything, census, groups, Answers(policy, today))
    latest = sheet.latest
    memory = before.memory.in_order(latest.columns) if before else Memory(latest.columns)
    changed = memory.changed(latest)
    past = _past(before, version)
    cells: dict[str, list[Cell]] = {}
    held: list[Held] = []
    moves: dict[Group, set[str]] = defaultdict(set)
    for family in everything:
        known = past.get(family.key, {})
        if before is not None and not daily and family.source in DAILY:
            cells[family.key] = [cell for cell in before.cells if cell.family == family.key]
            held += known.values()
            continue
        parent = cells.get(family.summed_from, [])
        if family.is_summed:
            cells[family.key] = _summed(family, parent)
            continue
        rows = sheet.rows(family)
        if family.source == "lifecycle" and rows:
            rows[WHOLE_FLEET] = _plus(rows[WHOLE_FLEET], tuple(census.aside[word] for word in family.words))
        numbers = {group: counts.get(family.key, 0) for group, counts in changed.items()}
        smallest = max(k, family.smallest)
        level = _fleet if family.level == "fleet" else _units
        new = level(family, rows, known, numbers, smallest)
        for one in new:
            group = Group(one.site, one.unit)
            if known.get(group) is not one:
                moves[group].add(family.key)
        held += new
        cells[family.key] = [cell for one in new for cell in _written(family, one, parent, smallest)]
    page = Page(
        tick_at=now,
        freshness_at=before.freshness_at if before and not daily else now,
        k=k,
        cells=tuple(cell for family in cells.values() for cell in family),
        policy_version=version,
        week=week_of(today),
        held=tuple(held),
        memory=memory.updated(latest, moves),
    )
    sheet.let_go()
    for forgotten in (memory, latest):
        forgotten.let_go(page.memory, *([before.memory] if before else ()))
    return page


def _past(before: Page | None, version: int) -> dict[str, dict[Group, Held]]:
    """Return what was published by family and group; words that a policy makes count for it alone."""
    past: dict[str, dict[Group, Held]] = defaultdict(dict)
    if before is not None:
        for held in before.held:
            past[held.family][Group(held.site, held.unit)] = held
        if before.policy_version != version:
            past.pop("fernbereit_devices_by_fix", None)
    return past


def _units(
    family: Family,
    rows: Mapping[Group, Row],
    known: Mapping[Group, Held],
    changed: Mapping[Group, int],
    k: int,
) -> list[Held]:
    """Publish one family by unit, and for the fleet beside it."""
    if not rows:
        return []
    if not family.words:
        rows = {**rows, WHOLE_FLEET: summed_up(rows.values())}
        return [Held(family.key, *group, row, (rounded(row[0], row[0], k),)) for group, row in rows.items()]
    units = [
        moved(Held(family.key, *group, row, round_row(row, k)), known.get(group), k, changed.get(group, 0))
        for group, row in rows.items()
    ]
    stayed = known.keys() == {*rows, WHOLE_FLEET} and all(known[Group(u.site, u.unit)] is u for u in units)
    if stayed and changed.get(WHOLE_FLEET, 0) < k:
        return [*units, known[WHOLE_FLEET]]
    # Where a unit's published counts are older, its counts of now stand for it only as far as they fit them.
    exact = [
        row if sum(row) == sum(unit.row) else unit.row for row, unit in zip(rows.values(), units, strict=True)
    ]
    total = round_total(exact, [unit.shown for unit in units], k)
    return [*units, Held(family.key, *WHOLE_FLEET, summed_up(rows.values()), total or ())]


def _fleet(
    family: Family,
    rows: Mapping[Group, Row],
    known: Mapping[Group, Held],
    changed: Mapping[Group, int],
    k: int,
) -> list[Held]:
    """Publish one family for the whole fleet only, if that is large enough for it."""
    return [
        moved(Held(family.key, *group, row, round_row(row, k)), known.get(group), k, changed.get(group, 0))
        for group, row in rows.items()
        if sum(row) >= k
    ]


def _written(family: Family, held: Held, parent: Sequence[Cell], k: int) -> list[Cell]:
    """Make the cells of one group; words that are added up come from the cells of the parent."""
    sums = {word: count for word, count, _ in _sums(family, parent, Group(held.site, held.unit))}
    if not held.shown or len(sums) != len(family.sums):
        return []
    base = rounded(sum(held.row), sum(held.row), k)
    return [
        Cell(
            family=family.key,
            site=held.site,
            unit=held.unit,
            word=word,
            count=sums.get(word, count),
            base=base,
        )
        for word, count in zip(family.words or ("",), held.shown, strict=False)
    ]


def _summed(family: Family, parent: Sequence[Cell]) -> list[Cell]:
    """Make the cells of a family that nothing is counted for."""
    return [
        Cell(family=family.key, site=group.site, unit=group.unit, word=word, count=count, base=base)
        for group in dict.fromkeys(Group(cell.site, cell.unit) for cell in parent)
        for word, count, base in _sums(family, parent, group)
    ]


def _sums(family: Family, parent: Sequence[Cell], group: Group) -> list[tuple[str, int, int]]:
    """Add up the parent's cells of one group: word, count, base; nothing where it has none."""
    shown = {cell.word: cell for cell in parent if (cell.site, cell.unit) == group}
    if not shown:
        return []
    base = next(iter(shown.values())).base
    return [(word, sum(shown[part].count for part in parts), base) for word, parts in family.sums]


def _plus(one: Row, other: Row) -> Row:
    return tuple(a + b for a, b in zip(one, other, strict=True))
