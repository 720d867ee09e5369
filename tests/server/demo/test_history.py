"""Is the invented history what the collector could have published?"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from fernbereit_server.demo.history import DAILY, past_days
from fernbereit_server.metrics.catalogue import families
from fernbereit_server.metrics.families.devices import DEVICES, FRESHNESS
from fernbereit_server.metrics.families.protection import ENCRYPTION
from fernbereit_server.metrics.families.readiness import VERDICT
from fernbereit_server.publication.cells import Page, decode_page
from fernbereit_server.store.published import PublishedCell, load_page
from fernbereit_server.store.schema import published_cells
from musterstadt import TODAY, Prepared

K = 5


@dataclass
class Written:
    """What stands in the store of a history."""

    cells: Sequence[PublishedCell]
    page: Page

    def count(self, day: date, family: str, word: str) -> int:
        """Return the count of one word over the whole fleet on a day."""
        wanted = (day, "", "", family, word)
        return next(c.count for c in self.cells if (c.day, c.site, c.unit, c.family, c.word) == wanted)


@pytest.fixture(scope="module")
def written(prepared: Prepared) -> Written:
    with prepared.engine.connect() as connection:
        cells = [PublishedCell(**row) for row in connection.execute(select(published_cells)).mappings()]
    body = load_page(prepared.engine)
    assert body is not None
    return Written(cells, decode_page(body))


def test_it_covers_thirteen_months_and_ends_yesterday(written: Written) -> None:
    """Weekly at first, then day by day, as finer numbers are merged in time."""
    days = sorted({cell.day for cell in written.cells})

    assert tuple(days) == past_days(TODAY)
    assert TODAY - days[0] > timedelta(days=380)
    assert days[-DAILY:] == [TODAY - timedelta(days=back) for back in range(DAILY, 0, -1)]


def test_every_number_obeys_the_rules_of_publication(prepared: Prepared, written: Written) -> None:
    """Multiples of k within their base, the small unit never by its name, and no family is left out."""
    assert all(c.count % K == 0 and c.base % K == 0 and c.base >= K for c in written.cells)
    assert all(cell.count <= cell.base for cell in written.cells)
    assert "Rechnungsprüfungsamt" not in {cell.unit for cell in written.cells}
    assert {family.key for family in families(prepared.decisions().policy)} == {
        c.family for c in written.cells
    }


def test_things_have_become_better(written: Written) -> None:
    """More laptops report, are encrypted and ready than a year ago; their number hardly changed."""
    first, last = past_days(TODAY)[0], past_days(TODAY)[-1]

    def more(family: str, word: str) -> int:
        return written.count(last, family, word) - written.count(first, family, word)

    assert more(ENCRYPTION.key, "encrypted") >= 15
    assert more(VERDICT.key, "ready") >= 15
    assert more(FRESHNESS.key, "never") <= -15
    assert abs(more(DEVICES.key, "")) <= 10


def test_the_fleet_of_one_day_is_remembered(prepared: Prepared) -> None:
    """The measured numbers of the drill day are counted over the laptops of that day."""
    fleet = prepared.history.remembered
    assert fleet is not None
    then = {device.device_id for device in fleet.devices}

    assert then < {chronicle.device.device_id for chronicle in prepared.history.chronicles}
    assert all(device.judged for device in fleet.devices)


def test_the_collector_goes_on_from_yesterday(written: Written) -> None:
    """Numbers move from yesterday's page as they move from tick to tick, not from nothing."""
    yesterday = past_days(TODAY)[-1]
    kept = [cell for cell in written.cells if cell.day == yesterday]

    assert len(kept) == len(written.page.cells)
    assert written.page.tick_at.date() == yesterday
