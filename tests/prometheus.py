"""How do tests ask a real Prometheus, and what does a board ask it?"""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import urlopen

from fernbereit_dashboards.build import boards
from processes import Program, free_port, running, wait_for
from realparts import need

CHOICES = {
    "$job": ".+",
    "$instance": ".+",
    "$site": ".+",
    "$unit": ".+",
    "$__rate_interval": "1m",
    "$__range": "1h",
}
"""What Grafana puts in for "all", and for the intervals on a short time range."""


class Prometheus:
    """A running Prometheus on the loopback; every answer is that of its own query API."""

    def __init__(self, port: int) -> None:
        self.address = f"http://127.0.0.1:{port}"

    def query(self, expr: str) -> list[tuple[dict[str, str], float]]:
        """Return labels and value of each series; raises `AssertionError` with Prometheus' own words."""
        result = self._get(f"/api/v1/query?{urlencode({'query': expr})}")["result"]
        return [(dict(series["metric"]), float(series["value"][1])) for series in result]

    def healthy_targets(self) -> int:
        """Return how many targets answered their latest scrape."""
        return sum(target["health"] == "up" for target in self._get("/api/v1/targets")["activeTargets"])

    def ready(self) -> bool:
        """Tell whether it answers; raises `OSError` before."""
        with urlopen(f"{self.address}/-/ready", timeout=5) as answer:
            return bool(answer.status == 200)

    def _get(self, path: str) -> dict[str, Any]:
        try:
            with urlopen(self.address + path, timeout=10) as answer:
                return dict(json.load(answer)["data"])
        except HTTPError as refused:
            if refused.code == HTTPStatus.SERVICE_UNAVAILABLE:  # it listens, and is not ready yet
                raise
            raise AssertionError(refused.read().decode()) from None


@contextmanager
def scraping(
    folder: Path, target: str, paths: Sequence[str] = ("/metrics",), interval: str = "1s"
) -> Iterator[Prometheus]:
    """Run a Prometheus that scrapes `target` (host:port) at each path, as jobs `fernbereit`, `fernbereit-1`.

    Returns once every path was scraped successfully; nothing is left running behind.
    """
    port = free_port()
    config = folder / "prometheus.yml"
    config.write_text(configuration(target, paths, interval), encoding="utf-8")
    program = Program(
        "prometheus",
        (
            need("prometheus"),
            f"--config.file={config}",
            f"--storage.tsdb.path={folder / 'tsdb'}",
            f"--web.listen-address=127.0.0.1:{port}",
            "--log.level=warn",
        ),
        folder,
    )
    asked = Prometheus(port)
    with running(program):
        wait_for("a ready Prometheus", asked.ready)
        wait_for(f"a scrape of {target}", lambda: asked.healthy_targets() == len(paths))
        yield asked


def configuration(target: str, paths: Sequence[str], interval: str) -> str:
    """Return a Prometheus configuration with one job per path; JSON is YAML."""
    jobs = [
        {
            "job_name": f"fernbereit-{number}" if number else "fernbereit",
            "metrics_path": path,
            "static_configs": [{"targets": [target]}],
        }
        for number, path in enumerate(paths)
    ]
    timing = {"scrape_interval": interval, "scrape_timeout": interval}
    return json.dumps({"global": timing, "scrape_configs": jobs})


def chosen(expr: str) -> str:
    """Return an expression with everything chosen, as Grafana would send it."""
    for variable, value in CHOICES.items():
        expr = expr.replace(variable, value)
    return expr


def board_queries(lang: str) -> list[tuple[str, str]]:
    """Return panel title and expression of every query of every board, with everything chosen."""
    return [
        (panel["title"], chosen(target["expr"]))
        for board in boards(lang)
        for panel in board.to_json_data()["panels"]
        for target in panel.get("targets", ())
    ]
