"""What can one laptop do that sends a thousand messages a second? Nothing to the others."""

import threading
from pathlib import Path

import paho.mqtt.client as mqtt
import pytest
from paho.mqtt.enums import CallbackAPIVersion

from faults.world import world
from processes import wait_for
from sending import Laptop

pytestmark = [pytest.mark.slow, pytest.mark.real, pytest.mark.timeout(300)]

MESSAGES, A_SECOND = 8_000, 1_000


def flood(port: int, ended: threading.Event) -> int:
    """Send the same report over and over; return how many the broker took."""
    laptop = Laptop()
    laptop.write()
    client = mqtt.Client(CallbackAPIVersion.VERSION2, protocol=mqtt.MQTTv5)
    client.max_queued_messages_set(0)
    client.connect("127.0.0.1", port)
    client.loop_start()
    envelope, sent = laptop.envelope(), 0
    for sent in range(1, MESSAGES + 1):  # noqa: B007 - told below
        last = client.publish(laptop.topic, envelope, qos=1)
        ended.wait(1 / A_SECOND)
    last.wait_for_publish(60)
    client.disconnect()
    client.loop_stop()
    return sent


def test_a_flood_of_one_laptop_does_not_reach_the_others(tmp_path: Path) -> None:
    """They are answered meanwhile; its messages are counted, passed over, and heap up nowhere."""
    with world(tmp_path, "mosquitto", "sqlite", seed="1", rate_per_s=5) as hurt:
        before = hurt.answers()

        sent = flood(hurt.estate.mqtt_port, threading.Event())

        assert sent == MESSAGES
        assert hurt.answers() > before + 20
        hurt.look()
        wait_for(
            "the messages passed over",
            lambda: hurt.metric('fernbereit_collector_messages_total{result="rate_limited"}') >= MESSAGES / 2,
            60,
        )
        assert hurt.judged() == []
