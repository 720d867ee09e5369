"""How do simulated laptops reach the broker? The only file of the server that knows paho.

Many devices share one connection, which publishes for each of them and listens to the answers of all. That
is a shortcut for a demonstration on one computer: a real laptop has a connection of its own and may listen
to its own answers only.
"""

import threading
import uuid
from collections.abc import Callable

from paho.mqtt.client import Client, ConnectFlags, DisconnectFlags, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

ALL_ACKS = "fernbereit/1/down/+/ack"
MQTT_5, MQTT_3_1_1 = MQTTProtocolVersion.MQTTv5, MQTTProtocolVersion.MQTTv311
_UNACKNOWLEDGED_BY_BROKER = 200
_RECONNECT_MAX_S = 5


class SharedLink:
    """One connection that reconnects by itself; `on_message(topic, payload)` runs on its thread."""

    def __init__(
        self,
        host: str,
        port: int,
        on_message: Callable[[str, bytes], None],
        protocol: int = MQTT_5,
    ) -> None:
        self._host, self._port = host, port
        self._on_message = on_message
        self._listening = threading.Event()
        self._client = Client(
            CallbackAPIVersion.VERSION2,
            client_id=f"fernbereit-laptops-{uuid.uuid4()}",
            protocol=MQTTProtocolVersion(protocol),
        )
        self._client.max_inflight_messages_set(_UNACKNOWLEDGED_BY_BROKER)
        self._client.reconnect_delay_set(1, _RECONNECT_MAX_S)
        self._client.on_connect = self._connected
        self._client.on_subscribe = self._subscribed
        self._client.on_disconnect = self._disconnected
        self._client.on_message = self._received

    @property
    def listening(self) -> bool:
        """Tell whether answers can arrive; publish only then."""
        return self._listening.is_set()

    def start(self) -> None:
        """Connect in the background, for as long as it takes."""
        self._client.connect_async(self._host, self._port, keepalive=30)
        self._client.loop_start()

    def publish(self, topic: str, payload: bytes) -> None:
        """Hand one envelope to the broker with QoS 1, never retained."""
        self._client.publish(topic, payload, qos=1, retain=False)

    def stop(self) -> None:
        """Say goodbye and end the thread."""
        self._client.disconnect()
        self._client.loop_stop()

    def _connected(
        self,
        client: Client,
        _data: object,
        _flags: ConnectFlags,
        reason: ReasonCode,
        _props: Properties | None,
    ) -> None:
        if not reason.is_failure:
            client.subscribe(ALL_ACKS, qos=1)

    def _subscribed(
        self, _client: Client, _data: object, _mid: int, reasons: list[ReasonCode], _props: Properties | None
    ) -> None:
        if not any(reason.is_failure for reason in reasons):
            self._listening.set()

    def _disconnected(
        self,
        _client: Client,
        _data: object,
        _flags: DisconnectFlags,
        _reason: ReasonCode,
        _props: Properties | None,
    ) -> None:
        self._listening.clear()

    def _received(self, _client: Client, _data: object, message: MQTTMessage) -> None:
        self._on_message(message.topic, bytes(message.payload))
