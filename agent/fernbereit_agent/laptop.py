"""What is written down of a laptop? Every answer it gave, in one JSON file.

`tests/laptops/README.md` says how to add one by hand; `fernbereit-agent record DIR` writes one.
"""

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from fernbereit.record import Reason
from fernbereit_agent.host import System
from fernbereit_agent.settings import ProbeSettings

Closed = Literal["absent", "denied", "timeout", "failed", "unsupported"]
"""Why there was no answer: `NotHere`, `Denied`, `TimedOut`, `Unreadable`, `Unsupported`."""

NetworkFault = Literal["refused", "timeout", "unreachable", "tls", "certificate"]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Bytes(_Part):
    """Bytes that are no text, in hexadecimal."""

    hex: Annotated[str, Field(pattern=r"^([0-9a-f]{2})*$")]


class No(_Part):
    """There was no answer, and why."""

    no: Closed
    reason: Reason | None = None


class Resolved(_Part):
    """The resolver's answer."""

    addresses: tuple[str, ...]
    ms: float


class Page(_Part):
    """As `fernbereit_agent.wire.ShortPage`; of a text that is not the expected one nothing is kept."""

    status: int
    text: str = ""
    elsewhere: bool = False


class NetworkInterface(_Part):
    """As `fernbereit_agent.host.Interface`."""

    name: str
    up: bool = True
    mtu: int = 1500
    speed_mbps: int = 0
    addresses: tuple[str, ...] = ()


class Sparse(_Part):
    """A large block that is mostly zeros: its size, and pieces in hexadecimal by their offset."""

    size: Annotated[int, Field(ge=0, le=1 << 16)]
    at: dict[Annotated[int, Field(ge=0)], Annotated[str, Field(pattern=r"^([0-9a-f]{2})*$")]]


Block = Bytes | Sparse
RegistryAnswer = int | str | tuple[str, ...] | Bytes | No | None


class WindowsAnswers(_Part):
    """What the three ports of `windows_ports` answered; keys of the registry in any case."""

    registry: dict[str, Annotated[No | dict[str, RegistryAnswer], Field(union_mode="left_to_right")]] = {}
    """Values by key; null is a value that is there and was not read. A hive closed as a whole is `HKCU`."""
    wmi: dict[str, tuple[dict[str, int | str | bool | None], ...] | No] = {}
    """Rows by `NAMESPACE:Class`."""
    numbers: dict[str, int | No] = {}
    """By the words of `Number` and the argument, with a blank between."""
    blocks: dict[str, tuple[Block, ...] | No] = {}
    """By the words of `Blocks` and the argument, with a blank between."""


class RecordedLaptop(_Part):
    """Every answer of one machine. Keys are absolute paths, commands joined by blanks, `address:port`."""

    provenance: Annotated[str, Field(pattern=r"^(recorded|constructed|retyped from .+)$")]
    note: str
    system: System = System.LINUX
    today: date
    settings: ProbeSettings = ProbeSettings()
    files: dict[str, str | Bytes | No] = {}
    folders: dict[str, tuple[str, ...] | No] = {}
    """Names in a folder; names of recorded files, links and folders below it are added by themselves."""
    links: dict[str, str] = {}
    """Symbolic links by path, resolved; also for folders on the way to a file."""
    exists: tuple[str, ...] = ()
    modified: dict[str, date] = {}
    commands: dict[str, str | No] = {}
    memory_bytes: int = 0
    cpu_count: int = 0
    own_cost: tuple[float, float, int] = (0.0, 0.0, 0)
    """Processor seconds, seconds of life and bytes of the agent's process."""
    disk_space: dict[str, tuple[int, int]] = {}
    host_name: str = "laptop"
    architecture: str = "x86_64"
    interfaces: tuple[NetworkInterface, ...] = ()
    routes: dict[str, str | None] = {}
    resolved: dict[str, Resolved | No] = {}
    connections: dict[str, tuple[float | NetworkFault, ...]] = {}
    """Milliseconds or the fault of each connection in turn; the sequence starts over when it is used up."""
    handshakes: dict[str, tuple[float | NetworkFault, ...]] = {}
    stun: dict[str, float | NetworkFault | None] = {}
    echoes: dict[str, tuple[float | None, ...] | NetworkFault] = {}
    pages: dict[str, Page | NetworkFault | None] = {}
    """What the authority's own servers answered, by `address:port` and by URL."""
    low_battery: bool | None = None
    environment: dict[str, str] = {}
    windows: WindowsAnswers = WindowsAnswers()
