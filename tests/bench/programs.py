"""Which programs are measured, and how much processor time did one take?"""

import shutil
import sys
import time
from pathlib import Path
from urllib.request import urlopen

import psutil

from processes import Program

PEER = "prometheus-mqtt-exporter"


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
    folder: Path, mqtt_port: int, http_port: int, *, ingest: str = UNLIMITED, more: str = ""
) -> Program:
    """Return a collector on SQLite with `synchronous=FULL`; only the rate limit and the queue are lifted.

    `ingest` stands for that table of its settings, empty for the defaults; `more` is further tables.
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
    return Program(
        "collector", [sys.executable, "-m", "fernbereit_server", "serve", "--settings", str(config)], folder
    )


def peer(folder: Path, mqtt_port: int, http_port: int) -> Program | None:
    """Return the Debian exporter set up for the flat messages, or None where it is not installed."""
    found = shutil.which(PEER)
    if not found:
        return None
    metrics = "".join(
        f"  - prom_name: value_{i:02d}\n    mqtt_name: value_{i:02d}\n    help: Value.\n    type: gauge\n"
        for i in range(33)
    )
    config = folder / "exporter.yaml"
    config.write_text(
        f"mqtt:\n  server: tcp://127.0.0.1:{mqtt_port}\n  topic_path: bench/+\n  qos: 1\n"
        f"cache:\n  timeout: 60m\nmetrics:\n{metrics}"
    )
    argv = [found, "-config", str(config), "-listen-address", "127.0.0.1", "-listen-port", str(http_port)]
    return Program("exporter", [*argv, "-log-level", "error"], folder)


def cpu_seconds(program: Program) -> float:
    """Return user and system time the program has taken so far, in seconds."""
    assert program.process is not None
    times = psutil.Process(program.process.pid).cpu_times()
    return times.user + times.system


def cpu_seconds_once_idle(program: Program) -> float:
    """Wait until the program took less than 2 % of a core for a second; return its processor time then."""
    spent = cpu_seconds(program)
    for _ in range(120):
        time.sleep(1)
        before, spent = spent, cpu_seconds(program)
        if spent - before < 0.02:
            break
    return spent


def page(http_port: int, path: str = "/metrics") -> str:
    """Return one of the program's pages; raises `OSError` unless its status is 200."""
    with urlopen(f"http://127.0.0.1:{http_port}{path}", timeout=30) as answer:
        return str(answer.read().decode())
