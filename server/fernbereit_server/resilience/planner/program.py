"""How is a plan asked of a solver? Whole numbers of measures, and the drill's flow with what they add.

The able people of the drill's low figure are those who need no tunnel and a maximum flow of all others
(docs/decisions/007-the-drill-is-a-flow.md), so both fit into one program for HiGHS.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from fernbereit_server.resilience.counts import Path, Verdict
from fernbereit_server.resilience.demand import cloud_units, pool_shares
from fernbereit_server.resilience.planner.crowds import Crowd, crowds_of, is_direct, kinds_of
from fernbereit_server.resilience.planner.measure import (
    Measure,
    What,
    in_stock,
    price_of,
    session_brings_licence,
)
from fernbereit_server.resilience.planner.measures import Possible
from fernbereit_server.resilience.planner.situation import Situation

_INFINITE = float("inf")
Row = Mapping[int, float]
"""Coefficients by column."""
Limits = Sequence[tuple[Row, float, float]]
"""Rows, and what each adds up to at least and at most."""


@dataclass(kw_only=True)
class Program:
    """Columns and rows; the first columns are kinds of measures, whose first measures are `firsts`.

    `able`, `euro` and `hours` add up columns; `dissolved` are the columns that say whether a shared pool is
    handed out by the plan. `solved` are the rows as the solver takes them, made once by `solver.py`.
    """

    kinds: tuple[tuple[int, ...], ...]
    firsts: tuple[Measure, ...]
    highest: list[float] = field(default_factory=list)
    whole: list[int] = field(default_factory=list)
    rows: list[tuple[Row, float, float]] = field(default_factory=list)
    able: dict[int, float] = field(default_factory=dict)
    euro: dict[int, float] = field(default_factory=dict)
    hours: dict[int, float] = field(default_factory=dict)
    dissolved: dict[str, int] = field(default_factory=dict)
    solved: Any = None

    def column(self, highest: float = _INFINITE, *, whole: bool = False) -> int:
        """Add a column from zero to `highest` and return its number."""
        self.highest.append(highest)
        if whole:
            self.whole.append(len(self.highest) - 1)
        return len(self.highest) - 1

    def row(self, sums: Row, highest: float, lowest: float = -_INFINITE) -> None:
        """Add a row: the sum lies between `lowest` and `highest`."""
        self.rows.append((sums, lowest, highest))


def program_of(here: Situation, found: Possible) -> Program:
    """Return the program of an authority in a scenario."""
    crowds = crowds_of(here, found)
    kinds = kinds_of(here.organisation, crowds, found)
    program = Program(kinds=kinds, firsts=tuple(found.measures[of_kind[0]] for of_kind in kinds))
    for of_kind in kinds:
        program.column(sum(found.measures[n].most for n in of_kind), whole=True)
    _costs(program, here)
    waiting = _people(program, crowds, _devices(program, here, crowds))
    _tunnels(program, here, waiting)
    return program


def _costs(program: Program, here: Situation) -> None:
    """Take from stock first: what is bought is what a plan needs beyond it."""
    stock = in_stock(here.organisation, here.counts)
    by_item: dict[str, list[int]] = {}
    for n, measure in enumerate(program.firsts):
        if measure.item:
            by_item.setdefault(measure.item, []).append(n)
    for item, columns in by_item.items():
        price = price_of(here.organisation, item)
        if price.it_hours:
            program.hours |= dict.fromkeys(columns, price.it_hours)
        if item not in here.organisation.prices:
            program.row(dict.fromkeys(columns, 1.0), float(stock[item]))
        elif price.euro:
            bought = program.column()
            program.euro[bought] = price.euro
            program.row({**dict.fromkeys(columns, 1.0), bought: -1.0}, float(stock.get(item, 0)))


Added = dict[tuple[str, bool], dict[int, float]]
"""What columns add to the devices of a crowd (by its first unit), working directly (True) or not (False)."""


def _add(added: Added, unit: str, column: int, each: float, *, direct: bool) -> None:
    columns = added.setdefault((unit, direct), {})
    columns[column] = columns.get(column, 0.0) + each


def _devices(program: Program, here: Situation, crowds: Sequence[Crowd]) -> Added:
    added: Added = {}
    first = {unit: crowd.units[0] for crowd in crowds for unit in crowd.units}
    cloud = cloud_units(here.organisation)
    for n, measure in enumerate(program.firsts):
        if measure.devices is not None and measure.place in first:
            direct = is_direct(measure.devices.path, measure.place, cloud)
            _add(added, first[measure.place], n, 1.0, direct=direct)
    for crowd in crowds:
        more = [
            n
            for n, measure in enumerate(program.firsts)
            if measure.place in crowd.units and measure.what in {What.LAPTOP, What.FIX}
        ]
        if more:
            program.row(dict.fromkeys(more, 1.0), float(crowd.room))
    for pool, parts in pool_shares(here.organisation, here.counts, here.loss).items():
        _pool(program, here, pool, parts, added)
    return added


def _pool(program: Program, here: Situation, pool: str, parts: Mapping[str, float], added: Added) -> None:
    """Divide a pool by rule as the drill does, or hand all of its ready devices out by the plan.

    The rule looks at people without a device in hand, so whoever gives somebody one in a unit of the pool has
    to say who gets the pool's devices: else the rule would, and differently from before.
    """
    cloud = cloud_units(here.organisation)
    ready: dict[Path, int] = {}
    for group, number in here.counts.items():
        if group.unit == pool and group.verdict is Verdict.READY:
            ready[group.path] = ready.get(group.path, 0) + number
    of_pool = [(n, measure) for n, measure in enumerate(program.firsts) if measure.place == pool]
    fixed, handed = (
        {path: [n for n, one in of_pool if one.what is what and _path(one) is path] for path in Path}
        for what in (What.FIX, What.POOL)
    )
    for n, measure in of_pool:
        if measure.what is What.POOL:
            _add(added, measure.unit, n, 1.0, direct=is_direct(_path(measure), measure.unit, cloud))
    paths = {path for path in Path if ready.get(path) or fixed[path] or handed[path]}
    if not paths:
        return
    dissolved = program.dissolved[pool] = program.column(1.0, whole=True)
    for path in sorted(paths):
        there = float(ready.get(path, 0))
        mended, out = fixed[path], handed[path]
        most = there + sum(program.highest[n] for n in mended)
        by_rule = program.column()
        program.row({by_rule: 1.0, **dict.fromkeys(out, 1.0), **dict.fromkeys(mended, -1.0)}, there, there)
        program.row({by_rule: 1.0, dissolved: most}, most)
        for unit, share in parts.items():
            _add(added, unit, by_rule, share, direct=is_direct(path, unit, cloud))
    giving = [
        n
        for n, measure in enumerate(program.firsts)
        if (measure.what is What.LAPTOP and measure.place in parts) or measure.unit in parts
    ]
    if giving:
        most = sum(program.highest[n] for n in giving)
        program.row({**dict.fromkeys(giving, 1.0), dissolved: -most}, 0.0)


def _path(measure: Measure) -> Path:
    return measure.devices.path if measure.devices else Path.UNKNOWN


def _people(program: Program, crowds: Sequence[Crowd], added: Added) -> dict[int, list[int]]:
    """Make people able, as many as there are and have devices; return their tunnel columns by class."""
    waiting: dict[int, list[int]] = {}
    for crowd in crowds:
        direct, tunnel = (program.column(float(crowd.staff)) for _ in range(2))
        program.able |= {direct: 1.0, tunnel: 1.0}
        program.row({direct: 1.0, tunnel: 1.0}, float(crowd.staff))
        program.row({direct: 1.0, **_less(added.get((crowd.units[0], True), {}))}, crowd.direct)
        program.row({tunnel: 1.0, **_less(added.get((crowd.units[0], False), {}))}, crowd.tunnel)
        waiting.setdefault(crowd.of_class, []).append(tunnel)
    return waiting


def _tunnels(program: Program, here: Situation, waiting: Mapping[int, Sequence[int]]) -> None:
    organisation, scenario = here.organisation, here.scenario
    share = scenario.concurrency or organisation.concurrency
    more = {(measure.what, measure.place): n for n, measure in enumerate(program.firsts)}
    gateways = organisation.gateways or ()
    through: list[list[int]] = [[] for _ in gateways]
    for of_class, people in waiting.items():
        ways = here.ground.poor.classes[of_class] if gateways else ()
        flows = {way: program.column() for way in ways}
        for way, flow in flows.items():
            through[way].append(flow)
        program.row({**dict.fromkeys(people, 1.0), **dict.fromkeys(flows.values(), -1.0)}, 0.0)

    def limit(flows: Iterable[int], people_each: float, capacity: float, grows: Iterable[int | None]) -> None:
        each = {n: -people_each for n in grows if n is not None}
        program.row({**dict.fromkeys(flows, 1.0), **each}, capacity * people_each)

    for one, flows_in in zip(gateways, through, strict=True):
        people_each = (
            0.0 if one.name in here.loss.gateways else scenario.availability.get(one.name, 1.0) / share
        )
        if one.sessions is not None:
            limit(flows_in, people_each, one.sessions, [more.get((What.SESSION, one.name))])
        if one.bandwidth_mbit is not None and one.per_session_mbit is not None:
            grows = [more.get((What.LINE, one.name))]
            limit(flows_in, people_each / one.per_session_mbit, one.bandwidth_mbit, grows)
    for pool in organisation.licence_pools:
        inside = [n for n, one in enumerate(gateways) if one.licences == pool.name]
        grows = [more.get((What.LICENCE, pool.name))]
        grows += [
            more.get((What.SESSION, gateways[n].name))
            for n in inside
            if session_brings_licence(organisation, gateways[n])
        ]
        limit([flow for n in inside for flow in through[n]], 1 / share, pool.sessions, grows)
    for line in organisation.uplinks:
        inside = [n for n, one in enumerate(gateways) if one.uplink == line.name]
        grows = [more.get((What.UPLINK, line.name))]
        flows_in = [flow for n in inside for flow in through[n]]
        limit(flows_in, 1 / share / line.per_session_mbit, line.bandwidth_mbit, grows)


def _less(columns: Row) -> dict[int, float]:
    return {column: -each for column, each in columns.items()}
