"""Does a served page tell its own reader from another user of the same computer?"""

import os
import socket
import sys

import pytest

from fernbereit_agent.self_check.visitors import is_somebody_else, user_of

TABLE = """\
  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:9C40 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 1 1 0 100 0 0 10 0
   1: 0100007F:8B0F 0100007F:9C40 01 00000000:00000000 00:00000000 00000000  1001        0 2 1 0 20 4 30 10 -1
   2: 0100007F:9C40 0100007F:8B0F 01 00000000:00000000 00:00000000 00000000  1000        0 3 1 0 20 4 30 10 -1
   3: 0000000000000000FFFF00000100007F:8B10 0000000000000000FFFF00000100007F:9C40 01 0:0 00:0 0  1002 0 4 1
"""


@pytest.mark.parametrize(
    ("visitor", "user"),
    [(0x8B0F, 1001), (0x8B10, 1002), (0x8B11, None)],
    ids=["by the usual way", "by an address of the newer kind", "gone already"],
)
def test_the_kernel_tells_whose_a_connection_is(visitor: int, user: int | None) -> None:
    """The visitor's own end counts, not the server's."""
    assert user_of(TABLE, visitor, 0x9C40) == user


@pytest.mark.parametrize("family", [socket.AF_INET, socket.AF_INET6])
def test_another_user_is_somebody_else(monkeypatch: pytest.MonkeyPatch, family: socket.AddressFamily) -> None:
    """With a real connection, whichever way it came."""
    if sys.platform != "linux":
        pytest.skip("needs Linux")
    address = "127.0.0.1" if family == socket.AF_INET else "::ffff:127.0.0.1"
    with socket.create_server(("127.0.0.1", 0)) as server, socket.socket(family) as visitor:
        try:
            visitor.connect((address, server.getsockname()[1]))
        except OSError:
            pytest.skip("needs a kernel with IPv6")
        ports = visitor.getsockname()[1], server.getsockname()[1]
        assert not is_somebody_else(*ports)
        me = os.getuid()
        monkeypatch.setattr(os, "getuid", lambda: me + 1)
        assert is_somebody_else(*ports)
