"""What does one record cost, beside the peer in the same run?

python tests/bench messages        needs the Debian packages mosquitto and prometheus-mqtt-exporter
"""

import re
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench import messages, programs
from bench.messages import Message
from bench.packets import Pipe, publish
from bench.simulated import say
from fernbereit.delivery import decode_ack
from processes import free_port, listening, running, wait_for

DEVICES, ROUNDS, RUNS = 200, 20, 3
PATIENCE_S = 120.0
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

Messages a second: from the first one sent to the last one answered by the collector, or until the peer is
idle. None was lost; that is counted by the answers, and by the peer's own counter.

| what | bytes | median | range | times cheaper than flat | than the same facts | to be at most | messages/s |
| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |
{table}
"""


@dataclass(slots=True)
class Cost:
    """Processor time of one program for one message, in microseconds, and how many a second; some runs."""

    what: str
    at_most: int | None = None
    micros: list[float] = field(default_factory=list)
    per_s: list[float] = field(default_factory=list)
    bytes_each: int = 0

    @property
    def median(self) -> float:
        """The middle run."""
        return statistics.median(self.micros)

    def add(self, sent: Sequence[Message], spent_s: float, seconds: float) -> None:
        """Note one run."""
        self.micros.append(spent_s / len(sent) * 1e6)
        self.per_s.append(len(sent) / seconds)
        self.bytes_each = round(statistics.mean(len(message.payload) for message in sent))

    def row(self, beside: "Sequence[Cost]") -> str:
        """Return one line of the report's table."""
        spread = f"{min(self.micros):.0f} to {max(self.micros):.0f}"
        ratios = [f"{peer.median / self.median:.1f}" if peer.micros else "" for peer in beside] or ["", ""]
        at_most = "" if self.at_most is None else str(self.at_most)
        per_s = f"{statistics.median(self.per_s):,.0f}"
        cells = (self.what, str(self.bytes_each), f"{self.median:.0f}", spread, *ratios, at_most, per_s)
        return f"| {' | '.join(cells)} |"


class Answers:
    """Whoever sends and hears the collector's answers: the mark of each laptop."""

    def __init__(self, port: int) -> None:
        self.pipe = Pipe(port, "laptops", "fernbereit/1/down/+/ack")
        self._marks: dict[bytes, int] = {}

    def until_all(self, made: Sequence[bytes], records: int) -> float:
        """Send packets; return the seconds until so many records are answered, those of before included."""
        began = time.monotonic()
        self.pipe.send_all(made, self._hear)
        while sum(self._marks.values()) < records:
            for body in self.pipe.heard(0.005):
                self._hear(body)
            if time.monotonic() - began > PATIENCE_S:
                raise SystemExit(f"{sum(self._marks.values())} of {records} records were answered")
        return time.monotonic() - began

    def _hear(self, body: memoryview) -> None:
        size = 2 + int.from_bytes(body[:2], "big")
        ack, topic = decode_ack(bytes(body[size:])), bytes(body[2:size])
        if ack is not None:
            self._marks[topic] = max(self._marks.get(topic, 0), ack.mark)


def packed(sent: Sequence[Message]) -> list[bytes]:
    """Return the packets of messages."""
    return [publish(message.topic, message.payload, number) for number, message in enumerate(sent)]


def collector_run(devices: int, rounds: int, first: Cost, later: Cost, *, complete: bool) -> list[Message]:
    """Measure first records and what comes after them, once; return the messages that were sent."""
    sent = list(messages.envelopes(devices, rounds + 1, complete=complete))
    each = len(sent) // (rounds + 1)
    with tempfile.TemporaryDirectory() as name:
        folder, mqtt, http = Path(name), free_port(), free_port()
        (folder / "data").mkdir()
        collector = programs.collector(folder / "data", mqtt, http)
        with running(programs.broker(folder, mqtt), collector):
            wait_for("a listening broker", partial(listening, mqtt))
            wait_for("a collector that reads", partial(programs.page, http, "/readyz"), 60)
            answers, done = Answers(mqtt), 0
            for cost, some in ((first, sent[:each]), (later, sent[each:])):
                made, done = packed(some), done + len(some)
                programs.once_idle(collector)
                before = programs.cpu_seconds(collector)
                seconds = answers.until_all(made, done)
                cost.add(some, programs.once_idle(collector).spent_s - before, seconds)
            answers.pipe.close()
    return sent


def peer_run(devices: int, sent: Sequence[Message], names: Sequence[str], cost: Cost) -> None:
    """Measure the peer once, where it is installed."""
    with tempfile.TemporaryDirectory() as name:
        folder, mqtt, http = Path(name), free_port(), free_port()
        exporter = programs.peer(folder, mqtt, http, names)
        if exporter is None:
            return
        with running(programs.broker(folder, mqtt)):
            wait_for("a listening broker", partial(listening, mqtt))
            with running(exporter):
                wait_for("a listening exporter", partial(listening, http))
                pipe, made = Pipe(mqtt, "devices"), packed(sent)
                wait_for("a subscribed exporter", partial(_hears, pipe, made[0], http))
                pipe.send_all(made[:devices], _nothing)
                programs.once_idle(exporter)
                so_far = _taken(http)
                programs.once_idle(exporter)
                before, began = programs.cpu_seconds(exporter), time.monotonic()
                pipe.send_all(made, _nothing)
                spent_s, ended = programs.once_idle(exporter)
                cost.add(sent, spent_s - before, ended - began)
                if _taken(http) < so_far + len(sent):
                    raise SystemExit(f"not every message was taken in\n{exporter.tail()}")
                pipe.close()


def _hears(pipe: Pipe, packet: bytes, http: int) -> bool:
    pipe.send_all((packet,), _nothing)
    return _taken(http) > 0


def _nothing(_: memoryview) -> None:
    return


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
            "| mqtt2prometheus: not installed (Debian package prometheus-mqtt-exporter) | | | | | | | |"
        )
    return TEXT.format(
        runs=runs, messages=devices * rounds, devices=devices, gauges=len(names), table="\n".join(table)
    )


if __name__ == "__main__":
    sys.stdout.write(report())
