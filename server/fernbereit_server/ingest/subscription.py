"""How do messages come from the broker, and when is the broker told that one arrived?

The only file that knows gmqtt. Four of its habits are fenced here:

* It acknowledges what a handler returns, however late, on whatever connection its client has by then, where
  the same number may stand for another message. So each connection is a client of its own that never
  reconnects; when it ends, its transport is closed first and only then are its handlers let go.
* Its own reconnecting has no jitter and gives up on some answers. Ours tries for ever.
* It reads whatever comes. Ours reads on when the receiver has room; meanwhile TCP holds the broker back.
* It logs topics and payloads. Its loggers are silent; what matters is counted here.
"""

import asyncio
import contextlib
import logging
import random
import time
from collections.abc import Awaitable, Callable
from typing import Any, Protocol

import gmqtt

from fernbereit.topics import ALL_REPORTS
from fernbereit_server.ingest.room import Room
from fernbereit_server.ingest.tally import Tally

_log = logging.getLogger(__name__)

_MQTT_5, _MQTT_311 = 5, 4
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

    def receive(self, topic: str, payload: bytes, *, retained: bool) -> "asyncio.Future[None]":
        """Take a message; the future's result means PUBACK, an exception means none."""

    def disconnected(self) -> None:
        """Let go of every message that was not acknowledged: the broker has forgotten it."""


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
        client.on_message = self._on_message
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

    async def _on_message(
        self, _client: Any, topic: str | bytes, payload: bytes, _qos: int, properties: dict[str, Any]
    ) -> int:
        """Return 0, which gmqtt turns into a PUBACK; raising or never returning means none."""
        name = topic if isinstance(topic, str) else ""
        await self._receiver.receive(name, bytes(payload), retained=bool(properties.get("retain")))
        return 0


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
