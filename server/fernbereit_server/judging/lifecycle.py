"""Where in its life is a laptop, and does it count?

| lifecycle | when | counted |
| --- | --- | --- |
| `pending` | registered or in the inventory, never reported | yes, as unknown |
| `active` | last report at most 7 days ago | yes |
| `inactive` | at most 29 days ago | yes |
| `missing` | 30 days ago or more | yes; its facts are too old, so it is unknown |
| `in_stock` | the inventory calls it stock | no: it is nobody's |
| `quarantined` | two laptops spoke with its identity | no, until somebody looked |
| `retired`, `revoked` | a person said so | no |

A laptop that was set up anew reports under another identity with the same serial number: the one that
reported last counts, the others are `replaced` and do not. If an older one goes on reporting beside the newer
one, nobody knows which is which (`conflict`): the newest counts once, without a verdict, until a person
retires one.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from fernbereit_server.fleet import Device, Twin
from fernbereit_server.stalls import let_go

ACTIVE_DAYS, INACTIVE_DAYS = 7, 29
STOCK = "stock"


class Lifecycle(StrEnum):
    """Where a laptop is in its life; the status words of people come before what its reports say."""

    PENDING = "pending"
    ACTIVE = "active"
    INACTIVE = "inactive"
    MISSING = "missing"
    IN_STOCK = "in_stock"
    RETIRED = "retired"
    QUARANTINED = "quarantined"
    REVOKED = "revoked"


_STATUSES = {word.value: word for word in (Lifecycle.RETIRED, Lifecycle.QUARANTINED, Lifecycle.REVOKED)}


def counts_in(device: Device) -> bool:
    """Tell whether a device is one of those that every share is counted over: the one definition of it."""
    return device.status == "active" and device.kind != STOCK and device.twin != "replaced"


def lifecycle(device: Device, today: date, zone: ZoneInfo) -> Lifecycle:
    """Return where a device is in its life on a day of the authority's zone."""
    decided = _STATUSES.get(device.status)
    if decided is not None:
        return decided
    if device.kind == STOCK:
        return Lifecycle.IN_STOCK
    days = silent_days(device, today, zone)
    if days is None:
        return Lifecycle.PENDING
    if days <= ACTIVE_DAYS:
        return Lifecycle.ACTIVE
    return Lifecycle.INACTIVE if days <= INACTIVE_DAYS else Lifecycle.MISSING


def silent_days(device: Device, today: date, zone: ZoneInfo) -> int | None:
    """Return how many days ago a device last reported; None if it never did."""
    last = last_report_on(device, zone)
    return None if last is None else max(0, (today - last).days)


def last_report_on(device: Device, zone: ZoneInfo) -> date | None:
    """Return the day of the last report in the authority's zone."""
    if device.last_report_at is None:
        return None
    return datetime.fromtimestamp(device.last_report_at, UTC).astimezone(zone).date()


def twins(devices: Iterable[Device], today: date, zone: ZoneInfo) -> dict[str, Twin]:
    """Return which devices share a serial number with another, and what they are because of it, by id.

    Looks at devices in use only: whoever retires one of two has said which is which.
    """
    by_serial: dict[bytes, list[Device]] = defaultdict(list)
    for device in devices:
        if device.serial_hash is not None and device.status == "active":
            by_serial[device.serial_hash].append(device)
    found: dict[str, Twin] = {}
    for shared in by_serial.values():
        if len(shared) > 1:
            found.update(_of_one_serial(shared, today, zone))
    let_go(by_serial)
    return found


def settle_twins(devices: Collection[Device], today: date, zone: ZoneInfo) -> list[str]:
    """Let every device know its twin, and return the ids of those for which that is news."""
    return tell_twins(devices, twins(devices, today, zone))


def tell_twins(devices: Iterable[Device], found: Mapping[str, Twin]) -> list[str]:
    """Let every device know the twin that was found, and return the ids of those for which that is news."""
    news = []
    for device in devices:
        twin = found.get(device.device_id)
        if device.twin != twin:
            device.twin = twin
            news.append(device.device_id)
    return news


def _of_one_serial(shared: Sequence[Device], today: date, zone: ZoneInfo) -> dict[str, Twin]:
    disputed = _disputed(shared, today, zone)

    def last_heard(device: Device) -> tuple[date, date, str]:
        return last_report_on(device, zone) or date.min, *_newest_first(device)

    newest = max(shared, key=_newest_first if disputed else last_heard)
    found: dict[str, Twin] = {device.device_id: "replaced" for device in shared}
    del found[newest.device_id]
    if disputed:
        found[newest.device_id] = "conflict"
    return found


def _disputed(shared: Sequence[Device], today: date, zone: ZoneInfo) -> bool:
    """Tell whether an older identity reported on a later day than the newest began, and both still do."""
    newest = max(shared, key=_newest_first)
    return _is_heard(newest, today, zone) and any(
        _is_heard(device, today, zone)
        and (last := last_report_on(device, zone)) is not None
        and last > newest.first_seen_on
        for device in shared
        if device is not newest
    )


def _is_heard(device: Device, today: date, zone: ZoneInfo) -> bool:
    days = silent_days(device, today, zone)
    return days is not None and days <= ACTIVE_DAYS


def _newest_first(device: Device) -> tuple[date, str]:
    return device.first_seen_on, device.device_id
