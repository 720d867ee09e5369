"""Simulated laptops as a process of its own: real protocol, and a log for the oracle.

    python senders.py --port 1883 --devices 40 --interval 1 --log log.jsonl

Observes until SIGUSR1, then only delivers what waits; prints `waiting N` every half second; ends on SIGTERM.
"""

import argparse
import signal
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path

from fernbereit_server.demo.authority import make_authority
from fernbereit_server.demo.changes import LiveLaptop
from fernbereit_server.demo.laptops import Laptops, Pace
from fernbereit_server.demo.link import MQTT_3_1_1, MQTT_5
from fernbereit_server.demo.sender import Resend


def main() -> None:
    """Report until told to stop."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--devices", type=int, required=True)
    parser.add_argument("--interval", type=float, required=True)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--mqtt", choices=("5", "3.1.1"), default="5")
    parser.add_argument("--log", type=Path, required=True)
    asked = parser.parse_args()
    today = datetime.now(UTC).date()
    authority = make_authority(seed=asked.seed, devices=asked.devices, today=today, key=bytes(32))
    laptops = Laptops(
        [LiveLaptop(device, seed=asked.seed, today=today) for device in authority.reporting],
        host="127.0.0.1",
        port=asked.port,
        pace=Pace(
            start_spread_s=asked.interval,
            interval_s=asked.interval,
            drain_s=0.05,
            resend=Resend(first_s=1.0, max_s=4.0),
        ),
        log=asked.log,
        protocol=MQTT_5 if asked.mqtt == "5" else MQTT_3_1_1,
    )
    stopping = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stopping.set())
    if sys.platform == "win32":
        sys.exit("this program needs the signals of POSIX")
    signal.signal(signal.SIGUSR1, lambda *_: laptops.rest())
    laptops.start()
    while not stopping.wait(0.5):
        print(f"waiting {laptops.waiting_records()}", flush=True)  # noqa: T201 - what the test reads
    laptops.stop()


if __name__ == "__main__":
    main()
