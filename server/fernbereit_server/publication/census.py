"""How many devices say which word where, exactly? Read by `cells.publish` and by `/metrics/operations` only.

Counted are active devices and inventory rows that never reported, both without stock: a laptop on a shelf
is nobody's. A row that never reported says `unknown` (freshness: `never`), it is not left out.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Literal, NamedTuple

from fernbereit.record import Outcome
from fernbereit_server.fleet import Device, freshness
from fernbereit_server.metrics.catalogue import TRAITS
from fernbereit_server.metrics.family import UNKNOWN, Family
from fernbereit_server.publication.groups import Place
from fernbereit_server.store.changes import InventoryRow

PublishedFreshness = Literal["recent", "stale", "silent", "never"]
STOCK = "stock"
_ANSWERED = frozenset({Outcome.OK, Outcome.ABSENT, Outcome.UNSUPPORTED})
_NEVER_READ: tuple[str | None, ...] = (None,) * len(TRAITS)
_TRAIT_PLACES = {trait.name: place for place, trait in enumerate(TRAITS)}


class _Seen(NamedTuple):
    """Everything about a device that a family asks for; devices that agree are counted as one."""

    place: Place
    freshness: str
    words: tuple[str | None, ...]
    outcomes: frozenset[tuple[str, Outcome]]


@dataclass(frozen=True, slots=True)
class Census:
    """Exact counts: how many devices agree in everything a family asks for, and the inventory never seen."""

    seen: Counter[_Seen]
    never_seen: int

    def sizes(self) -> Counter[Place]:
        """Return the number of devices at each place."""
        sizes: Counter[Place] = Counter()
        for seen, count in self.seen.items():
            sizes[seen.place] += count
        return sizes

    def words(self, family: Family, today: date) -> dict[Place, Counter[str]]:
        """Return how many devices at each place say each word of the family."""
        counts: dict[Place, Counter[str]] = defaultdict(Counter)
        for seen, count in self.seen.items():
            counts[seen.place][_word(family, seen, today)] += count
        return dict(counts)


def take(
    devices: Iterable[Device], never_seen: Sequence[InventoryRow], *, now: datetime, interval_s: float
) -> Census:
    """Count a fleet; `now` is aware, `interval_s` the seconds between two reports of a device."""
    seen: Counter[_Seen] = Counter()
    once = cache(_frozen)
    for device in devices:
        if device.status != "active" or device.kind == STOCK:
            continue
        age = published_freshness(device.last_report_at, now, interval_s)
        outcomes = once(tuple(device.outcomes.items()))
        seen[_Seen(Place(device.site, device.unit), age, device.words, outcomes)] += 1
    missing = 0
    for row in never_seen:
        if row.kind != STOCK:
            seen[_Seen(Place(row.site, row.unit), "never", _NEVER_READ, frozenset())] += 1
            missing += 1
    return Census(seen, missing)


def published_freshness(last_report_at: float | None, now: datetime, interval_s: float) -> PublishedFreshness:
    """Return `recent` (less than 24 hours), `stale`, `silent` or `never`: nothing that tells of presence."""
    word = freshness(last_report_at, now, interval_s)
    return "recent" if word == "fresh" or word == "late" else word  # noqa: PLR1714 - mypy narrows this one


def reading(outcomes: Iterable[Outcome]) -> str:
    """Say how completely a device could be read; a thing that is not there counts as read."""
    said = set(outcomes)
    if not said:
        return UNKNOWN
    if Outcome.OK not in said:
        return "none"
    return "complete" if said <= _ANSWERED else "partial"


def _word(family: Family, seen: _Seen, today: date) -> str:
    if family.source == "devices":
        return ""
    if family.source == "freshness":
        return seen.freshness
    if family.source == "reading":
        return reading(outcome for _, outcome in seen.outcomes)
    if family.source == "outcome":
        return next((o.value for section, o in seen.outcomes if section == family.section), UNKNOWN)
    word = seen.words[_TRAIT_PLACES[family.trait or ""]]
    if word is None:
        return UNKNOWN
    return family.say(word, today) if family.say else word


def _frozen(outcomes: tuple[tuple[str, Outcome], ...]) -> frozenset[tuple[str, Outcome]]:
    return frozenset(outcomes)
