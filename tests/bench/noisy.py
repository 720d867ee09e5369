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
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench import messages, programs
from bench.publishing import Publisher
from bench.simulated import say, simulate
from processes import free_port, listening, running, wait_for

RUNS, PER_S = 5, 1000
DEVICES, INTERVAL_S, SECONDS = 300, 3, 9
TEXT = """### One laptop that never stops

{devices} laptops report every {interval} s for {seconds} s, with and without one more that sends {per_s:,}
envelopes a second; {runs} runs of each, in turns, on SQLite with default settings. Time from sending to the
answer as seen by the {devices}, median of runs. What the one sends beyond its share is counted, not opened.

| | to the answer p50, ms | p99, ms | times as long |
| --- | ---: | ---: | ---: |
| alone | {alone50:.0f} | {alone99:.0f} | |
| beside it ({sent:,.0f} envelopes a second sent) | {beside50:.0f} | {beside99:.0f} | {times:.2f} |
"""


class _Noise(threading.Thread):
    """Publishes the same envelope again and again, so many times a second."""

    def __init__(self, port: int) -> None:
        super().__init__(daemon=True)
        self._publisher = Publisher(port)
        self._message = next(messages.envelopes(20, 1, complete=True))
        self._ends = threading.Event()
        self.sent, self.seconds = 0, 0.0

    def run(self) -> None:
        began = time.monotonic()
        while not self._ends.wait(0.01):
            self.seconds = time.monotonic() - began
            due = int(self.seconds * PER_S) - self.sent
            self._publisher.publish([self._message] * due)
            self.sent += due

    def end(self) -> None:
        """Be silent."""
        self._ends.set()
        self.join(20)
        self._publisher.close()


@contextmanager
def noise(port: int, *, wanted: bool) -> Iterator[_Noise | None]:
    """Make noise inside the block, if it is wanted."""
    if not wanted:
        yield None
        return
    one = _Noise(port)
    one.start()
    try:
        yield one
    finally:
        one.end()


def report() -> str:
    """Measure and return this part of docs/performance.md."""
    p50: dict[bool, list[float]] = {False: [], True: []}
    p99: dict[bool, list[float]] = {False: [], True: []}
    sent = []
    with tempfile.TemporaryDirectory() as name:
        folder, mqtt, http = Path(name), free_port(), free_port()
        (folder / "data").mkdir()
        collector = programs.collector(folder / "data", mqtt, http, ingest="")
        with running(programs.broker(folder, mqtt), collector):
            wait_for("a listening broker", partial(listening, mqtt))
            wait_for("a collector that reads", partial(programs.page, http, "/readyz"), 60)
            for run in range(RUNS * 2):
                loud = bool(run % 2)
                say(f"run {run + 1} of {RUNS * 2}, {'beside the noisy one' if loud else 'alone'}")
                options = ["--devices", str(DEVICES), "--interval", str(INTERVAL_S), "--spread", "2"]
                options += ["--minutes", str(SECONDS / 60), "--seed", str(run)]
                with noise(mqtt, wanted=loud) as one:
                    told = simulate(folder, mqtt, options).result()
                if one is not None:
                    sent.append(one.sent / one.seconds)
                p50[loud].append(told["ack_s"]["p50"] * 1000)
                p99[loud].append(told["ack_s"]["p99"] * 1000)
    alone99, beside99 = statistics.median(p99[False]), statistics.median(p99[True])
    return TEXT.format(
        devices=DEVICES,
        interval=INTERVAL_S,
        seconds=SECONDS,
        per_s=PER_S,
        runs=RUNS,
        sent=statistics.median(sent),
        alone50=statistics.median(p50[False]),
        alone99=alone99,
        beside50=statistics.median(p50[True]),
        beside99=beside99,
        times=beside99 / alone99,
    )


if __name__ == "__main__":
    sys.stdout.write(report())
