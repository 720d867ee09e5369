"""Does the real mosquitto, with our configuration, do what the comments in it say?"""

import re
from collections.abc import Iterator
from pathlib import Path
from queue import Empty, Queue
from typing import Any

import psutil
import pytest
from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion

from fernbereit.delivery import MAX_PAYLOAD_BYTES
from processes import Program, free_port, listening, running, wait_for
from realparts import need

pytestmark = pytest.mark.real
CONFIG = Path(__file__).parents[2] / "deploy" / "mosquitto" / "fernbereit.conf"
DEBIAN = "persistence true\npersistence_location {folder}/\nlog_dest file {folder}/mosquitto.log\n"
"""What Debian's own mosquitto.conf sets before it includes ours."""
DEVICE = "b7d3c1de-1111-4222-8333-abcdefabcdef"
TOPIC = f"fernbereit/1/up/03/{DEVICE}/report"


class Broker:
    """A running mosquitto."""

    def __init__(self, program: Program, port: int, log: Path) -> None:
        self.program, self.port, self.log = program, port, log

    def client(self, client_id: str) -> tuple[Client, Queue[str], Queue[MQTTMessage]]:
        """Return a connected client, what ended its connection, and what it received."""
        client = Client(
            CallbackAPIVersion.VERSION2,
            client_id=client_id,
            protocol=MQTTProtocolVersion.MQTTv5,
            reconnect_on_failure=False,
        )
        ended: Queue[str] = Queue()
        received: Queue[MQTTMessage] = Queue()
        ready: Queue[bool] = Queue()

        def ending(_c: Client, _u: Any, _f: Any, reason: Any, _p: Any) -> None:
            ended.put(str(reason))

        client.on_connect = lambda *_: ready.put(True)
        client.on_subscribe = lambda *_: ready.put(True)
        client.on_disconnect = ending
        client.on_message = lambda _c, _u, message: received.put(message)
        client.connect("127.0.0.1", self.port)
        client.loop_start()
        assert ready.get(timeout=10)
        client.subscribe("fernbereit/1/up/#", qos=1)
        assert ready.get(timeout=10)
        return client, ended, received


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Broker]:
    """Start mosquitto the way Debian does, with our file included and only the port changed."""
    port = free_port()
    ours = CONFIG.read_text("utf-8")
    assert ours.count("listener 1883 127.0.0.1") == 1
    (tmp_path / "conf.d").mkdir()
    tmp_path.chmod(0o777)
    (tmp_path / "conf.d" / "fernbereit.conf").write_text(ours.replace("listener 1883", f"listener {port}"))
    main = tmp_path / "mosquitto.conf"
    main.write_text(DEBIAN.format(folder=tmp_path) + f"include_dir {tmp_path / 'conf.d'}\n")
    program = Program("broker", (need("mosquitto"), "-c", str(main)), tmp_path)
    with running(program):
        wait_for("mosquitto", lambda: listening(port))
        yield Broker(program, port, tmp_path / "mosquitto.log")


def test_it_listens_on_the_loopback_only(broker: Broker) -> None:
    """No other computer can speak with it."""
    assert broker.program.process
    places = psutil.Process(broker.program.process.pid).net_connections(kind="tcp")

    assert [place.laddr for place in places if place.status == psutil.CONN_LISTEN] == [
        ("127.0.0.1", broker.port)
    ]


def test_the_largest_record_passes(broker: Broker) -> None:
    """64 KiB with its topic fit into one packet."""
    client, _, received = broker.client(DEVICE)

    client.publish(TOPIC, b"x" * MAX_PAYLOAD_BYTES, qos=1)

    assert len(received.get(timeout=10).payload) == MAX_PAYLOAD_BYTES
    client.loop_stop()


def test_a_packet_beyond_the_bound_ends_the_connection(broker: Broker) -> None:
    """It is never given to the collector."""
    client, ended, received = broker.client(DEVICE)

    client.publish(TOPIC, b"x" * (MAX_PAYLOAD_BYTES + 8192), qos=1)

    assert "too large" in ended.get(timeout=10).lower()
    with pytest.raises(Empty):
        received.get(timeout=0.2)
    client.loop_stop()


def test_a_retained_report_is_refused(broker: Broker) -> None:
    """A report that stays at the broker would be read again by every collector that starts."""
    client, ended, _ = broker.client(DEVICE)

    client.publish(TOPIC, b"x", qos=1, retain=True)

    assert "retain" in ended.get(timeout=10).lower()
    client.loop_stop()


def test_the_log_does_not_say_who_was_connected(broker: Broker) -> None:
    """Neither device nor address nor a connection stands in it, not even after a refused packet."""
    client, ended, _ = broker.client(DEVICE)
    client.publish(TOPIC, b"x", qos=1, retain=True)
    ended.get(timeout=10)
    client.loop_stop()
    broker.program.stop()

    written = (broker.log.read_text() if broker.log.exists() else "") + broker.program.tail()
    assert DEVICE not in written
    assert not re.search(r"connect|127\.0\.0\.1", written, re.IGNORECASE)


def test_nothing_of_a_session_is_left_on_disk(broker: Broker) -> None:
    """Debian's own setting would write sessions and queues to a file; ours switches it off."""
    client, _, received = broker.client(DEVICE)
    client.publish(TOPIC, b"x", qos=1)
    received.get(timeout=10)
    client.loop_stop()
    broker.program.stop()

    assert not list(broker.log.parent.glob("*.db*"))
