"""What do machines get from the collector, and what do they never get?"""

from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from prometheus_client import Metric
from prometheus_client.openmetrics import parser
from starlette.routing import Route

from fernbereit.code import device_code
from fernbereit_server.metrics.families.protection import ENCRYPTION
from fernbereit_server.publication.ticks import LOOK_S
from served import Served
from small_fleet import NOW, device_id

parse_openmetrics: Callable[[str], Iterable[Metric]] = parser.text_string_to_metric_families


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    """Serve a small fleet that was published once."""
    served = Served(tmp_path)
    served.publish()
    yield served
    served.close()


def test_the_process_says_that_it_is_alive(served: Served) -> None:
    """Whatever the broker or the database do."""
    answer = served.client.get("/healthz")

    assert (answer.status_code, answer.json()) == (200, {"status": "alive"})


@pytest.mark.parametrize(
    ("state", "reason"),
    [("disconnected", "broker"), ("paused", "database"), ("starting", "being read")],
    ids=["broker away", "database away", "fleet not loaded"],
)
def test_not_ready_says_why(served: Served, state: str, reason: str) -> None:
    """503 with a reason for people; nothing is connected here, so `reading` is out of reach."""
    if state == "paused":
        served.collector.health.wrote(OSError("no space left"))
    if state == "starting":
        served.collector.loaded.clear()

    answer = served.client.get("/readyz")

    assert answer.status_code == 503
    assert answer.json()["state"] == state
    assert reason in answer.json()["reasons"][0]


def test_metrics_hold_published_counts_and_the_collector_itself(served: Served) -> None:
    """One page for Prometheus, of rounded counts and own counters."""
    text = served.client.get("/metrics").text

    assert 'fernbereit_devices{site="Rathaus",unit="Bauamt"} 10.0' in text
    assert "fernbereit_publication_tick_timestamp_seconds 1.772442e+09" in text
    assert "fernbereit_collector_records_applied_total 0.0" in text
    assert "fernbereit_build_info" in text


def test_metrics_speak_openmetrics_to_whoever_asks(served: Served) -> None:
    """As Prometheus does by default."""
    answer = served.client.get("/metrics", headers={"Accept": "application/openmetrics-text;version=1.0.0"})

    assert answer.headers["content-type"].startswith("application/openmetrics-text")
    assert any(family.name == "fernbereit_devices" for family in parse_openmetrics(answer.text))


def test_metrics_are_served_before_anything_is_published(tmp_path: Path) -> None:
    """Prometheus need not wait for the first tick."""
    served = Served(tmp_path)

    assert served.client.get("/metrics").status_code == 200
    assert "fernbereit_devices" not in served.client.get("/metrics").text
    served.close()


def test_operations_get_exact_counts_elsewhere(served: Served) -> None:
    """14 devices of a unit, which /metrics rounds."""
    assert (
        'fernbereit_exact_devices{site="Rathaus",unit="Bauamt"} 14.0'
        in served.client.get("/metrics/operations").text
    )


def test_the_summary_is_the_published_page(served: Served) -> None:
    """With the time of the count and the smallest group."""
    page = served.publisher.page
    assert page is not None

    summary = served.client.get("/api/v1/summary").json()

    assert summary["smallest_group"] == 5
    assert summary["counted_at"].startswith("2026-03-02T09:00")
    assert len(summary["cells"]) == len(page.cells)
    assert set(summary["families"]) == {cell["family"] for cell in summary["cells"]}


def test_the_history_tells_a_family_by_day(served: Served) -> None:
    """Of the fleet, or of one unit."""
    asked = {"family": ENCRYPTION.key, "since": "2026-03-01", "until": "2026-03-31"}

    fleet = served.client.get("/api/v1/history", params=asked).json()["cells"]
    unit = served.client.get("/api/v1/history", params={**asked, "site": "Rathaus", "unit": "Bauamt"}).json()[
        "cells"
    ]

    assert {cell["day"] for cell in fleet} == {"2026-03-02"}
    assert {cell["word"] for cell in unit} == set(ENCRYPTION.words)
    assert {cell["unit"] for cell in fleet} == {""}


def test_the_history_names_no_smallest_group(served: Served) -> None:
    """Days of another setting were rounded to another number, which is not kept."""
    assert set(served.client.get("/api/v1/history").json()) == {"cells"}


def test_devices_are_listed_page_by_page(served: Served) -> None:
    """27 devices, ten a page."""
    first = served.client.get("/api/v1/devices", params={"limit": 10}).json()
    second = served.client.get("/api/v1/devices", params={"limit": 10, "after": first["next"]}).json()

    assert len(first["rows"]) == len(second["rows"]) == 10
    assert first["rows"][0]["label"] == "NB-00000"
    assert second["rows"][0]["label"] == "NB-00010"


@pytest.mark.parametrize(
    "ref", [device_id(0), device_code(device_id(0)), "NB-00000"], ids=["id", "code", "label"]
)
def test_a_device_opens_by_id_code_and_label(served: Served, ref: str) -> None:
    """As on the console."""
    answer = served.client.get(f"/api/v1/devices/{ref}")

    assert (answer.status_code, answer.json()["code"]) == (200, device_code(device_id(0)))


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/api/v1/devices/nobody", 404),
        ("/api/v1/nothing", 404),
        ("/api/v1/devices?limit=0", 422),
        ("/api/v1/devices?freshness=fresh", 422),
        ("/api/v1/devices?after=x", 409),
        ("/api/v1/history?since=yesterday", 422),
    ],
    ids=["no such device", "no such address", "limit", "a finer freshness than is told", "position", "day"],
)
def test_a_refusal_says_what_to_do_next(served: Served, path: str, status: int) -> None:
    """As JSON, and without repeating what was sent."""
    answer = served.client.get(path)

    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["next_step"].endswith(".")
    assert "yesterday" not in answer.text


def test_nothing_can_be_changed_over_http(served: Served) -> None:
    """Every route is read-only, the console's too."""
    methods = {m for route in served.app.routes if isinstance(route, Route) for m in route.methods or ()}

    assert methods <= {"GET", "HEAD"}
    assert served.client.request("POST", "/api/v1/devices").status_code == 405


def test_a_database_that_is_away_is_told_as_such(served: Served) -> None:
    """Not as an error of the program."""
    with served.collector.engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE sections")

    answer = served.client.get("/api/v1/devices/NB-00000")

    assert answer.status_code == 503
    assert "/readyz" in answer.json()["next_step"]
    assert "SELECT" not in answer.text


def test_no_address_loads_anything_from_elsewhere(served: Served) -> None:
    """The interactive documentation would; there is the description alone."""
    assert served.client.get("/openapi.json").status_code == 200
    assert served.client.get("/docs").status_code == 404
    assert served.client.get("/redoc").status_code == 404


def test_publishing_joins_the_collectors_loops(served: Served) -> None:
    """Whoever starts the collector starts the ticks."""
    assert (LOOK_S, served.publisher.tick) in served.collector._ticks


def test_a_summary_does_not_change_between_two_ticks(served: Served) -> None:
    """Asking often tells nothing more."""
    before = served.client.get("/api/v1/summary").json()
    for device in served.collector.fleet.devices.values():
        device.last_report_at = (NOW - timedelta(days=20)).timestamp()

    assert served.client.get("/api/v1/summary").json() == before
