"""What may a probe ask of the machine it runs on?

`Host` is the whole of it: files below a root, a few fixed commands, the kernel's routing answer, timed
connections. `LocalHost` answers from the machine, `RecordedHost` in `recorded.py` from a recorded laptop.
Nothing here reads more than a megabyte, waits without a deadline, or sends a byte except to a target of the
settings.
"""

import os
import platform
import socket
import sys
import time
from collections.abc import Mapping
from datetime import UTC, date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Protocol

import psutil

from fernbereit_agent import commands, proxies, sockets
from fernbereit_agent.commands import LONGEST_ANSWER
from fernbereit_agent.errors import NotHere
from fernbereit_agent.figures import Interface, OwnCost, interfaces, low_battery, own_cost
from fernbereit_agent.file_errors import file_errors
from fernbereit_agent.privileged import reading as privileged_reading
from fernbereit_agent.privileged.reading import Helped
from fernbereit_agent.windows_ports import NoWindows, Windows
from fernbereit_agent.wire import LocalWire, Wire

if sys.platform == "win32":
    from fernbereit_agent.host_windows import LocalWindows

__all__ = ["Host", "Interface", "LocalHost", "OwnCost", "System", "this_system"]


class System(StrEnum):
    """The operating system whose reader is used."""

    WINDOWS = "windows"
    MACOS = "macos"
    LINUX = "linux"


class Host(Protocol):
    """Answers of one machine. Paths are absolute; a missing file raises `NotHere`, a closed one `Denied`."""

    @property
    def system(self) -> System:
        """Return the operating system, which decides on the reader."""

    def read_text(self, path: str) -> str:
        """Return the text of a small file, undecodable bytes replaced."""

    def read_bytes(self, path: str) -> bytes:
        """Return the bytes of a small file."""

    def list_dir(self, path: str) -> tuple[str, ...]:
        """Return the sorted names in a folder; an absent folder is empty, a closed one raises `Denied`."""

    def exists(self, path: str) -> bool:
        """Tell whether the path exists."""

    def real_path(self, path: str) -> str:
        """Return the path with every symbolic link resolved, whether it exists or not."""

    def modified_on(self, path: str) -> date:
        """Return the day a file was last changed; raises `NotHere` or `Denied`."""

    def run(self, *command: str) -> str:
        """Return what a command prints in the C locale; raises any `ProbeError`."""

    def memory_bytes(self) -> int:
        """Return the memory the system can use."""

    def cpu_count(self) -> int:
        """Return the number of logical processors."""

    def own_cost(self) -> OwnCost:
        """Return what this process has cost so far."""

    def disk_space(self, path: str) -> tuple[int, int]:
        """Return total and free bytes of the volume that holds `path`."""

    def host_name(self) -> str:
        """Return the host name without domain; it leaves the laptop only as a keyed hash."""

    def architecture(self) -> str:
        """Return the machine's architecture as the kernel names it."""

    def interfaces(self) -> tuple[Interface, ...]:
        """Return every network interface."""

    def route_source(self, address: str) -> str | None:
        """Return the local address the kernel would send from to `address`, or None; nothing is sent."""

    def resolve(self, name: str) -> tuple[tuple[str, ...], float]:
        """Return the addresses of a name and the milliseconds it took; raises `NotHere` or `TimedOut`."""

    def connect(self, address: str, port: int, timeout_s: float) -> float:
        """Return the milliseconds a TCP connection took; raises `TimeoutError` or another `OSError`."""

    def tls_handshake(self, address: str, port: int, server_name: str, timeout_s: float) -> float:
        """Return the milliseconds of a verified TLS handshake; raises `ssl.SSLError` or another `OSError`."""

    @property
    def wire(self) -> Wire:
        """Return the questions to the authority's own STUN server, reflector and page."""

    def low_battery(self) -> bool | None:
        """Tell whether the laptop lives on the last of its battery; None where that is not told."""

    def environment(self) -> Mapping[str, str]:
        """Return the proxy variables of the environment, credentials removed."""

    @property
    def windows(self) -> Windows:
        """Return the ports of Windows; elsewhere whatever is asked of them is `Unsupported`."""

    def helped(self) -> Helped:
        """Return what the helper with rights wrote down, or why that is not used."""

    def today(self) -> date:
        """Return the local day."""

    def monotonic(self) -> float:
        """Return seconds on a clock that is never set, for budgets."""


def this_system() -> System:
    """Return the operating system this program runs on; every Unix that is no macOS counts as Linux."""
    return {"win32": System.WINDOWS, "darwin": System.MACOS}.get(sys.platform, System.LINUX)


class LocalHost:
    """The machine itself; with another `root` the files of a tree copied from a machine."""

    def __init__(self, root: str = "/", system: System | None = None) -> None:
        self._root = Path(_system_drive() if root == "/" else root).resolve()
        self._system = system or this_system()

    @property
    def system(self) -> System:
        """Return the operating system, which decides on the reader."""
        return self._system

    def read_text(self, path: str) -> str:
        """Return the text of a small file, undecodable bytes replaced."""
        return self.read_bytes(path).decode("utf-8", errors="replace")

    def read_bytes(self, path: str) -> bytes:
        """Return the bytes of a small file."""
        with file_errors(), self._below_root(path).open("rb") as file:
            return file.read(LONGEST_ANSWER)

    def list_dir(self, path: str) -> tuple[str, ...]:
        """Return the sorted names in a folder; an absent folder is empty, a closed one raises `Denied`."""
        try:
            with file_errors():
                return tuple(sorted(os.listdir(self._below_root(path))))  # noqa: PTH208 - names, not paths
        except NotHere:
            return ()

    def exists(self, path: str) -> bool:
        """Tell whether the path exists."""
        try:
            return os.path.exists(self._below_root(path))  # noqa: PTH110 - Path.exists raises for closed folders
        except NotHere:
            return False

    def real_path(self, path: str) -> str:
        """Return the path with every symbolic link resolved, whether it exists or not."""
        return "/" + str(self._below_root(path).relative_to(self._root).as_posix()).removeprefix(".")

    def modified_on(self, path: str) -> date:
        """Return the day a file was last changed; raises `NotHere` or `Denied`."""
        with file_errors():
            changed = self._below_root(path).stat().st_mtime
        return datetime.fromtimestamp(changed, tz=UTC).astimezone().date()

    def run(self, *command: str) -> str:
        """Return what a command prints in the C locale; raises any `ProbeError`."""
        return commands.run(*command)

    def memory_bytes(self) -> int:
        """Return the memory the system can use."""
        return int(psutil.virtual_memory().total)

    def cpu_count(self) -> int:
        """Return the number of logical processors."""
        return psutil.cpu_count() or 0

    def own_cost(self) -> OwnCost:
        """Return what this process has cost so far."""
        return own_cost()

    def disk_space(self, path: str) -> tuple[int, int]:
        """Return total and free bytes of the volume that holds `path`."""
        with file_errors():
            usage = psutil.disk_usage(str(self._below_root(path)))
        return int(usage.total), int(usage.free)

    def host_name(self) -> str:
        """Return the host name without domain; it leaves the laptop only as a keyed hash."""
        return socket.gethostname().partition(".")[0]

    def architecture(self) -> str:
        """Return the machine's architecture as the kernel names it."""
        return platform.machine()

    def interfaces(self) -> tuple[Interface, ...]:
        """Return every network interface."""
        return interfaces()

    def route_source(self, address: str) -> str | None:
        """Return the local address the kernel would send from to `address`, or None without a route."""
        return sockets.route_source(address)

    def resolve(self, name: str) -> tuple[tuple[str, ...], float]:
        """Return the addresses of a name and the milliseconds it took; raises `NotHere` or `TimedOut`."""
        return sockets.resolve(name)

    def connect(self, address: str, port: int, timeout_s: float) -> float:
        """Return the milliseconds a TCP connection took; raises `TimeoutError` or another `OSError`."""
        return sockets.connect(address, port, timeout_s)

    def tls_handshake(self, address: str, port: int, server_name: str, timeout_s: float) -> float:
        """Return the milliseconds of a verified TLS handshake; raises `ssl.SSLError` or another `OSError`."""
        return sockets.tls_handshake(address, port, server_name, timeout_s)

    @property
    def wire(self) -> Wire:
        """Return the questions to the authority's own STUN server, reflector and page."""
        return LocalWire()

    def low_battery(self) -> bool | None:
        """Tell whether the laptop lives on the last of its battery; None where that is not told."""
        return low_battery()

    def environment(self) -> Mapping[str, str]:
        """Return the proxy variables of the environment, credentials removed."""
        return proxies.named_by(os.environ)

    @property
    def windows(self) -> Windows:
        """Return the ports of Windows; elsewhere whatever is asked of them is `Unsupported`."""
        if sys.platform == "win32":
            return LocalWindows()
        return NoWindows()

    def helped(self) -> Helped:
        """Return what the helper with rights wrote down, or why that is not used."""
        return privileged_reading.read(self.today())

    def today(self) -> date:
        """Return the local day."""
        return datetime.now(tz=UTC).astimezone().date()

    def monotonic(self) -> float:
        """Return seconds on a clock that is never set."""
        return time.monotonic()

    def _below_root(self, path: str) -> Path:
        """Return where the path really lies; raises `NotHere` if a link leads out of the tree."""
        place = Path(os.path.realpath(self._root / path.lstrip("/")))
        if not place.is_relative_to(self._root):
            raise NotHere(detail="outside of the tree")
        return place


def _system_drive() -> str:
    """Return the root of all paths: on Windows the drive it starts from, whatever the current one is."""
    return os.environ.get("SYSTEMDRIVE", "C:") + "\\" if sys.platform == "win32" else "/"
