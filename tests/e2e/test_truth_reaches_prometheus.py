"""Does what the agent read on this machine come back from a real Prometheus and from the API?"""

import json
import subprocess
import sys
from functools import partial
from typing import Any

import pytest

from e2e.estate import Estate
from oracle import faults
from processes import running, wait_for
from prometheus import board_queries, scraping

pytestmark = [pytest.mark.slow, pytest.mark.real, pytest.mark.timeout(240)]

STABLE = (("machine", "memory_bytes"), ("machine", "cpu_count"), ("storage", "total_bytes"))
"""Facts of one device that do not change while the test runs."""


def read_here(estate: Estate) -> dict[str, Any]:
    """Return the sections this machine's agent reads, by asking it on its own."""
    said = subprocess.run(
        [sys.executable, "-m", "fernbereit_agent", "--data", str(estate.folder / "once"), "once", "--print"],
        capture_output=True,
        check=True,
    ).stdout
    return dict(json.loads(said)["sections"])


def shown(detail: dict[str, Any], section: str) -> dict[str, Any]:
    """Return one section of a device as the API shows it."""
    return next(part for part in detail["sections"] if part["section"] == section)


def test_what_the_agent_read_comes_back(estate: Estate) -> None:
    """Real broker, agent process, collector process, Prometheus: the value read is the value shown."""
    with running(estate.broker, estate.collector):
        estate.wait_until_up()
        with running(estate.senders, estate.agent):
            detail = wait_for(
                "this machine in the API", lambda: estate.get(f"/api/v1/devices/{estate.agent_id}"), 60
            )
            here = read_here(estate)
            for section, name in STABLE:
                assert shown(detail, section)["facts"][name] == here[section]["facts"][name]
            assert {part["section"]: part["outcome"] for part in detail["sections"]} == {
                section: seen["outcome"] for section, seen in here.items()
            }
            target = f"127.0.0.1:{estate.http_port}"
            with scraping(estate.folder, target, ("/metrics", "/metrics/operations")) as prometheus:
                wait_for("enough records", lambda: estate.written() > 60)
                estate.rest()
                platform = here["operating_system"]["facts"]["platform"]
                alike = estate.platforms()[platform] + 1
                wait_for(
                    f"this machine as one of {alike} with {platform} in Prometheus",
                    lambda: prometheus.query(
                        f'sum(fernbereit_exact_devices_by_platform{{platform="{platform}"}}) == {alike}'
                    ),
                )
                for title, expr in board_queries("de"):
                    answered = wait_for(f"an answer to {title}", partial(prometheus.query, expr), 20)
                    assert answered, title
    assert faults(estate.log, estate.store_url, everything=True) == []
