"""What can befall a connection between two programs? A TCP relay that cuts, freezes, slows or corrupts it.

Runs on an event loop in a thread of its own; every method may be called from the test's thread.
"""

import asyncio
import contextlib
import socket
import ssl
import struct
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TypeVar

import trustme

T = TypeVar("T")
_CHUNK = 16_384
_RESET = struct.pack("ii", 1, 0)
"""SO_LINGER of no seconds: closing sends RST instead of FIN."""


@dataclass(eq=False)
class _Connection:
    near: asyncio.StreamWriter
    far: asyncio.StreamWriter
    flowing: asyncio.Event = field(default_factory=asyncio.Event)

    def reset(self) -> None:
        for writer in (self.near, self.far):
            sock = writer.get_extra_info("socket")
            with contextlib.suppress(OSError):
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
            writer.transport.abort()


class Wire:
    """Listens on `port` and passes on to `target`, both on the loopback.

    `opens` makes it end TLS towards those who connect, `wraps` begin TLS towards the target.
    """

    def __init__(
        self, target: int, *, opens: ssl.SSLContext | None = None, wraps: ssl.SSLContext | None = None
    ) -> None:
        self._target, self._opens, self._wraps = target, opens, wraps
        self._connections: set[_Connection] = set()
        self._bytes_per_s: float | None = None
        self._passed = self._flip_every = 0
        self._frozen = False
        self.flipped = 0
        """Bytes that were changed on their way."""
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="wire", daemon=True)
        self._thread.start()
        self._server = self._call(asyncio.start_server(self._serve, "127.0.0.1", 0, ssl=opens))
        self.port: int = self._server.sockets[0].getsockname()[1]

    def close(self) -> None:
        """Cut everything and end the thread."""
        self.cut()
        self._call(self._end())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    def cut(self) -> None:
        """Reset every connection there is; new ones work."""
        self._call(self._each(_Connection.reset))

    def freeze(self) -> None:
        """Let nothing pass, on old connections and on new ones; nobody is told."""
        self._frozen = True
        self._call(self._each(lambda connection: connection.flowing.clear()))

    def thaw(self, *, forget: bool) -> None:
        """Let new connections flow; with `forget` the old ones stay silent for ever, as half-open ones do."""
        self._frozen = False
        if not forget:
            self._call(self._each(lambda connection: connection.flowing.set()))

    def throttle(self, bytes_per_s: float | None) -> None:
        """Let so many bytes a second pass on each connection and way; None: as many as come."""
        self._bytes_per_s = bytes_per_s

    def corrupt(self, every: int) -> None:
        """Flip one bit in every so many bytes; 0: none."""
        self._flip_every = every

    def _call(self, work: Awaitable[T]) -> T:
        async def run() -> T:
            return await work

        return asyncio.run_coroutine_threadsafe(run(), self._loop).result(10)

    async def _end(self) -> None:
        self._server.close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    async def _each(self, act: Callable[[_Connection], None]) -> None:
        for connection in tuple(self._connections):
            act(connection)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        name = "localhost" if self._wraps else None
        try:
            there, out = await asyncio.open_connection(
                "127.0.0.1", self._target, ssl=self._wraps, server_hostname=name
            )
        except (OSError, ssl.SSLError):
            writer.transport.abort()
            return
        connection = _Connection(writer, out)
        if not self._frozen:
            connection.flowing.set()
        self._connections.add(connection)
        ways = [
            asyncio.ensure_future(self._pass_on(reader, out, connection)),
            asyncio.ensure_future(self._pass_on(there, writer, connection)),
        ]
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for way in ways:
                way.cancel()
            await asyncio.gather(*ways, return_exceptions=True)
            self._connections.discard(connection)
            writer.transport.abort()
            out.transport.abort()

    async def _pass_on(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, connection: _Connection
    ) -> None:
        with contextlib.suppress(OSError, ssl.SSLError):
            while chunk := await reader.read(_CHUNK):
                await connection.flowing.wait()
                if self._bytes_per_s:
                    await asyncio.sleep(len(chunk) / self._bytes_per_s)
                writer.write(self._flip(chunk))
                await writer.drain()
        await connection.flowing.wait()  # the end of a connection passes a frozen wire as little as its bytes

    def _flip(self, chunk: bytes) -> bytes:
        before, self._passed = self._passed, self._passed + len(chunk)
        if not self._flip_every or before // self._flip_every == self._passed // self._flip_every:
            return chunk
        changed = bytearray(chunk)
        changed[-1] ^= 0x10
        self.flipped += 1
        return bytes(changed)


@contextmanager
def tls_tunnel(target: int) -> Iterator[tuple[int, Wire]]:
    """Yield the port of a way to `target` that is TLS in its middle, and the wire in that middle."""
    authority = trustme.CA()
    server = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("localhost").configure_cert(server)
    client = ssl.create_default_context(ssl.Purpose.SERVER_AUTH)
    authority.configure_trust(client)
    far = Wire(target, opens=server)
    middle = Wire(far.port)
    near = Wire(middle.port, wraps=client)
    try:
        yield near.port, middle
    finally:
        for wire in (near, middle, far):
            wire.close()
