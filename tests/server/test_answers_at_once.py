"""Are answers on a connection that is kept sent at once, not 40 ms later?"""

import asyncio
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from fernbereit_server.commands import serve
from fernbereit_server.demo import processes
from fernbereit_server.settings import HttpSettings, Settings
from processes import free_port


def of_serve(folder: Path) -> socket.socket:
    return serve.claim(Settings(data=folder, http=HttpSettings(port=free_port())))


def of_demo(_folder: Path) -> socket.socket:
    return processes.claim("127.0.0.1", free_port(), 1)


@pytest.mark.parametrize("claim", [of_serve, of_demo])
def test_what_listens_does_not_wait_for_more_to_send(
    claim: Callable[[Path], socket.socket], tmp_path: Path
) -> None:
    """Headers and body go out in two pieces; with Nagle's algorithm the second waits for the asker."""

    async def waits() -> bool:
        accepted: asyncio.Future[int] = asyncio.get_running_loop().create_future()

        def take(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            there = writer.get_extra_info("socket")
            accepted.set_result(there.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
            writer.close()

        with claim(tmp_path) as listener:
            server = await asyncio.start_server(take, sock=listener)
            async with server:
                _, writer = await asyncio.open_connection(*listener.getsockname()[:2])
                no_delay = await accepted
                writer.close()
        return not no_delay

    assert not asyncio.run(waits())
