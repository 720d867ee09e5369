"""Which programs are measured, and how much processor time did one take?"""

import json
import shutil
import sys
import time
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple
from urllib.request import urlopen

import psutil

from processes import Program

PEER = "prometheus-mqtt-exporter"
HERE = Path(__file__).parent
FLAT = tuple(f"value_{i:02d}" for i in range(33))
"""Names of the numbers in the peer's flat message."""
_IDLE_S, _IDLE_SHARE, _LOOKS = 1.2, 0.02, 24
"""Longer than the second after which a collector looks whether anything is to be done."""


def broker(folder: Path, port: int) -> Program:
    """Return a mosquitto whose queues are long enough that it drops nothing while measured."""
    config = folder / "mosquitto.conf"
    config.write_text(
        f"listener {port} 127.0.0.1\nallow_anonymous true\nmax_queued_messages 1000000\n"
        "max_inflight_messages 1000\nconnection_messages false\n"
    )
    found = shutil.which("mosquitto", path="/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin")
    if not found:
        raise SystemExit("make bench needs the Debian package mosquitto")
    return Program("mosquitto", [found, "-c", str(config)], folder)


UNLIMITED = "[ingest]\nqueue = 20000\nrate_per_s = 1000\nburst = 100000\n"


def collector(
    folder: Path,
    mqtt_port: int,
    http_port: int,
    *,
    ingest: str = UNLIMITED,
    more: str = "",
    watch: Path | None = None,
) -> Program:
    """Return a collector on SQLite with `synchronous=FULL`; only the rate limit and the queue are lifted.

    `ingest` stands for that table of its settings, empty for the defaults; `more` is further tables. `watch`
    is a file for what `watched.py` sees of its event loop and threads.
    """
    config = folder / "collector.toml"
    config.write_text(
        f"""
        data = "{folder}"
        [http]
        port = {http_port}
        [broker]
        embedded = false
        port = {mqtt_port}
        {ingest}
        {more}
        """
    )
    begin = [str(HERE / "watched.py"), str(watch)] if watch else ["-m", "fernbereit_server"]
    return Program("collector", [sys.executable, *begin, "serve", "--settings", str(config)], folder)


def peer(folder: Path, mqtt_port: int, http_port: int, names: Iterable[str] = FLAT) -> Program | None:
    """Return the Debian exporter that makes a gauge of each name, or None where it is not installed."""
    found = shutil.which(PEER)
    if not found:
        return None
    gauges = ({"prom_name": name, "mqtt_name": name, "help": "Value.", "type": "gauge"} for name in names)
    config = folder / "exporter.yaml"
    config.write_text(
        json.dumps(  # which is YAML
            {
                "mqtt": {
                    "server": f"tcp://127.0.0.1:{mqtt_port}",
                    "topic_path": "bench/+",
                    "qos": 1,
                },
                "cache": {"timeout": "60m"},
                "metrics": list(gauges),
            }
        )
    )
    argv = [found, "-config", str(config), "-listen-address", "127.0.0.1", "-listen-port", str(http_port)]
    return Program("exporter", [*argv, "-log-level", "error"], folder)


def cpu_seconds(program: Program) -> float:
    """Return user and system time the program has taken so far, in seconds."""
    assert program.process is not None
    return cpu_seconds_of(program.process.pid)


def cpu_seconds_of(pid: int) -> float:
    """Return user and system time of one process; on Linux to the nanosecond, by its own clock."""
    if sys.platform == "linux":
        return time.clock_gettime((~pid << 3) | 2)  # clock_getcpuclockid(3), which Python does not have
    times = psutil.Process(pid).cpu_times()
    return float(times.user + times.system)


class Idle(NamedTuple):
    """A program that became idle: what it had taken then in seconds of its processor time, and when."""

    spent_s: float
    at: float


def once_idle(program: Program, within_s: float = 120) -> Idle:
    """Wait until the program takes less than 2 % of a core; return when that began, by `time.monotonic`."""
    seen, ends = [Idle(cpu_seconds(program), time.monotonic())], time.monotonic() + within_s
    while time.monotonic() < ends:
        time.sleep(_IDLE_S / _LOOKS)
        seen.append(Idle(cpu_seconds(program), time.monotonic()))
        if len(seen) > _LOOKS and seen[-1].spent_s - seen[-1 - _LOOKS].spent_s < _IDLE_SHARE * _IDLE_S:
            break
    return seen[max(0, len(seen) - 1 - _LOOKS)]


def memory_mb(program: Program) -> float:
    """Return what a program holds in memory."""
    assert program.process is not None
    return float(psutil.Process(program.process.pid).memory_info().rss) / 1e6


def page(http_port: int, path: str = "/metrics") -> str:
    """Return one of the program's pages; raises `OSError` unless its status is 200."""
    with urlopen(f"http://127.0.0.1:{http_port}{path}", timeout=30) as answer:
        return str(answer.read().decode())
