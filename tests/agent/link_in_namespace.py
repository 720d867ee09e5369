"""Runs in a network of its own: how does a connected link go on when the route to its broker changes?

Prints what the link told, in order, as JSON.
"""

import json
import queue
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from fernbereit_agent.link import Link
from fernbereit_agent.link_events import Event
from fernbereit_agent.schedule import Backoff
from fernbereit_agent.settings import BrokerSettings
from mosquitto import mosquitto


def ip(*words: str) -> None:
    """Change the network."""
    subprocess.run(["ip", *words], check=True)


def main() -> None:
    """Connect; change a route to somebody else; then let the way to the broker begin at another address."""
    told: list[str] = []
    events: queue.SimpleQueue[Event] = queue.SimpleQueue()
    ip("link", "set", "lo", "up")
    with tempfile.TemporaryDirectory() as folder, mosquitto(Path(folder)) as broker:
        link = Link(
            broker=BrokerSettings(port=broker.port),
            backoff=Backoff(0.2, 0.5),
            device_id="11111111-2222-4333-8444-555555555555",
            monotonic=time.monotonic,
            emit=events.put,
        )
        link.start(0)
        told.append(type(events.get(timeout=20)).__name__)
        ip("address", "add", "198.51.100.7/32", "dev", "lo")
        ip("route", "add", "default", "dev", "lo", "src", "198.51.100.7")
        told.append("quiet" if _quiet(events) else "disturbed")
        ip("route", "replace", "local", "127.0.0.1", "dev", "lo", "src", "127.0.0.9", "table", "local")
        told += [type(events.get(timeout=20)).__name__ for _ in range(2)]
        link.stop()
    json.dump({"told": told}, sys.stdout)


def _quiet(events: "queue.SimpleQueue[Event]") -> bool:
    try:
        events.get(timeout=1)
    except queue.Empty:
        return True
    return False


if __name__ == "__main__":
    main()
