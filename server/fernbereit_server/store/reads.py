"""What does the store know, as the fleet and the commands need it?"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple

from pydantic import ValidationError
from sqlalchemy import ColumnElement, Connection, String, cast, func, select

from fernbereit.delivery import Mark
from fernbereit.facts import SECTIONS
from fernbereit.record import Outcome
from fernbereit.tolerance import OpenModel
from fernbereit_server.store import schema
from fernbereit_server.store.changes import InventoryRow, Standing

_PAGE = 2000
_SHORT = 256
_OUTCOMES = {outcome.value: outcome for outcome in Outcome}


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceRow:
    """One device as stored; `facts` only of the sections asked for."""

    device_id: str
    standing: Standing
    first_seen_on: date
    last_report_at: float | None
    outcomes: Mapping[str, Outcome]
    facts: Mapping[str, OpenModel]


class _Looks(NamedTuple):
    outcomes: Mapping[str, Outcome]
    observed: Mapping[str, date]


_NO_LOOKS = _Looks(MappingProxyType({}), MappingProxyType({}))


def load_fleet(connection: Connection, *, facts_of: Collection[str]) -> Iterator[DeviceRow]:
    """Read every device, a page at a time, with the facts of the sections `facts_of`."""
    after = ""
    while True:
        wanted = select(schema.devices.c.device_id).where(schema.devices.c.device_id > after)
        ids = connection.scalars(wanted.order_by(schema.devices.c.device_id).limit(_PAGE)).all()
        if not ids:
            return
        first, after = ids[0], ids[-1]
        yield from _load(connection, lambda column: column.between(first, after), facts_of)  # noqa: B023 - at once


def load_devices(
    connection: Connection, device_ids: Collection[str], *, facts_of: Collection[str]
) -> Iterator[DeviceRow]:
    """Read the devices with these ids; one the store does not know is left out."""
    return _load(connection, lambda column: column.in_(device_ids), facts_of)


def _load(
    connection: Connection,
    chosen: Callable[[ColumnElement[str]], ColumnElement[bool]],
    facts_of: Collection[str],
) -> Iterator[DeviceRow]:
    devices, marks = schema.devices.c, schema.marks.c
    sections, closed = schema.sections.c, schema.closed_epochs.c
    facts: defaultdict[str, dict[str, OpenModel]] = defaultdict(dict)
    looks: dict[str, _Looks] = {}
    # All sections of a device as one text: many devices say the same of all, and it is read once.
    said = sections.section + " " + sections.outcome + " " + cast(sections.observed_on, String)
    of_all = select(sections.device_id, func.aggregate_strings(said, "\n")).group_by(sections.device_id)
    for device_id, text in connection.execute(of_all.where(chosen(sections.device_id))).all():
        looks[device_id] = _looks(text)
    told = select(sections.device_id, sections.section, sections.facts)
    told = told.where(sections.section.in_(facts_of), sections.facts.is_not(None))
    for device_id, name, text in connection.execute(told.where(chosen(sections.device_id))).all():
        model = _facts(name, text)
        if model is not None:
            facts[device_id][name] = model
    epochs: dict[str, list[tuple[str, int]]] = {}
    old = select(closed.device_id, closed.epoch, closed.mark).where(chosen(closed.device_id))
    for device_id, epoch, mark in connection.execute(old.order_by(closed.closed_no)):
        epochs.setdefault(device_id, []).append((epoch, mark))
    rows = select(
        *(devices.device_id, devices.status, devices.first_seen_on),
        *(marks.epoch, marks.mark, marks.applied_count, marks.chain),
        *(marks.merged_total, marks.dropped_total, marks.missing_total, marks.last_report_at),
    ).select_from(schema.devices.outerjoin(schema.marks, devices.device_id == marks.device_id))
    for row in connection.execute(rows.where(chosen(devices.device_id))):
        device_id, status, first_on, epoch, mark, applied, chain, merged, dropped, missing, reported_at = row
        outcomes, observed = looks.get(device_id, _NO_LOOKS)
        yield DeviceRow(
            device_id=device_id,
            standing=Standing(
                status=status,
                mark=Mark(epoch, mark, applied, bytes(chain)) if epoch else None,
                closed=tuple(epochs.get(device_id, ())),
                merged_total=merged or 0,
                dropped_total=dropped or 0,
                missing_total=missing or 0,
                observed=observed,
            ),
            first_seen_on=first_on,
            last_report_at=reported_at,
            outcomes=outcomes,
            facts=facts.get(device_id, {}),
        )


def read_facts(section: str, text: str) -> OpenModel | None:
    """Return the facts, or None where another version wrote what this one cannot read."""
    try:
        return SECTIONS[section].model_validate_json(text)
    except (KeyError, ValidationError):
        return None


@lru_cache(maxsize=4096)
def _looks(text: str) -> _Looks:
    """Read a line a section: its name, how its last look ended, and the day of that."""
    each = [line.split(" ") for line in text.split("\n")]
    return _Looks(
        MappingProxyType({name: _OUTCOMES[outcome] for name, outcome, _ in each}),
        MappingProxyType({name: date.fromisoformat(day) for name, _, day in each}),
    )


_held_facts = lru_cache(maxsize=4096)(read_facts)


def _facts(section: str, text: str) -> OpenModel | None:
    """Return facts; those that many laptops may share are read once."""
    return (_held_facts if len(text) <= _SHORT else read_facts)(section, text)


def inventory_rows(connection: Connection) -> list[InventoryRow]:
    """Read the whole inventory in the order it was imported."""
    table = schema.inventory
    return [InventoryRow(**row) for row in connection.execute(select(table).order_by(table.c.id)).mappings()]


def version(connection: Connection) -> int:
    """Return a number that grows with every change that people make."""
    return connection.scalar(select(schema.store.c.version)) or 0


def records_missing(connection: Connection) -> int:
    """Return how many records laptops were told are safe and this life of the store does not hold."""
    return connection.scalar(select(schema.store.c.records_missing)) or 0


def last_report_at(connection: Connection) -> float:
    """Return when the last report of all was taken in (Unix seconds); 0 before the first."""
    return connection.scalar(select(func.max(schema.marks.c.last_report_at))) or 0.0


def statuses(connection: Connection) -> dict[str, str]:
    """Return the status of every device that is not simply active."""
    devices = schema.devices.c
    rows = connection.execute(select(devices.device_id, devices.status).where(devices.status != "active"))
    return {row.device_id: row.status for row in rows}
