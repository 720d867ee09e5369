"""Does one laptop that sends a thousand messages a second slow the others down?

python tests/bench noisy        needs the Debian package mosquitto
"""

import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench import messages, programs
from bench.packets import Pipe, publish
from bench.simulated import say, simulate
from bench.watched import BOUND_MS, Seen
from processes import free_port, listening, running, wait_for

RUNS, PER_S = 5, 1000
DEVICES, INTERVAL_S, SECONDS = 300, 3, 9
TIMES = 2
BEAT_S = 0.01
TEXT = """### One laptop that never stops

{devices} laptops report every {interval} s for {seconds} s, with and without one more that sends {per_s:,}
envelopes a second; {runs} runs of each, in turns, on SQLite with default settings. Time from sending to the
answer as seen by the {devices}, median of runs. What the one sends beyond its share is counted, not opened.
How many times as long is told of each pair of runs that followed each other: their median and range.

| | to the answer p50, ms | p99, ms | times as long | longest turn of the event loop, ms |
| --- | ---: | ---: | ---: | ---: |
{rows}
| to be at most | | | {times} | {bound} |
"""


@dataclass(frozen=True, slots=True)
class Heard:
    """What one run was like for the others."""

    p50_ms: float
    p99_ms: float
    seen: Seen
    sent_per_s: float


class Noise(threading.Thread):
    """Sends the same envelope again and again, so many times a second."""

    def __init__(self, port: int) -> None:
        super().__init__(daemon=True)
        self._pipe = Pipe(port, "noisy")
        one = next(messages.envelopes(20, 1, complete=True))
        self._made = [publish(one.topic, one.payload, number) for number in range(PER_S)]
        self._ends = threading.Event()
        self.per_s = 0.0

    def run(self) -> None:
        began = time.monotonic()
        while not self._ends.is_set():
            seconds = time.monotonic() - began
            self._pipe.send_until(int(seconds * PER_S), self._made)
            self.per_s = self._pipe.sent / max(seconds, BEAT_S)
            for _ in self._pipe.heard(BEAT_S):
                raise AssertionError("it listens to nothing")

    def end(self) -> None:
        """Be silent."""
        self._ends.set()
        self.join(20)
        self._pipe.close()


@contextmanager
def noise(port: int, *, wanted: bool) -> Iterator[Noise | None]:
    """Make noise inside the block, if it is wanted."""
    if not wanted:
        yield None
        return
    one = Noise(port)
    one.start()
    try:
        yield one
    finally:
        one.end()


def row(what: str, heard: list[Heard], beside: list[Heard] | None = None) -> str:
    """Return one line of the table; `beside` are the runs before each of these."""
    times = ""
    if beside is not None:
        each = sorted(loud.p99_ms / calm.p99_ms for loud, calm in zip(heard, beside, strict=True))
        times = f"{statistics.median(each):.2f} ({each[0]:.2f} to {each[-1]:.2f})"
    cells = (
        f"{statistics.median(one.p50_ms for one in heard):.0f}",
        f"{statistics.median(one.p99_ms for one in heard):.0f}",
        times,
        f"{max(one.seen.longest_ms for one in heard):.0f}",
    )
    return f"| {what} | {' | '.join(cells)} |"


def listen(folder: Path, mqtt: int, watch: Path, options: list[str], *, loud: bool) -> Heard:
    """Let the others report, beside the noisy one or alone."""
    began = time.monotonic()
    with noise(mqtt, wanted=loud) as one:
        told: dict[str, Any] = simulate(folder, mqtt, options).result()
    ack = told["ack_s"]
    seen = Seen.between(watch, began, time.monotonic())
    return Heard(ack["p50"] * 1000, ack["p99"] * 1000, seen, one.per_s if one else 0.0)


def report(devices: int = DEVICES, runs: int = RUNS, seconds: float = SECONDS) -> str:
    """Measure and return this part of docs/performance.md."""
    heard: dict[bool, list[Heard]] = {False: [], True: []}
    with tempfile.TemporaryDirectory() as name:
        folder, mqtt, http = Path(name), free_port(), free_port()
        (folder / "data").mkdir()
        watch = folder / "watched.jsonl"
        collector = programs.collector(folder / "data", mqtt, http, ingest="", watch=watch)
        with running(programs.broker(folder, mqtt), collector):
            wait_for("a listening broker", partial(listening, mqtt))
            wait_for("a collector that reads", partial(programs.page, http, "/readyz"), 60)
            for run in range(runs * 2):
                loud = bool(run % 2)
                say(f"run {run + 1} of {runs * 2}, {'beside the noisy one' if loud else 'alone'}")
                options = ["--devices", str(devices), "--interval", str(INTERVAL_S), "--spread", "2"]
                options += ["--minutes", str(seconds / 60), "--seed", str(run)]
                heard[loud].append(listen(folder, mqtt, watch, options, loud=loud))
    sent = statistics.median(one.sent_per_s for one in heard[True])
    beside = f"beside it ({sent:,.0f} envelopes a second sent)"
    return TEXT.format(
        devices=devices,
        interval=INTERVAL_S,
        seconds=seconds,
        per_s=PER_S,
        runs=runs,
        rows=f"{row('alone', heard[False])}\n{row(beside, heard[True], heard[False])}",
        times=TIMES,
        bound=BOUND_MS,
    )


if __name__ == "__main__":
    sys.stdout.write(report())
