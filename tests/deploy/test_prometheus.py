"""Does Prometheus take our configuration, and does it keep published and exact counts apart?"""

import re
import subprocess
from pathlib import Path

import pytest
import yaml
from sqlalchemy import String

from everything_published import exposition, metrics
from fernbereit_server.store import schema
from realparts import need

FOLDER = Path(__file__).parents[2] / "deploy" / "prometheus"
PUBLISHED, EXACT, DEVICES = (FOLDER / f"{name}.yml" for name in ("prometheus", "operations", "devices"))
ALERTS = FOLDER / "alerts.yml"
UNITS = 400


def _expressions() -> list[str]:
    groups = yaml.safe_load(ALERTS.read_text("utf-8"))["groups"]
    return [rule["expr"] for group in groups for rule in group["rules"]]


@pytest.mark.real
@pytest.mark.parametrize("config", [PUBLISHED, EXACT, DEVICES], ids=lambda path: path.name)
def test_prometheus_takes_the_configuration(config: Path) -> None:
    """promtool finds nothing wrong."""
    done = subprocess.run(
        [need("promtool"), "check", "config", str(config)], capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.real
def test_prometheus_takes_the_alerts() -> None:
    """promtool finds nothing wrong, and every metric an alert asks for is one of the collector's."""
    done = subprocess.run(
        [need("promtool"), "check", "rules", str(ALERTS)], capture_output=True, text=True, check=False
    )
    asked = set(re.findall(r"fernbereit_\w+", " ".join(_expressions())))

    assert done.returncode == 0, done.stdout + done.stderr
    assert asked == {
        "fernbereit_collector_paused",
        "fernbereit_collector_connected",
        "fernbereit_collector_records_missing_total",
    }
    assert asked <= set(re.findall(r"^(fernbereit_\w+)", exposition().decode(), re.MULTILINE))


@pytest.mark.real
def test_prometheus_finds_nothing_wrong_with_the_metrics() -> None:
    """promtool check metrics is silent about everything that can be published."""
    done = subprocess.run(
        [need("promtool"), "check", "metrics"], input=exposition(), capture_output=True, check=False
    )

    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")


def test_published_and_exact_counts_are_scraped_into_different_prometheus() -> None:
    """Whoever may query the first must not find the exact counts in it."""
    paths = {
        config: [job["metrics_path"] for job in yaml.safe_load(config.read_text("utf-8"))["scrape_configs"]]
        for config in (PUBLISHED, EXACT)
    }

    assert paths == {PUBLISHED: ["/metrics"], EXACT: ["/metrics/operations"]}


@pytest.mark.parametrize("config", [PUBLISHED, EXACT], ids=lambda path: path.name)
def test_every_job_is_limited_and_stays_on_this_computer(config: Path) -> None:
    """A page gone wrong is refused instead of filling the disk of Prometheus."""
    for job in yaml.safe_load(config.read_text("utf-8"))["scrape_configs"]:
        assert {"sample_limit", "label_limit", "label_value_length_limit", "body_size_limit"} <= job.keys()
        assert job["static_configs"] == [{"targets": ["127.0.0.1:8740"]}]


def test_single_devices_are_asked_for_where_the_collector_says() -> None:
    """No target stands in the file: without a works agreement there is none."""
    (job,) = yaml.safe_load(DEVICES.read_text("utf-8"))["scrape_configs"]

    assert [found["url"] for found in job["http_sd_configs"]] == ["http://127.0.0.1:8740/sd/devices"]
    assert "static_configs" not in job
    assert {"sample_limit", "label_limit", "label_value_length_limit", "body_size_limit"} <= job.keys()


def test_the_limit_leaves_room_for_four_hundred_units() -> None:
    """The comment in the file says so."""
    (job,) = yaml.safe_load(PUBLISHED.read_text("utf-8"))["scrape_configs"]
    samples = [sample for metric in metrics() for sample in metric.samples]
    by_unit = sum(sample.labels.get("unit") == "no unit" for sample in samples)
    others = sum("unit" not in sample.labels for sample in samples)

    assert others + UNITS * by_unit <= job["sample_limit"]


@pytest.mark.parametrize("config", [PUBLISHED, EXACT], ids=lambda path: path.name)
def test_the_longest_name_of_a_unit_passes(config: Path) -> None:
    """One label that is too long, counted in bytes, would have Prometheus refuse the whole page."""
    (job,) = yaml.safe_load(config.read_text("utf-8"))["scrape_configs"]
    unit = schema.inventory.c.unit.type
    assert isinstance(unit, String)
    assert unit.length is not None

    assert len(("\N{EARTH GLOBE EUROPE-AFRICA}" * unit.length).encode()) <= job["label_value_length_limit"]
