"""What may a probe ask of the machine it runs on?

`Host` is the whole of it: files below a root, a few fixed commands, the kernel's routing answer, timed
connections. `LocalHost` answers from the machine (or from a tree below another root), `RecordedHost` from a
recorded laptop. This is the only file of the agent that runs commands.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol


class System(StrEnum):
    """The operating system whose reader is used."""

    WINDOWS = "windows"
    MACOS = "macos"
    LINUX = "linux"


@dataclass(frozen=True, slots=True, kw_only=True)
class Interface:
    """One network interface as psutil tells it; `addresses` without prefix length or scope."""

    name: str
    up: bool
    mtu: int
    speed_mbps: int
    addresses: tuple[str, ...]


class Host(Protocol):
    """Answers of one machine. Paths are absolute; a missing file raises `NotHere`, a closed one `Denied`."""

    system: System

    def read_text(self, path: str) -> str:
        """Return the text of a small file, undecodable bytes replaced."""

    def read_bytes(self, path: str) -> bytes:
        """Return the bytes of a small file."""

    def list_dir(self, path: str) -> tuple[str, ...]:
        """Return the sorted names in a folder; an absent folder is empty."""

    def exists(self, path: str) -> bool:
        """Tell whether the path exists."""

    def real_path(self, path: str) -> str:
        """Return the path with every symbolic link resolved."""

    def modified_on(self, path: str) -> date:
        """Return the day a file was last changed."""

    def run(self, *command: str) -> str:
        """Return what a command prints in the C locale; raises `NotHere`, `Denied`, `TimedOut`, `Unreadable`."""

    def memory_bytes(self) -> int:
        """Return the memory the system can use."""

    def cpu_count(self) -> int:
        """Return the number of logical processors."""

    def disk_space(self, path: str) -> tuple[int, int]:
        """Return total and free bytes of the volume that holds `path`."""

    def host_name(self) -> str:
        """Return the host name without domain; it leaves the laptop only as a keyed hash."""

    def architecture(self) -> str:
        """Return the machine's architecture as the kernel names it."""

    def interfaces(self) -> tuple[Interface, ...]:
        """Return every network interface."""

    def route_source(self, address: str) -> str | None:
        """Return the local address the kernel would send from to `address`, or None without a route.

        Nothing is sent: a UDP socket is connected and asked for its own name.
        """

    def resolve(self, name: str) -> tuple[tuple[str, ...], float]:
        """Return the addresses of a name and the milliseconds it took; raises `NotHere` or `TimedOut`."""

    def connect(self, address: str, port: int, timeout_s: float) -> float:
        """Return the milliseconds a TCP connection took; raises `ConnectionError` or `TimeoutError`."""

    def tls_handshake(self, address: str, port: int, server_name: str, timeout_s: float) -> float:
        """Return the milliseconds of a verified TLS handshake; raises `ssl.SSLError`, `OSError`."""

    def environment(self) -> Mapping[str, str]:
        """Return the proxy variables of the environment, credentials removed."""

    def today(self) -> date:
        """Return the local day."""
