"""Whose measures are interchangeable? Units that differ in nothing a plan can see are taken together.

Where people have one device each, it does not matter whose laptop is bought or fixed among units that use the
same gateways, so a program needs a column for each kind of measure instead of one for each unit; without
this a solver compares a great many plans that are the same.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fernbereit_server.organisation.model import Organisation
from fernbereit_server.resilience.counts import Counts, Path
from fernbereit_server.resilience.demand import Settling, cloud_units, devices_of_units, pool_shares
from fernbereit_server.resilience.planner.measure import Measure, What
from fernbereit_server.resilience.planner.measures import Possible
from fernbereit_server.resilience.planner.situation import Situation


@dataclass(frozen=True, slots=True, kw_only=True)
class Crowd:
    """Units taken together: people, devices that work directly or not, and how many may be equipped."""

    units: tuple[str, ...]
    of_class: int
    staff: int
    direct: float
    tunnel: float
    room: int


def crowds_of(here: Situation, found: Possible) -> tuple[Crowd, ...]:
    """Return the crowds; a unit with spare devices, or with a part of a shared pool, stays by itself."""
    pools = {pool.name for pool in here.organisation.device_pools}
    held = Counts({group: number for group, number in here.counts.items() if group.unit not in pools})
    devices = devices_of_units(here.organisation, held, here.loss)
    cloud = cloud_units(here.organisation)
    shared = {
        unit for parts in pool_shares(here.organisation, here.counts, here.loss).values() for unit in parts
    }
    fixable: dict[str, int] = {}
    for measure in found.measures:
        if measure.what is What.FIX:
            fixable[measure.place] = fixable.get(measure.place, 0) + measure.most
    together: dict[tuple[int, bool, str], list[Crowd]] = {}
    for name, unit in here.ground.units.items():
        if name in here.ground.blocked or not unit.staff:
            continue
        direct, tunnel = devices[name].paths(Settling.CAUTIOUS)
        without = found.without.get(name, 0)
        alike = (
            direct + tunnel + without <= unit.staff and fixable.get(name, 0) <= without and name not in shared
        )
        of_class = here.ground.poor.class_of[name]
        one = Crowd(
            units=(name,),
            of_class=of_class,
            staff=unit.staff,
            direct=direct,
            tunnel=tunnel,
            room=max(without, fixable.get(name, 0)),
        )
        together.setdefault((of_class, name in cloud, "" if alike else name), []).append(one)
    return tuple(
        Crowd(
            units=tuple(one.units[0] for one in alike),
            of_class=of_class,
            staff=sum(one.staff for one in alike),
            direct=sum(one.direct for one in alike),
            tunnel=sum(one.tunnel for one in alike),
            room=sum(one.room for one in alike),
        )
        for (of_class, _, _), alike in together.items()
    )


def kinds_of(
    organisation: Organisation, crowds: Sequence[Crowd], found: Possible
) -> tuple[tuple[int, ...], ...]:
    """Return which measures are one kind, by their places in `found.measures`."""
    crowd = {unit: n for n, one in enumerate(crowds) for unit in one.units}
    cloud = cloud_units(organisation)
    kinds: dict[tuple[object, ...], list[int]] = {}
    for n, measure in enumerate(found.measures):
        key: tuple[object, ...] = (n,)
        if measure.devices is not None and measure.place in crowd:
            key = (
                measure.what,
                measure.item,
                crowd[measure.place],
                is_direct(measure.devices.path, measure.place, cloud),
            )
        kinds.setdefault(key, []).append(n)
    return tuple(map(tuple, kinds.values()))


def is_direct(path: Path, unit: str, cloud: frozenset[str]) -> bool:
    """Say whether the low figure counts a device as needing no tunnel."""
    return path is Path.DIRECT or (path is Path.UNKNOWN and unit in cloud)


def shared_out(
    kinds: Sequence[Sequence[int]],
    taken: Sequence[int],
    measures: Sequence[Measure],
    without: Mapping[str, int],
) -> dict[Measure, int]:
    """Divide what is taken of each kind among its measures: fixes, then laptops where people are left."""
    found: dict[Measure, int] = {}
    left = dict(without)
    order = sorted(range(len(kinds)), key=lambda n: measures[kinds[n][0]].what is What.LAPTOP)
    for n in order:
        number = taken[n]
        for measure in (measures[of_kind] for of_kind in kinds[n]):
            most = measure.most
            if measure.what is What.LAPTOP and len(kinds[n]) > 1:
                most = min(most, left[measure.place])
            part = min(number, most)
            if part:
                found[measure] = part
                number -= part
                left[measure.place] = left.get(measure.place, 0) - part
    return found


def part_of(
    kinds: Sequence[Sequence[int]],
    taken: Sequence[int],
    measures: Sequence[Measure],
    whole: Mapping[Measure, int],
) -> dict[Measure, int]:
    """Divide a part of a plan so that the rest of the `whole` can follow."""
    found: dict[Measure, int] = {}
    for of_kind, number in zip(kinds, taken, strict=True):
        left = number
        for measure in (measures[n] for n in of_kind):
            part = min(left, whole.get(measure, 0))
            if part:
                found[measure] = part
                left -= part
    return found
