"""How are a machine's answers written down while the probes ask? By standing between them."""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import date
from typing import Any, TypeVar

from fernbereit_agent.errors import NotHere, ProbeError
from fernbereit_agent.host import Host, Interface, OwnCost, System
from fernbereit_agent.laptop import (
    Bytes,
    NetworkFault,
    NetworkInterface,
    No,
    RecordedLaptop,
    Resolved,
)
from fernbereit_agent.network_faults import word_for
from fernbereit_agent.privileged.reading import Helped
from fernbereit_agent.settings import ProbeSettings
from fernbereit_agent.windows_ports import Windows
from fernbereit_agent.windows_recorder import RecordingWindows, closed
from fernbereit_agent.wire_recorded import RecordingWire

Answer = TypeVar("Answer")


class RecordingHost:
    """Passes every question on to another host and keeps the answers; what is missing is not kept."""

    def __init__(self, inner: Host) -> None:
        self._inner = inner
        self._files: dict[str, str | Bytes | No] = {}
        self._folders: dict[str, tuple[str, ...] | No] = {}
        self._links: dict[str, str] = {}
        self._exists: set[str] = set()
        self._modified: dict[str, date] = {}
        self._commands: dict[str, str | No] = {}
        self._own_cost = (0.0, 0.0, 0)
        self._disk_space: dict[str, tuple[int, int]] = {}
        self._routes: dict[str, str | None] = {}
        self._resolved: dict[str, Resolved | No] = {}
        self._connections: dict[str, tuple[float | NetworkFault, ...]] = {}
        self._handshakes: dict[str, tuple[float | NetworkFault, ...]] = {}
        self._wire = RecordingWire(inner.wire)
        self._windows = RecordingWindows(inner)

    def laptop(self, note: str, settings: ProbeSettings) -> RecordedLaptop:
        """Return everything asked so far, as it was answered: not yet redacted."""
        return RecordedLaptop(
            provenance="recorded",
            note=note,
            system=self._inner.system,
            today=self._inner.today(),
            settings=settings,
            files=self._files,
            folders=self._folders,
            links=self._links,
            exists=tuple(sorted(self._exists)),
            modified=self._modified,
            commands=self._commands,
            memory_bytes=self._inner.memory_bytes(),
            cpu_count=self._inner.cpu_count(),
            own_cost=self._own_cost,
            disk_space=self._disk_space,
            host_name=self._inner.host_name(),
            architecture=self._inner.architecture(),
            interfaces=tuple(NetworkInterface(**asdict(each)) for each in self._inner.interfaces()),
            routes=self._routes,
            resolved=self._resolved,
            connections=self._connections,
            handshakes=self._handshakes,
            stun=self._wire.stuns,
            echoes=self._wire.echoes,
            pages=self._wire.pages(settings.portal_text),
            low_battery=self._inner.low_battery(),
            environment=dict(self._inner.environment()),
            windows=self._windows.answers(),
        )

    @property
    def system(self) -> System:
        """Return the operating system, which decides on the reader."""
        return self._inner.system

    def read_text(self, path: str) -> str:
        """Keep and return the text of a file."""
        return self.read_bytes(path).decode("utf-8", errors="replace")

    def read_bytes(self, path: str) -> bytes:
        """Keep and return the bytes of a file."""
        content = _kept(self._files, path, lambda: self._inner.read_bytes(path))
        self._files[path] = _writable(content)
        return content

    def list_dir(self, path: str) -> tuple[str, ...]:
        """Keep and return the names in a folder; an absent or empty one leaves no trace."""
        names = _kept(self._folders, path, lambda: self._inner.list_dir(path))
        if names:
            self._folders[path] = names
        return names

    def exists(self, path: str) -> bool:
        """Keep that a path exists."""
        there = self._inner.exists(path)
        if there:
            self._exists.add(path)
        return there

    def real_path(self, path: str) -> str:
        """Keep and return where a link leads."""
        real = self._inner.real_path(path)
        if real != path:
            self._links[path] = real
        return real

    def modified_on(self, path: str) -> date:
        """Keep and return the day of the last change."""
        self._modified[path] = self._inner.modified_on(path)
        return self._modified[path]

    def run(self, *command: str) -> str:
        """Keep and return what a command printed."""
        key = " ".join(command)
        printed = _kept(self._commands, key, lambda: self._inner.run(*command))
        self._commands[key] = printed
        return printed

    def memory_bytes(self) -> int:
        """Return the memory."""
        return self._inner.memory_bytes()

    def cpu_count(self) -> int:
        """Return the number of logical processors."""
        return self._inner.cpu_count()

    def own_cost(self) -> OwnCost:
        """Keep and return what the agent's process has cost."""
        cost = self._inner.own_cost()
        self._own_cost = (round(cost.cpu_s, 1), round(cost.age_s, 1), cost.memory_bytes)
        return cost

    def disk_space(self, path: str) -> tuple[int, int]:
        """Keep and return total and free bytes."""
        self._disk_space[path] = self._inner.disk_space(path)
        return self._disk_space[path]

    def host_name(self) -> str:
        """Return the host name."""
        return self._inner.host_name()

    def architecture(self) -> str:
        """Return the architecture."""
        return self._inner.architecture()

    def interfaces(self) -> tuple[Interface, ...]:
        """Return every network interface."""
        return self._inner.interfaces()

    def route_source(self, address: str) -> str | None:
        """Keep and return the source address of a route."""
        self._routes[address] = self._inner.route_source(address)
        return self._routes[address]

    def resolve(self, name: str) -> tuple[tuple[str, ...], float]:
        """Keep and return the addresses of a name."""
        addresses, took_ms = _kept(self._resolved, name, lambda: self._inner.resolve(name), absent=True)
        self._resolved[name] = Resolved(addresses=addresses, ms=took_ms)
        return addresses, took_ms

    def connect(self, address: str, port: int, timeout_s: float) -> float:
        """Keep and return how long a connection took, or its fault."""
        return _added(
            self._connections, f"{address}:{port}", lambda: self._inner.connect(address, port, timeout_s)
        )

    def tls_handshake(self, address: str, port: int, server_name: str, timeout_s: float) -> float:
        """Keep and return how long a handshake took, or its fault."""
        return _added(
            self._handshakes,
            f"{address}:{port} {server_name}",
            lambda: self._inner.tls_handshake(address, port, server_name, timeout_s),
        )

    @property
    def wire(self) -> RecordingWire:
        """Return questions whose answers are kept."""
        return self._wire

    def low_battery(self) -> bool | None:
        """Return whether the laptop lives on the last of its battery."""
        return self._inner.low_battery()

    def environment(self) -> Mapping[str, str]:
        """Return the proxy variables."""
        return self._inner.environment()

    @property
    def windows(self) -> Windows:
        """Return ports that keep what they are asked."""
        return self._windows

    def helped(self) -> Helped:
        """Return nothing: what a helper with rights says is no part of a recorded laptop."""
        return Helped()

    def today(self) -> date:
        """Return the local day."""
        return self._inner.today()

    def monotonic(self) -> float:
        """Return seconds on a clock that is never set."""
        return self._inner.monotonic()


def _kept(recorded: dict[str, Any], key: str, ask: Callable[[], Answer], *, absent: bool = False) -> Answer:
    """Ask, and write down a refusal; a missing thing only where `absent` says that it matters."""
    try:
        return ask()
    except ProbeError as error:
        if absent or not isinstance(error, NotHere):
            recorded[key] = No(no=closed(error), reason=error.reason)
        raise


def _added(
    recorded: dict[str, tuple[float | NetworkFault, ...]], key: str, ask: Callable[[], float]
) -> float:
    try:
        answer = ask()
    except OSError as error:
        recorded[key] = (*recorded.get(key, ()), word_for(error))
        raise
    recorded[key] = (*recorded.get(key, ()), round(answer, 3))
    return answer


def _writable(content: bytes) -> str | Bytes:
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return Bytes(hex=content.hex())
    return Bytes(hex=content.hex()) if "\0" in text else text
