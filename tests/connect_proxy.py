"""How do tests get an HTTP proxy? A small one on the loopback that connects, or misbehaves as it is told."""

import asyncio
import base64
import contextlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

Manner = Literal["connects", "refuses", "asks", "hangs", "babbles", "trickles", "closes", "talks first"]

ANSWERS: dict[Manner, bytes] = {
    "refuses": b"HTTP/1.1 403 Forbidden\r\nContent-Length: 6\r\n\r\nsecret",
    "asks": b'HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm="x"\r\n\r\n',
    "babbles": b"\x16\x03\x01 SSH-2.0 what?" * 1000,
    "closes": b"",
    "talks first": b"HTTP/1.1 200 OK\r\n\r\n220 mail ready\r\n",
}


class ConnectProxy:
    """One proxy; `requests` holds the heads it was sent, `credentials` what it asks for."""

    def __init__(self, manner: Manner = "connects", credentials: str = "") -> None:
        self.manner: Manner = manner
        self.requests: list[str] = []
        self.port = 0
        self._wanted = "Basic " + base64.b64encode(credentials.encode()).decode() if credentials else ""
        self._loop = asyncio.new_event_loop()
        self._tunnels: set[asyncio.StreamWriter] = set()

    def cut(self) -> None:
        """Drop every tunnel at once, as a proxy does that is restarted."""
        asyncio.run_coroutine_threadsafe(self._cut(), self._loop).result(10)

    async def _cut(self) -> None:
        for writer in tuple(self._tunnels):
            writer.transport.abort()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._tunnels.add(writer)
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            head = (await reader.readuntil(b"\r\n\r\n")).decode("ascii")
            self.requests.append(head)
            if self._wanted and f"Proxy-Authorization: {self._wanted}\r\n" not in head:
                writer.write(ANSWERS["asks"])
            elif self.manner == "connects":
                await self._tunnel(head, reader, writer)
            elif self.manner in ANSWERS:
                writer.write(ANSWERS[self.manner])
            elif self.manner == "trickles":
                while True:
                    writer.write(b"H")
                    await asyncio.sleep(0.05)
            else:
                await reader.read()
            await writer.drain()
        self._tunnels.discard(writer)
        writer.close()

    async def _tunnel(self, head: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        host, _, port = head.split()[1].rpartition(":")
        try:
            upstream, downstream = await asyncio.open_connection(host.strip("[]"), int(port))
        except OSError:
            writer.write(b"HTTP/1.1 502 Bad Gateway\r\n\r\n")
            return
        self._tunnels.add(downstream)
        writer.write(b"HTTP/1.1 200 Connection established\r\nVia: 1.1 test\r\n\r\n")
        await asyncio.gather(_pump(reader, downstream), _pump(upstream, writer))
        self._tunnels.discard(downstream)

    @contextmanager
    def running(self) -> Iterator["ConnectProxy"]:
        """Serve on a free port of the loopback until the block ends."""
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(asyncio.start_server(self._serve, "127.0.0.1", 0))
        asyncio.set_event_loop(None)
        self.port = server.sockets[0].getsockname()[1]
        thread = threading.Thread(target=self._loop.run_forever, name="proxy", daemon=True)
        thread.start()
        try:
            yield self
        finally:
            self.cut()
            asyncio.run_coroutine_threadsafe(self._end(server), self._loop).result(10)
            self._loop.call_soon_threadsafe(self._loop.stop)
            thread.join(10)
            self._loop.close()

    async def _end(self, server: asyncio.Server) -> None:
        server.close()
        others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    with contextlib.suppress(OSError):
        writer.close()
