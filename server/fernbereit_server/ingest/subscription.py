"""How do messages come from the broker, and when is the broker told that one arrived?

The only file that knows gmqtt. Four of its habits are fenced here:

* It makes a task of each message and a system call of each PUBACK. Ours reads PUBLISH itself, hands the
  message over with its number, and writes all PUBACKs of a transaction at once, as it writes all answers, on
  the connection they belong to: on another one the same number may stand for another message. So each
  connection is a client of its own.
* Its own reconnecting has no jitter and gives up on some answers. Ours tries for ever.
* It reads whatever comes. Ours reads on when the receiver has room; meanwhile TCP holds the broker back.
* It logs topics and payloads. Its loggers are silent; what matters is counted here.
"""

import asyncio
import contextlib
import logging
import random
import time
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Any, Protocol

import gmqtt

from fernbereit.topics import ALL_REPORTS
from fernbereit_server.ingest.room import Room
from fernbereit_server.ingest.tally import Tally

_log = logging.getLogger(__name__)

_MQTT_5, _MQTT_311 = 5, 4
_QOS, _RETAINED = 0b0110, 0b0001
"""Bits in the first byte of a PUBLISH packet."""
_KEEPALIVE_S = 30
_PATIENCE_S = 10
_LARGEST_PACKET = 2**18
"""Bytes; a broker drops what is larger. Beyond the largest envelope, so that one too large is counted."""
_NEVER_RECONNECT = -2
_RECONNECT_S, _RECONNECT_MAX_S = 0.5, 30.0

for _name in ("gmqtt", "gmqtt.client", "gmqtt.mqtt.protocol", "gmqtt.mqtt.package", "gmqtt.mqtt.utils"):
    logging.getLogger(_name).disabled = True
_silent = logging.getLogger(f"{__name__}.library")
_silent.disabled = True


class Receiver(Protocol):
    """Who takes the messages; what was read already is taken also without room."""

    @property
    def room(self) -> Room:
        """Return whether more may be read."""

    def receive(self, topic: str, payload: bytes, *, retained: bool, receipt: "Receipt | None") -> None:
        """Take a message, and once it is safe give the broker its receipt, in the order of arrival.

        Without a receipt nobody waits for one (QoS 0).
        """

    def disconnected(self) -> None:
        """Let go of every message that was not acknowledged: the broker has forgotten it."""


class Receipts(Protocol):
    """The connection that messages came by."""

    def give(self, numbers: Iterable[int]) -> None:
        """Tell the broker that the messages with these numbers arrived; on an ended connection, nothing."""


Receipt = tuple[Receipts, int]


class _Lost(Exception):  # noqa: N818 - says what happened to the connection
    """The connection ended or never came about."""


class Subscription:
    """One subscription to all reports, kept up until it is closed."""

    def __init__(
        self,
        *,
        host: str,
        port: int,
        receive_maximum: int,
        receiver: Receiver,
        tally: Tally,
        before_connecting: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        self._host, self._port, self._receive_maximum = host, port, receive_maximum
        self._receiver, self._tally = receiver, tally
        self._before_connecting = before_connecting
        self._client: gmqtt.Client | None = None
        self._version = _MQTT_5
        self.subscribed = asyncio.Event()
        """Set while the broker sends us reports."""

    async def run(self) -> None:
        """Connect, subscribe, stay, begin anew; ends only by cancellation."""
        wait = _RECONNECT_S
        while True:
            try:
                if self._before_connecting is not None:
                    await self._before_connecting()
                await self._connection()
            except (OSError, _Lost, TimeoutError) as error:
                _log.debug("no connection to the broker: %s", type(error).__name__)
            except Exception as error:  # noqa: BLE001 - the fence: nothing ends this loop but cancellation
                _log.error("the connection to the broker failed: %s", type(error).__name__)
            if self.subscribed.is_set():
                self.subscribed.clear()
                self._tally.connections_lost += 1
                _log.warning("the connection to the broker was lost; trying again")
                wait = _RECONNECT_S
            await asyncio.sleep(random.uniform(0, wait))  # noqa: S311 - jitter, no secret
            wait = min(wait * 2, _RECONNECT_MAX_S)

    def answer(self, answers: Sequence[tuple[str, bytes]]) -> int:
        """Send answers as `publish` does, in one write; return how many left."""
        if self._client is None or not self.subscribed.is_set():
            return 0
        properties = b"\0" if self._version == _MQTT_5 else b""
        packets = b"".join(_publication(topic.encode(), properties, payload) for topic, payload in answers)
        _write(self._client, packets)
        return len(answers)

    def publish(self, topic: str, payload: bytes, *, qos: int = 0) -> bool:
        """Send an answer, or return False without a connection.

        A lost ack costs one repeated report, which is then answered again; it needs no memory here, so QoS 0.
        """
        if self._client is None or not self.subscribed.is_set():
            return False
        self._client.publish(topic, payload, qos=qos)
        return True

    async def _connection(self) -> None:
        ended = asyncio.Event()
        granted: asyncio.Future[int] = asyncio.get_running_loop().create_future()

        def on_subscribe(_client: Any, _mid: int, qos: tuple[int, ...], _properties: Any) -> None:
            if not granted.done():
                granted.set_result(qos[0])

        client = gmqtt.Client(
            "",
            clean_session=True,
            optimistic_acknowledgement=False,
            logger=_silent,
            **self._limits(),
        )
        client.set_config({"reconnect_retries": _NEVER_RECONNECT})
        line = _Line(client, self._receiver, self._version)
        client._package_handler._handle_publish_packet = line.take  # noqa: SLF001 - see above
        client.on_subscribe = on_subscribe
        client.on_disconnect = lambda *_: ended.set()
        try:
            await self._handshake(client, ended)
            # Nothing retained is sent on subscribing, and what is published as retained shows it.
            only_live = self._version == _MQTT_5
            options = {"retain_handling_options": 2 * only_live, "retain_as_published": only_live}
            client.subscribe(gmqtt.Subscription(ALL_REPORTS, qos=1, **options))
            async with asyncio.timeout(_PATIENCE_S):
                await _first(granted, ended)
            if not granted.done() or granted.result() > 1:
                raise _Lost
            _read_only_with(self._receiver.room, client)
            self._client = client
            self.subscribed.set()
            self._tally.connections += 1
            _log.info("connected to the broker")
            await ended.wait()
        finally:
            self._client = None
            with contextlib.suppress(Exception):
                async with asyncio.timeout(2):
                    await client.disconnect()
            line.client = None
            self._receiver.disconnected()

    def _limits(self) -> dict[str, int]:
        if self._version != _MQTT_5:
            return {}
        return {"receive_maximum": self._receive_maximum, "maximum_packet_size": _LARGEST_PACKET}

    async def _handshake(self, client: gmqtt.Client, ended: asyncio.Event) -> None:
        connecting = asyncio.ensure_future(
            client.connect(self._host, self._port, keepalive=_KEEPALIVE_S, version=self._version)
        )
        try:
            async with asyncio.timeout(_PATIENCE_S):
                await _first(connecting, ended)
            accepted = connecting.done() and connecting.exception() is None
            if connecting.done() and isinstance(connecting.exception(), OSError):
                raise _Lost
        except TimeoutError:
            accepted = False
        finally:
            connecting.cancel()
        if not accepted:
            # A broker that speaks only the other version refuses, closes, or says nothing.
            self._version = _MQTT_311 if self._version == _MQTT_5 else _MQTT_5
            raise _Lost


class _Line:
    """One connection: what comes by it, and how its broker hears that it arrived."""

    def __init__(self, client: gmqtt.Client, receiver: Receiver, version: int) -> None:
        self.client: gmqtt.Client | None = client
        self._receiver, self._version = receiver, version

    def take(self, kind: int, packet: bytes) -> None:
        """Hand over a PUBLISH packet; what is raised is gmqtt's to swallow, and means no PUBACK.

        MQTT 5, 3.3: the topic with its length in two bytes, above QoS 0 a number of two bytes, from MQTT 5 on
        properties with their length; the rest is the payload. We ask for no topic alias, so none is used.
        """
        at = 2 + int.from_bytes(packet[:2], "big")
        topic, receipt = packet[2:at].decode(errors="replace"), None
        if kind & _QOS:
            receipt = self, int.from_bytes(packet[at : at + 2], "big")
            at += 2
        if self._version == _MQTT_5:
            size, at = _variable(packet, at)
            at += size
        self._receiver.receive(topic, packet[at:], retained=bool(kind & _RETAINED), receipt=receipt)

    def give(self, numbers: Iterable[int]) -> None:
        """Write a PUBACK for each number; the short form says success in both versions."""
        if self.client is not None:
            _write(self.client, b"".join(b"\x40\x02" + number.to_bytes(2, "big") for number in numbers))


def _variable(packet: bytes, at: int) -> tuple[int, int]:
    """Read a length of seven bits a byte, the lowest first; return it and where what follows begins."""
    size = shift = 0
    while True:
        size |= (packet[at] & 0x7F) << shift
        if packet[at] < 0x80:
            return size, at + 1
        at, shift = at + 1, shift + 7


def _publication(topic: bytes, properties: bytes, payload: bytes) -> bytes:
    """Return a PUBLISH packet of QoS 0 (MQTT 5 and 3.1.1, 3.3)."""
    size = 2 + len(topic) + len(properties) + len(payload)
    head = bytearray(b"\x30")
    while size > 0x7F:
        head.append(0x80 | size & 0x7F)
        size >>= 7
    head.append(size)
    return bytes(head) + len(topic).to_bytes(2, "big") + topic + properties + payload


def _write(client: gmqtt.Client, packets: bytes) -> None:
    """Send packets in one write, for which gmqtt has no way."""
    client._connection._protocol.write_data(packets)  # noqa: SLF001 - as above


def _read_only_with(room: Room, client: gmqtt.Client) -> None:
    """Have the connection's next chunks (64 KiB each) wait for room.

    While nothing is read no PINGRESP is seen either; that silence is ours, so it does not count as the
    broker's. Our own PINGREQs go on, so neither does the broker count us as gone.
    """
    connection = client._connection  # noqa: SLF001 - gmqtt has no public way to pause
    protocol = connection._protocol  # noqa: SLF001 - as above
    read = protocol.read

    async def read_with_room(n: int = -1) -> bytes:
        while not room.free.is_set():
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(connection.keepalive / 2):
                    await room.free.wait()
            connection._last_data_in = time.monotonic()  # noqa: SLF001 - as above
        chunk: bytes = await read(n)
        return chunk

    protocol.read = read_with_room


async def _first(future: "asyncio.Future[Any]", ended: asyncio.Event) -> None:
    """Wait until `future` is done or the connection ended."""
    waiting = asyncio.ensure_future(ended.wait())
    try:
        await asyncio.wait({future, waiting}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        waiting.cancel()
