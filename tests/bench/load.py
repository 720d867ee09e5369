"""What do 10,000 connected laptops cost a collector, on both databases, while a Prometheus scrapes?

python tests/bench load        needs the Debian packages mosquitto, prometheus and postgresql
python tests/bench/load.py --devices 1000 --minutes 0.5        smaller, to try it out
"""

import argparse
import sys
import tempfile
import time
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench import programs
from bench.simulated import say, simulate
from bench.stores import store
from bench.watched import BOUND_MS, Seen
from fernbereit_server.simulate.open_files import most_connections
from processes import free_port, listening, running, wait_for
from prometheus import scraping

DEVICES, INTERVAL_S, MINUTES = 10_000, 60, 1.5
PATHS = ("/metrics", "/metrics/operations")
SCRAPED_EVERY = "5s"
TEXT = """### Laptops with a connection each, while a Prometheus scrapes

`fernbereit simulate --devices {devices} --interval {interval}` for {minutes:g} minutes: switched on within
its first half, each with a connection of its own and a complete record, then a partial one a minute. The
collector runs with its default settings, mosquitto with long queues, a Prometheus asks every {every} for
{paths}. Time to the answer is seen from the laptop, with simulation, broker and database on the
same cores; both databases wait for the disk. Lost: devices whose store is not what their log says. Turn: how
long the event loop does something before it looks again who waits, the longest and 99 of 100. Scrapes: the
slowest of each page.

| store | connections | records | lost | p50, ms | p99, ms | core | turn, ms | MB | simulation | scrapes, s |
| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |
{rows}
| to be at most | | | 0 | | | | {bound} | | | |
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """What was found on one store."""

    store: str
    told: dict[str, Any]
    lost: int
    cores: float
    mb: float
    seen: Seen
    scrapes_s: tuple[float, ...]

    def row(self) -> str:
        """Return one line of the table."""
        ack, records = self.told["ack_s"], self.told["records"]
        made = sum(self.told["per_second"]["connections_made"])
        scrapes = " / ".join(f"{seconds:.3f}" for seconds in self.scrapes_s)
        return (
            f"| {self.store} | {made:,} | {records['acknowledged']:,} of {records['written']:,} "
            f"| {self.lost} "
            f"| {ack['p50'] * 1000:.0f} | {ack['p99'] * 1000:.0f} | {self.cores:.0%} "
            f"| {self.seen.told()} | {self.mb:.0f} "
            f"| {self.told['own_processor_s'] / self.told['seconds']:.0%} | {scrapes} |"
        )


def measure(kind: str, devices: int, minutes: float) -> Loaded:
    """Let laptops report to a collector on this store."""
    say(f"{kind}: {devices:,} laptops for {minutes:g} minutes")
    most_connections()
    with tempfile.TemporaryDirectory() as name, store(kind, Path(name)) as there:
        folder, mqtt, http = Path(name), free_port(), free_port()
        chosen, watch = f'[store]\nurl = "{there.url}"\n', folder / "watched.jsonl"
        collector = programs.collector(folder / "data", mqtt, http, ingest="", more=chosen, watch=watch)
        with running(programs.broker(folder, mqtt), collector):
            wait_for("a listening broker", partial(listening, mqtt))
            wait_for("a collector that reads", partial(programs.page, http, "/readyz"), 60)
            with scraping(folder, f"127.0.0.1:{http}", PATHS, SCRAPED_EVERY) as prometheus:
                options = ("--devices", str(devices), "--interval", str(INTERVAL_S))
                before, began = programs.cpu_seconds(collector), time.monotonic()
                under_way = simulate(folder, mqtt, (*options, "--minutes", str(minutes)))
                told = under_way.result()
                cores = (programs.cpu_seconds(collector) - before) / (time.monotonic() - began)
                seen = Seen.between(watch, began, time.monotonic())
                found = prometheus.query("max_over_time(scrape_duration_seconds[10m])")
                slowest = {labels["job"]: seconds for labels, seconds in found}
            return Loaded(
                store=kind,
                told=told,
                lost=under_way.lost(there.url),
                cores=cores,
                mb=programs.memory_mb(collector),
                seen=seen,
                scrapes_s=tuple(slowest[job] for job in sorted(slowest)),
            )


def report(devices: int = DEVICES, minutes: float = MINUTES) -> str:
    """Return this part of docs/performance.md."""
    rows = "\n".join(measure(kind, devices, minutes).row() for kind in ("sqlite", "postgresql"))
    return TEXT.format(
        devices=devices,
        interval=INTERVAL_S,
        minutes=minutes,
        every=SCRAPED_EVERY,
        paths=" and ".join(f"`{path}`" for path in PATHS),
        rows=rows,
        bound=BOUND_MS,
    )


def main() -> None:
    """Measure as asked and print it."""
    line = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    line.add_argument("--devices", type=int, default=DEVICES)
    line.add_argument("--minutes", type=float, default=MINUTES)
    asked = line.parse_args()
    sys.stdout.write(report(asked.devices, asked.minutes))


if __name__ == "__main__":
    main()
