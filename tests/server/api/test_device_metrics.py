"""Who gets metrics of single devices, and who is told why not?"""

import asyncio
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from fernbereit_server.settings import DeviceMetricsSettings, load_settings
from served import Served
from small_fleet import TODAY


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    """Serve a small fleet for which a works agreement holds since today."""
    served = Served(tmp_path, device_metrics=DeviceMetricsSettings(agreed_on=TODAY))
    asyncio.run(served.app.state.device_tier.prepare())
    yield served
    served.close()


@pytest.mark.parametrize("agreed_on", [None, TODAY + timedelta(days=1)], ids=["none", "not in force yet"])
def test_without_an_agreement_it_says_why_and_what_to_do(agreed_on: date | None, tmp_path: Path) -> None:
    """And the list of shards is empty, so that Prometheus stops asking."""
    served = Served(tmp_path, device_metrics=DeviceMetricsSettings(agreed_on=agreed_on))

    answer = served.client.get("/metrics/devices")

    assert answer.status_code == 403
    assert "works agreement" in answer.json()["detail"]
    assert "[device_metrics]" in answer.json()["next_step"]
    assert "fernbereit demo --data" in answer.json()["next_step"]
    assert served.client.get("/sd/devices").json() == []
    served.close()


def test_the_way_in_named_by_the_refusal_is_there() -> None:
    """The page it sends people to."""
    page = Path(__file__).parents[3] / "docs" / "privacy" / "device-metrics.md"

    assert "agreed_on" in page.read_text(encoding="utf-8")


def test_a_day_that_is_not_written_yet_is_no_empty_fleet(tmp_path: Path) -> None:
    """Nothing at all would end every series."""
    served = Served(tmp_path, device_metrics=DeviceMetricsSettings(agreed_on=TODAY))

    assert served.client.get("/metrics/devices").status_code == 503
    served.close()


def test_prometheus_is_told_each_shard(served: Served) -> None:
    """The address, the path and the part to ask for; `shard` tells their `up` apart."""
    (target,) = served.client.get("/sd/devices").json()

    assert target == {
        "targets": ["127.0.0.1:8740"],
        "labels": {
            "__metrics_path__": "/metrics/devices",
            "__param_shard": "0",
            "__param_shards": "1",
            "shard": "0",
        },
    }


def test_a_shard_is_handed_out_compressed_or_not(served: Served) -> None:
    """By what whoever asks can read."""
    plain = served.client.get("/metrics/devices", headers={"Accept-Encoding": "identity"})
    packed = served.client.get("/metrics/devices")

    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert plain.text == packed.text
    assert 'fernbereit_device_info{device="' in plain.text


def test_every_page_of_metrics_is_compressed_for_who_takes_it(served: Served) -> None:
    """One member, which curl and httpx read to its end."""
    served.publish()
    for path in ("/metrics", "/metrics/operations"):
        packed = served.client.get(path)
        plain = served.client.get(path, headers={"Accept-Encoding": "identity"})

        assert packed.headers["Content-Encoding"] == "gzip"
        assert packed.text == plain.text


def test_a_shard_that_is_not_there_is_refused(served: Served) -> None:
    """Counting begins at 0."""
    assert served.client.get("/metrics/devices", params={"shard": 2, "shards": 2}).status_code == 404
    assert served.client.get("/metrics/devices", params={"shards": 65}).status_code == 422


def test_the_day_of_the_agreement_is_read_from_the_settings(tmp_path: Path) -> None:
    """As a day in quotation marks."""
    file = tmp_path / "collector.toml"
    file.write_text('[device_metrics]\nagreed_on = "2026-12-01"\n', encoding="utf-8")

    settings = load_settings(file, environment={})

    assert settings.device_metrics.agreed_on == date(2026, 12, 1)
