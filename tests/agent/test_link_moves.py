"""Does the link notice by itself that the laptop moved or slept, although nobody closed the connection?"""

import queue
import time
from pathlib import Path

import pytest

from fernbereit_agent.link import Link
from fernbereit_agent.link_events import Connected, Event, Lost
from fernbereit_agent.schedule import Backoff
from fernbereit_agent.settings import BrokerSettings
from mosquitto import mosquitto
from namespaces import need_namespaces, run_in_namespace
from outbox_world import DEVICE
from realparts import need


@pytest.mark.real
def test_a_connection_whose_way_begins_elsewhere_now_is_left_at_once() -> None:
    """In a network of its own: a route to somebody else disturbs nothing, another way to the broker does."""
    need_namespaces()
    need("mosquitto")
    told = run_in_namespace(Path(__file__).with_name("link_in_namespace.py"), {})
    assert told["told"] == ["Connected", "quiet", "Lost", "Connected"]


@pytest.mark.real
def test_a_connection_from_before_a_sleep_is_not_waited_for(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Its peer has long forgotten it; the next one comes soon, and nothing is said of it."""
    caplog.set_level("INFO")
    slept_s = [0.0]
    events: queue.SimpleQueue[Event] = queue.SimpleQueue()
    with mosquitto(tmp_path) as broker:
        link = Link(
            broker=BrokerSettings(port=broker.port),
            backoff=Backoff(0.2, 0.5),
            device_id=DEVICE,
            monotonic=lambda: time.monotonic() + slept_s[0],
            emit=events.put,
        )
        link.start(0)
        first = events.get(timeout=20)
        assert isinstance(first, Connected)
        slept_s[0] = 3_600
        link.send(first.connection - 1, b"")  # wakes it, and goes nowhere
        assert events.get(timeout=20) == Lost(first.connection)
        assert events.get(timeout=20) == Connected(first.connection + 1)
        link.stop()
    assert caplog.messages == ["connected to the broker with MQTT 5"]
