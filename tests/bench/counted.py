"""How many bytes does a program send and receive? It connects here; all is passed on and counted."""

import select
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress


class Counted:
    """A loopback port that passes connections on to another one; `total` is the bytes of both directions."""

    def __init__(self, onward: int) -> None:
        self.total = self.connections = 0
        self._onward = onward
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        """Take no more connections."""
        self._listener.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self._listener.accept()
                self.connections += 1
                threading.Thread(target=self._pass_on, args=(near,), daemon=True).start()

    def _pass_on(self, near: socket.socket) -> None:
        with near, suppress(OSError), socket.create_connection(("127.0.0.1", self._onward)) as far:
            other = {near: far, far: near}
            while True:
                for ready in select.select(list(other), [], [])[0]:
                    received = ready.recv(65_536)
                    if not received:
                        return
                    self.total += len(received)
                    other[ready].sendall(received)


@contextmanager
def counted(onward: int) -> Iterator[Counted]:
    """Yield a counted port."""
    port = Counted(onward)
    try:
        yield port
    finally:
        port.close()
