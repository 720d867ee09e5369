"""What does a scrape cost, beside the peer in the same run, and does its cost grow with the fleet?

python tests/bench scraping        needs the Debian packages mosquitto, prometheus-mqtt-exporter and curl
"""

import json
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

import psutil

from bench import messages, programs
from bench.judging import fill
from bench.publishing import Publisher
from bench.watched import BOUND_MS
from fernbereit_server.store import database
from processes import Program, free_port, listening, running, wait_for

DEVICES, RUNS = 10_000, 7
FLEETS = (1_000, 10_000, 100_000)
FASTER, OF_MEMORY, PAGE_MS, PAGE_KB = 20, 1 / 3, 20, 200
"""What is to be reached: beside the peer, and of `/metrics` at any size."""
HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Scraped:
    """Median seconds and bytes of one page."""

    seconds: float
    size: int


@dataclass(frozen=True, slots=True)
class Compared:
    """One program with 10,000 devices: its series, a scrape of them, its memory afterwards in MB."""

    what: str
    series: int
    raw: Scraped
    packed: Scraped
    memory: float


def scraped(address: str, *, packed: bool, runs: int = RUNS) -> Scraped:
    """Ask for a page with curl, once to begin with and then `runs` times."""
    asked = ["curl", "-sS", "--fail", "-o", "/dev/null", "-w", "%{time_total} %{size_download}", address]
    if packed:
        asked += ["-H", "Accept-Encoding: gzip"]
    told = [subprocess.run(asked, capture_output=True, check=True).stdout.split() for _ in range(runs + 1)]
    return Scraped(statistics.median(float(seconds) for seconds, _ in told[1:]), int(told[-1][1]))


def compared(what: str, program: Program, address: str) -> Compared:
    """Scrape one program raw and compressed."""
    assert program.process is not None
    raw, packed = scraped(address, packed=False), scraped(address, packed=True)
    page = subprocess.run(["curl", "-sS", address], capture_output=True, check=True).stdout
    lines = sum(not line.startswith(b"#") for line in page.splitlines())
    memory = psutil.Process(program.process.pid).memory_info().rss / 1e6
    return Compared(what, lines, raw, packed, memory)


def ours(folder: Path, devices: int) -> Compared:
    """Measure a collector with a works agreement in force."""
    mqtt, http, data = free_port(), free_port(), folder / "data"
    data.mkdir()
    engine = database.open_engine(f"sqlite:///{data / 'fernbereit.sqlite3'}")
    fill(engine, devices)
    engine.dispose()
    agreed = f'[device_metrics]\nagreed_on = "{datetime.now(UTC).date()}"\n'
    collector = programs.collector(data, mqtt, http, more=agreed)
    page = f"http://127.0.0.1:{http}/metrics/devices"
    with running(programs.broker(folder, mqtt), collector):
        wait_for("a written day", partial(programs.page, http, "/metrics/devices"), 300)
        return compared("fernbereit, every device judged, on SQLite", collector, page)


def peer(folder: Path, devices: int) -> Compared | None:
    """Measure the peer; None where it is not installed."""
    mqtt, http = free_port(), free_port()
    exporter = programs.peer(folder, mqtt, http)
    if exporter is None:
        return None
    with running(programs.broker(folder, mqtt)):
        wait_for("a listening broker", partial(listening, mqtt))
        with running(exporter):
            wait_for("a listening exporter", partial(listening, http))
            publisher = Publisher(mqtt)
            publisher.publish(list(messages.flat(devices, 1)))
            programs.once_idle(exporter)
            publisher.close()
            return compared("mqtt2prometheus", exporter, f"http://127.0.0.1:{http}/metrics")


@contextmanager
def fleet(devices: int) -> Iterator[tuple[str, dict[str, Any], Program]]:
    """Run a collector with a made-up fleet; yield its address and what it says its preparations cost."""
    with tempfile.TemporaryDirectory() as name:
        port = free_port()
        argv = [sys.executable, str(HERE / "served_fleet.py"), name, str(devices), str(port)]
        program = Program("served", argv, Path(name))
        with running(program):
            told = wait_for("a served fleet", partial(_told, program), 900)
            yield f"http://127.0.0.1:{port}", told, program


def _told(program: Program) -> dict[str, Any] | None:
    if not program.alive:
        raise SystemExit(program.tail())
    lines = [line for line in program.log.read_text().splitlines() if line.startswith("{")]
    return dict(json.loads(lines[0])) if lines else None


def grown(devices: int) -> str:
    """Return the row of one fleet: pages with gzip, what was prepared for them, memory of the process."""
    with fleet(devices) as (address, told, program):
        assert program.process is not None
        wait_for("an answer", lambda: programs.page(int(address.rpartition(":")[2])), 60)
        shards = told["shards"]
        pages = ("/metrics", "/metrics/operations", f"/metrics/devices?shard=0&shards={shards}")
        published, exact, shard = (scraped(address + page, packed=True) for page in pages)
        plain = scraped(f"{address}/metrics", packed=False)
        memory = psutil.Process(program.process.pid).memory_info().rss / 1e6
    done = [
        f"{told[what]['processor']:.1f} / {told[what]['longest_ms']:.0f}"
        for what in ("published_again", "counted", "written")
    ]
    row = (
        f"{devices:,}",
        f"{published.seconds * 1000:.1f}",
        f"{plain.size / 1000:.0f} / {published.size / 1000:.0f}",
        f"{exact.seconds * 1000:.0f}",
        str(shards),
        f"{shard.seconds * 1000:.0f}",
        *done,
        f"{memory:.0f}",
    )
    return f"| {' | '.join(row)} |"


def _row(one: Compared, beside: Compared | None) -> str:
    times = ["", "", ""]
    if beside is not None and beside is not one:
        times = [
            f" ({beside.raw.seconds / one.raw.seconds:.0f} x)",
            f" ({beside.packed.seconds / one.packed.seconds:.0f} x)",
            f" ({one.memory / beside.memory:.2f} of it)",
        ]
    return (
        f"| {one.what} | {one.series:,} | {one.raw.seconds:.3f}{times[0]} | {one.raw.size / 1e6:.1f} | "
        f"{one.packed.seconds:.3f}{times[1]} | {one.packed.size / 1e6:.1f} | {one.memory:.0f}{times[2]} |"
    )


def report(devices: int = DEVICES, fleets: Sequence[int] = FLEETS) -> str:
    """Measure and return the part of docs/performance.md about scrapes."""
    if not shutil.which("curl"):
        raise SystemExit("python tests/bench scraping needs the Debian package curl")
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as other:
        beside, own = peer(Path(one), devices), ours(Path(other), devices)
    rows = "\n".join(_row(one, beside) for one in (own, beside) if one is not None)
    if beside is None:
        rows += "\n| mqtt2prometheus | not installed (Debian package prometheus-mqtt-exporter) | | | | | |"
    by_size = "\n".join(grown(number) for number in fleets)
    bound = f"/ {BOUND_MS}"
    return (
        "### Scrapes\n\n"
        f"{devices:,} devices, one page, median of {RUNS} requests of curl one after the other; memory of "
        "the whole process\nafter them. The device tier is written once a day and handed out as it is kept, "
        "compressed; whoever takes no gzip has\nit unpacked.\n\n"
        "| what | series | seconds raw | MB | seconds gzip | MB | memory in MB |\n"
        f"| --- | ---: | ---: | ---: | ---: | ---: | ---: |\n{rows}\n"
        f"| to be | | {FASTER} x | | {FASTER} x | | {OF_MEMORY:.2f} of it |\n\n"
        "Fleets made up in memory, 50 units, gzip, milliseconds of one request. Beside them what is done "
        "before: processor\nseconds, and the longest time in ms for which the event loop had no turn; on a "
        "busy machine others take part of that.\n\n"
        "| devices | /metrics | kB raw / gzip | /metrics/operations | shards | one shard | "
        "a published tick | exact counts from nothing | a day of the device tier | memory in MB |\n"
        f"| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |\n{by_size}\n"
        f"| to be at most | {PAGE_MS} | {PAGE_KB} | | | | {bound} | {bound} | {bound} | |\n"
    )


if __name__ == "__main__":
    sys.stdout.write(report())
