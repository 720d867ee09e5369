"""How many devices say the same, exactly? Read by `cells.publish` and by `/metrics/operations` only.

Counted are active devices and inventory rows that never reported, both without stock: a laptop on a shelf
is nobody's. A row that never reported says `unknown` (freshness: `never`), it is not left out.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

from fernbereit.record import Outcome
from fernbereit_server.fleet import Device, Path
from fernbereit_server.freshness import freshness
from fernbereit_server.judging.judged import Judged
from fernbereit_server.judging.lifecycle import STOCK, Lifecycle, counts_in, lifecycle
from fernbereit_server.metrics.catalogue import TRAITS
from fernbereit_server.metrics.families.readiness import CONTESTED_TRAIT
from fernbereit_server.publication.groups import Group, Place
from fernbereit_server.publication.lot import drawn, lot_name
from fernbereit_server.stalls import let_go, tally
from fernbereit_server.store.changes import InventoryRow

PublishedFreshness = Literal["recent", "stale", "silent", "never"]
SHARED = "shared"
_NEVER_READ: tuple[str | None, ...] = (None,) * len(TRAITS)
_CONTESTED = TRAITS.index(CONTESTED_TRAIT)
_NOTHING: frozenset[str] = frozenset()
_UTC = ZoneInfo("UTC")


class Seen(NamedTuple):
    """Everything about a device that a family asks for; devices that agree are counted as one.

    `stays` is true of a device that nobody takes home.
    """

    place: Place
    stays: bool
    freshness: str
    words: tuple[str | None, ...] = _NEVER_READ
    outcomes: frozenset[tuple[str, Outcome]] = frozenset()
    judged: Judged | None = None
    path: Path = "unknown"
    contested: frozenset[str] = _NOTHING
    lifecycle: str = Lifecycle.PENDING.value


class _Drawn(NamedTuple):
    lot: bytes
    other_lot: bytes
    name: str
    seen: Seen


class Counted(NamedTuple):
    """How many devices of each group say the same, and the names of those that were drawn."""

    words: Counter[tuple[Group, Seen]]
    drawn: frozenset[str]


_Class = tuple[Place, bool]
"""Devices that may speak for each other: everybody knows which device is shared, so those are apart."""


@dataclass(frozen=True, slots=True)
class Census:
    """Exact counts: how many devices agree in everything a family asks for, and the inventory never seen.

    `aside` are the devices that are in nobody's use, by lifecycle; `members` is who said it, for the memory
    of `movement`. `lots` holds the lowest lots of each place, if lots were drawn at all.
    """

    seen: Counter[Seen]
    never_seen: int
    aside: Counter[str] = field(default_factory=Counter)
    members: dict[str, Seen] = field(default_factory=dict)
    lots: Mapping[_Class, tuple[_Drawn, ...]] = field(default_factory=dict)

    def sizes(self) -> Counter[Place]:
        """Return the number of devices at each place."""
        sizes: Counter[Place] = Counter()
        for seen, count in self.seen.items():
            sizes[seen.place] += count
        return sizes

    def let_go(self) -> None:
        """Forget everybody; to be called by whoever took it, when it is no longer needed."""
        let_go(self.members, self.seen)

    def counted(self, groups: Mapping[Place, Group]) -> Counted:
        """Return what is counted of each group: the device that was drawn says what another one says.

        Who speaks for it is drawn by another lot. A device that is the only one of its class is counted as
        one that nobody ever heard of.
        """
        counts: Counter[tuple[Group, Seen]] = Counter()
        for seen, count in self.seen.items():
            if seen.place in groups:
                counts[groups[seen.place], seen] += count
        together: dict[tuple[Group, bool], list[_Drawn]] = defaultdict(list)
        for (place, stays), some in self.lots.items():
            if place in groups:
                together[groups[place], stays] += some
        names = set()
        for (group, stays), lots in together.items():
            lowest = min(lots, key=lambda entry: entry.lot)
            others = [entry for entry in lots if entry is not lowest]
            instead = Seen(lowest.seen.place, stays, "never")
            if others:
                instead = min(others, key=lambda entry: entry.other_lot).seen
            names.add(lowest.name)
            counts[group, lowest.seen] -= 1
            counts[group, instead] += 1
        return Counted(+counts, frozenset(names))


def take(
    devices: Iterable[Device],
    never_seen: Sequence[InventoryRow],
    *,
    now: datetime,
    interval_s: float,
    contested: Mapping[str, frozenset[str]] | None = None,
    lot: bytes | None = None,
    zone: ZoneInfo = _UTC,
) -> Census:
    """Count a fleet; `now` is aware, `interval_s` the seconds between two reports of a device.

    `contested` are the checks that the desk called wrong, by device; `zone` says what a day is. Without the
    key `lot` nobody is drawn: for exact counts, never for published ones.
    """
    today = now.astimezone(zone).date()
    members: dict[str, Seen] = {}
    aside: list[tuple[bytes, str]] = []
    once, ids, placed = cache(_frozen), cache(_ids), cache(Place)
    by_desk = contested or {}
    for device in devices:
        word = lifecycle(device, today, zone).value
        if not counts_in(device):
            if device.twin != "replaced":
                aside.append((drawn(lot or b"", device.device_id), word))
            continue
        name = lot_name(device.device_id, device.inventory_id)
        members[name if name not in members else device.device_id] = Seen(
            placed(device.site, device.unit),
            device.kind == SHARED,
            published_freshness(device.last_report_at, now, interval_s),
            device.words,
            once(tuple(device.outcomes.items())),
            device.judged,
            device.path,
            by_desk.get(device.device_id, _NOTHING) | ids(device.words[_CONTESTED]),
            word,
        )
    missing = 0
    for row in never_seen:
        if row.kind != STOCK:
            members[f"row {row.id}"] = Seen(placed(row.site, row.unit), row.kind == SHARED, "never")
            missing += 1
        else:
            aside.append((drawn(lot or b"", f"row {row.id}"), Lifecycle.IN_STOCK.value))
    words = [word for _, word in sorted(aside)]
    if lot is not None:
        words[:1] = words[1:2]
    lots = _lots(members, lot) if lot is not None else {}
    return Census(tally(members.values()), missing, Counter(words), members, lots)


class _Lowest:
    """Who of a class has the lowest of one lot, and the two lowest of the other; the first of those alike."""

    __slots__ = ("lowest", "next", "other")

    def __init__(self, first: _Drawn) -> None:
        self.lowest = self.other = first
        self.next: _Drawn | None = None

    def add(self, one: _Drawn) -> None:
        if one.lot < self.lowest.lot:
            self.lowest = one
        if one.other_lot < self.other.other_lot:
            self.other, self.next = one, self.other
        elif self.next is None or one.other_lot < self.next.other_lot:
            self.next = one

    def all(self) -> Iterator[_Drawn]:
        """Yield each once."""
        yield self.lowest
        yield from (one for one in (self.other, self.next) if one is not None and one is not self.lowest)


def _lots(members: Mapping[str, Seen], key: bytes) -> dict[_Class, tuple[_Drawn, ...]]:
    """Draw both lots for everybody, and keep of each class who may have the lowest of one of them."""
    classes: dict[_Class, _Lowest] = {}
    for name, seen in members.items():
        lot = drawn(key, name)
        one, where = _Drawn(lot[:16], lot[16:], name, seen), (seen.place, seen.stays)
        if where in classes:
            classes[where].add(one)
        else:
            classes[where] = _Lowest(one)
    return {where: tuple(found.all()) for where, found in classes.items()}


def published_freshness(last_report_at: float | None, now: datetime, interval_s: float) -> PublishedFreshness:
    """Return `recent` (less than 24 hours), `stale`, `silent` or `never`: nothing that tells of presence."""
    word = freshness(last_report_at, now, interval_s)
    return "recent" if word == "fresh" or word == "late" else word  # noqa: PLR1714 - mypy narrows this one


def _frozen(outcomes: tuple[tuple[str, Outcome], ...]) -> frozenset[tuple[str, Outcome]]:
    return frozenset(outcomes)


def _ids(word: str | None) -> frozenset[str]:
    return frozenset(word.split(",")) if word else _NOTHING
