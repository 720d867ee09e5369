"""How is a connection made through an HTTP proxy? CONNECT (RFC 9110, 9.3.6), one deadline for all of it.

Nothing that a proxy says is repeated but the number of its answer: the rest is whatever somebody sent.
"""

import re
import socket
import time

from fernbereit_agent.proxies import Proxy

DEADLINE_S = 10.0
LONGEST_ANSWER = 8192
_STATUS = re.compile(rb"HTTP/1\.[01] ([1-9][0-9]{2})(?: [^\r\n]*)?\r?\n")
_END = re.compile(rb"\r?\n\r?\n")


class ProxyError(OSError):
    """The proxy does not connect; the message says why, and what to do where somebody can do something."""


def connect_through(proxy: Proxy, host: str, port: int, *, deadline_s: float = DEADLINE_S) -> socket.socket:
    """Return a socket that the proxy has connected to host and port; raises `OSError`."""
    until = time.monotonic() + deadline_s
    try:
        sock = socket.create_connection((proxy.host, proxy.port), timeout=deadline_s)
    except OSError as error:
        reason = error.strerror or str(error) or type(error).__name__
        raise ProxyError(f"the proxy cannot be reached: {reason}") from None
    try:
        sock.sendall(_request(proxy, host, port))
        _read_answer(sock, until)
    except TimeoutError:
        sock.close()
        raise ProxyError(f"the proxy did not answer within {deadline_s:g} s") from None
    except ProxyError:
        sock.close()
        raise
    except OSError as error:
        sock.close()
        raise ProxyError(f"the connection to the proxy broke: {error.strerror}") from None
    return sock


def _request(proxy: Proxy, host: str, port: int) -> bytes:
    place = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    lines = [f"CONNECT {place} HTTP/1.1", f"Host: {place}"]
    if proxy.basic:
        lines.append(f"Proxy-Authorization: Basic {proxy.basic}")
    return "\r\n".join([*lines, "", ""]).encode("ascii")


def _read_answer(sock: socket.socket, until: float) -> None:
    """Read up to the end of the header; a broker speaks only when spoken to, so nothing may follow it."""
    answer = b""
    while (end := _END.search(answer)) is None:
        if len(answer) >= LONGEST_ANSWER:
            raise ProxyError("what answers as proxy does not speak HTTP")
        sock.settimeout(max(0.001, until - time.monotonic()))
        if not (piece := sock.recv(LONGEST_ANSWER - len(answer))):
            raise ProxyError("the proxy closed the connection without an answer")
        answer += piece
        if time.monotonic() >= until:
            raise TimeoutError
    status = _STATUS.match(answer)
    if status is None:
        raise ProxyError("what answers as proxy does not speak HTTP")
    if status[1] in (b"401", b"407"):
        raise ProxyError(
            "the proxy asks for name and password: set them as [broker] proxy, or they are wrong"
        )
    if not 200 <= int(status[1]) < 300:
        raise ProxyError(f"the proxy refuses the connection with {int(status[1])}")
    if end.end() != len(answer):
        raise ProxyError("what answers as proxy does not speak HTTP")
