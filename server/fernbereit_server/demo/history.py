"""What would have been published about Musterstadt in the thirteen months before the demonstration?

Every past day is a fleet as it was then, made from today's by taking improvements back: laptops that had not
yet reported, were not yet encrypted, still ran Windows 10, had no VPN client. That fleet goes through the
same door as every other (`publication.publish`), so the history obeys the rules that the present obeys.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from fernbereit.delivery import Mark
from fernbereit_server.demo.authority import Authority, SyntheticDevice
from fernbereit_server.demo.past import Past, past_of
from fernbereit_server.fleet import Fleet
from fernbereit_server.publication import census
from fernbereit_server.publication.cells import Page, publish
from fernbereit_server.store.changes import InventoryRow, Standing

DAYS = 396
DAILY = 92
"""Before that one page a week is kept, as finer ones are merged in time."""
_NOON = time(12)
_FRESH_S, _STALE_S, _SILENT_S = 3600.0, 5 * 86_400.0, 20 * 86_400.0
_AWAY = ((_FRESH_S, 90), (_STALE_S, 7), (_SILENT_S, 3))


def past_days(today: date) -> tuple[date, ...]:
    """Return the days of the history, ascending: Mondays first, the last three months day by day."""
    days = (today - timedelta(days=back) for back in range(DAYS, 0, -1))
    daily_from = today - timedelta(days=DAILY)
    return tuple(day for day in days if day >= daily_from or day.weekday() == 0)


def past_pages(
    authority: Authority, rows: Sequence[InventoryRow], *, today: date, zone: ZoneInfo, k: int, seed: int
) -> Iterator[Page]:
    """Count the fleet of every past day at noon; `rows` is the inventory as the store holds it."""
    fleet = Fleet()
    fleet.set_inventory(rows)
    pasts = [(device, past_of(device, seed=seed, today=today)) for device in authority.reporting]
    shown: dict[str, int] = {}
    for day in past_days(today):
        now = datetime.combine(day, _NOON, zone)
        away = Random(f"{seed}/{day.isocalendar()[:2]}")
        for device, past in pasts:
            age_s = away.choices([age for age, _ in _AWAY], [weight for _, weight in _AWAY])[0]
            if day < past.first_seen_on:
                continue
            step = past.step(day)
            if shown.get(device.device_id) != step:
                shown[device.device_id] = step
                _put(fleet, device, past, step)
            fleet.devices[device.device_id].last_report_at = now.timestamp() - age_s
        counted = census.take(fleet.devices.values(), fleet.missing_inventory, now=now, interval_s=_FRESH_S)
        yield publish(counted, now=now, today=day, k=k)


def _put(fleet: Fleet, device: SyntheticDevice, past: Past, step: int) -> None:
    observed = past.observed(device, step)
    fleet.put(
        device.device_id,
        Standing(status="active", mark=Mark("")),
        first_seen_on=past.first_seen_on,
        last_report_at=None,
        outcomes={section: seen.outcome for section, seen in observed.items()},
        facts={section: seen.facts for section, seen in observed.items() if seen.facts is not None},
    )
