"""One process that lets laptops report at a steady rate, and notes when each was answered.

python tests/bench/steady.py PORT DEVICES SECONDS        one round for each line it reads
"""

import gc
import json
import sys
import time
from array import array
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench.made_laptops import bodies, envelope, number_of, order
from bench.packets import Pipe, publish

INTERVAL_S, BEAT_S = 60.0, 0.004
PATIENCE_S = 120.0
_ID = slice(20, 56)
"""Where the id stands in `fernbereit/1/down/<device_id>/ack` with the topic's length before it."""


class Rounds:
    """The laptops: in each round each sends one partial record, all of them within a minute."""

    def __init__(self, port: int, devices: int, seconds: float) -> None:
        self._seconds, self._rate = seconds, devices / INTERVAL_S
        self._order = order(devices)[: int(seconds * self._rate)]
        self._said, self._seq = bodies(3)[1:], 1
        self._pipe = Pipe(port, "laptops", "fernbereit/1/down/+/ack")

    def prepare(self) -> None:
        """Make every packet of the next round."""
        self._seq += 1
        said = self._said[self._seq % len(self._said)]
        made = (envelope(number, self._seq, said[number % len(said)]) for number in self._order)
        self._made = [publish(one.topic, one.payload, place) for place, one in enumerate(made)]
        self._sent_at = array("d", bytes(8 * len(self._order)))
        self._place = {number: place for place, number in enumerate(self._order)}
        self._waits: list[float] = []
        gc.collect()
        gc.freeze()
        self._pipe.sent = 0

    def run(self) -> dict[str, float]:
        """Send the round; return what was sent and answered in its time, and the processor time of it."""
        began, spent, sent, latest = time.monotonic(), time.process_time(), 0, 0.0
        while (now := time.monotonic() - began) < self._seconds:
            due = min(int(now * self._rate) + 1, len(self._made))
            latest = max(latest, now - sent / self._rate) if sent < len(self._made) else latest
            for place in range(sent, due):
                self._sent_at[place] = time.monotonic()
            self._pipe.send_until(due, self._made)
            sent = due
            self._hear(BEAT_S)
        return {
            "sent": sent,
            "answered": len(self._waits),
            "seconds": time.monotonic() - began,
            "processor_s": time.process_time() - spent,
            "latest_ms": latest * 1000,
        }

    def rest(self) -> dict[str, float]:
        """Wait for what was not answered; return how long answers took."""
        ends = time.monotonic() + PATIENCE_S
        while len(self._waits) < len(self._made) and time.monotonic() < ends:
            self._hear(0.1)
        waits = sorted(self._waits) or [0.0]
        return {
            "answered_in_all": len(self._waits),
            "p50_ms": waits[len(waits) // 2] * 1000,
            "p99_ms": waits[len(waits) * 99 // 100] * 1000,
        }

    def _hear(self, within_s: float) -> None:
        for body in self._pipe.heard(within_s):
            place = self._place.pop(number_of(str(body[_ID], "ascii")), None)
            if place is not None:
                self._waits.append(time.monotonic() - self._sent_at[place])


def main(port: int, devices: int, seconds: float) -> None:
    """Run a round whenever a line comes, and say what came of it, in two lines."""
    rounds = Rounds(port, devices, seconds)
    rounds.prepare()
    print("ready", flush=True)  # noqa: T201 - whoever measures reads it
    for _ in sys.stdin:
        told = rounds.run()
        print(json.dumps(told), flush=True)  # noqa: T201 - as above
        print(json.dumps(told | rounds.rest()), flush=True)  # noqa: T201 - as above
        rounds.prepare()
        print("ready", flush=True)  # noqa: T201 - as above


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]))
