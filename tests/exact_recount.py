"""The exact counts of a fleet, counted from the beginning: what counting change by change must agree with."""

from collections import Counter
from datetime import date
from typing import Any

from fernbereit.topics import lane_of
from fernbereit_server.decisions import Decisions
from fernbereit_server.fleet import Fleet
from fernbereit_server.judging.lifecycle import STOCK
from fernbereit_server.metrics.exact import ExactCounts, exact_families
from fernbereit_server.publication import census
from fernbereit_server.publication.answers import Answers, Said
from fernbereit_server.publication.groups import Place
from small_fleet import NOW


def recounted(fleet: Fleet, decisions: Decisions, today: date) -> dict[Any, int]:
    """Return every count that is not 0, by what is counted."""
    missing = fleet.missing_inventory
    devices = list(fleet.devices.values())
    counted = census.take(devices, missing, now=NOW, interval_s=900, contested=decisions.contested)
    said = Said(tuple(counted.seen), Answers(decisions.policy, today))
    found: Counter[Any] = Counter()
    for family in exact_families(decisions.policy):
        for (seen, number), word in zip(counted.seen.items(), said.words(family), strict=True):
            if not family.words or word in family.words:
                found[family.key, seen.place, word] += number
    found.update(("lane", lane_of(device.device_id)) for device in devices)
    found.update(("status", device.status) for device in devices)
    found.update(("never seen", Place(row.site, row.unit)) for row in missing if row.kind != STOCK)
    return dict(found)


def kept(counts: ExactCounts) -> dict[Any, int]:
    """Return the counts that were kept, in the same way."""
    found: dict[Any, int] = {}
    column = 0
    for family in counts.families:
        for word in family.words or ("",):
            for place, numbers in counts.by_place.items():
                found[family.key, place, word] = numbers[column]
            column += 1
    found |= {("lane", lane): number for lane, number in counts.lanes.items()}
    found |= {("status", status): number for status, number in counts.statuses.items()}
    found |= {("never seen", place): number for place, number in counts.never_seen.items()}
    return {what: number for what, number in found.items() if number}
