"""Who answers datagrams as a test likes? A peer on the loopback."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def peer(answer: Callable[[bytes], list[bytes]]) -> Iterator[int]:
    """Listen on the loopback and send whatever `answer` makes of each datagram; yields the port."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind(("127.0.0.1", 0))
        server.settimeout(0.2)
        ended = threading.Event()

        def serve() -> None:
            while not ended.is_set():
                try:
                    question, asker = server.recvfrom(2048)
                except OSError:
                    continue
                for each in answer(question):
                    server.sendto(each, asker)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield int(server.getsockname()[1])
        ended.set()
        thread.join(timeout=5)
