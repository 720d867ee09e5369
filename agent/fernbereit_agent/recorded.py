"""How does a recorded laptop answer the probes? With what was written down; all else is not there."""

import errno
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from fernbereit.record import Reason
from fernbereit_agent.errors import NotHere
from fernbereit_agent.host import Interface, OwnCost, System
from fernbereit_agent.laptop import Bytes, NetworkFault, No, RecordedLaptop, Resolved
from fernbereit_agent.network_faults import fault
from fernbereit_agent.privileged.reading import Helped
from fernbereit_agent.refusals import shut
from fernbereit_agent.windows_ports import Windows
from fernbereit_agent.windows_recorded import RecordedWindows
from fernbereit_agent.wire_recorded import RecordedWire


class RecordedHost:
    """Answers from a recorded laptop; raises as the machine did."""

    def __init__(self, laptop: RecordedLaptop) -> None:
        self._laptop = laptop
        self._turn: dict[str, int] = {}
        self._children = _children(laptop)

    @property
    def system(self) -> System:
        """Return the operating system, which decides on the reader."""
        return self._laptop.system

    def read_text(self, path: str) -> str:
        """Return the text of a recorded file."""
        return self.read_bytes(path).decode("utf-8", errors="replace")

    def read_bytes(self, path: str) -> bytes:
        """Return the bytes of a recorded file."""
        answer: str | Bytes = _answer(self._laptop.files, path, self.real_path(path))
        return bytes.fromhex(answer.hex) if isinstance(answer, Bytes) else answer.encode()

    def list_dir(self, path: str) -> tuple[str, ...]:
        """Return the sorted names in a folder."""
        real = self.real_path(path)
        try:
            listed = _answer(self._laptop.folders, path, real)
        except NotHere:
            listed = ()
        known = self._children.get(path, set()) | self._children.get(real, set())
        return tuple(sorted({*listed, *known}))

    def exists(self, path: str) -> bool:
        """Tell whether the path was recorded in any way, or lies above one that was."""
        laptop = self._laptop
        for place in (path, self.real_path(path)):
            if place in laptop.exists or place in laptop.links or place in self._children:
                return True
            if isinstance(laptop.folders.get(place), tuple):
                return True
            file = laptop.files.get(place)
            if file is not None and not (isinstance(file, No) and file.no == "absent"):
                return True
        return False

    def real_path(self, path: str) -> str:
        """Return the path with the recorded links resolved."""
        for _ in range(8):
            above = [link for link in self._laptop.links if path == link or path.startswith(link + "/")]
            longest = max(above, key=len, default=None)
            if longest is None or (resolved := self._laptop.links[longest] + path[len(longest) :]) == path:
                return path
            path = resolved
        return path

    def modified_on(self, path: str) -> date:
        """Return the recorded day of the last change."""
        day: date = _answer(self._laptop.modified, path, self.real_path(path))
        return day

    def run(self, *command: str) -> str:
        """Return what the command printed."""
        text = " ".join(command)
        if text not in self._laptop.commands:
            raise NotHere(Reason.COMMAND_MISSING)
        printed: str = _answer(self._laptop.commands, text)
        return printed

    def memory_bytes(self) -> int:
        """Return the recorded memory."""
        return self._laptop.memory_bytes

    def cpu_count(self) -> int:
        """Return the recorded number of logical processors."""
        return self._laptop.cpu_count

    def own_cost(self) -> OwnCost:
        """Return the recorded cost of the agent's process."""
        cpu_s, age_s, memory_bytes = self._laptop.own_cost
        return OwnCost(cpu_s=cpu_s, age_s=age_s, memory_bytes=int(memory_bytes))

    def disk_space(self, path: str) -> tuple[int, int]:
        """Return the recorded total and free bytes."""
        total, free = _answer(self._laptop.disk_space, path)
        return total, free

    def host_name(self) -> str:
        """Return the recorded host name."""
        return self._laptop.host_name

    def architecture(self) -> str:
        """Return the recorded architecture."""
        return self._laptop.architecture

    def interfaces(self) -> tuple[Interface, ...]:
        """Return the recorded interfaces."""
        return tuple(
            Interface(
                name=seen.name,
                up=seen.up,
                mtu=seen.mtu,
                speed_mbps=seen.speed_mbps,
                addresses=seen.addresses,
            )
            for seen in self._laptop.interfaces
        )

    def route_source(self, address: str) -> str | None:
        """Return the recorded source address; None where none was recorded."""
        return self._laptop.routes.get(address)

    def resolve(self, name: str) -> tuple[tuple[str, ...], float]:
        """Return the recorded addresses and milliseconds."""
        answer: Resolved = _answer(self._laptop.resolved, name)
        return answer.addresses, answer.ms

    def connect(self, address: str, port: int, timeout_s: float) -> float:  # noqa: ARG002
        """Return the next recorded connection, or raise its fault."""
        return self._next(self._laptop.connections, f"{address}:{port}")

    def tls_handshake(self, address: str, port: int, server_name: str, timeout_s: float) -> float:  # noqa: ARG002
        """Return the next recorded handshake, or raise its fault."""
        return self._next(self._laptop.handshakes, f"{address}:{port} {server_name}")

    @property
    def wire(self) -> RecordedWire:
        """Return what the authority's own servers answered."""
        return RecordedWire(self._laptop)

    def low_battery(self) -> bool | None:
        """Return what was recorded."""
        return self._laptop.low_battery

    def environment(self) -> Mapping[str, str]:
        """Return the recorded proxy variables."""
        return self._laptop.environment

    @property
    def windows(self) -> Windows:
        """Return the recorded ports of Windows; on another system nothing was recorded."""
        return RecordedWindows(self._laptop.windows)

    def helped(self) -> Helped:
        """Return nothing: what a helper with rights says is no part of a recorded laptop."""
        return Helped()

    def today(self) -> date:
        """Return the day of the recording."""
        return self._laptop.today

    def monotonic(self) -> float:
        """Return a moment that never passes: reading a recording takes no time."""
        return 0.0

    def _next(self, recorded: Mapping[str, Sequence[float | NetworkFault]], key: str) -> float:
        answers = recorded.get(key)
        if not answers:
            raise OSError(errno.ENETUNREACH, "not recorded")
        turn = self._turn.get(key, 0)
        self._turn[key] = turn + 1
        answer = answers[turn % len(answers)]
        if isinstance(answer, str):
            raise fault(answer)
        return answer


def _answer(recorded: Mapping[str, Any], *keys: str) -> Any:
    """Return the first recorded answer, or raise what the machine raised."""
    for key in keys:
        answer = recorded.get(key)
        if isinstance(answer, No):
            raise shut(answer)
        if answer is not None:
            return answer
    raise NotHere(detail=keys[0])


def _children(laptop: RecordedLaptop) -> dict[str, set[str]]:
    """Return the names below every folder that follow from the recorded paths."""
    below: dict[str, set[str]] = {}
    paths = [path for path, file in laptop.files.items() if not isinstance(file, No) or file.no != "absent"]
    for path in (*paths, *laptop.folders, *laptop.links, *laptop.exists, *laptop.modified):
        rest = path
        while rest not in {"", "/"}:
            rest, _, name = rest.rpartition("/")
            below.setdefault(rest or "/", set()).add(name)
    return below
