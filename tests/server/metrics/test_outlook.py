"""Which gauges does the published drill make?"""

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from prometheus_client.openmetrics.exposition import CONTENT_TYPE_LATEST as OPENMETRICS
from prometheus_client.parser import text_string_to_metric_families as parse
from sqlalchemy import Engine

from fernbereit_server.metrics.exposition import TEXT, render
from fernbereit_server.metrics.outlook import MOST, OutlookMetrics, outlook_metrics
from fernbereit_server.outlook import outlook_of_store
from fernbereit_server.settings import Settings
from outlook_world import FLEET, TODAY, fresh_store, organisation, page, store_organisation, store_page
from small_fleet import NOW


class World:
    """A store, and its gauges by name and labels."""

    def __init__(self, engine: Engine, settings: Settings) -> None:
        self.engine, self.settings = engine, settings

    def gauges(self) -> dict[str, dict[tuple[str, ...], float]]:
        """Compute anew."""
        outlook = outlook_of_store(self.engine, self.settings, lambda: NOW)
        return {
            metric.name: {tuple(sample.labels.values()): sample.value for sample in metric.samples}
            for metric in outlook_metrics(outlook)
        }


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[World]:
    """Nothing is known."""
    engine, settings = fresh_store(tmp_path)
    yield World(engine, settings)
    engine.dispose()


@pytest.fixture
def world(empty: World) -> World:
    """Know an organisation and a page of today."""
    store_organisation(empty.engine, organisation())
    store_page(empty.engine, page())
    return empty


def test_units_carry_the_labels_their_devices_carry(world: World) -> None:
    """So that a board can divide one by the other."""
    gauges = world.gauges()
    places = {("Rathaus", "Bauamt"), ("Rathaus", "Sozialamt"), ("Rathaus", "other units")}

    assert set(gauges["fernbereit_suitable_staff"]) == places
    assert gauges["fernbereit_suitable_staff"]["Rathaus", "other units"] == 13
    assert {labels[:2] for labels in gauges["fernbereit_able_staff"]} == places
    low, high = (gauges["fernbereit_able_staff"]["Rathaus", "Bauamt", bound] for bound in ("low", "high"))
    assert 0 < low <= high <= 50


def test_the_fleet_has_its_own_total_and_share(world: World) -> None:
    """Bounds of units do not add up to those of the whole."""
    gauges = world.gauges()
    suitable = gauges["fernbereit_fleet_suitable_staff"][()]

    for bound in ("low", "high"):
        able = gauges["fernbereit_fleet_able_staff"][bound,]
        assert gauges["fernbereit_fleet_able_ratio"][bound,] == pytest.approx(able / suitable, abs=1e-6)
        assert gauges["fernbereit_drill_able_staff"]["office-closed", bound] == able


def test_every_scenario_names_what_binds_once(world: World) -> None:
    """Or several gateways of one kind, or none of them and one kind of want."""
    gauges = world.gauges()
    scenarios = {labels[0] for labels in gauges["fernbereit_drill_able_staff"]}
    binding = gauges["fernbereit_drill_binding"]

    assert scenarios >= {"office-closed", "gateway-lost", "storm-day", "Halbe Leitung"}
    for scenario in scenarios:
        said = [labels[1] for labels, value in binding.items() if labels[0] == scenario and value]
        assert said
        assert all(name.startswith("VPN") for name in said) or len(said) == 1


def test_services_of_few_people_are_not_exposed(world: World) -> None:
    """Two people at the door are two people."""
    gauges = world.gauges()

    assert gauges["fernbereit_service_minimum_staff"] == {("Auszahlen",): 12}
    assert gauges["fernbereit_service_minimum_holds"] == {
        ("Auszahlen", "yes"): 1,
        ("Auszahlen", "no"): 0,
        ("Auszahlen", "unknown"): 0,
    }


def test_gateways_have_demand_and_capacity(world: World) -> None:
    """In sessions."""
    gauges = world.gauges()

    assert gauges["fernbereit_gateway_sessions_capacity"] == {
        ("VPN Rathaus",): pytest.approx(40),
        ("VPN Bau",): pytest.approx(8),
    }
    assert gauges["fernbereit_sessions_capacity"] == {(): pytest.approx(48)}
    assert set(gauges["fernbereit_gateway_sessions_demanded"]) == {
        (name, bound) for name in ("VPN Rathaus", "VPN Bau") for bound in ("low", "high")
    }


def test_the_day_of_exhaustion_is_a_timestamp_where_there_is_one(empty: World) -> None:
    """A rising demand of forty days; and nothing where no day is told."""
    units = [{"name": "Bauamt", "site": "Rathaus", "headcount": 500}]
    large = [{"name": "VPN", "sessions": 60}]
    store_organisation(empty.engine, organisation(units=units, gateways=large, services=[], scenarios=[]))
    store_page(empty.engine, page())
    without = empty.gauges()
    for back in range(40, -1, -1):
        words = {"ready_vpn": 60 - back, "not_ready": 100}
        store_page(empty.engine, page({("Rathaus", "Bauamt"): words}, TODAY - timedelta(days=back)))

    days = empty.gauges()["fernbereit_sessions_used_up_timestamp_seconds"]

    assert set(days) == {("earliest",), ("latest",)}
    assert days["earliest",] > NOW.timestamp()
    assert "fernbereit_sessions_used_up_timestamp_seconds" not in without


def test_names_of_the_authority_cannot_break_the_page(empty: World) -> None:
    """A gateway called like a word of ours, a pool called like a gateway, quotes, and very long names."""
    odd = [{"name": "devices", "sessions": 9}, {"name": 'V"\\', "sessions": 9, "licences": "devices"}]
    written = organisation(
        gateways=odd,
        licence_pools=[{"name": "devices", "sessions": 12}],
        scenarios=[{"name": "x" * 120 + "1"}, {"name": "x" * 120 + "2"}, {"name": "office closed"}],
    )
    store_organisation(empty.engine, written)
    store_page(empty.engine, page())
    outlook = outlook_of_store(empty.engine, empty.settings, lambda: NOW)
    metrics = outlook_metrics(outlook)

    for kind in (TEXT, OPENMETRICS):
        text = render(metrics, kind).decode()
        samples = [line.rpartition(" ")[0] for line in text.splitlines() if not line.startswith("#")]
        assert len(samples) == len(set(samples))
    assert list(parse(render(metrics, TEXT).decode()))


def test_fifty_units_and_many_names_stay_small(empty: World) -> None:
    """The page for Prometheus has 200 kB for everything."""
    units: list[dict[str, Any]] = [
        {"name": f"Einheit mit langem Namen {n}", "site": f"Standort {n % 5}", "headcount": 60}
        for n in range(50)
    ]
    written = organisation(
        units=units,
        services=[{"name": f"Leistung {n}", "minimum": {units[n]["name"]: 9}} for n in range(50)],
        gateways=[{"name": f"VPN {n}", "sessions": 90} for n in range(MOST + 20)],
        scenarios=[{"name": f"Szenario {n}"} for n in range(5)],
    )
    devices = {(unit["site"], unit["name"]): {"ready_vpn": 20, "unknown": 10} for unit in units}
    store_organisation(empty.engine, written)
    store_page(empty.engine, page(devices))
    outlook = outlook_of_store(empty.engine, empty.settings, lambda: NOW)

    metrics = outlook_metrics(outlook)

    capacity = next(one for one in metrics if one.name == "fernbereit_gateway_sessions_capacity")
    assert len(capacity.samples) == MOST
    assert len(render(metrics, TEXT)) < 90_000


def test_nothing_is_exposed_before_there_is_an_answer(empty: World) -> None:
    """No organisation, or no page: no zero either."""
    assert empty.gauges() == {}
    store_organisation(empty.engine, organisation())
    assert empty.gauges() == {}


def test_gauges_move_when_page_or_decisions_do(world: World) -> None:
    """And are prepared bytes in between."""
    version = [1]
    now = [page()]
    outlook = outlook_of_store(world.engine, world.settings, lambda: NOW)
    outlook._page = lambda: now[0]
    held = OutlookMetrics(outlook, lambda: version[0])
    before = held.part.raw
    asyncio.run(held.tick())
    made = held.part.raw
    now[0] = page({**FLEET, ("Rathaus", "Bauamt"): {"not_ready": 43}}, TODAY + timedelta(days=1))
    asyncio.run(held.tick())
    same = held.part.raw
    version[0] = 2
    asyncio.run(held.tick())

    assert before == b""
    assert b"fernbereit_fleet_able_staff" in made
    assert same is made
    assert held.part.raw != made
