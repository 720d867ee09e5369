"""Do a real Prometheus and a real VictoriaMetrics take every page there is, as it is handed out?"""

import asyncio
import json
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from fernbereit.code import device_code
from fernbereit_server.settings import DeviceMetricsSettings, HttpSettings
from processes import Program, free_port, running, wait_for
from prometheus import Prometheus
from realparts import need
from served import Served
from serving import serving
from small_fleet import TODAY, device_id

pytestmark = [pytest.mark.real, pytest.mark.timeout(120)]
PAGES = ("/metrics", "/metrics/operations")
SECOND = {"scrape_interval": "1s", "scrape_timeout": "1s"}


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve a small fleet, published, with a works agreement in force."""
    port = free_port()
    served = Served(
        tmp_path_factory.mktemp("served"),
        device_metrics=DeviceMetricsSettings(agreed_on=TODAY),
        http=HttpSettings(port=port),
    )
    served.publish()
    asyncio.run(served.app.state.device_tier.prepare())
    with serving(served.app, port) as address:
        yield address
    served.close()


def configuration(folder: Path, address: str) -> Path:
    """Write what Prometheus and VictoriaMetrics read alike: two fixed targets and the discovered shards."""
    fixed = [
        {"job_name": path, "metrics_path": path, "static_configs": [{"targets": [address]}]} for path in PAGES
    ]
    found = {"job_name": "devices", "http_sd_configs": [{"url": f"http://{address}/sd/devices"}]}
    file = folder / "scrape.yml"
    file.write_text(json.dumps({"global": SECOND, "scrape_configs": [*fixed, found]}), encoding="utf-8")
    return file


def prometheus(folder: Path, address: str, port: int) -> list[str]:
    return [
        need("prometheus"),
        f"--config.file={configuration(folder, address)}",
        f"--storage.tsdb.path={folder / 'tsdb'}",
        f"--web.listen-address=127.0.0.1:{port}",
        "--log.level=warn",
    ]


def victoria_metrics(folder: Path, address: str, port: int) -> list[str]:
    return [
        need("victoria-metrics"),
        f"-promscrape.config={configuration(folder, address)}",
        f"-storageDataPath={folder / 'storage'}",
        f"-httpListenAddr=127.0.0.1:{port}",
        "-search.latencyOffset=0s",
        "-loggerLevel=WARN",
    ]


@pytest.mark.slow
@pytest.mark.parametrize("scraper", [prometheus, victoria_metrics], ids=["Prometheus", "VictoriaMetrics"])
def test_every_page_arrives_whole(
    scraper: Callable[[Path, str, int], list[str]], address: str, tmp_path: Path
) -> None:
    """Published counts, exact ones, and every device of the shards that the collector names."""
    port = free_port()
    asked = Prometheus(port)
    with running(Program(scraper.__name__, scraper(tmp_path, address, port), tmp_path)):
        up = wait_for("three scrapes", lambda: three(asked), 60)
        published = asked.query('fernbereit_devices{unit="Bauamt"}')
        exact = asked.query('fernbereit_exact_devices{unit="Bauamt"}')
        (encryption,) = asked.query(f'fernbereit_device_encryption{{device="{device_code(device_id(1))}"}}')
        devices = asked.query("count(fernbereit_device_info)")
        checks = asked.query("count(fernbereit_device_check) / count(fernbereit_device_info)")

    assert {labels["job"] for labels, _ in up} == {*PAGES, "devices"}
    assert ([value for _, value in published], [value for _, value in exact]) == ([10.0], [14.0])
    assert (encryption[0]["shard"], encryption[1]) == ("0", 1.0)
    assert ([value for _, value in devices], [value for _, value in checks]) == ([21.0], [29.0])


def three(asked: Prometheus) -> list[tuple[dict[str, str], float]] | None:
    """Return what is up once all three pages are, and their series can be asked for."""
    up = asked.query("up == 1")
    return up if len(up) == 3 and asked.query("fernbereit_device_info") else None


@pytest.mark.parametrize("path", [*PAGES, "/metrics/devices"])
def test_promtool_finds_nothing_wrong(path: str, address: str) -> None:
    """Names, types, help texts, and that each gauge stands in one place."""
    page = subprocess.run(
        [need("curl"), "-sS", "--fail", "--compressed", f"http://{address}{path}"],
        capture_output=True,
        check=True,
    )

    checked = subprocess.run(
        [need("promtool"), "check", "metrics"], input=page.stdout, capture_output=True, check=False
    )

    assert (checked.returncode, checked.stdout, checked.stderr) == (0, b"", b"")
    assert page.stdout.count(b"\n") > 20
