"""What stands in the store before the first laptop reports? The inventory and thirteen months of history."""

from collections.abc import Callable
from dataclasses import asdict
from datetime import date

from sqlalchemy import Engine

from fernbereit.keyed_hash import host_name_hash, serial_hash
from fernbereit_server.demo.authority import Authority
from fernbereit_server.demo.history import past_days, past_pages
from fernbereit_server.settings import Settings
from fernbereit_server.store import database, reads, writes
from fernbereit_server.store.changes import InventoryRow
from fernbereit_server.store.published import PublishedCell, write_history


def open_store(settings: Settings, today: date) -> Engine:
    """Make or open the demonstration's store."""
    engine = database.open_engine(settings.store_url)
    database.upgrade(engine)
    database.generation(engine, today)
    return engine


def fill_inventory(
    engine: Engine, authority: Authority, *, key: bytes, own_label: str, own_host_name: str
) -> tuple[InventoryRow, ...]:
    """Replace the inventory by Musterstadt's and a row for this computer, found by its host name."""
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
    own = InventoryRow(id=1, host_name_hash=host_name_hash(own_host_name, key), label=own_label)
    rows = (own, *listed) if own.host_name_hash else tuple(listed)
    with database.writing(engine) as connection:
        writes.change_inventory(connection, written=rows, removed=reads.inventory_rows(connection))
    return rows


def fill_history(
    engine: Engine,
    authority: Authority,
    rows: tuple[InventoryRow, ...],
    settings: Settings,
    *,
    today: date,
    seed: int,
    on_day: Callable[[int, int], None] = lambda _done, _of: None,
) -> int:
    """Publish every past day into the store; return how many. `on_day` may raise to stop half-way."""
    days = len(past_days(today))
    cells: list[PublishedCell] = []
    pages = past_pages(authority, rows, today=today, zone=settings.zone, k=settings.publication.k, seed=seed)
    for done, page in enumerate(pages, start=1):
        day = page.tick_at.astimezone(settings.zone).date()
        cells += [PublishedCell(day=day, **asdict(cell)) for cell in page.cells]
        on_day(done, days)
    write_history(engine, cells)
    return days
