"""What do the kernel's routing table, the resolver and a target answer, and how fast?

No deadline is missing here but that of the resolver, which has none; the runner leaves it behind.
"""

import socket
import ssl
import time
from collections.abc import Callable
from typing import TypeVar

from fernbereit.record import Reason
from fernbereit_agent.errors import NotHere, TimedOut

T = TypeVar("T")


def route_source(address: str) -> str | None:
    """Return the local address the kernel would send from to `address`, or None without a route.

    Nothing is sent: a UDP socket is connected and asked for its own name.
    """
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.connect((address, 9))
            return str(probe.getsockname()[0]).partition("%")[0]
    except OSError:
        return None


def resolve(name: str) -> tuple[tuple[str, ...], float]:
    """Return the addresses of a name and the milliseconds it took; raises `NotHere` or `TimedOut`."""

    def ask() -> tuple[str, ...]:
        answers = socket.getaddrinfo(name, None, type=socket.SOCK_STREAM)
        return tuple(dict.fromkeys(str(answer[4][0]) for answer in answers))

    try:
        return _timed(ask)
    except socket.gaierror as error:
        if error.errno == socket.EAI_AGAIN:
            raise TimedOut from None
        raise NotHere(Reason.NOT_CONFIGURED) from None


def connect(address: str, port: int, timeout_s: float) -> float:
    """Return the milliseconds a TCP connection took; raises `TimeoutError` or another `OSError`."""
    connection, took_ms = _timed(lambda: socket.create_connection((address, port), timeout=timeout_s))
    connection.close()
    return took_ms


def tls_handshake(address: str, port: int, server_name: str, timeout_s: float) -> float:
    """Return the milliseconds of a verified TLS handshake; raises `ssl.SSLError` or another `OSError`."""
    context = ssl.create_default_context()
    with socket.create_connection((address, port), timeout=timeout_s) as plain:
        secured, took_ms = _timed(lambda: context.wrap_socket(plain, server_hostname=server_name))
        secured.close()
    return took_ms


def _timed(ask: Callable[[], T]) -> tuple[T, float]:
    start = time.perf_counter()
    answer = ask()
    return answer, (time.perf_counter() - start) * 1000
