"""What do operations see beyond what is published? Exact counts by unit, lane and status; no single device.

Served at `/metrics/operations`, for the role `operations`. Names begin with `fernbereit_exact_`, so that
nobody takes them for published ones. Freshness is left out: an exact count that falls the moment a laptop
has been silent for a day tells when it was last on.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import groupby

from fernbereit.topics import LANES, lane_of
from fernbereit_server.fleet import Device
from fernbereit_server.metrics.catalogue import FAMILIES
from fernbereit_server.metrics.exposition import Gauge, gauge
from fernbereit_server.metrics.family import NO_SITE, NO_UNIT, Family
from fernbereit_server.publication.census import STOCK, Census
from fernbereit_server.publication.groups import Place
from fernbereit_server.store.changes import InventoryRow

STATUSES = ("active", "quarantined", "retired", "revoked")
_Row = tuple[tuple[str, ...], int]


def operations_metrics(
    devices: Sequence[Device], never_seen: Sequence[InventoryRow], census: Census, today: date
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
    live = (family for family in FAMILIES if family.source != "freshness")
    for _, families in groupby(live, key=lambda family: family.name):
        yield _exact(list(families), census, today)


def _exact(families: Sequence[Family], census: Census, today: date) -> Gauge:
    first = families[0]
    labels = [
        *(["site", "unit"] if first.level == "unit" else []),
        *(["section"] if first.section else []),
        *([first.label] if first.label else []),
    ]
    rows = [row for family in families for row in _rows(family, census.words(family, today))]
    return gauge(first.name.replace("fernbereit_", "fernbereit_exact_", 1), first.help, labels, rows)


def _rows(family: Family, counts: Mapping[Place, Counter[str]]) -> Iterator[_Row]:
    section = (family.section,) if family.section else ()
    if family.level == "fleet":
        whole: Counter[str] = sum(counts.values(), Counter())
        yield from (((*section, word), whole[word]) for word in family.words)
        return
    for place, words in sorted(counts.items(), key=_by_name):
        if not family.words:
            yield _named(place), words.total()
        yield from (((*_named(place), word), words[word]) for word in family.words)


def _named(place: Place) -> tuple[str, str]:
    return place.site or NO_SITE, place.unit or NO_UNIT


def _by_name(entry: tuple[Place, object]) -> tuple[str, str]:
    return _named(entry[0])
