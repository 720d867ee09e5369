"""How does a collector get exactly these messages? From a broker that can do nothing else.

python tests/bench/pumping.py        says its port; sends for each line it reads, and says when it did
"""

import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench.messages import Message
from bench.packets import packets, publish

_CONNECT, _SUBSCRIBE, _PUBACK = 0x10, 0x82, 0x40
_CONNACK, _SUBACK = b"\x20\x03\0\0\0", b"\x90\x04"
_CHUNK = 2**16


class Broker:
    """One connection of one collector, by MQTT 5."""

    def __init__(self, connection: socket.socket) -> None:
        self.pubacks = 0
        self._connection = connection
        threading.Thread(target=self._hear, daemon=True).start()

    def send(self, made: Sequence[bytes], pause_s: float) -> None:
        """Send packets; with a pause each by itself, else as fast as they are taken."""
        for packet in made if pause_s else (b"".join(made),):
            self._connection.sendall(packet)
            time.sleep(pause_s)

    def _hear(self) -> None:
        received = bytearray()
        while chunk := self._connection.recv(_CHUNK):
            received += chunk
            for kind, body in packets(received):
                self.pubacks += kind == _PUBACK
                if kind == _CONNECT:
                    self._connection.sendall(_CONNACK)
                elif kind == _SUBSCRIBE:
                    self._connection.sendall(_SUBACK + bytes(body[:2]) + b"\0\1")


def _lengths(file: Path) -> Iterator[bytes]:
    """Read packets, each after its length."""
    whole, at = file.read_bytes(), 0
    while at < len(whole):
        size = int.from_bytes(whole[at : at + 4], "big")
        yield whole[at + 4 : at + 4 + size]
        at += 4 + size


def main() -> None:
    """Wait for the collector, and send what is asked for."""
    listener = socket.create_server(("127.0.0.1", 0))
    print(listener.getsockname()[1], flush=True)  # noqa: T201 - whoever measures reads it
    broker = Broker(listener.accept()[0])
    for line in sys.stdin:
        if line.strip():
            pause_s, file = line.rstrip("\n").split(" ", 1)
            broker.send(list(_lengths(Path(file))), float(pause_s))
        print(broker.pubacks, flush=True)  # noqa: T201 - as above


class Pump:
    """Such a broker in a process of its own."""

    def __init__(self, process: "subprocess.Popen[str]", folder: Path) -> None:
        self._process, self._file = process, folder / "packets"
        self.port = int(self._said())

    def prepare(self, sent: Sequence[Message]) -> None:
        """Make the packets of these messages."""
        made = [publish(m.topic, m.payload, number, version=5) for number, m in enumerate(sent)]
        self._file.write_bytes(b"".join(len(packet).to_bytes(4, "big") + packet for packet in made))

    def send(self, pause_s: float = 0.0) -> None:
        """Have them sent, each by itself if there is a pause; returns at once."""
        self._say(f"{pause_s} {self._file}")

    def pubacks(self) -> int:
        """Return how many PUBACKs came, once everything asked for before is sent."""
        return int(self._said())

    def count(self) -> int:
        """Return how many PUBACKs came until now."""
        self._say("")
        return self.pubacks()

    def _say(self, line: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(f"{line}\n")
        self._process.stdin.flush()

    def _said(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline()


@contextmanager
def pumping(folder: Path) -> Iterator[Pump]:
    """Start one; whatever happens, leave none behind."""
    process = subprocess.Popen(
        [sys.executable, __file__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        yield Pump(process, folder)
    finally:
        process.kill()
        process.communicate()


if __name__ == "__main__":
    main()
