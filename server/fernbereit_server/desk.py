"""What may be seen of one device? The one door for device-level reads, used by API, console and commands.

Nothing finer than a day leaves it. Of the facts only those declared `Visibility.DEVICE` do: what is only
counted (where the laptop is, whether its tunnel is up) and what is only compared (hashes) stay inside.
A device of the inventory that never reported is found as well: it is unknown, not absent.
"""

import base64
import heapq
import json
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Engine, select

from fernbereit.code import device_code, read_code
from fernbereit.facts import SECTIONS
from fernbereit.field import Visibility, declaration
from fernbereit.keyed_hash import host_name_hash, serial_hash
from fernbereit.tolerance import OpenModel
from fernbereit.topics import is_device_id
from fernbereit_server.fleet import Device, Fleet
from fernbereit_server.metrics.family import NO_UNIT
from fernbereit_server.publication.census import PublishedFreshness, published_freshness
from fernbereit_server.settings import Settings
from fernbereit_server.store.changes import InventoryRow
from fernbereit_server.store.schema import sections

MAX_LIMIT = 500
MAX_TEXT = 128

Limit = Annotated[int, Field(ge=1, le=MAX_LIMIT)]
_SortKey = tuple[str, str]


class DeskError(ValueError):
    """The question cannot be answered as it was put; `str()` says what to do instead."""


class _Answer(BaseModel):
    model_config = ConfigDict(frozen=True)


class DeviceRow(_Answer):
    """One line of a list. `code` and `device_id` are None for a device that never reported.

    `ref` opens it: its code, or its label as long as it has none.
    """

    ref: str
    code: str | None
    device_id: str | None
    label: str | None
    unit: str | None
    site: str | None
    kind: str | None
    status: str
    freshness: PublishedFreshness


class DevicePage(_Answer):
    """A part of a list; `next` continues it, None at its end."""

    rows: tuple[DeviceRow, ...]
    next: str | None


class SectionDetail(_Answer):
    """The latest look at one section; `facts` only where the outcome is `ok`, null for "asked, not known"."""

    section: str
    outcome: str
    reason: str | None
    observed_days_ago: int
    facts: dict[str, Any] | None


class DeviceDetail(DeviceRow):
    """Everything that may be seen of one device; no sections if it never reported."""

    first_seen_days_ago: int | None
    sections: tuple[SectionDetail, ...]


class Desk:
    """Answers questions about single devices; every method reads, from memory or the store, and may block."""

    def __init__(
        self,
        engine: Engine,
        fleet: Fleet,
        settings: Settings,
        clock: Callable[[], datetime],
        *,
        inventory_key: bytes,
    ) -> None:
        self._engine = engine
        self._fleet = fleet
        self._interval_s = settings.report_interval_s
        self._zone = settings.zone
        self._clock = clock
        self._key = inventory_key

    def units(self) -> tuple[str, ...]:
        """Return the units a search can be narrowed to, by name; `no unit` last if there is any such."""
        names = {entry.unit for entry in self._entries()}
        return (*sorted(name for name in names if name), *((NO_UNIT,) if None in names else ()))

    def search(
        self,
        text: str = "",
        *,
        unit: str | None = None,
        freshness: PublishedFreshness | None = None,
        limit: int = 50,
        after: str | None = None,
    ) -> DevicePage:
        """Find devices by part of a label, or by whole code, serial number, host name or id; by label.

        Raises `DeskError` if `after` is not the `next` of an earlier page.
        """
        start = _read_position(after)
        now = self._clock()
        matches = self._matcher(text)
        found = (
            (key, entry)
            for entry in self._entries()
            if (unit is None or (entry.unit or NO_UNIT) == unit)
            and (freshness is None or self._freshness(entry, now) == freshness)
            and matches(entry)
            and (key := _sort_key(entry)) > start
        )
        size = max(1, min(limit, MAX_LIMIT))
        page = heapq.nsmallest(size + 1, found, key=lambda pair: pair[0])
        more = len(page) > size
        return DevicePage(
            rows=tuple(self._row(entry, now) for _, entry in page[:size]),
            next=_write_position(page[size - 1][0]) if more else None,
        )

    def open(self, text: str) -> DeviceDetail | None:
        """Open the one device with this code, label, serial number, host name or id; None if there is none.

        Raises `DeskError` if several are meant.
        """
        named = self._named(text)
        found = [entry for entry in self._entries() if named(entry)] if text.strip() else []
        if not found:
            return None
        if len(found) > 1:
            raise DeskError(
                f"{len(found)} devices are meant; open one by its label, serial number or full id"
            )
        return self._detail(found[0])

    def _entries(self) -> Iterator[Device | InventoryRow]:
        yield from list(self._fleet.devices.values())
        yield from self._fleet.missing_inventory

    def _matcher(self, text: str) -> Callable[[Device | InventoryRow], bool]:
        if not text.strip():
            return lambda _: True
        part = text.strip().casefold()
        named = self._named(text)
        return lambda entry: part in (entry.label or "").casefold() or named(entry)

    def _named(self, text: str) -> Callable[[Device | InventoryRow], bool]:
        """Return a test for a whole name: label, id, code, serial number or host name."""
        whole = text.strip()[:MAX_TEXT]
        label, device_id, code = whole.casefold(), whole.lower(), read_code(whole)
        serial, host = serial_hash(whole, self._key), host_name_hash(whole, self._key)
        if is_device_id(device_id):
            return lambda entry: isinstance(entry, Device) and entry.device_id == device_id

        def named(entry: Device | InventoryRow) -> bool:
            if (entry.label or "").casefold() == label:
                return True
            if serial is not None and _hex(entry.serial_hash) == serial:
                return True
            if host is not None and _hex(entry.host_name_hash) == host:
                return True
            return code is not None and isinstance(entry, Device) and device_code(entry.device_id) == code

        return named

    def _freshness(self, entry: Device | InventoryRow, now: datetime) -> PublishedFreshness:
        if isinstance(entry, InventoryRow):
            return "never"
        return published_freshness(entry.last_report_at, now, self._interval_s)

    def _row(self, entry: Device | InventoryRow, now: datetime) -> DeviceRow:
        device_id, status = (
            (entry.device_id, entry.status) if isinstance(entry, Device) else (None, "expected")
        )
        code = device_code(device_id) if device_id else None
        return DeviceRow(
            ref=code or entry.label or "",
            code=code,
            device_id=device_id,
            label=entry.label or None,
            unit=entry.unit,
            site=entry.site,
            kind=entry.kind,
            status=status,
            freshness=self._freshness(entry, now),
        )

    def _detail(self, entry: Device | InventoryRow) -> DeviceDetail:
        now = self._clock()
        today = now.astimezone(self._zone).date()
        row = self._row(entry, now)
        first_seen = entry.first_seen_on if isinstance(entry, Device) else None
        return DeviceDetail(
            **row.model_dump(),
            first_seen_days_ago=_days_ago(first_seen, today) if first_seen else None,
            sections=self._sections(row.device_id, today) if row.device_id else (),
        )

    def _sections(self, device_id: str, today: date) -> tuple[SectionDetail, ...]:
        with self._engine.connect() as connection:
            stored = connection.execute(select(sections).where(sections.c.device_id == device_id)).all()
        by_name = {row.section: row for row in stored}
        return tuple(
            SectionDetail(
                section=name,
                outcome=row.outcome,
                reason=row.reason,
                observed_days_ago=_days_ago(row.observed_on, today),
                facts=visible(model.model_validate_json(row.facts)) if row.facts else None,
            )
            for name, model in SECTIONS.items()
            if (row := by_name.get(name)) is not None
        )


def visible(facts: OpenModel) -> dict[str, Any]:
    """Return what may be seen of one device: fields declared `Visibility.DEVICE`, nested ones alike."""
    return {
        name: _plain(getattr(facts, name))
        for name, info in type(facts).model_fields.items()
        if declaration(info)[2] is Visibility.DEVICE
    }


def _plain(value: Any) -> Any:
    if isinstance(value, OpenModel):
        return visible(value)
    if isinstance(value, tuple):
        return [_plain(part) for part in value]
    return value.isoformat() if isinstance(value, date) else value


def _days_ago(day: date, today: date) -> int:
    return max(0, (today - day).days)


def _hex(stored: bytes | str | None) -> str | None:
    return stored.hex() if isinstance(stored, bytes) else stored


def _sort_key(entry: Device | InventoryRow) -> _SortKey:
    if isinstance(entry, Device):
        return (entry.label or device_code(entry.device_id)).casefold(), entry.device_id
    return entry.label.casefold(), f"inventory {entry.id:012d}"


def _write_position(key: Iterable[str]) -> str:
    return base64.urlsafe_b64encode(json.dumps([*key]).encode()).decode().rstrip("=")


def _read_position(after: str | None) -> _SortKey:
    if not after:
        return "", ""
    try:
        first, second = json.loads(base64.urlsafe_b64decode(after + "=" * (-len(after) % 4)))
    except (ValueError, TypeError):
        raise DeskError("`after` must be the `next` of an earlier page; start again without it") from None
    if not isinstance(first, str) or not isinstance(second, str):
        raise DeskError("`after` must be the `next` of an earlier page; start again without it")
    return first, second
