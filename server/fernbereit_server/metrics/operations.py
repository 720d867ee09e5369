"""What do operations see beyond what is published? Exact counts by unit, lane and status; no single device.

Served at `/metrics/operations`, for the role `operations`. Names begin with `fernbereit_exact_`, so that
nobody takes them for published ones. What is near behaviour is left out: an exact count that falls the moment
a laptop has been silent for a day tells when it was last on, and what depends on where somebody works (zone,
tunnel) leaves the collector as published counts over ten devices or more, in every tier.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from itertools import groupby

from fernbereit.topics import LANES, lane_of
from fernbereit_server.decisions import NOTHING_DECIDED, Decisions
from fernbereit_server.fleet import Device
from fernbereit_server.judging.lifecycle import STOCK
from fernbereit_server.metrics.catalogue import families
from fernbereit_server.metrics.exposition import Gauge, gauge
from fernbereit_server.metrics.family import DAILY, NO_SITE, NO_UNIT, Family
from fernbereit_server.publication.answers import Answers, Said
from fernbereit_server.publication.census import Census
from fernbereit_server.publication.groups import Place
from fernbereit_server.store.changes import InventoryRow

STATUSES = ("active", "quarantined", "retired", "revoked")
_Row = tuple[tuple[str, ...], int]


def operations_metrics(
    devices: Sequence[Device],
    never_seen: Sequence[InventoryRow],
    census: Census,
    today: date,
    decisions: Decisions = NOTHING_DECIDED,
) -> Iterator[Gauge]:
    """Return the exact counts of a fleet, its inventory rows that never reported, and the census of both."""
    lanes = Counter(lane_of(device.device_id) for device in devices)
    yield gauge(
        "fernbereit_exact_devices_by_lane",
        "Devices that ever reported, by lane.",
        ["lane"],
        [((f"{lane:02d}",), lanes[lane]) for lane in range(LANES)],
    )
    statuses = Counter(device.status for device in devices)
    yield gauge(
        "fernbereit_exact_devices_by_status",
        "Devices that ever reported, by status.",
        ["status"],
        [((status,), statuses[status]) for status in STATUSES],
    )
    missing = Counter(Place(row.site, row.unit) for row in never_seen if row.kind != STOCK)
    yield gauge(
        "fernbereit_exact_inventory_never_seen",
        "Devices of the inventory that never reported, without stock.",
        ["site", "unit"],
        [(_named(place), count) for place, count in sorted(missing.items(), key=_by_name)],
    )
    said = Said(tuple(census.seen), Answers(decisions.policy, today))
    live = (_by_unit(family) for family in families(decisions.policy) if family.source not in DAILY)
    for _, alike in groupby(live, key=lambda family: family.name):
        yield _exact(list(alike), census, said)


def _by_unit(family: Family) -> Family:
    """Return a family as operations see it: what is told of a check is told by unit."""
    return (
        replace(family, level="unit") if family.source in {"check", "last_blocker", "contested"} else family
    )


def _exact(alike: Sequence[Family], census: Census, said: Said) -> Gauge:
    first = alike[0]
    labels = [
        *(["site", "unit"] if first.level == "unit" else []),
        *([first.part_label] if first.part else []),
        *([first.label] if first.label else []),
    ]
    rows = [row for family in alike for row in _rows(family, census, said)]
    return gauge(first.name.replace("fernbereit_", "fernbereit_exact_", 1), first.help, labels, rows)


def _rows(family: Family, census: Census, said: Said) -> Iterator[_Row]:
    counts: dict[Place, Counter[str]] = defaultdict(Counter)
    for (seen, count), word in zip(census.seen.items(), said.words(family), strict=True):
        counts[seen.place][word] += count
    part = (family.part,) if family.part else ()
    if family.level == "fleet":
        whole: Counter[str] = sum(counts.values(), Counter())
        yield from (((*part, word), whole[word]) for word in family.words)
        return
    for place, words in sorted(counts.items(), key=_by_name):
        if not family.words:
            yield _named(place), words.total()
        for word in family.words:
            yield (*_named(place), *part, *((word,) if family.label else ())), words[word]


def _named(place: Place) -> tuple[str, str]:
    return place.site or NO_SITE, place.unit or NO_UNIT


def _by_name(entry: tuple[Place, object]) -> tuple[str, str]:
    return _named(entry[0])
