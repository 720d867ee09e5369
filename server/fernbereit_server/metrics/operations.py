"""What do operations see beyond what is published? Exact counts by unit, lane and status; no single device.

Served at `/metrics/operations`, for the role `operations`. Names begin with `fernbereit_exact_`, so that
nobody takes them for published ones. What is near behaviour is left out: an exact count that falls the moment
a laptop has been silent for a day tells when it was last on, and what depends on where somebody works (zone,
tunnel) leaves the collector as published counts over ten devices or more, in every tier.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from fernbereit.topics import LANES
from fernbereit_server.metrics.exact import ExactCounts
from fernbereit_server.metrics.family import NO_SITE, NO_UNIT, Family
from fernbereit_server.metrics.lines import head, labels
from fernbereit_server.publication.groups import Place

STATUSES = ("active", "quarantined", "retired", "revoked")
_PLACE = ("site", "unit")


def operations_text(counts: ExactCounts) -> bytes:
    """Write exact counts as lines of both formats."""
    return "".join(_gauges(counts)).encode()


def _gauges(counts: ExactCounts) -> Iterator[str]:
    yield _gauge(
        "fernbereit_exact_devices_by_lane",
        "Devices that ever reported, by lane.",
        ((labels(("lane",), (f"{lane:02d}",)), counts.lanes.get(lane, 0)) for lane in range(LANES)),
    )
    yield _gauge(
        "fernbereit_exact_devices_by_status",
        "Devices that ever reported, by status.",
        ((labels(("status",), (status,)), counts.statuses.get(status, 0)) for status in STATUSES),
    )
    yield _gauge(
        "fernbereit_exact_inventory_never_seen",
        "Devices of the inventory that never reported, without stock.",
        ((_place(place), counts.never_seen[place]) for place in sorted(counts.never_seen, key=named)),
    )
    places = sorted(counts.by_place, key=named)
    at = {place: _place(place) for place in places}
    for _, alike in groupby(_columns(counts.families), key=lambda column: column[0].name):
        together = list(alike)
        first = together[0][0]
        lines = [head(_exact_name(first), first.help)]
        name = _exact_name(first)
        if first.level == "fleet":
            for _, own, column in together:
                number = sum(numbers[column] for numbers in counts.by_place.values())
                lines.append(f"{name}{{{own}}} {number}.0\n")
        else:
            for place in places:
                numbers, begin = counts.by_place[place], f"{name}{{{at[place]}"
                lines += [
                    f"{begin},{own}}} {numbers[column]}.0\n" if own else f"{begin}}} {numbers[column]}.0\n"
                    for _, own, column in together
                ]
        yield "".join(lines)


def _columns(families: Sequence[Family]) -> Iterator[tuple[Family, str, int]]:
    """Yield each family with the labels of each of its words and where its number stands."""
    column = 0
    for family in families:
        for word in family.words or ("",):
            pairs = [(family.part_label, family.part)] if family.part else []
            if family.label:
                pairs.append((family.label, word))
            yield family, labels(*zip(*pairs, strict=True)) if pairs else "", column
            column += 1


def _exact_name(family: Family) -> str:
    return family.name.replace("fernbereit_", "fernbereit_exact_", 1)


def _gauge(name: str, text: str, rows: Iterable[tuple[str, int]]) -> str:
    return "".join((head(name, text), *(f"{name}{{{own}}} {number}.0\n" for own, number in rows)))


def _place(place: Place) -> str:
    return labels(_PLACE, named(place))


def named(place: Place) -> tuple[str, str]:
    """Return site and unit as they are told."""
    return place.site or NO_SITE, place.unit or NO_UNIT
