"""What does one record cost, beside the peer in the same run?

python tests/bench messages        needs the Debian packages mosquitto and prometheus-mqtt-exporter
"""

import re
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench import messages, programs
from bench.publishing import Publisher
from processes import Program, free_port, listening, running, wait_for

DEVICES, ROUNDS, RUNS = 200, 20, 3

RECEIVED = re.compile(r"^received_messages\{.* (\S+)$", re.MULTILINE)

TEXT = """### Processor time of one message, from the broker to where it is kept

Microseconds of the receiving process alone, median and range of {runs} runs of {messages} messages from
{devices} devices, QoS 1, until the process is idle again; nobody asks for its metrics meanwhile. The
collector validates, commits on SQLite with `synchronous=FULL`, keeps its counts and answers every device;
the peer keeps the latest values in memory. The same mosquitto stands between the sender and every row.

| what | bytes | median | range | times cheaper than the peer |
| --- | ---: | ---: | ---: | ---: |
{table}
"""


@dataclass(frozen=True, slots=True)
class Cost:
    """Processor time of one program for one message, in microseconds, over some runs."""

    what: str
    micros: tuple[float, ...]
    bytes_each: int

    @property
    def median(self) -> float:
        """The middle run."""
        return statistics.median(self.micros)

    def row(self, beside: "Cost | None") -> str:
        """Return one line of the report's table."""
        ratio = f"{beside.median / self.median:.1f}" if beside and beside is not self else ""
        spread = f"{min(self.micros):.0f} to {max(self.micros):.0f}"
        return f"| {self.what} | {self.bytes_each} | {self.median:.0f} | {spread} | {ratio} |"


def measure(
    program: Program, sent: list[messages.Message], port: int, done: Callable[[Publisher], bool]
) -> float:
    """Publish to a program that is already running; return its processor time a message in microseconds."""
    publisher = Publisher(port)
    before = programs.cpu_seconds(program)
    publisher.publish(sent)
    spent = programs.cpu_seconds_once_idle(program) - before
    if not done(publisher):
        raise SystemExit(f"not every message was taken in\n{program.tail()}")
    publisher.close()
    return spent / len(sent) * 1e6


def answered(expected: int, publisher: Publisher) -> bool:
    """Tell whether the marks in the collector's answers add up to as many records."""
    return sum(publisher.answers.values()) == expected


def reached(http: int, expected: int, _publisher: Publisher) -> bool:
    """Tell whether the peer's own counter says that it took in as many messages."""
    return sum(float(count) for count in RECEIVED.findall(programs.page(http))) >= expected


def collector_cost(*, complete: bool) -> Cost:
    """Measure the collector: receive, validate, commit with FULL synchronisation, acknowledge."""
    micros = []
    sent: list[messages.Message] = []
    for _ in range(RUNS):
        with tempfile.TemporaryDirectory() as name:
            folder, mqtt, http = Path(name), free_port(), free_port()
            (folder / "data").mkdir()
            broker = programs.broker(folder, mqtt)
            collector = programs.collector(folder / "data", mqtt, http)
            with running(broker, collector):
                wait_for("a listening broker", partial(listening, mqtt))
                wait_for("a collector that reads", partial(programs.page, http, "/readyz"), 60)
                sent = list(messages.envelopes(DEVICES, ROUNDS, complete=complete))
                done = partial(answered, len(sent))
                micros.append(measure(collector, sent, mqtt, done))
    kind = "complete" if complete else "typical, partial"
    return Cost(f"fernbereit, {kind} record, durable", tuple(micros), _mean_size(sent))


def peer_cost() -> Cost | None:
    """Measure the peer with as many flat messages; None where it is not installed."""
    micros = []
    sent = list(messages.flat(DEVICES, ROUNDS))
    for _ in range(RUNS):
        with tempfile.TemporaryDirectory() as name:
            folder, mqtt, http = Path(name), free_port(), free_port()
            exporter = programs.peer(folder, mqtt, http)
            if exporter is None:
                return None
            broker = programs.broker(folder, mqtt)
            with running(broker):
                wait_for("a listening broker", partial(listening, mqtt))
                with running(exporter):
                    wait_for("a listening exporter", partial(listening, http))
                    time.sleep(1)
                    done = partial(reached, http, len(sent))
                    micros.append(measure(exporter, sent, mqtt, done))
    return Cost(
        "mqtt2prometheus, flat message of 33 values, nothing durable", tuple(micros), _mean_size(sent)
    )


def _mean_size(sent: list[messages.Message]) -> int:
    return round(statistics.mean(len(message.payload) for message in sent))


def report() -> str:
    """Measure and return the part of docs/performance.md about taking in messages."""
    beside = peer_cost()
    costs = [collector_cost(complete=True), collector_cost(complete=False)]
    table = [cost.row(beside) for cost in costs]
    if beside:
        table.append(beside.row(None))
    else:
        table.append("| mqtt2prometheus | | not installed (Debian package prometheus-mqtt-exporter) | | |")
    return TEXT.format(runs=RUNS, messages=DEVICES * ROUNDS, devices=DEVICES, table="\n".join(table))


if __name__ == "__main__":
    sys.stdout.write(report())
