"""How are thousands of messages a second sent from a program that takes next to nothing itself? Made before.

MQTT as bytes, as far as a bench needs it: whoever measures on two cores must not be what is measured, and a
client library takes as long to send a report as a collector to store it.
"""

import select
import socket
import time
from collections.abc import Callable, Iterator, Sequence

_CONNECT, _CONNACK, _PUBLISH, _SUBSCRIBE, _SUBACK = 0x10, 0x20, 0x30, 0x82, 0x90
_QOS_1 = 0x02
_CHUNK, _AT_ONCE = 2**18, 50


def _packet(kind: int, body: bytes) -> bytes:
    size, length = len(body), b""
    while True:
        size, digit = divmod(size, 128)
        length += bytes([digit | 0x80 if size else digit])
        if not size:
            return bytes([kind]) + length + body


def _text(text: str) -> bytes:
    return len(text).to_bytes(2, "big") + text.encode()


def publish(topic: str, payload: bytes, number: int, *, version: int = 4) -> bytes:
    """Return a PUBLISH packet of QoS 1; version 4 is MQTT 3.1.1, 5 has an empty list of properties."""
    properties = b"\0" if version == 5 else b""
    name = (number % 65_535 + 1).to_bytes(2, "big")
    return _packet(_PUBLISH | _QOS_1, _text(topic) + name + properties + payload)


def packets(received: bytearray) -> Iterator[tuple[int, memoryview]]:
    """Take whole packets off the front of what was received: the first byte of each and its body."""
    at, view, whole = 0, memoryview(bytes(received)), len(received)
    while at + 2 <= whole:
        size = shift = 0
        body = at + 1
        while body < whole:
            digit = view[body]
            size |= (digit & 0x7F) << shift
            body, shift = body + 1, shift + 7
            if digit < 0x80:
                break
        else:
            break
        if body + size > whole:
            break
        yield view[at], view[body : body + size]
        at = body + size
    del received[:at]


class Pipe:
    """A connection to a broker, by MQTT 3.1.1, that sends packets made before."""

    def __init__(self, port: int, name: str, listen_to: str | None = None) -> None:
        self.sent = 0
        self._received = bytearray()
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=30)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._ask(_packet(_CONNECT, _text("MQTT") + b"\4\2\0\0" + _text(name)), _CONNACK)
        if listen_to is not None:
            self._ask(_packet(_SUBSCRIBE, b"\0\1" + _text(listen_to) + b"\0"), _SUBACK)

    def send_all(self, made: Sequence[bytes], hear: Callable[[memoryview], None]) -> None:
        """Send all of these as fast as the broker takes them, and hand over what is published meanwhile."""
        self.sent = 0
        while self.sent < len(made):
            self.send_until(min(self.sent + _AT_ONCE, len(made)), made)
            for body in self.heard(0):
                hear(body)

    def send_until(self, due: int, made: Sequence[bytes]) -> None:
        """Send those that are due and were not sent; begins anew at the end of what was made."""
        if due > self.sent:
            self._socket.sendall(b"".join(made[n % len(made)] for n in range(self.sent, due)))
            self.sent = due

    def heard(self, within_s: float) -> Iterator[memoryview]:
        """Wait as long, and yield what is published meanwhile: topic with its length, and payload."""
        ends, left = time.monotonic() + within_s, within_s
        while left >= 0 and select.select([self._socket], [], [], left)[0]:
            left = ends - time.monotonic()
            chunk = self._socket.recv(_CHUNK)
            if not chunk:
                raise SystemExit("the broker ended the connection")
            self._received += chunk
            for kind, body in packets(self._received):
                if kind & 0xF0 == _PUBLISH:
                    yield body

    def close(self) -> None:
        """End it."""
        self._socket.close()

    def _ask(self, packet: bytes, answer: int) -> None:
        self._socket.sendall(packet)
        while True:
            self._received += self._socket.recv(_CHUNK)
            for kind, _ in packets(self._received):
                if kind == answer:
                    return
