"""What is one connection to the broker? The only file that knows the MQTT client."""

import errno
import logging
import socket
from collections.abc import Callable

from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from fernbereit import topics
from fernbereit.delivery import MAX_PAYLOAD_BYTES
from fernbereit_agent.link_events import Answered, Event, Lost, PolicyArrived
from fernbereit_agent.proxies import Proxy
from fernbereit_agent.proxy_tunnel import connect_through

NEWEST = MQTTProtocolVersion.MQTTv5

logger = logging.getLogger(__name__)


class _Client(Client):
    """A client that can go through a proxy.

    paho makes its socket in `_create_socket_connection`, wraps it for TLS afterwards, and has no public way
    to hand one in; a test holds that the method is still asked.
    """

    proxy: Proxy | None = None

    def _create_socket_connection(self) -> socket.socket:
        if self.proxy is not None:
            return connect_through(self.proxy, self._host, self._port)
        return socket.create_connection((self._host, self._port), timeout=self._connect_timeout)


class Connection:
    """One connection and its client; every callback runs on the link's thread."""

    def __init__(
        self, number: int, protocol: MQTTProtocolVersion, device_id: str, emit: Callable[[Event], None]
    ) -> None:
        self.number, self._device_id, self._emit = number, device_id, emit
        self.reached = self.subscribed = self.answered = False
        self.ready_at = 0.0
        self.unconfirmed: int | None = None
        self.ended = ""
        # A new client starts clean; there is no will, since when a laptop is on is nobody's business.
        self.client = _Client(
            CallbackAPIVersion.VERSION2, client_id=device_id, protocol=protocol, reconnect_on_failure=False
        )
        self.client.max_queued_messages_set(1)
        self.client.on_connect = self._on_connect
        self.client.on_subscribe = self._on_subscribe
        self.client.on_message = self._on_message
        self.client.on_publish = self._on_publish
        self.client.on_disconnect = self._on_disconnect

    def through(self, proxy: Proxy) -> None:
        """Connect through this proxy."""
        self.client.proxy = proxy

    def publish(self, envelope: bytes) -> None:
        """Hand one envelope to the client."""
        self.unconfirmed = self.client.publish(topics.report(self._device_id), envelope, qos=1).mid

    def ends(self) -> tuple[str, str]:
        """Return the own address and that of the peer; raises `OSError` if there is no connection."""
        sock = self.client.socket()
        if not isinstance(sock, socket.socket):
            raise OSError(errno.ENOTCONN, "the connection ended")
        own, peer = (str(end[0]).partition("%")[0] for end in (sock.getsockname(), sock.getpeername()))
        return own, peer

    def close(self) -> None:
        """Close the socket and tell, once, that this connection is over."""
        if (sock := self.client.socket()) is not None:
            sock.close()
        if self.ready_at:
            self._emit(Lost(self.number))

    def _on_connect(
        self,
        client: Client,
        _data: object,
        _flags: object,
        reason: ReasonCode,
        _properties: Properties | None,
    ) -> None:
        if reason.is_failure:
            self.ended = f"the broker refuses the connection: {reason}"
            return
        wanted = (topics.ack(self._device_id), topics.policy(self._device_id))
        client.subscribe([(topic, 1) for topic in wanted])

    def _on_subscribe(
        self,
        client: Client,
        _data: object,
        _mid: int,
        reasons: list[ReasonCode],
        _properties: Properties | None,
    ) -> None:
        if any(reason.is_failure for reason in reasons):
            self.ended = "the broker refuses the subscription"
            client.disconnect()
            return
        self.subscribed = True

    def _on_message(self, _client: Client, _data: object, message: MQTTMessage) -> None:
        topic = topics.parse_down(message.topic)
        payload = bytes(message.payload[: MAX_PAYLOAD_BYTES + 1])  # what is longer is refused, and not kept
        if topic == (self._device_id, "ack"):
            self.answered = True
            self._emit(Answered(self.number, payload))
        elif topic == (self._device_id, "policy"):
            self._emit(PolicyArrived(payload))

    def _on_publish(
        self, _client: Client, _data: object, mid: int, reason: ReasonCode, _properties: Properties
    ) -> None:
        if mid == self.unconfirmed:
            self.unconfirmed = None
        if reason.is_failure:
            logger.warning("the broker refuses a report: %s", reason)

    def _on_disconnect(
        self,
        _client: Client,
        _data: object,
        _flags: object,
        reason: ReasonCode,
        _properties: Properties | None,
    ) -> None:
        self.ended = self.ended or f"the connection to the broker ended: {reason}"


def other_version(protocol: MQTTProtocolVersion) -> MQTTProtocolVersion:
    """Return the version to try next with a broker that speaks to us but not this version."""
    five, three = MQTTProtocolVersion.MQTTv5, MQTTProtocolVersion.MQTTv311
    return three if protocol == five else five
