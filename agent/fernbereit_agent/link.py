"""How do envelopes get to the broker and answers back? The only file that knows the MQTT client.

A thread of its own connects, waits and connects again. Every connection has a number and a client of its
own, so that nothing of an earlier one, be it a queued message or a late confirmation, can touch the next.
What happens is told through `emit`, which must only enqueue.
"""

import logging
import random
import select
import socket
import threading
from collections import deque
from collections.abc import Callable
from contextlib import suppress

from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from fernbereit import topics
from fernbereit_agent.link_events import Answered, Connected, Event, Failed, Lost, PolicyArrived
from fernbereit_agent.schedule import Backoff
from fernbereit_agent.settings import BrokerSettings

KEEPALIVE_S = 120
LOOK_S = 45.0
"""Longest sleep of a connection; brokers close after 1.5 keepalives, and the client looks only when woken."""
HANDSHAKE_S = 30.0
SETTLED_S = 60.0

logger = logging.getLogger(__name__)


class Link:
    """One device's way to the broker."""

    def __init__(
        self,
        *,
        broker: BrokerSettings,
        backoff: Backoff,
        device_id: str,
        monotonic: Callable[[], float],
        emit: Callable[[Event], None],
    ) -> None:
        self._broker, self._backoff, self._device_id = broker, backoff, device_id
        self._monotonic, self._emit = monotonic, emit
        self._outgoing: deque[tuple[int, bytes]] = deque()
        self._wake_in, self._wake_out = socket.socketpair()
        self._wake_in.setblocking(False)
        self._wake_out.setblocking(False)
        self._stopping = False
        self._number = 0
        self._protocol = MQTTProtocolVersion.MQTTv5
        self._last_said = ""
        self._thread: threading.Thread | None = None

    def start(self, delay_s: float) -> None:
        """Begin to connect after `delay_s`."""
        self._thread = threading.Thread(target=self._run, args=(delay_s,), name="link", daemon=True)
        self._thread.start()

    def send(self, connection: int, envelope: bytes) -> None:
        """Publish on this connection; without effect if it is no longer the current one."""
        self._outgoing.append((connection, envelope))
        self._wake()

    def stop(self) -> None:
        """Disconnect properly and end the thread."""
        self._stopping = True
        self._wake()
        if self._thread is not None:
            self._thread.join(10)

    def _wake(self) -> None:
        with suppress(BlockingIOError):  # full of wake-ups already
            self._wake_out.send(b"\0")

    def _run(self, delay_s: float) -> None:
        self._sleep(delay_s)
        attempt = 0
        while not self._stopping:
            self._number += 1
            connection = _Connection(self._number, self._protocol, self._device_id, self._emit)
            refused = False
            try:
                self._live(connection)
            except OSError as error:
                refused = isinstance(error, ConnectionRefusedError)
                reason = error.strerror or str(error) or type(error).__name__
                place = f"{self._broker.host}, port {self._broker.port}"
                connection.ended = f"no connection to the broker at {place}: {reason}"
            except Exception:  # the fence of this thread: whatever the client raises, connect again
                logger.exception("the connection ended unexpectedly")
            connection.close()
            if self._stopping:
                return
            ended = connection.ended or "the broker closed the connection"
            self._say(ended)
            if not connection.ready_at:
                self._emit(Failed(ended, refused))
            if not connection.ready_at and connection.reached:
                self._protocol = _other(self._protocol)
            lasted = connection.ready_at and self._monotonic() - connection.ready_at >= SETTLED_S
            attempt = 0 if connection.answered or lasted else attempt + 1
            self._sleep(self._backoff.from_zero(attempt, random.random()))  # noqa: S311 - spreading, no secret

    def _live(self, connection: "_Connection") -> None:
        """Connect and serve until the connection ends."""
        client = connection.client
        client.connect(self._broker.host, self._broker.port, keepalive=KEEPALIVE_S)
        connection.reached = True
        started = self._monotonic()
        while (sock := client.socket()) is not None:
            if self._stopping:
                client.disconnect()
                return
            before = self._monotonic()
            wait = min(LOOK_S, client.keepalive * 0.375) if connection.ready_at else HANDSHAKE_S
            writing = [sock] if client.want_write() else []
            readable, writable, _ = select.select([sock, self._wake_in], writing, [], wait)
            now = self._monotonic()
            if now - before > wait + KEEPALIVE_S / 2:
                connection.ended = "the machine slept"
                return
            if not connection.ready_at and now - started >= HANDSHAKE_S:
                connection.ended = connection.ended or "the broker did not answer"
                return
            if sock in readable:
                client.loop_read()
            if sock in writable and client.socket() is not None:
                client.loop_write()
            if self._wake_in in readable:
                self._drain_wake()
            self._tell_ready(connection, now)
            if not self._publish(connection):
                connection.ended = "the broker did not confirm the last batch"
                return
            client.loop_misc()

    def _tell_ready(self, connection: "_Connection", now: float) -> None:
        if connection.subscribed and not connection.ready_at:
            connection.ready_at = now
            self._say(f"connected to the broker with {'MQTT 5' if self._protocol == 5 else 'MQTT 3.1.1'}")
            self._emit(Connected(connection.number))

    def _publish(self, connection: "_Connection") -> bool:
        """Hand over what waits; False if the broker has not even confirmed the batch before."""
        while self._outgoing:
            number, envelope = self._outgoing.popleft()
            if number != connection.number or not connection.ready_at:
                continue
            if connection.unconfirmed is not None:
                return False
            connection.publish(envelope)
        return True

    def _sleep(self, seconds: float) -> None:
        until = self._monotonic() + seconds
        while not self._stopping and (left := until - self._monotonic()) > 0:
            select.select([self._wake_in], [], [], left)
            self._drain_wake()

    def _drain_wake(self) -> None:
        with suppress(BlockingIOError):
            while self._wake_in.recv(4096):
                pass

    def _say(self, what: str) -> None:
        """Log a change, not every attempt."""
        if what != self._last_said:
            self._last_said = what
            logger.info(what)


class _Connection:
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
        self.client = Client(
            CallbackAPIVersion.VERSION2, client_id=device_id, protocol=protocol, reconnect_on_failure=False
        )
        self.client.max_queued_messages_set(1)
        self.client.on_connect = self._on_connect
        self.client.on_subscribe = self._on_subscribe
        self.client.on_message = self._on_message
        self.client.on_publish = self._on_publish
        self.client.on_disconnect = self._on_disconnect

    def publish(self, envelope: bytes) -> None:
        """Hand one envelope to the client."""
        self.unconfirmed = self.client.publish(topics.report(self._device_id), envelope, qos=1).mid

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
        if topic == (self._device_id, "ack"):
            self.answered = True
            self._emit(Answered(self.number, bytes(message.payload)))
        elif topic == (self._device_id, "policy"):
            self._emit(PolicyArrived(bytes(message.payload)))

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


def _other(protocol: MQTTProtocolVersion) -> MQTTProtocolVersion:
    """Return the version to try next with a broker that speaks to us but not this version."""
    five, three = MQTTProtocolVersion.MQTTv5, MQTTProtocolVersion.MQTTv311
    return three if protocol == five else five
