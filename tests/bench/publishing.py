"""How are many messages published quickly without losing one?"""

import threading
import time
from collections.abc import Sequence

from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion

from bench.messages import Message
from fernbereit.delivery import decode_ack

WINDOW = 500


class Publisher:
    """One MQTT connection that publishes with QoS 1, at most `WINDOW` unacknowledged by the broker."""

    def __init__(self, port: int) -> None:
        self.answers: dict[str, int] = {}
        self._room = threading.Semaphore(WINDOW)
        self._client = Client(CallbackAPIVersion.VERSION2, protocol=MQTTProtocolVersion.MQTTv5)
        self._client.max_inflight_messages_set(WINDOW)
        self._client.on_publish = lambda *_: self._room.release()
        self._client.on_message = self._answered
        self._client.connect("127.0.0.1", port)
        self._client.subscribe("fernbereit/1/down/+/ack", qos=0)
        self._client.loop_start()

    def publish(self, messages: Sequence[Message]) -> float:
        """Publish all; return the seconds until the broker had them."""
        started = time.monotonic()
        for message in messages:
            self._room.acquire()
            self._client.publish(message.topic, message.payload, qos=1)
        for _ in range(WINDOW):
            self._room.acquire()
        for _ in range(WINDOW):
            self._room.release()
        return time.monotonic() - started

    def close(self) -> None:
        """End the connection."""
        self._client.disconnect()
        self._client.loop_stop()

    def _answered(self, _client: Client, _data: object, message: MQTTMessage) -> None:
        ack = decode_ack(bytes(message.payload))
        if ack is not None:
            self.answers[message.topic] = max(self.answers.get(message.topic, 0), ack.mark)
