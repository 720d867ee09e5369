"""How does the collector send a laptop's datagrams back, so that it can measure loss and delay?

Off unless the settings name a port. Whoever asks gets as many bytes as were sent and no more, a few hundred
times in ten seconds; what is no question of ours gets nothing. Addresses are held for these ten seconds in
memory, to count what they sent, and nowhere else; nothing of a datagram is kept or logged.
"""

import asyncio
import logging
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from enum import StrEnum
from typing import Any, cast

from fernbereit import echo
from fernbereit_server.errors import AddressInUseError
from fernbereit_server.settings import ReflectorSettings

WINDOW_S = 10.0
MOST_OF_ONE = 400
"""Answers to one address in a window: twenty laptops behind one at the same moment."""
MOST_OF_ALL = 20_000
"""Answers in a window; also the most addresses that are held."""

logger = logging.getLogger(__name__)


class Reflected(StrEnum):
    """What became of a datagram."""

    ANSWERED = "answered"
    FOREIGN = "foreign"
    """No question of ours."""
    LIMITED = "limited"
    """Too many in too short a time."""


class Reflector(asyncio.DatagramProtocol):
    """Answers questions as `fernbereit.echo` has them; counts in `counts`, which it is given."""

    def __init__(self, counts: Counter[str], monotonic: Callable[[], float] = time.monotonic) -> None:
        self._counts, self._monotonic = counts, monotonic
        self._transport: asyncio.DatagramTransport | None = None
        self._window_ends = 0.0
        self._answered: Counter[str] = Counter()
        self._all = 0
        self._full = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Remember where answers go out."""
        self._transport = cast("asyncio.DatagramTransport", transport)

    def datagram_received(self, data: bytes, addr: tuple[Any, ...]) -> None:
        """Answer one datagram, or let it be."""
        answer = echo.answer(data)
        if answer is None:
            self._counts[Reflected.FOREIGN] += 1
        elif self._transport is None or not self._may_answer(str(addr[0])):
            self._counts[Reflected.LIMITED] += 1
        else:
            self._transport.sendto(answer, addr)
            self._counts[Reflected.ANSWERED] += 1

    def pause_writing(self) -> None:
        """Answer nothing while what was answered does not leave."""
        self._full = True

    def resume_writing(self) -> None:
        """Answer again."""
        self._full = False

    def error_received(self, exc: Exception) -> None:
        """Let it be: somebody who asked is gone."""

    def _may_answer(self, address: str) -> bool:
        now = self._monotonic()
        if now >= self._window_ends:
            self._window_ends, self._all = now + WINDOW_S, 0
            self._answered.clear()
        if self._full or self._all >= MOST_OF_ALL or self._answered[address] >= MOST_OF_ONE:
            return False
        self._answered[address] += 1
        self._all += 1
        return True


@asynccontextmanager
async def reflecting(settings: ReflectorSettings, counts: Counter[str]) -> AsyncIterator[None]:
    """Answer while the block runs, if the settings name a port; raises `AddressInUseError`."""
    if settings.port is None:
        yield
        return
    host = "127.0.0.1" if settings.host == "localhost" else settings.host
    try:
        transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(
            lambda: Reflector(counts), local_addr=(host, settings.port)
        )
    except OSError as error:
        raise AddressInUseError(
            f"UDP port {settings.port} of {host} cannot be used ({error.strerror}); "
            "choose another with reflector.port"
        ) from None
    logger.info("reflecting datagrams on UDP port %d of %s", settings.port, host)
    try:
        yield
    finally:
        transport.close()
