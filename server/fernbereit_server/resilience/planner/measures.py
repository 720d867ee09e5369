"""What can be done so that more people are able, and where?

Each measure is bought or done in whole numbers, up to where more of it could help nobody. What has neither a
price nor a stock is named and not planned.
"""

import dataclasses
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from fernbereit_server.organisation import items
from fernbereit_server.organisation.model import Organisation
from fernbereit_server.resilience.counts import Counts, Group, Kind, Path, Verdict
from fernbereit_server.resilience.demand import IN_HAND, cloud_units, pool_shares
from fernbereit_server.resilience.planner.measure import Measure, What, in_stock
from fernbereit_server.resilience.planner.situation import Situation
from fernbereit_server.resilience.planner.tunnels import tunnels
from fernbereit_server.resilience.scenario import Loss


@dataclass(frozen=True, slots=True, kw_only=True)
class Possible:
    """What can be planned, and the items that would help but have neither a price nor a stock.

    `without` are the people of each unit who certainly have no usable device: laptops and fixes of a unit
    together go to no more than them, or to as many as have a device that can be fixed.
    """

    measures: tuple[Measure, ...]
    unpriced: tuple[str, ...]
    without: Mapping[str, int]


def possible(here: Situation) -> Possible:
    """Return what can be done for an authority in a scenario."""
    organisation, counts, loss, ground = here.organisation, here.counts, here.loss, here.ground
    working = {
        name: unit.staff for name, unit in ground.units.items() if name not in ground.blocked and unit.staff
    }
    without = _without(counts, working)
    found = [
        *_laptops(organisation, without),
        *tunnels(here, working),
        *_devices(organisation, counts, loss, working),
    ]
    found = [measure for measure in found if measure.most > 0]
    stock = in_stock(organisation, counts)
    offered = [one for one in found if not one.item or one.item in organisation.prices or stock.get(one.item)]
    return Possible(
        measures=tuple(
            _within(one, stock.get(one.item, 0)) if one.item and one.item not in organisation.prices else one
            for one in offered
        ),
        unpriced=tuple(sorted({one.item for one in found} - {one.item for one in offered})),
        without=without,
    )


def _within(measure: Measure, stock: int) -> Measure:
    return dataclasses.replace(measure, most=min(measure.most, stock))


def _without(counts: Counts, working: Mapping[str, int]) -> dict[str, int]:
    """Count people without a usable device; an unknown one may be usable, so it is looked at first."""
    usable = dict.fromkeys(working, 0)
    for group, number in counts.items():
        if group.unit in usable and group.kind in {*IN_HAND, Kind.POOL}:
            usable[group.unit] += number if group.verdict in {Verdict.READY, Verdict.UNKNOWN} else 0
    return {unit: max(0, staff - usable[unit]) for unit, staff in working.items()}


def _laptops(organisation: Organisation, without: Mapping[str, int]) -> Iterator[Measure]:
    cloud = cloud_units(organisation)
    for unit, people in without.items():
        path = Path.DIRECT if unit in cloud else Path.VPN
        yield Measure(
            what=What.LAPTOP,
            item=items.LAPTOP,
            place=unit,
            most=people,
            devices=Group(unit, path, Verdict.READY, Kind.PERSONAL),
        )


def _devices(
    organisation: Organisation, counts: Counts, loss: Loss, working: Mapping[str, int]
) -> Iterator[Measure]:
    """Fix devices that are one fix away, and hand ready ones out of shared pools to people of a unit."""
    lost = {unit.name for unit in organisation.units if unit.site in loss.sites}
    shares = pool_shares(organisation, counts, loss)
    ready: dict[tuple[str, Path], int] = {}
    for group, number in sorted(counts.items(), key=lambda found: dataclasses.astuple(found[0])):
        of_pool = group.kind is Kind.POOL and group.unit in shares
        in_use = group.unit in working and group.kind in {*IN_HAND, Kind.POOL}
        if not of_pool and (not in_use or (group.kind is Kind.POOL and group.unit in lost)):
            continue
        fixable = bool(group.fix) and group.verdict in {Verdict.LIMITED, Verdict.NOT_READY}
        if fixable:
            yield Measure(what=What.FIX, item=group.fix, place=group.unit, most=number, devices=group)
        if of_pool and (fixable or group.verdict is Verdict.READY):
            ready[group.unit, group.path] = ready.get((group.unit, group.path), 0) + number
    for (pool, path), number in ready.items():
        for unit in sorted(set(shares[pool]) & set(working)):
            yield Measure(
                what=What.POOL,
                item="",
                place=pool,
                most=number,
                devices=Group(pool, path, Verdict.READY, Kind.POOL),
                unit=unit,
            )
