"""What stands in the store before the first laptop reports? A year in which everything already ran.

The inventory, what people decided, thirteen months of published numbers, and the laptops as they were
yesterday: their facts, how they were judged and what changed in the last ninety days.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Engine, select

from fernbereit.delivery import Mark
from fernbereit.keyed_hash import host_name_hash, serial_hash
from fernbereit_server.demo.authority import Authority
from fernbereit_server.demo.chronicle import Chronicle
from fernbereit_server.demo.decided import (
    contested_by_desk,
    decide_the_rest,
    drill_day_of,
    import_organisations,
    in_force,
    town_of,
)
from fernbereit_server.demo.history import History, past_days
from fernbereit_server.judging.judge import Ruling
from fernbereit_server.judging.rows import write_rulings
from fernbereit_server.publication.cells import Page
from fernbereit_server.settings import Settings
from fernbereit_server.store import database, reads, schema, writes
from fernbereit_server.store.changes import Change, InventoryRow, SectionChange, Standing
from fernbereit_server.store.published import PublishedCell, load_page, save_page, write_history

TRANSITIONS_KEPT = timedelta(days=90)
_REPORTED_AT = time(16)


@dataclass(frozen=True, kw_only=True, slots=True)
class OwnRow:
    """This computer as the inventory has it, found by its host name."""

    label: str
    host_name: str


def prepare(
    settings: Settings,
    authority: Authority,
    *,
    own: OwnRow,
    today: date,
    seed: int,
    on_day: Callable[[int, int], None] = lambda _done, _of: None,
) -> History:
    """Fill the store and return the history it was filled from; `on_day` may raise to stop half-way."""
    engine = database.open_engine(settings.store_url)
    try:
        database.upgrade(engine)
        database.generation(engine, today)
        rows = fill_inventory(engine, authority, own, key=bytes.fromhex(settings.inventory.key or ""))
        town = town_of(authority)
        import_organisations(engine, town, today)
        history = History(
            authority,
            rows,
            settings,
            decisions=in_force(engine),
            today=today,
            seed=seed,
            remembered_on=drill_day_of(today),
        )
        fill_history(engine, history, settings, today=today, on_day=on_day)
        fill_laptops(engine, history.chronicles, today=today, zone=settings.zone)
        decide_the_rest(
            engine,
            town,
            history.remembered,
            contested=contested_by_desk(history.chronicles),
            today=today,
            k=settings.publication.k,
        )
    finally:
        engine.dispose()
    return history


def fill_inventory(
    engine: Engine, authority: Authority, own: OwnRow, *, key: bytes
) -> tuple[InventoryRow, ...]:
    """Replace the inventory by Musterstadt's and a row for this computer."""
    listed = [
        InventoryRow(
            id=number,
            serial_hash=serial_hash(row.serial, key),
            host_name_hash=host_name_hash(row.label, key),
            label=row.label,
            unit=row.unit,
            site=row.site,
            kind=row.kind,
            chassis=row.chassis,
        )
        for number, row in enumerate(authority.inventory, start=2)
    ]
    this = InventoryRow(id=1, host_name_hash=host_name_hash(own.host_name, key), label=own.label)
    rows = (this, *listed) if this.host_name_hash else tuple(listed)
    with database.writing(engine) as connection:
        writes.change_inventory(connection, written=rows, removed=reads.inventory_rows(connection))
    return rows


def fill_history(
    engine: Engine,
    history: History,
    settings: Settings,
    *,
    today: date,
    on_day: Callable[[int, int], None] = lambda _done, _of: None,
) -> int:
    """Publish every past day into the store; return how many. `on_day` may raise to stop half-way."""
    days = len(past_days(today))
    cells: list[PublishedCell] = []
    page: Page | None = None
    for done, page in enumerate(history.pages(), start=1):
        cells += _of_day(page, settings.zone)
        on_day(done, days)
    write_history(engine, cells)
    if page is not None and load_page(engine) is None:
        # The collector goes on from yesterday's page, as it would after a restart.
        save_page(
            engine,
            tick_at=page.tick_at.timestamp(),
            body=page.encode(),
            cells=_of_day(page, settings.zone),
        )
    return days


def fill_laptops(engine: Engine, chronicles: Iterable[Chronicle], *, today: date, zone: ZoneInfo) -> int:
    """Write the laptops that the store does not know as they were yesterday; return how many."""
    with engine.connect() as connection:
        known = set(connection.scalars(select(schema.devices.c.device_id)))
    new = [one for one in chronicles if one.device.device_id not in known]
    writes.commit(engine, [_yesterday(one, today, zone) for one in new])
    with database.writing(engine) as connection:
        write_rulings(connection, {one.device.device_id: _last(one, today) for one in new if one.ruling})
    return len(new)


def _of_day(page: Page, zone: ZoneInfo) -> list[PublishedCell]:
    day = page.tick_at.astimezone(zone).date()
    return [
        PublishedCell(
            day=day,
            family=cell.family,
            site=cell.site,
            unit=cell.unit,
            word=cell.word,
            count=cell.count,
            base=cell.base,
        )
        for cell in page.cells
    ]


def _yesterday(chronicle: Chronicle, today: date, zone: ZoneInfo) -> Change:
    """Return what the collector wrote when the laptop reported last; the outbox it came from is gone."""
    looked_on = chronicle.last_look_on
    sections = {
        name: SectionChange(
            outcome=seen.outcome,
            reason=seen.reason.value if seen.reason else None,
            observed_on=looked_on,
            facts=seen.facts,
        )
        for name, seen in chronicle.observed(today - timedelta(days=1)).items()
    }
    epoch = str(UUID(chronicle.device.device_id[::-1].replace("-", "")))
    return Change(
        device_id=chronicle.device.device_id,
        before=None,
        after=Standing(status="active", mark=Mark(epoch)),
        day=chronicle.past.first_seen_on,
        reported_at=datetime.combine(looked_on, _REPORTED_AT, zone).timestamp(),
        sections=sections,
    )


def _last(chronicle: Chronicle, today: date) -> Ruling:
    """Return the last ruling with every transition that would still be kept."""
    assert chronicle.ruling is not None
    since = today - TRANSITIONS_KEPT
    return replace(
        chronicle.ruling, transitions=tuple(one for one in chronicle.transitions if one.day >= since)
    )
