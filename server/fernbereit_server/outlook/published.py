"""Which authority and which devices do published cells stand for?

A drill over published numbers sees what everybody sees: rounded counts of groups. Units that are not
published alone stand together as "other units" of their site, or of the authority, as their devices do; so
do units of fewer than k people. Whatever is computed from that and from the authority's own file tells no
more than the cells did (docs/decisions/013-the-published-drill-is-computed-from-published-cells.md).

Which units a group of others holds is told by absence: those of its site that are not published alone. The
inventory may know another site than the organisation; groups and units that do not find each other that way
stand together as well. A unit that no such group could hold has no devices.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from types import MappingProxyType
from typing import Protocol

from fernbereit_server.metrics.families import readiness as families
from fernbereit_server.metrics.family import NO_SITE, NO_UNIT, OTHER_SITES, OTHER_UNITS, UNKNOWN
from fernbereit_server.organisation.model import Organisation, Unit
from fernbereit_server.outlook.together import together
from fernbereit_server.publication.groups import Group as Place
from fernbereit_server.publication.groups import published_name
from fernbereit_server.resilience.counts import Counts, Group, Kind, Path, Verdict

CAPABILITY = families.CAPABILITY.key
WORDS = families.CAPABILITY.words
_STATES: Mapping[str, tuple[Path, Verdict]] = {
    "ready_direct": (Path.DIRECT, Verdict.READY),
    "ready_vpn": (Path.VPN, Verdict.READY),
    "ready_unknown": (Path.UNKNOWN, Verdict.READY),
    "unknown": (Path.UNKNOWN, Verdict.UNKNOWN),
    "limited": (Path.UNKNOWN, Verdict.LIMITED),
    "not_ready": (Path.UNKNOWN, Verdict.NOT_READY),
}
FIX = "fernbereit_devices_by_fix"
_NO_FIX = frozenset({families.NO_FIX, families.SEVERAL, UNKNOWN})

Words = Counter[str]
NOTHING: Mapping[Place, Words] = MappingProxyType({})
ELSEWHERE = Place(OTHER_SITES, OTHER_UNITS)


class _Cell(Protocol):
    @property
    def family(self) -> str: ...
    @property
    def site(self) -> str: ...
    @property
    def unit(self) -> str: ...
    @property
    def word(self) -> str: ...
    @property
    def count(self) -> int: ...


@dataclass(frozen=True, kw_only=True)
class Arrangement:
    """An authority as it is published; `members` names the units of each merged one, and no others.

    `places` says for every unit under which site and unit its numbers are published, `holders` the reverse:
    which unit or device pool has the devices of a published group. `strangers` are units the inventory knows
    and the organisation does not; their devices make nobody able.
    """

    organisation: Organisation
    members: Mapping[str, tuple[str, ...]]
    places: Mapping[str, Place]
    holders: Mapping[Place, tuple[str, Kind]]
    strangers: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Grouped(Arrangement):
    """An authority as it is published, with its devices."""

    counts: Counts


@dataclass(frozen=True)
class _Cluster:
    """Units that are told together, and the published groups that hold their devices."""

    units: tuple[Unit, ...]
    held: tuple[Place, ...] = ()

    def with_(self, other: "_Cluster") -> "_Cluster":
        return _Cluster(self.units + other.units, self.held + other.held)

    @property
    def people(self) -> int:
        return sum(unit.headcount for unit in self.units)

    def too_few(self, k: int) -> bool:
        """Tell whether somebody could feel meant: one to k - 1 people, or suitable ones."""
        return 0 < self.people < k or 0 < sum(unit.staff for unit in self.units) < k


def capability(cells: Iterable[_Cell]) -> dict[Place, Words]:
    """Pick the devices of every published group out of a page, or out of the cells of one day."""
    groups: dict[Place, Words] = {}
    for cell in cells:
        if cell.family == CAPABILITY and cell.unit:
            groups.setdefault(Place(cell.site, cell.unit), Counter())[cell.word] += cell.count
    return groups


def arrange(organisation: Organisation, published: Iterable[Place], k: int) -> Arrangement:
    """Return the authority as these groups show it; `k` people or more are told together."""
    left = sorted(published)
    holders: dict[Place, tuple[str, Kind]] = {}
    for pool in organisation.device_pools:
        for place in _taken(left, published_name(pool.name, "")):
            holders[place] = (pool.name, Kind.POOL)
    clusters, hidden = _alone(organisation, left)
    _take_buckets(clusters, hidden, left)
    _join_few(clusters, k)
    named: dict[str, tuple[Place, _Cluster]] = {}
    taken = {unit.name for unit in organisation.units} | {pool.name for pool in organisation.device_pools}
    for place, cluster in clusters.items():
        named[_name(place, cluster, taken | named.keys())] = (place, cluster)
    for name, (_, cluster) in named.items():
        holders |= dict.fromkeys(cluster.held, (name, Kind.PERSONAL))
    return Arrangement(
        organisation=together(organisation, {name: cluster.units for name, (_, cluster) in named.items()}),
        members={
            name: tuple(unit.name for unit in cluster.units)
            for name, (_, cluster) in named.items()
            if len(cluster.units) > 1 or cluster.units[0].name != name
        },
        places={name: place for name, (place, _) in named.items()},
        holders=holders,
        strangers=tuple(sorted({place.unit for place in left} - {NO_UNIT, OTHER_UNITS})),
    )


def fixes(cells: Iterable[_Cell]) -> dict[Place, Words]:
    """Pick out of a page what devices of every group that are one step from ready need, by item."""
    groups: dict[Place, Words] = {}
    for cell in cells:
        if cell.family == FIX and cell.unit and cell.word not in _NO_FIX and cell.count:
            groups.setdefault(Place(cell.site, cell.unit), Counter())[cell.word] += cell.count
    return groups


def filled(
    arrangement: Arrangement, groups: Mapping[Place, Words], fixes: Mapping[Place, Words] = NOTHING
) -> Grouped:
    """Put the devices of the groups into an arrangement of them; `fixes` says what some of them need."""
    counts: Counts = Counter()
    for place, words in groups.items():
        unit, kind = arrangement.holders.get(place, ("", Kind.PERSONAL))
        needed = Counter(fixes.get(place, {}))
        for word, number in words.items():
            path, verdict = _STATES.get(word, _STATES["unknown"])
            left = number
            if verdict in {Verdict.NOT_READY, Verdict.LIMITED}:
                # Fixes are rounded by themselves: never more of them than there are devices.
                for fix in sorted(needed):
                    one_step = min(left, needed[fix])
                    counts[Group(unit, path, verdict, kind, fix)] += one_step
                    needed[fix] -= one_step
                    left -= one_step
            counts[Group(unit, path, verdict, kind)] += left
    return Grouped(**vars(arrangement), counts=+counts)


def grouped(organisation: Organisation, groups: Mapping[Place, Words], k: int) -> Grouped:
    """Return the authority as `groups` show it, and its devices; `k` people or more are told together."""
    return filled(arrange(organisation, groups, k), groups)


def _taken(left: list[Place], label: str) -> tuple[Place, ...]:
    """Take the groups of one published name, of whatever sites."""
    found = tuple(place for place in left if place.unit == label)
    for place in found:
        left.remove(place)
    return found


def _alone(organisation: Organisation, left: list[Place]) -> tuple[dict[Place, _Cluster], list[Unit]]:
    """Return the units that are published by themselves, and the others.

    Units whose long names begin alike are published under one name, so they are told as one.
    """
    clusters: dict[Place, _Cluster] = {}
    hidden: list[Unit] = []
    labelled: dict[str, list[Unit]] = {}
    for unit in organisation.units:
        labelled.setdefault(published_name(unit.name, ""), []).append(unit)
    for label, units in labelled.items():
        held = _taken(left, label)
        if held:
            site = held[0].site if len(held) == 1 else published_name(units[0].site, NO_SITE)
            clusters[Place(site, label)] = _Cluster(tuple(units), held)
        else:
            hidden += units
    return clusters, hidden


def _take_buckets(clusters: dict[Place, _Cluster], hidden: Iterable[Unit], left: list[Place]) -> None:
    """Put units that are not published alone where their devices are counted."""
    homeless: list[Unit] = []
    held: dict[Place, list[Unit]] = {}
    for unit in hidden:
        of_site = Place(published_name(unit.site, NO_SITE), OTHER_UNITS)
        place = of_site if of_site in left else ELSEWHERE
        (held.setdefault(place, []) if place in left else homeless).append(unit)
    for place, units in held.items():
        clusters[place] = _Cluster(tuple(units), (place,))
        left.remove(place)
    buckets = _taken(left, OTHER_UNITS)
    if buckets and homeless:
        _put(clusters, buckets[0] if len(buckets) == 1 else ELSEWHERE, _Cluster(tuple(homeless), buckets))
        return
    for unit in homeless:
        place = Place(published_name(unit.site, NO_SITE), published_name(unit.name, ""))
        _put(clusters, place, _Cluster((unit,)))


def _join_few(clusters: dict[Place, _Cluster], k: int) -> None:
    """Tell units of too few people together with others: of their site first, with those already together."""
    while len(clusters) > 1:
        few = [place for place, cluster in clusters.items() if cluster.too_few(k)]
        if not few:
            return
        place = min(few, key=lambda one: (clusters[one].people, one))
        cluster = clusters.pop(place)
        same = [other for other in clusters if other.site == place.site]
        near = same or list(clusters)
        target = Place(place.site, OTHER_UNITS) if same and place.site != OTHER_SITES else ELSEWHERE
        if target not in clusters:
            partner = min(near, key=lambda one: (clusters[one].people, one))
            _put(clusters, target, clusters.pop(partner))
        _put(clusters, target, cluster)


def _put(clusters: dict[Place, _Cluster], place: Place, cluster: _Cluster) -> None:
    clusters[place] = clusters[place].with_(cluster) if place in clusters else cluster


def _name(place: Place, cluster: _Cluster, taken: AbstractSet[str]) -> str:
    """Return a unit's own name, or one for several that nothing else bears."""
    if len(cluster.units) == 1 and place.unit != OTHER_UNITS:
        return cluster.units[0].name
    name = place.unit
    if name == OTHER_UNITS and place.site != OTHER_SITES:
        name = f"{OTHER_UNITS} ({place.site})"
    while name in taken:
        name += "."
    return name
