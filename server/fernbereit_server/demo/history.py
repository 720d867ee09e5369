"""What would have been published about Musterstadt in the thirteen months before the demonstration?

Every past day is a fleet as it was then: laptops that had not yet reported, were not yet encrypted, still ran
Windows 10, had no VPN client. That fleet is judged as laptops are and goes through the same door as every
other (`publication.publish`), so the history obeys the rules that the present obeys.
"""

from collections.abc import Iterator, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from fernbereit.delivery import Mark
from fernbereit_server.decisions import Decisions
from fernbereit_server.demo.authority import Authority
from fernbereit_server.demo.chronicle import Chronicle, chronicles
from fernbereit_server.demo.past import past_of
from fernbereit_server.fleet import Device, Fleet
from fernbereit_server.publication import census
from fernbereit_server.publication.cells import Page, publish
from fernbereit_server.publication.lot import lot_key
from fernbereit_server.settings import Settings
from fernbereit_server.store.changes import InventoryRow, Standing

DAYS = 396
DAILY = 35
"""Before that one page a week is kept, as finer ones are merged in time."""
_JUDGED_DAILY = 92
"""Before that laptops are judged on Mondays only; what changed is kept for ninety days."""
_NOON = time(12)
_FRESH_S, _STALE_S, _DAY_S = 3600.0, 5 * 86_400.0, 86_400.0
_AWAY = ((_FRESH_S, 92), (_STALE_S, 8))


def past_days(today: date) -> tuple[date, ...]:
    """Return the published days of the history, ascending: Mondays first, the last five weeks day by day."""
    days = (today - timedelta(days=back) for back in range(DAYS, 0, -1))
    daily_from = today - timedelta(days=DAILY)
    return tuple(day for day in days if day >= daily_from or day.weekday() == 0)


def published_day(today: date, days_ago: int) -> date:
    """Return the last published day that is so many days ago or longer."""
    return max(day for day in past_days(today) if day <= today - timedelta(days=days_ago))


@dataclass(frozen=True, kw_only=True, slots=True)
class Snapshot:
    """The fleet of one past day: its devices, and inventory rows of devices never heard of."""

    devices: tuple[Device, ...]
    never_seen: tuple[InventoryRow, ...]


class History:
    """The past of an authority; `pages` are counted as they are asked for, `chronicles` follow them.

    `rows` is the inventory as the store holds it. Of the day `remembered_on` a copy of the fleet is kept.
    """

    def __init__(
        self,
        authority: Authority,
        rows: Sequence[InventoryRow],
        settings: Settings,
        *,
        decisions: Decisions,
        today: date,
        seed: int,
        remembered_on: date | None = None,
    ) -> None:
        self._settings, self._decisions = settings, decisions
        self._today, self._seed = today, seed
        self._remembered_on = remembered_on
        self.remembered: Snapshot | None = None
        self._fleet = Fleet()
        self._fleet.set_inventory(rows)
        laptops = (*authority.reporting, *authority.silent)
        self.chronicles: list[Chronicle] = chronicles(
            [(laptop, past_of(laptop, seed=seed, today=today)) for laptop in laptops], today
        )

    def pages(self) -> Iterator[Page]:
        """Count the fleet of every published day at noon."""
        before: Page | None = None
        zone = self._settings.zone
        published = frozenset(past_days(self._today))
        for day in _judged_days(self._today):
            now = datetime.combine(day, _NOON, zone)
            self._become(day, now)
            if day not in published:
                continue
            counted = census.take(
                self._fleet.devices.values(),
                self._fleet.missing_inventory,
                now=now,
                interval_s=_FRESH_S,
                lot=lot_key(self._settings, day),
                zone=zone,
            )
            before = publish(
                counted,
                now=now,
                today=day,
                k=self._settings.publication.k,
                decisions=self._decisions,
                before=before,
            )
            yield before

    def _become(self, day: date, now: datetime) -> None:
        """Make the fleet what it was on a day."""
        away = Random(f"{self._seed}/{day.isocalendar()[:2]}")
        for chronicle in self.chronicles:
            age_s = away.choices([age for age, _ in _AWAY], [weight for _, weight in _AWAY])[0]
            if day < chronicle.past.first_seen_on:
                continue
            if chronicle.turned(day):
                self._put(chronicle, day)
            device = self._fleet.devices[chronicle.device.device_id]
            if chronicle.follow(day) and chronicle.ruling is not None:
                self._fleet.set_judged(device, chronicle.ruling.judged)
            silent_s = max(0, (day - chronicle.last_look_on).days) * _DAY_S
            device.last_report_at = now.timestamp() - max(silent_s, age_s)
        if day == self._remembered_on:
            self.remembered = Snapshot(
                devices=tuple(copy(device) for device in self._fleet.devices.values()),
                never_seen=tuple(self._fleet.missing_inventory),
            )

    def _put(self, chronicle: Chronicle, day: date) -> None:
        observed = chronicle.observed(day)
        self._fleet.put(
            chronicle.device.device_id,
            Standing(status="active", mark=Mark("")),
            first_seen_on=chronicle.past.first_seen_on,
            last_report_at=None,
            outcomes={section: seen.outcome for section, seen in observed.items()},
            facts={section: seen.facts for section, seen in observed.items() if seen.facts is not None},
        )


def _judged_days(today: date) -> list[date]:
    daily = (today - timedelta(days=back) for back in range(_JUDGED_DAILY, 0, -1))
    return sorted({*past_days(today), *daily})
