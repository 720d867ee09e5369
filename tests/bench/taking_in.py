"""What does one record cost, beside the peer in the same run?

python tests/bench messages        needs the Debian packages mosquitto and prometheus-mqtt-exporter
"""

import re
import statistics
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench import messages, programs
from bench.messages import Message
from bench.publishing import Publisher
from bench.simulated import say
from processes import Program, free_port, listening, running, wait_for

DEVICES, ROUNDS, RUNS = 200, 20, 3
COMPLETE_US, TYPICAL_US = 110, 70
"""What is to be reached, in microseconds."""
RECEIVED = re.compile(r"^received_messages\{.* (\S+)$", re.MULTILINE)

TEXT = """### Processor time of one message, from the broker to where it is kept

Microseconds of the receiving process alone, user and system, from the first message until it is idle again;
median and range of {runs} runs. Programs take turns, run by run, so that noise meets all of them, and each is
started anew. {devices} devices, QoS 1, as fast as the broker takes it, the same mosquitto before all; nobody
asks for metrics meanwhile.

The first row is one record of each of {devices} laptops that were never met; each of them is judged for the
first time. It comes before what the other rows measure: {messages} messages each. There the collector
validates, commits on SQLite with `synchronous=FULL`, answers every laptop, judges anew whose answers changed,
and keeps its counts. The peer was sent one message of each device before; it keeps the latest in memory.
*The same facts* are those of the complete records as flat JSON: {gauges} numbers and truth values, which are
its gauges, and the texts beside them, which it takes along unread.

| what | bytes | median | range | times cheaper than flat | than the same facts | to be at most |
| --- | ---: | ---: | ---: | ---: | ---: | ---: |
{table}
"""


@dataclass(slots=True)
class Cost:
    """Processor time of one program for one message, in microseconds, over some runs."""

    what: str
    at_most: int | None = None
    micros: list[float] = field(default_factory=list)
    bytes_each: int = 0

    @property
    def median(self) -> float:
        """The middle run."""
        return statistics.median(self.micros)

    def add(self, spent_s: float, sent: Sequence[Message]) -> None:
        """Note one run."""
        self.micros.append(spent_s / len(sent) * 1e6)
        self.bytes_each = round(statistics.mean(len(message.payload) for message in sent))

    def row(self, beside: "Sequence[Cost]") -> str:
        """Return one line of the report's table."""
        spread = f"{min(self.micros):.0f} to {max(self.micros):.0f}"
        ratios = [f"{peer.median / self.median:.1f}" if peer.micros else "" for peer in beside] or ["", ""]
        at_most = "" if self.at_most is None else str(self.at_most)
        cells = (self.what, str(self.bytes_each), f"{self.median:.0f}", spread, *ratios, at_most)
        return f"| {' | '.join(cells)} |"


@contextmanager
def collecting() -> Iterator[tuple[Program, Publisher]]:
    """Yield a collector that nobody has reported to, and a connection to its broker."""
    with tempfile.TemporaryDirectory() as name:
        folder, mqtt, http = Path(name), free_port(), free_port()
        (folder / "data").mkdir()
        collector = programs.collector(folder / "data", mqtt, http)
        with running(programs.broker(folder, mqtt), collector):
            wait_for("a listening broker", partial(listening, mqtt))
            wait_for("a collector that reads", partial(programs.page, http, "/readyz"), 60)
            publisher = Publisher(mqtt)
            yield collector, publisher
            publisher.close()


@contextmanager
def exporting(names: Sequence[str]) -> Iterator[tuple[Program, Publisher, int] | None]:
    """Yield the peer, a connection to its broker and its port; None where it is not installed."""
    with tempfile.TemporaryDirectory() as name:
        folder, mqtt, http = Path(name), free_port(), free_port()
        exporter = programs.peer(folder, mqtt, http, names)
        if exporter is None:
            yield None
            return
        with running(programs.broker(folder, mqtt)):
            wait_for("a listening broker", partial(listening, mqtt))
            with running(exporter):
                wait_for("a listening exporter", partial(listening, http))
                publisher = Publisher(mqtt)
                yield exporter, publisher, http
                publisher.close()


def spent_on(
    program: Program, publisher: Publisher, sent: Sequence[Message], taken: Callable[[], float], expected: int
) -> float:
    """Publish to a program that is idle; return the processor seconds it took until it is idle again."""
    before = programs.cpu_seconds_once_idle(program)
    publisher.publish(sent)
    spent = programs.cpu_seconds_once_idle(program) - before
    if taken() < expected:
        raise SystemExit(f"{taken():.0f} of {expected} messages were taken in\n{program.tail()}")
    return spent


def collector_run(devices: int, rounds: int, first: Cost, later: Cost, *, complete: bool) -> list[Message]:
    """Measure first records and what comes after them, once; return the messages that were sent."""
    sent = list(messages.envelopes(devices, rounds + 1, complete=complete))
    each = len(sent) // (rounds + 1)
    with collecting() as (collector, publisher):
        done = 0
        for cost, some in ((first, sent[:each]), (later, sent[each:])):
            done += len(some)
            spent = spent_on(collector, publisher, some, lambda: sum(publisher.answers.values()), done)
            cost.add(spent, some)
    return sent


def peer_run(devices: int, sent: Sequence[Message], names: Sequence[str], cost: Cost) -> None:
    """Measure the peer once, where it is installed."""
    with exporting(names) as found:
        if found is None:
            return
        exporter, publisher, http = found
        wait_for("a subscribed exporter", partial(_hears, publisher, sent[0], http))
        taken = partial(_taken, http)
        spent_on(exporter, publisher, sent[:devices], taken, devices)
        so_far = int(taken())
        cost.add(spent_on(exporter, publisher, sent, taken, so_far + len(sent)), sent)


def _hears(publisher: Publisher, message: Message, http: int) -> bool:
    publisher.publish([message])
    return _taken(http) > 0


def _taken(http: int) -> float:
    return sum(float(count) for count in RECEIVED.findall(programs.page(http)))


def report(devices: int = DEVICES, rounds: int = ROUNDS, runs: int = RUNS) -> str:
    """Measure and return the part of docs/performance.md about taking in messages."""
    first = Cost("fernbereit, first complete record of a laptop never met, durable")
    again = Cost("fernbereit, complete record again, durable", COMPLETE_US)
    typical = Cost("fernbereit, typical, partial record, durable", TYPICAL_US)
    peers = flat, same = (
        Cost(f"mqtt2prometheus, flat message of {len(programs.FLAT)} values, nothing durable"),
        Cost("mqtt2prometheus, the same facts as the complete record, nothing durable"),
    )
    flat_sent, names = list(messages.flat(devices, rounds)), list[str]()
    for run in range(runs):
        say(f"run {run + 1} of {runs}")
        sent = collector_run(devices, rounds, first, again, complete=True)
        peer_run(devices, flat_sent, programs.FLAT, flat)
        collector_run(devices, rounds, first, typical, complete=False)
        same_sent, names = messages.same_facts(sent[len(sent) // (rounds + 1) :])
        peer_run(devices, same_sent, names, same)
    table = [cost.row(peers) for cost in (first, again, typical)]
    table += [peer.row(()) for peer in peers if peer.micros]
    if not flat.micros:
        table.append(
            "| mqtt2prometheus: not installed (Debian package prometheus-mqtt-exporter) | | | | | | |"
        )
    return TEXT.format(
        runs=runs, messages=devices * rounds, devices=devices, gauges=len(names), table="\n".join(table)
    )


if __name__ == "__main__":
    sys.stdout.write(report())
