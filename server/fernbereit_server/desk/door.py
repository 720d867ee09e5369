"""How are questions about single devices answered? The one door, used by API, console and commands."""

import heapq
from collections.abc import Callable, Iterator
from datetime import date, datetime, time
from typing import Any, get_args

from sqlalchemy import Connection, Engine, select

from fernbereit.code import device_code
from fernbereit.facts import SECTIONS
from fernbereit.readiness import CompiledPolicy
from fernbereit_server.decisions import NOTHING_DECIDED, read_decisions, writing
from fernbereit_server.desk.answers import (
    DeviceDetail,
    DevicePage,
    DeviceRow,
    ReadinessDetail,
    SectionDetail,
    VerdictWord,
    visible,
)
from fernbereit_server.desk.names import (
    DeskError,
    Entry,
    label_of,
    matching,
    named,
    read_position,
    sort_key,
    write_position,
)
from fernbereit_server.desk.readiness import readiness_of
from fernbereit_server.fleet import Device, Fleet
from fernbereit_server.judging.rows import read_judgements, read_looks, read_policy
from fernbereit_server.metrics.family import NO_UNIT
from fernbereit_server.publication.census import PublishedFreshness, published_freshness
from fernbereit_server.publication.last_step import LastSteps
from fernbereit_server.settings import Settings
from fernbereit_server.store import database
from fernbereit_server.store.changes import InventoryRow
from fernbereit_server.store.reads import read_facts
from fernbereit_server.store.schema import devices, sections

MAX_LIMIT = 500
VERDICTS: tuple[VerdictWord, ...] = get_args(VerdictWord)


class Desk:
    """Answers questions about single devices; every method reads, from memory or the store, and may block."""

    def __init__(
        self,
        engine: Engine,
        fleet: Fleet,
        settings: Settings,
        clock: Callable[[], datetime],
        *,
        inventory_key: Callable[[], bytes],
        policy: Callable[[], CompiledPolicy] = lambda: NOTHING_DECIDED.policy,
    ) -> None:
        self._engine = engine
        self._fleet = fleet
        self._interval_s = settings.report_interval_s
        self._zone = settings.zone
        self._clock = clock
        self._key = inventory_key
        self._policy = policy
        self._last_steps = LastSteps(policy())

    def units(self) -> tuple[str, ...]:
        """Return the units a search can be narrowed to, by name; `no unit` last if there is any such."""
        names = {entry.unit for entry in self._entries()}
        return (*sorted(name for name in names if name), *((NO_UNIT,) if not all(names) else ()))

    def search(
        self,
        text: str = "",
        *,
        unit: str | None = None,
        freshness: PublishedFreshness | None = None,
        verdict: VerdictWord | None = None,
        blocker: str | None = None,
        limit: int = 50,
        after: str | None = None,
    ) -> DevicePage:
        """Find devices by part of a label, or by whole code, serial number, host name or id; by label.

        `blocker` is a check: only devices that it alone keeps from being ready. Raises `DeskError` if `after`
        is not the `next` of an earlier page.
        """
        start = read_position(after)
        now = self._clock()
        matches = matching(text, self._key)
        found = (
            (key, entry)
            for entry in self._entries()
            if (unit is None or (entry.unit or NO_UNIT) == unit)
            and (freshness is None or self._freshness(entry, now) == freshness)
            and (verdict is None or _verdict(entry) == verdict)
            and (blocker is None or self._last_blocker(entry) == blocker)
            and matches(entry)
            and (key := sort_key(entry)) > start
        )
        size = max(1, min(limit, MAX_LIMIT))
        page = heapq.nsmallest(size + 1, found, key=lambda pair: pair[0])
        more = len(page) > size
        return DevicePage(
            rows=tuple(self._row(entry, now) for _, entry in page[:size]),
            next=write_position(page[size - 1][0]) if more else None,
        )

    def open(self, text: str) -> DeviceDetail | None:
        """Open the one device with this code, label, serial number, host name or id; None if there is none.

        Raises `DeskError` if several are meant.
        """
        is_named = named(text, self._key)
        found = [entry for entry in self._entries() if is_named(entry)]
        if not found:
            return None
        if len(found) > 1:
            raise DeskError(f"{len(found)} devices are meant; search for them and open one by its code")
        return self._detail(found[0])

    def contest(self, code: str, check: str, *, wrong: bool) -> bool:
        """Note that a check's result on the device with this code is wrong, or take that back.

        Only a check that is not fulfilled can be called wrong; False if there is none such.
        """
        detail = self.open(code)
        if detail is None or detail.device_id is None or detail.readiness is None:
            return False
        if check not in {one.check for one in detail.readiness.checks}:
            return False
        with database.writing(self._engine) as connection:
            if wrong:
                writing.contest(connection, detail.device_id, check, self._today())
            else:
                writing.withdraw_contest(connection, detail.device_id, check)
        return True

    def _today(self) -> date:
        return self._clock().astimezone(self._zone).date()

    def _entries(self) -> Iterator[Entry]:
        yield from list(self._fleet.devices.values())
        yield from self._fleet.missing_inventory

    def _freshness(self, entry: Entry, now: datetime) -> PublishedFreshness:
        if isinstance(entry, InventoryRow):
            return "never"
        # As of midnight: a word that changed 24 hours after a report would tell to the minute when it came.
        midnight = datetime.combine(now.astimezone(self._zone), time.min, self._zone)
        return published_freshness(entry.last_report_at, midnight, self._interval_s)

    def _row(self, entry: Entry, now: datetime) -> DeviceRow:
        device_id, status = (
            (entry.device_id, entry.status) if isinstance(entry, Device) else (None, "expected")
        )
        code = device_code(device_id) if device_id else None
        return DeviceRow(
            ref=code or label_of(entry) or "",
            code=code,
            device_id=device_id,
            label=label_of(entry),
            unit=entry.unit,
            site=entry.site,
            kind=entry.kind,
            status=status,
            freshness=self._freshness(entry, now),
            verdict=_verdict(entry),
            last_blocker=self._last_blocker(entry),
        )

    def _last_blocker(self, entry: Entry) -> str | None:
        judged = entry.judged if isinstance(entry, Device) else None
        if judged is None or judged.outdated or judged.verdict.value not in {"limited", "not_ready"}:
            return None
        policy = self._policy()
        if judged.policy_version != policy.policy.version:
            return None
        if self._last_steps.policy is not policy:
            self._last_steps = LastSteps(policy)
        return self._last_steps.of(judged.results).check

    def _detail(self, entry: Entry) -> DeviceDetail:
        today = self._today()
        row = self._row(entry, self._clock())
        if not isinstance(entry, Device):
            return DeviceDetail(**row.model_dump(), first_seen_days_ago=None, sections=(), readiness=None)
        reason = select(devices.c.status_reason).where(devices.c.device_id == entry.device_id)
        with self._engine.connect() as connection:
            return DeviceDetail(
                **row.model_dump(),
                status_reason=connection.scalar(reason),
                twin=entry.twin,
                same_serial=self._same_serial(entry) if entry.twin else (),
                first_seen_days_ago=_days_ago(entry.first_seen_on, today),
                sections=self._sections(connection, entry.device_id, today),
                readiness=self._readiness(connection, entry, today),
            )

    def _same_serial(self, entry: Device) -> tuple[str, ...]:
        """Return the codes of the devices that share its serial number, or of the one that counts."""
        return tuple(
            sorted(
                device_code(other.device_id)
                for other in list(self._fleet.devices.values())
                if other.serial_hash == entry.serial_hash
                and other.status == "active"
                and other is not entry
                and (entry.twin != "replaced" or other.twin != "replaced")
            )
        )

    def _readiness(self, connection: Connection, device: Device, today: date) -> ReadinessDetail | None:
        """Return the latest judgement, under the policy it was made with."""
        judgement = read_judgements(connection, [device.device_id]).get(device.device_id)
        if judgement is None:
            return None
        decisions = read_decisions(connection)
        compiled = decisions.policy
        if judgement.policy_version != compiled.policy.version:
            earlier = read_policy(connection, judgement.policy_version)
            if earlier is None:
                return None
            compiled = earlier.compiled
        looks = read_looks(connection, [device.device_id], SECTIONS, today)[device.device_id]
        own = looks.get("readiness")
        return readiness_of(
            judgement,
            compiled,
            looks,
            waivers=[
                waiver
                for waiver in decisions.waivers
                if waiver.device_id == device.device_id or (waiver.unit and waiver.unit == device.unit)
            ],
            contests={
                "owner": (own.facts or {}).get("contested") or () if own else (),
                "desk": decisions.contested.get(device.device_id, frozenset()),
            },
            first_seen_on=device.first_seen_on,
            today=today,
        )

    def _sections(self, connection: Connection, device_id: str, today: date) -> tuple[SectionDetail, ...]:
        stored = connection.execute(select(sections).where(sections.c.device_id == device_id)).all()
        by_name = {row.section: row for row in stored}
        return tuple(
            SectionDetail(
                section=name,
                outcome=row.outcome,
                reason=row.reason,
                observed_days_ago=_days_ago(row.observed_on, today),
                facts=_visible(name, row.facts),
            )
            for name in SECTIONS
            if (row := by_name.get(name)) is not None
        )


def _visible(section: str, text: str | None) -> dict[str, Any] | None:
    facts = None if text is None else read_facts(section, text)
    return None if facts is None else visible(facts)


def _verdict(entry: Entry) -> VerdictWord:
    """Return the verdict; what was not judged, or in a word of another version, is unknown."""
    judged = entry.judged if isinstance(entry, Device) else None
    word = judged.verdict.value if judged is not None else "unknown"
    return next((known for known in VERDICTS if known == word), "unknown")


def _days_ago(day: date, today: date) -> int:
    return max(0, (today - day).days)
