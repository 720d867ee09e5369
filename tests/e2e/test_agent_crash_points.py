"""Is anything lost or doubled when the agent is killed at each of its writes, one after the other?

The agent, the broker and the collector are real. What the agent wrote is taken from the wire by a listener of
its own, and the oracle compares that with the store.
"""

import hashlib
import json
import sqlite3
import threading
from pathlib import Path

import paho.mqtt.client as mqtt
import pytest
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.subscribeoptions import SubscribeOptions

from e2e.estate import Estate
from fernbereit import topics
from fernbereit.delivery import decode, decode_ack
from oracle import faults
from processes import running, wait_for

pytestmark = [pytest.mark.slow, pytest.mark.real, pytest.mark.timeout(300)]

AT = (
    "device_id.write",
    "device_id.written",
    "outbox.begin",
    "outbox.append",
    "outbox.appended",
    "last-sent.write",
    "last-sent.written",
    "outbox.acknowledge",
    "outbox.acknowledged",
    "outbox.append:2",
    "outbox.appended:2",
    "last-sent.write:2",
    "outbox.acknowledge:2",
    "outbox.acknowledged:2",
    "outbox.set_aside",
)


class Tap:
    """Hears every envelope and every answer, and writes them down as the oracle reads them."""

    def __init__(self, estate: Estate) -> None:
        self.bodies: dict[tuple[str, str, int], bytes] = {}
        self._log = estate.log.open("w", encoding="utf-8", buffering=1)
        self._client = mqtt.Client(CallbackAPIVersion.VERSION2, protocol=mqtt.MQTTv5)
        self._client.on_message = self._hear
        ready = threading.Event()
        self._client.on_subscribe = lambda *_: ready.set()
        self._client.connect("127.0.0.1", estate.mqtt_port)
        self._client.loop_start()
        self._client.subscribe([(topics.ALL_REPORTS, SubscribeOptions(1))])
        self._client.subscribe([("fernbereit/1/down/+/ack", SubscribeOptions(1))])
        assert ready.wait(20)

    def _hear(self, _client: object, _data: object, message: mqtt.MQTTMessage) -> None:
        if message.topic.endswith("/ack"):
            down, ack = topics.parse_down(message.topic), decode_ack(bytes(message.payload))
            assert down is not None
            assert ack is not None
            self._write(device=down.device_id, epoch=ack.epoch, acked=ack.mark)
            return
        envelope = decode(bytes(message.payload))
        for line in envelope.records:
            key = (envelope.device_id, envelope.epoch, line.seq)
            if self.bodies.setdefault(key, line.body) != line.body:
                self._write(device="two records of one number")
            self._write(
                device=envelope.device_id,
                epoch=envelope.epoch,
                seq=line.seq,
                prev=line.prev,
                sha256=hashlib.sha256(line.body).hexdigest(),
                body=line.body.decode(),
            )

    def _write(self, **entry: object) -> None:
        self._log.write(json.dumps(entry) + "\n")

    def close(self) -> None:
        """Hear no more."""
        self._client.disconnect()
        self._client.loop_stop()
        self._log.close()


def _state(estate: Estate) -> dict[str, int]:
    with sqlite3.connect(estate.folder / "agent" / "outbox.sqlite") as outbox:
        state: dict[str, int] = json.loads(outbox.execute("SELECT body FROM state").fetchone()[0])
    return state


def test_a_kill_at_any_write_loses_nothing_and_doubles_nothing(tmp_path: Path) -> None:
    """Each point kills the agent that the kill before left behind; the last one lives and delivers all."""
    estate = Estate(tmp_path)
    settings = estate.folder / "agent.toml"
    without_id = settings.read_text().replace(f'id = "{estate.agent_id}"', "")
    settings.write_text(without_id)
    agent = estate.agent
    with running(estate.broker, estate.collector):
        estate.wait_until_up()
        tap = Tap(estate)
        for place in AT:
            if place == "outbox.set_aside":
                outbox = estate.folder / "agent" / "outbox.sqlite"
                outbox.write_bytes(b"no database".ljust(5_000))
            agent.env["FERNBEREIT_CRASH_AT"] = place
            agent.start()
            assert agent.process is not None
            assert agent.process.wait(60) == -9, (place, agent.tail())
        del agent.env["FERNBEREIT_CRASH_AT"]
        known = len(tap.bodies)
        with running(agent):
            wait_for("further records", lambda: len(tap.bodies) > known + 2)
            agent.stop()
        left = _state(estate)["last_seq"] - _state(estate)["acked"]
        assert left <= 1, "what was written in the last second may wait"
        tap.close()
        assert faults(estate.log, estate.store_url) == []
    assert len({device for device, _, _ in tap.bodies}) == 1
