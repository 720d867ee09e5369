"""Does one collector carry 100,000 laptops that report once a minute?

python tests/bench/at_size.py --devices 2000 --seconds 5 --store sqlite        or python tests/bench size
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench import made_laptops, programs
from bench.simulated import say
from bench.steady import INTERVAL_S
from bench.stores import Store, Weight, store
from bench.watched import BOUND_MS, Seen
from processes import Program, free_port, listening, running, wait_for

DEVICES, SECONDS = 100_000, 45
START_S, CORE, MEGABYTES = 20, 0.5, 600
"""What is to be reached."""
JUDGED_WITHIN_S = 300
TEXT = """### One collector with {devices:,} laptops

Each reports once a minute: {rate:,.0f} partial records a second for {seconds:g} s, QoS 1, mosquitto, default
settings. Both databases wait for the disk at every commit. The store begins with one complete record of each
laptop. The first round meets a collector that was just started: it knows no digest of what anybody said, and
judges all of them for the first time meanwhile. The second begins when it is idle again. Then it is killed;
*start* is that of the collector on the full store, until `/readyz`.

| store | start, s | its processor, s | MB after it |
| --- | ---: | ---: | ---: |
{starts}
| to be at most | {start_s} | | {megabytes} |

Shares are of one core, user and system; *us each* is all of the collector by the records answered. Of it the
event loop (receive, count, publish, answer), the thread that decides and commits, and the one that judges are
told apart. The sender is a process of its own that only sends what it made before. A turn of the loop is how
long it does something before it looks again who waits, the longest and 99 of 100; others on the cores
lengthen it.

| store | round | answered/s | unanswered | p50 / p99, ms | us each | collector | loop | commit | judge | MB |
| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |
{rounds}
| to be at most | second | | 0 | | | {core:.0%} | | | | {megabytes} |

| store | round | turn, ms | mosquitto | PostgreSQL | sender | its longest delay, ms |
| --- | --- | ---: | ---: | ---: | ---: | ---: |
{beside}
| to be at most | | {bound} | | | | |

A report is no row: it overwrites what was said before. What grows are transitions, at most one a laptop,
day and check, kept for 90 days, and dead letters of what could not be read, kept for seven.

| store | bytes a laptop before | after | log, MB | transitions | bytes each | a laptop | rows given up |
| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |
{weights}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """What was found while everybody reported once."""

    name: str
    told: dict[str, float]
    shares: dict[str, float]
    """Processor time of each program, in shares of one core."""
    seen: Seen
    mb: float

    def rows(self, store_name: str) -> tuple[str, str]:
        """Return its line of the table about the collector, and of that about everything beside it."""
        told, seconds = self.told, self.told["seconds"]
        parts = (self.seen.loop_s, self.seen.committing_s, self.seen.judging_s)
        ours = (
            f"{told['answered'] / seconds:,.0f}",
            f"{told['sent'] - told['answered_in_all']:,.0f}",
            f"{told['p50_ms']:.0f} / {told['p99_ms']:.0f}",
            f"{self.shares['collector'] * seconds / max(told['answered'], 1) * 1e6:.0f}",
            f"{self.shares['collector']:.0%}",
            *("not known" if part is None else f"{part / self.seen.seconds:.0%}" for part in parts),
            f"{self.mb:.0f}",
        )
        beside = (
            self.seen.told(),
            f"{self.shares['mosquitto']:.0%}",
            f"{self.shares['postgresql']:.0%}" if "postgresql" in self.shares else "",
            f"{told['processor_s'] / seconds:.0%}",
            f"{told['latest_ms']:.0f}",
        )
        begin = f"| {store_name} | {self.name} |"
        return f"{begin} {' | '.join(ours)} |", f"{begin} {' | '.join(beside)} |"


@dataclass(frozen=True, slots=True, kw_only=True)
class AtSize:
    """What was found on one store."""

    store: str
    start_s: float
    start_cpu_s: float
    start_mb: float
    rounds: tuple[Round, ...]
    before: Weight
    after: Weight

    def start(self) -> str:
        """Return its line of the table of starts."""
        return f"| {self.store} | {self.start_s:.1f} | {self.start_cpu_s:.1f} | {self.start_mb:.0f} |"

    def weight(self, devices: int) -> str:
        """Return its line of the table of what the store takes."""
        after = self.after
        each = after.transitions_bytes / after.transitions if after.transitions else 0
        cells = (
            self.store,
            f"{self.before.size / devices:,.0f}",
            f"{after.size / devices:,.0f}",
            f"{after.log / 1e6:.0f}",
            f"{after.transitions:,}",
            f"{each:.0f}",
            f"{after.transitions_bytes / devices:.0f}",
            f"{after.given_up:,}",
        )
        return f"| {' | '.join(cells)} |"


class Sender:
    """The process that lets the laptops report."""

    def __init__(self, port: int, devices: int, seconds: float) -> None:
        argv = [sys.executable, str(Path(__file__).with_name("steady.py"))]
        self._process = subprocess.Popen(
            [*argv, str(port), str(devices), str(seconds)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def prepared(self) -> None:
        """Wait until the next round can begin."""
        if self._line() != "ready\n":
            raise SystemExit("the sender did not get ready")

    def begin(self) -> None:
        """Have a round sent."""
        assert self._process.stdin is not None
        self._process.stdin.write("\n")
        self._process.stdin.flush()

    def told(self) -> dict[str, float]:
        """Wait for its next line, and return it."""
        return dict(json.loads(self._line()))

    def end(self) -> None:
        """End it."""
        self._process.kill()
        self._process.communicate()

    def _line(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline()


@contextmanager
def sender(port: int, devices: int, seconds: float) -> Iterator[Sender]:
    """Start a sender; whatever happens, leave none behind."""
    one = Sender(port, devices, seconds)
    try:
        one.prepared()
        yield one
    finally:
        one.end()


def one_round(name: str, one: Sender, there: Store, watch: Path, **measured: Program) -> Round:
    """Let everybody report once."""

    def spent() -> dict[str, float]:
        found = {what: programs.cpu_seconds(program) for what, program in measured.items()}
        server = there.processor_s()
        return found if server is None else found | {"postgresql": server}

    before, began = spent(), time.monotonic()
    one.begin()
    one.told()
    after, ended = spent(), time.monotonic()
    mb, told = programs.memory_mb(measured["collector"]), one.told()
    one.prepared()
    say(f"{name}: {told['answered']:,.0f} of {told['sent']:,.0f} answered within it")
    return Round(
        name=name,
        told=told,
        shares={what: (after[what] - before[what]) / (ended - began) for what in after},
        seen=Seen.between(watch, began, ended),
        mb=mb,
    )


def started(collector: Program, http: int) -> tuple[float, float, float]:
    """Wait for a collector that was just started; return the seconds, its processor time, its memory."""
    began = time.monotonic()
    wait_for("a collector that reads", partial(programs.page, http, "/readyz"), 300)
    return time.monotonic() - began, programs.cpu_seconds(collector), programs.memory_mb(collector)


def measure(kind: str, devices: int, seconds: float) -> AtSize:
    """Fill a store, let everybody report twice to a collector on it, and start another one."""
    with tempfile.TemporaryDirectory() as name, store(kind, Path(name)) as there:
        folder, mqtt, http = Path(name), free_port(), free_port()
        say(f"{kind}: filling a store with {devices:,} laptops")
        made_laptops.seed(there.url, devices, made_laptops.bodies(0)[0])
        before, watch = there.weight(), folder / "watched.jsonl"
        make = partial(programs.collector, folder / "data", mqtt, http, ingest="")
        chosen = f'[store]\nurl = "{there.url}"\n'
        broker, collector = programs.broker(folder, mqtt), make(more=chosen, watch=watch)
        with running(broker):
            wait_for("a listening broker", partial(listening, mqtt))
            with running(collector), sender(mqtt, devices, seconds) as one:
                started(collector, http)
                measured: dict[str, Any] = {"collector": collector, "mosquitto": broker}
                first = one_round("first", one, there, watch, **measured)
                say("until everybody is judged")
                programs.once_idle(collector, JUDGED_WITHIN_S)
                second = one_round("second", one, there, watch, **measured)
                after = there.weight()
            again = make(more=chosen)
            say("another start")
            with running(again):
                start_s, start_cpu_s, start_mb = started(again, http)
        return AtSize(
            store=kind,
            start_s=start_s,
            start_cpu_s=start_cpu_s,
            start_mb=start_mb,
            rounds=(first, second),
            before=before,
            after=after,
        )


def report(
    devices: int = DEVICES, seconds: float = SECONDS, kinds: Sequence[str] = ("sqlite", "postgresql")
) -> str:
    """Return this part of docs/performance.md."""
    found = [measure(kind, devices, seconds) for kind in kinds]
    rows = [one.rows(at.store) for at in found for one in at.rounds]
    return TEXT.format(
        devices=devices,
        rate=devices / INTERVAL_S,
        seconds=seconds,
        starts="\n".join(at.start() for at in found),
        rounds="\n".join(ours for ours, _ in rows),
        beside="\n".join(beside for _, beside in rows),
        weights="\n".join(at.weight(devices) for at in found),
        start_s=START_S,
        megabytes=MEGABYTES,
        core=CORE,
        bound=BOUND_MS,
    )


def main() -> None:
    """Measure as asked and print it."""
    line = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    line.add_argument("--devices", type=int, default=DEVICES)
    line.add_argument("--seconds", type=float, default=SECONDS, help="of a round, at most 60")
    line.add_argument("--store", choices=("sqlite", "postgresql"), action="append")
    asked = line.parse_args()
    print(report(asked.devices, asked.seconds, asked.store or ("sqlite", "postgresql")))  # noqa: T201 - its result


if __name__ == "__main__":
    main()
