"""Is what Prometheus reads well-formed, complete and free of hostile text?"""

import subprocess
from pathlib import Path

import pytest
from prometheus_client.openmetrics.exposition import CONTENT_TYPE_LATEST as OPENMETRICS
from prometheus_client.openmetrics.parser import text_string_to_metric_families as parse_openmetrics
from prometheus_client.parser import text_string_to_metric_families as parse_text

from fernbereit_server.decisions import NOTHING_DECIDED
from fernbereit_server.fleet import Fleet
from fernbereit_server.ingest.tally import Tally
from fernbereit_server.metrics.catalogue import families
from fernbereit_server.metrics.exact import Exact
from fernbereit_server.metrics.exposition import (
    END,
    TEXT,
    PublishedText,
    content_type,
    render,
)
from fernbereit_server.metrics.operations import operations_text
from fernbereit_server.metrics.own import Vitals, own_metrics
from fernbereit_server.publication.cells import Page
from realparts import need
from small_fleet import TODAY, page_of, two_units

FAMILIES = families(NOTHING_DECIDED.policy)
GOLDEN = Path(__file__).parents[2] / "goldens" / "metrics.prom"
HOSTILE = 'Amt "für"\nalles\\ {x="y"} 1\n# EOF\n' + "x" * 300


def everything(page: Page, kind: str) -> str:
    vitals = Vitals(queue_depth=3, paused=False, connected=True, generation="g" * 36)
    tally = Tally()
    tally.refused["section_battery"] += 2
    published = PublishedText(lambda: FAMILIES).of(page)
    return (render(own_metrics(tally, vitals, page), kind) + published.raw + END[kind].raw).decode()


def operations(fleet: Fleet) -> str:
    counts = Exact(fleet, decisions=lambda: NOTHING_DECIDED, today=lambda: TODAY).settled()
    return operations_text(counts).decode()


def test_the_published_cells_of_a_small_fleet_are_as_agreed() -> None:
    """A changed line here is a changed promise: look at it before taking it over with tests/write.py."""
    shown = PublishedText(lambda: FAMILIES).of(page_of(two_units())).raw.decode()

    assert shown == GOLDEN.read_text(encoding="utf-8")


@pytest.mark.parametrize("what", ["published", "operations"])
def test_promtool_finds_nothing(what: str) -> None:
    """Prometheus' own linter is silent."""
    fleet = two_units()
    text = everything(page_of(fleet), TEXT) if what == "published" else operations(fleet)

    done = subprocess.run(
        [need("promtool"), "check", "metrics"],
        input=text,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )

    assert (done.returncode, done.stdout + done.stderr) == (0, "")


@pytest.mark.parametrize(
    ("kind", "parse"), [(TEXT, parse_text), (OPENMETRICS, parse_openmetrics)], ids=["text", "OpenMetrics"]
)
def test_both_formats_read_back_as_the_cells(kind: str, parse: object) -> None:
    """Nothing is lost on the way, and no sample carries a timestamp."""
    page = page_of(two_units())
    assert callable(parse)

    read = list(parse(everything(page, kind)))
    samples = [s for f in read for s in f.samples if "devices" in s.name and "smallest" not in s.name]

    hidden = {family.key for family in FAMILIES if family.cells_only}
    shown = [cell for cell in page.cells if not (cell.unit and cell.family in hidden)]
    assert sorted(s.value for s in samples) == sorted(float(cell.count) for cell in shown)
    assert all(sample.timestamp is None for family in read for sample in family.samples)


@pytest.mark.parametrize(
    ("kind", "parse"), [(TEXT, parse_text), (OPENMETRICS, parse_openmetrics)], ids=["text", "OpenMetrics"]
)
def test_a_hostile_unit_name_stays_one_label(kind: str, parse: object) -> None:
    """Whatever the inventory says is escaped and cut, and makes no line of its own."""
    assert callable(parse)
    page = page_of(two_units(HOSTILE))

    units = {s.labels["unit"] for f in parse(everything(page, kind)) for s in f.samples if "unit" in s.labels}

    assert units == {HOSTILE[:96], "Sozialamt"}


def test_the_number_of_devices_is_nowhere_exact() -> None:
    """27 devices, 21 of which reported: what the collector says of itself must not undo the rounding."""
    text = everything(page_of(two_units()), TEXT)
    values = {
        float(line.rpartition(" ")[2])
        for line in text.splitlines()
        if line.startswith("fernbereit_") and "timestamp" not in line
    }

    assert values.isdisjoint({27.0, 21.0, 14.0, 13.0, 12.0, 9.0})
    assert "fernbereit_exact" not in text


def test_operations_see_exact_counts_but_no_freshness() -> None:
    """An exact count that falls when a laptop has been silent for a day tells when it was last on."""
    text = operations(two_units())

    assert 'fernbereit_exact_devices{site="Rathaus",unit="Bauamt"} 14.0' in text
    assert 'fernbereit_exact_inventory_never_seen{site="Nord",unit="Sozialamt"} 4.0' in text
    assert 'fernbereit_exact_devices_by_status{status="active"} 21.0' in text
    assert "freshness" not in text


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        (None, TEXT),
        ("*/*", TEXT),
        ("text/plain;version=0.0.4;q=0.3", TEXT),
        ("application/openmetrics-text;version=1.0.0;q=0.5,text/plain;q=0.2", OPENMETRICS),
        ("application/openmetrics-text; version=0.0.1,text/plain;version=0.0.4", TEXT),
    ],
    ids=[
        "nothing asked",
        "anything",
        "text",
        "OpenMetrics 1.0",
        "only an OpenMetrics nobody speaks any more",
    ],
)
def test_the_format_is_negotiated(accept: str | None, kind: str) -> None:
    """OpenMetrics only for whoever asks for it."""
    assert content_type(accept) == kind
