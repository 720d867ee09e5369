"""Which laptops does nobody seem to use any more, or are not what they say? Proposed; a person confirms.

| proposed because | when |
| --- | --- |
| `replaced` | another identity with the same serial number reported later: the laptop was set up anew |
| `conflict` | two identities with the same serial number go on reporting |
| `clone` | two laptops spoke with one identity; it is quarantined |
| `missing` | no report for 90 days or more |
| `not_in_inventory` | the inventory does not name it and it is silent for 14 days or more |

The first that holds is told. Laptops in stock are silent by nature: only the inventory can say they are gone.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from zoneinfo import ZoneInfo

from fernbereit_server.fleet import Device
from fernbereit_server.judging.lifecycle import STOCK, silent_days

MISSING_DAYS, SILENT_DAYS = 90, 14


class Why(StrEnum):
    """Why a person should decide about a device."""

    REPLACED = "replaced"
    CONFLICT = "conflict"
    CLONE = "clone"
    MISSING = "missing"
    NOT_IN_INVENTORY = "not_in_inventory"


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """One device to decide about; `others` are the ids of devices with the same serial number."""

    device: Device
    why: Why
    silent_days: int | None
    others: tuple[str, ...] = ()


def proposals(devices: Iterable[Device], today: date, zone: ZoneInfo) -> tuple[Proposal, ...]:
    """Return every device to decide about, by reason and then by how long it is silent.

    `devices` know their twins already, see `lifecycle.twins`.
    """
    everybody = tuple(devices)
    in_use: dict[bytes, list[Device]] = defaultdict(list)
    for device in everybody:
        if device.serial_hash is not None and device.status == "active":
            in_use[device.serial_hash].append(device)
    listed = any(device.inventory_id is not None for device in everybody)
    found = []
    for device in everybody:
        days = silent_days(device, today, zone)
        same = in_use.get(device.serial_hash or b"", []) if device.status == "active" else []
        disputed = any(one.twin == "conflict" for one in same)
        why = Why.CONFLICT if disputed else _why(device, days, listed=listed)
        if why is not None:
            others = tuple(sorted(one.device_id for one in same if one is not device))
            found.append(Proposal(device=device, why=why, silent_days=days, others=others))
    order = list(Why)
    found.sort(key=lambda one: (order.index(one.why), -(one.silent_days or 0), one.device.device_id))
    return tuple(found)


def _why(device: Device, days: int | None, *, listed: bool) -> Why | None:
    if device.status == "quarantined":
        return Why.CLONE
    if device.status != "active":
        return None
    if device.twin == "replaced":
        return Why.REPLACED
    if days is None:
        return None
    if days >= MISSING_DAYS and device.kind != STOCK:
        return Why.MISSING
    gone = listed and device.inventory_id is None
    return Why.NOT_IN_INVENTORY if gone and days >= SILENT_DAYS else None
