"""How do simulated laptops reach the broker? One MQTT connection of one or several of them, by gmqtt.

A connection is used once: nothing of an earlier one, be it a queued message or a late confirmation, can touch
the next. It listens to the answers of its own laptops only, as a real one does.
"""

import asyncio
import contextlib
import logging
from collections.abc import Callable, Sequence
from typing import Any

import gmqtt

from fernbereit import topics

NEWEST, OLDER = 5, 4
"""MQTT 5, and 3.1.1."""
_KEEPALIVE_S = 120
_HANDSHAKE_S = 30
_FILTERS_A_PACKET = 100
_NEVER_RECONNECT = -2

_silent = logging.getLogger(f"{__name__}.library")
_silent.disabled = True


class LineError(Exception):
    """The broker answers, but not as it should: perhaps it speaks another version of MQTT."""


class Line:
    """One connection; `on_message(topic, payload)` is called for each answer."""

    def __init__(
        self, device_ids: Sequence[str], on_message: Callable[[str, bytes], None], version: int
    ) -> None:
        self._device_ids, self._version = device_ids, version
        self.ended = asyncio.Event()
        self._granted: asyncio.Queue[tuple[int, ...]] = asyncio.Queue()
        self._client = gmqtt.Client(device_ids[0], clean_session=True, logger=_silent)
        self._client.set_config({"reconnect_retries": _NEVER_RECONNECT})

        def arrived(_client: Any, topic: str, payload: bytes, _qos: int, _properties: Any) -> int:
            on_message(topic, payload)
            return 0

        self._client.on_message = arrived
        self._client.on_subscribe = lambda _client, _mid, qos, _properties: self._granted.put_nowait(qos)
        self._client.on_disconnect = lambda *_: self.ended.set()

    async def open(self, host: str, port: int) -> None:
        """Connect and subscribe; returns once answers can arrive. Raises `OSError` or `LineError`."""
        try:
            async with asyncio.timeout(_HANDSHAKE_S):
                await self._unless_ended(
                    self._client.connect(host, port, keepalive=_KEEPALIVE_S, version=self._version)
                )
                for start in range(0, len(self._device_ids), _FILTERS_A_PACKET):
                    some = self._device_ids[start : start + _FILTERS_A_PACKET]
                    self._client.subscribe([gmqtt.Subscription(topics.ack(name), qos=1) for name in some])
                    granted = await self._unless_ended(self._granted.get())
                    if any(qos > 1 for qos in granted):
                        raise LineError
        except TimeoutError:
            raise LineError from None

    def publish(self, device_id: str, envelope: bytes) -> None:
        """Hand one envelope to the broker with QoS 1, never retained."""
        self._client.publish(topics.report(device_id), envelope, qos=1)

    async def close(self) -> None:
        """Say goodbye."""
        with contextlib.suppress(Exception):  # whatever is left of it, it is given up
            async with asyncio.timeout(2):
                await self._client.disconnect()
        self.ended.set()

    def cut(self) -> None:
        """End it without a word, as a lost network does."""
        connection = self._client._connection  # noqa: SLF001 - gmqtt says goodbye, and a lost network does not
        if connection is not None:
            connection._transport.abort()  # noqa: SLF001 - as above

    async def _unless_ended(self, waited_for: Any) -> Any:
        """Return its result, or raise `LineError` if the connection ends before."""
        work, ending = asyncio.ensure_future(waited_for), asyncio.ensure_future(self.ended.wait())
        try:
            await asyncio.wait({work, ending}, return_when=asyncio.FIRST_COMPLETED)
            if not work.done():
                raise LineError
            try:
                return work.result()
            except OSError:
                raise
            except Exception:  # noqa: BLE001 - what gmqtt raises for a refusal has no common base
                raise LineError from None
        finally:
            work.cancel()
            ending.cancel()
