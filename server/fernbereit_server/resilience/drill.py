"""If a scenario comes true, how many people of each unit can work, what binds, which services hold?

The computation is that of docs/decisions/007-the-drill-is-a-flow.md; bounds of a unit settle its own unknown
devices against everybody else's, totals are settled by themselves, so nothing inverts.
"""

from collections.abc import Mapping

from fernbereit_server.organisation.model import Organisation, Unit
from fernbereit_server.resilience.counts import Counts, Kind, total
from fernbereit_server.resilience.demand import IN_HAND, Settling
from fernbereit_server.resilience.ground import Ground, ground_of
from fernbereit_server.resilience.naming import binding, binding_of_unit, pieces
from fernbereit_server.resilience.result import Binding, Bounds, DrillResult, Note, ServiceResult, UnitResult
from fernbereit_server.resilience.scenario import Loss, Scenario, applied
from fernbereit_server.resilience.settled import Settled

_EPSILON = 1e-6


def drill(organisation: Organisation, counts: Counts, scenario: Scenario) -> DrillResult:
    """Answer a scenario."""
    loss = applied(scenario, organisation)
    ground = ground_of(organisation, counts, scenario, loss)
    low, high = ground.run(Settling.CAUTIOUS), ground.run(Settling.HOPEFUL)
    worst = ground.alone(Settling.CAUTIOUS, Settling.CROWDING)
    best = ground.alone(Settling.HOPEFUL, Settling.YIELDING)
    able = {name: Bounds(worst[name], max(worst[name], best[name])) for name in ground.units}
    units = tuple(_unit(unit, ground, low, high, able) for unit in organisation.units)
    staff = {name: unit.staff for name, unit in ground.units.items()}
    return DrillResult(
        organisation=organisation.name,
        scenario=scenario.key,
        title=scenario.title,
        concurrency=scenario.concurrency or organisation.concurrency,
        reservation=ground.needed is not None,
        headcount=sum(unit.headcount for unit in ground.units.values()),
        suitable=sum(staff.values()),
        equipped=Bounds(_equipped(low), _equipped(high)),
        able=Bounds(low.total, max(low.total, high.total)),
        binding=binding(low, staff, ground.blocked),
        binding_high=binding(high, staff, ground.blocked),
        cut=pieces(low),
        units=units,
        services=_services(organisation, {unit.name: unit for unit in units}),
        notes=tuple(_notes(organisation, counts, loss, ground)),
    )


def _equipped(run: Settled) -> float:
    return sum(demand.equipped for demand in run.demands.values())


def _unit(unit: Unit, ground: Ground, low: Settled, high: Settled, able: Mapping[str, Bounds]) -> UnitResult:
    leaves = unit.name in ground.units
    nothing = Bounds(0.0, 0.0)
    return UnitResult(
        name=unit.name,
        headcount=unit.headcount,
        suitable=unit.staff,
        leaves=leaves,
        equipped=Bounds(low.demands[unit.name].equipped, high.demands[unit.name].equipped)
        if leaves
        else nothing,
        able=able.get(unit.name, nothing),
        binding=binding_of_unit(low, unit.name, unit.staff, ground.blocked)
        if leaves
        else Binding(kind="stays"),
    )


def _services(organisation: Organisation, units: Mapping[str, UnitResult]) -> tuple[ServiceResult, ...]:
    """Staff each service; a unit that cannot meet all minima it owes shares out what it has in proportion."""
    owed: dict[str, int] = {}
    for service in organisation.services:
        for unit, minimum in service.minimum.items():
            owed[unit] = owed.get(unit, 0) + minimum
    results = []
    for service in organisation.services:
        low = high = 0.0
        for unit, minimum in service.minimum.items():
            result = units[unit]
            for_low = min(1.0, result.able.low / owed[unit]) if result.leaves else 1.0
            for_high = min(1.0, result.able.high / owed[unit]) if result.leaves else 1.0
            low += minimum * for_low
            high += minimum * for_high
        whole = sum(service.minimum.values())
        holds = "yes" if low >= whole - _EPSILON else "unknown" if high >= whole - _EPSILON else "no"
        results.append(
            ServiceResult(name=service.name, minimum=whole, staffed=Bounds(low, high), holds=holds)
        )
    return tuple(results)


def _notes(organisation: Organisation, counts: Counts, loss: Loss, ground: Ground) -> list[Note]:
    notes = []
    if loss.nothing_to_lose:
        notes.append(Note(word="nothing_to_lose", values={}))
    if ground.poor.unknown:
        notes.append(Note(word="capacity_unknown", values={}))
    if any(unit.suitable is None for unit in ground.units.values()):
        number = sum(unit.suitable is None for unit in ground.units.values())
        notes.append(Note(word="no_suitable", values={"number": number}))
    surplus = 0
    for unit in organisation.units:
        held = sum(n for group, n in counts.items() if group.unit == unit.name and group.kind in IN_HAND)
        surplus += max(0, held - unit.headcount)
    homeless = sum(number for group, number in counts.items() if not group.unit)
    for word, number in (
        ("more_devices_than_people", surplus),
        ("no_unit", homeless),
        ("stock", total(counts, [Kind.STOCK])),
        ("shared", total(counts, [Kind.SHARED])),
    ):
        if number:
            notes.append(Note(word=word, values={"number": number}))
    return notes
