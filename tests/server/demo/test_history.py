"""Is the invented history what the collector could have published?"""

from datetime import date, timedelta
from pathlib import Path

import pytest

from fernbereit.keyed_hash import serial_hash
from fernbereit_server.demo.authority import Authority, make_authority
from fernbereit_server.demo.history import DAILY, past_days, past_pages
from fernbereit_server.demo.preparation import fill_history, fill_inventory, open_store
from fernbereit_server.metrics.catalogue import FAMILIES
from fernbereit_server.metrics.families.devices import DEVICES, FRESHNESS
from fernbereit_server.metrics.families.protection import ENCRYPTION
from fernbereit_server.publication.cells import Page
from fernbereit_server.settings import Settings
from fernbereit_server.store.changes import InventoryRow
from fernbereit_server.store.published import read_history

TODAY = date(2026, 11, 21)
KEY = bytes(range(32))
K = 5
SETTINGS = Settings()


@pytest.fixture(scope="module")
def musterstadt() -> Authority:
    return make_authority(seed=1, devices=150, today=TODAY, key=KEY)


def pages_of(authority: Authority) -> list[Page]:
    rows = [
        InventoryRow(
            id=number, serial_hash=serial_hash(row.serial, KEY), unit=row.unit, site=row.site, kind=row.kind
        )
        for number, row in enumerate(authority.inventory)
    ]
    return list(past_pages(authority, rows, today=TODAY, zone=SETTINGS.zone, k=K, seed=1))


@pytest.fixture(scope="module")
def pages(musterstadt: Authority) -> list[Page]:
    return pages_of(musterstadt)


def fleet_count(page: Page, family: str, word: str) -> int:
    """Return the count of one word over the whole fleet."""
    return next(c.count for c in page.cells if (c.site, c.unit, c.family, c.word) == ("", "", family, word))


def test_the_same_seed_gives_the_same_history(musterstadt: Authority, pages: list[Page]) -> None:
    """A board shows the same curves in every demonstration."""
    assert pages_of(musterstadt) == pages


def test_it_covers_thirteen_months_and_ends_yesterday(pages: list[Page]) -> None:
    """Weekly at first, then day by day, as finer numbers are merged in time."""
    days = [page.tick_at.astimezone(SETTINGS.zone).date() for page in pages]

    assert tuple(days) == past_days(TODAY)
    assert TODAY - days[0] > timedelta(days=380)
    assert days[-1] == TODAY - timedelta(days=1)
    assert days[-DAILY:] == [TODAY - timedelta(days=back) for back in range(DAILY, 0, -1)]


def test_every_number_obeys_the_rules_of_publication(pages: list[Page]) -> None:
    """Multiples of k within their base, and the small unit never by its name."""
    cells = [cell for page in pages for cell in page.cells]

    assert all(cell.count % K == 0 and cell.base % K == 0 and cell.base >= K for cell in cells)
    assert all(cell.count <= cell.base for cell in cells)
    assert "Rechnungsprüfungsamt" not in {cell.unit for cell in cells}
    assert {cell.family for cell in cells} == {family.key for family in FAMILIES}


def test_things_have_become_better(pages: list[Page]) -> None:
    """More laptops report and are encrypted than a year ago; the number of devices hardly changed."""
    first, last = pages[0], pages[-1]

    assert (
        fleet_count(last, ENCRYPTION.key, "encrypted") > fleet_count(first, ENCRYPTION.key, "encrypted") + 20
    )
    assert fleet_count(last, FRESHNESS.key, "never") < fleet_count(first, FRESHNESS.key, "never") - 20
    assert abs(fleet_count(last, DEVICES.key, "") - fleet_count(first, DEVICES.key, "")) <= 15


def test_it_stands_in_the_store_as_published(tmp_path: Path, musterstadt: Authority) -> None:
    """The API reads invented days as it reads real ones; a second preparation replaces the first."""
    settings = SETTINGS.model_copy(update={"data": tmp_path})
    engine = open_store(settings, TODAY)
    for _ in range(2):
        rows = fill_inventory(
            engine, musterstadt, key=KEY, own_label="Dieser Rechner", own_host_name="rechner-1"
        )
        days = fill_history(engine, musterstadt, rows, settings, today=TODAY, seed=1)
    kept = read_history(engine, family=DEVICES.key, since=date(2025, 1, 1), until=TODAY, site="", unit="")
    engine.dispose()

    assert days == len(kept) == len(past_days(TODAY))
    assert len(rows) == len(musterstadt.inventory) + 1
