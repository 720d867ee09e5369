"""Which groups are large enough to be counted alone, and where do the others go?

One hierarchy, fleet > site > unit, and one rule, applied to sizes only: units of fewer than k devices become
the "other units" of their site; if those are still fewer than k, the next smallest unit joins them (the
remainder rule: a remainder could be computed from the rest); a site of fewer than k devices joins the other
sites; if those are fewer than k, the next smallest group joins them; a fleet of fewer than k is not counted.
"""

from collections import defaultdict
from collections.abc import Mapping
from typing import NamedTuple

from fernbereit_server.metrics.family import NO_SITE, NO_UNIT, OTHER_SITES, OTHER_UNITS

_RESERVED = frozenset({NO_SITE, NO_UNIT, OTHER_SITES, OTHER_UNITS})
_LONGEST = 96


class Place(NamedTuple):
    """Where a device belongs by the inventory; None where it says nothing."""

    site: str | None
    unit: str | None


class Group(NamedTuple):
    """A site and a unit as they are published."""

    site: str
    unit: str


WHOLE_FLEET = Group("", "")


def merge(sizes: Mapping[Place, int], k: int) -> dict[Place, Group]:
    """Say for each place which group it is counted in; places that are not counted are left out."""
    members: dict[Group, list[Place]] = defaultdict(list)
    for place in sizes:
        members[Group(published_name(place.site, NO_SITE), published_name(place.unit, NO_UNIT))].append(place)
    size = {group: sum(sizes[place] for place in places) for group, places in members.items()}
    rest: list[Group] = []
    merged: dict[Group, Group] = {}
    for site in sorted({group.site for group in members}):
        units = sorted((g for g in members if g.site == site), key=lambda g: (size[g], g))
        together = _remainder(units, size, k)
        if sum(size[group] for group in together) >= k:
            merged |= dict.fromkeys(together, Group(site, OTHER_UNITS))
        else:
            rest += together
        merged |= {group: group for group in units if group not in together}
    _join_rest(rest, merged, size, k)
    return {place: merged[group] for group, places in members.items() if group in merged for place in places}


def _remainder(units: list[Group], size: Mapping[Group, int], k: int) -> list[Group]:
    """Take the units below k, and on until they are k together; `units` ascend in size."""
    together = [group for group in units if size[group] < k]
    if together:
        for group in units[len(together) :]:
            if sum(size[taken] for taken in together) >= k:
                break
            together.append(group)
    return together


def _join_rest(rest: list[Group], merged: dict[Group, Group], size: Mapping[Group, int], k: int) -> None:
    """Count what is left of small sites together, with the smallest groups that are needed."""
    while rest and merged and sum(size[group] for group in rest) < k:
        published: dict[Group, list[Group]] = defaultdict(list)
        for group, target in merged.items():
            published[target].append(group)
        smallest = min(published, key=lambda g: (sum(size[member] for member in published[g]), g))
        for member in published[smallest]:
            rest.append(member)
            del merged[member]
    if sum(size[group] for group in rest) >= k:
        merged |= dict.fromkeys(rest, Group(OTHER_SITES, OTHER_UNITS))


def published_name(name: str | None, nothing: str) -> str:
    """Return a name fit for a label; one that is a word of ours gets a full stop, so that both stay apart."""
    if not name:
        return nothing
    short = name[:_LONGEST]
    return f"{short}." if short in _RESERVED else short
