"""How many devices worked from outside on the drill day, counted over groups of ten or more?

Read from facts that the next report overwrites; what is kept are rounded counts of groups, nobody's name. A
group has three words, working, heard otherwise, and not heard, and is rounded like every published one; and
as on the page, one device of each group, drawn by the secret lot, says what the next one says (`cells`).
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from heapq import nsmallest
from typing import Any

from pydantic import ValidationError
from sqlalchemy import Connection, select

from fernbereit.facts.network import Network, Zone
from fernbereit.facts.targets import Targets
from fernbereit_server.fleet import Device
from fernbereit_server.judging.lifecycle import STOCK, counts_in
from fernbereit_server.metrics.family import NO_UNIT
from fernbereit_server.publication.census import SHARED
from fernbereit_server.publication.groups import Group, Place, merge
from fernbereit_server.publication.lot import drawn, lot_name
from fernbereit_server.publication.rounding import Row, round_row, rounded
from fernbereit_server.publication.totals import round_total
from fernbereit_server.store import schema
from fernbereit_server.store.changes import InventoryRow

SMALLEST = 10
"""Where somebody works from is told over groups of ten or more, whatever k is."""

IN_THE_OFFICE = frozenset({STOCK, SHARED})
"""Kinds of devices that nobody takes home."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """Devices whose facts of the day say enough; `working` are those outside that reach all they need."""

    heard: frozenset[str]
    working: frozenset[str]


def heard_on(connection: Connection, day: date) -> Heard:
    """Read who works from outside by the latest facts, if they are of that very day."""
    table = schema.sections.c
    wanted = select(table.device_id, table.section, table.facts).where(
        table.observed_on == day, table.section.in_(("network", "targets")), table.facts.is_not(None)
    )
    zones: dict[str, Zone] = {}
    reached: dict[str, bool] = {}
    for device_id, section, facts in connection.execute(wanted):
        try:
            if section == "network" and (zone := Network.model_validate_json(facts).zone) is not None:
                zones[device_id] = zone
            elif (
                section == "targets"
                and (reaches := reaches_essential(Targets.model_validate_json(facts))) is not None
            ):
                reached[device_id] = reaches
        except ValidationError:
            continue  # another version wrote what this one cannot read
    outside = {device_id for device_id, zone in zones.items() if zone is Zone.REMOTE}
    inside = {device_id for device_id, zone in zones.items() if zone is Zone.OFFICE}
    known = outside & reached.keys()
    return Heard(heard=frozenset(inside | known), working=frozenset(one for one in known if reached[one]))


def reaches_essential(targets: Targets) -> bool | None:
    """Say whether every essential target was reached; None where there is none, or nobody knows."""
    essential = [one.reachable for one in targets.results or () if one.essential]
    if not essential or None in essential:
        return False if False in essential else None
    return all(essential)


def count(
    devices: Iterable[Device], never_seen: Iterable[InventoryRow], heard: Heard, *, k: int, lot: bytes
) -> dict[str, Any] | None:
    """Return the counts as they are kept, or None for a fleet too small to be counted.

    `size`, `heard` and `working` are multiples of k; `members` are the units that a group stands for.
    """
    rows: dict[Place, Counter[int]] = defaultdict(Counter)
    lots: dict[Place, list[tuple[bytes, int]]] = defaultdict(list)

    def add(place: Place, name: str, word: int) -> None:
        rows[place][word] += 1
        lots[place] = nsmallest(2, [*lots[place], (drawn(lot, name), word)])

    for device in devices:
        if counts_in(device) and device.kind not in IN_THE_OFFICE:
            place = Place(device.site, device.unit)
            said = device.device_id
            name = lot_name(said, device.inventory_id)
            add(place, name, 0 if said in heard.working else 1 if said in heard.heard else 2)
    for row in never_seen:
        if row.kind not in IN_THE_OFFICE:
            add(Place(row.site, row.unit), f"row {row.id}", 2)
    groups = merge({place: words.total() for place, words in rows.items()}, max(k, SMALLEST))
    if not groups:
        return None
    counts: dict[Group, Counter[int]] = defaultdict(Counter)
    lowest: dict[Group, list[tuple[bytes, int]]] = defaultdict(list)
    members: dict[Group, list[str]] = defaultdict(list)
    for place, group in sorted(groups.items(), key=lambda pair: pair[1]):
        counts[group] += rows[place]
        lowest[group] = nsmallest(2, [*lowest[group], *lots[place]])
        members[group].append(place.unit or NO_UNIT)
    exact: dict[Group, Row] = {}
    for group, words in counts.items():
        (_, silenced), (_, instead) = lowest[group]
        words[silenced] -= 1
        words[instead] += 1
        exact[group] = (words[0], words[1], words[2])
    published = [round_row(row, k) for row in exact.values()]
    total = round_total(list(exact.values()), published, k)
    return {
        "k": k,
        "groups": [
            {"site": group.site, "unit": group.unit, "members": sorted(members[group]), **_told(row, size, k)}
            for (group, size), row in zip(_sizes(exact), published, strict=True)
        ],
        "total": None if total is None else _told(total, sum(size for _, size in _sizes(exact)), k),
    }


def _sizes(exact: Mapping[Group, Row]) -> list[tuple[Group, int]]:
    return [(group, sum(row)) for group, row in exact.items()]


def _told(row: Row, size: int, k: int) -> dict[str, int]:
    working, otherwise, _ = row
    most = rounded(size, size, k)
    return {"size": most, "heard": min(most, working + otherwise), "working": working}
