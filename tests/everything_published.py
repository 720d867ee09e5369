"""What does a collector expose that publishes every word of every family? For tests of those who read it."""

from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from prometheus_client import Metric

from fernbereit_server.decisions import NOTHING_DECIDED
from fernbereit_server.ingest.tally import Tally
from fernbereit_server.metrics.catalogue import families
from fernbereit_server.metrics.exposition import TEXT, Gauge, page_metrics, render
from fernbereit_server.metrics.outlook import outlook_metrics
from fernbereit_server.metrics.own import Vitals, own_metrics
from fernbereit_server.outlook import outlook_of_store
from fernbereit_server.publication.cells import Cell, Page
from outlook_world import TODAY, fresh_store, organisation, store_organisation, store_page
from outlook_world import page as page_of
from small_fleet import NOW

UNITS = (("Rathaus", "Bürgeramt", 1), ("Rathaus", "Kämmerei", 2), ("Bauhof", "no unit", 3))
"""Site, unit, and the factor of its counts; the fleet has the sum of the factors."""


def count(factor: int, place: int) -> int:
    """Return the count of the word at a place of its family: a multiple of five, none like its neighbour."""
    return 5 * factor * (place + 1)


def metrics() -> list[Metric]:
    """Return every published family and the collector's own metrics."""
    now = datetime.now(UTC)
    published = families(NOTHING_DECIDED.policy)
    cells = [
        Cell(family=family.key, site=site, unit=unit, word=word, count=count(factor, place), base=500)
        for family in published
        for site, unit, factor in (*UNITS, ("", "", 6))
        if not unit or family.level == "unit"
        for place, word in enumerate(family.words or ("",))
    ]
    page = Page(tick_at=now, freshness_at=now, k=5, cells=tuple(cells))
    vitals = Vitals(queue_depth=3, paused=False, connected=True, generation="one")
    return [*page_metrics(page, published), *outlook_gauges(), *own_metrics(Tally(), vitals, page)]


@cache
def outlook_gauges() -> list[Gauge]:
    """Return what the drill of a small authority makes, with a forecast: one laptop more every day."""
    units = [{"name": "Bauamt", "site": "Rathaus", "headcount": 500}]
    gateways = [{"name": "VPN", "sessions": 60}]
    services = [{"name": "Auszahlen", "minimum": {"Bauamt": 12}}]
    with TemporaryDirectory() as folder:
        engine, settings = fresh_store(Path(folder))
        store_organisation(engine, organisation(units=units, gateways=gateways, services=services))
        for back in range(28, -1, -2):
            words = {"ready_vpn": 60 - back, "not_ready": 100}
            store_page(engine, page_of({("Rathaus", "Bauamt"): words}, TODAY - timedelta(days=back)))
        gauges = outlook_metrics(outlook_of_store(engine, settings, lambda: NOW))
        engine.dispose()
        return gauges


def exposition() -> bytes:
    """Return the metrics as Prometheus reads them."""
    return render(metrics(), TEXT)
