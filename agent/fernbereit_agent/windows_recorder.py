"""How are the answers of Windows written down while the probes ask?"""

import re
from collections.abc import Callable
from typing import TypeVar

from fernbereit_agent.errors import Denied, NotHere, ProbeError, TimedOut, Unsupported
from fernbereit_agent.host import Host
from fernbereit_agent.laptop import Block, Bytes, Closed, No, RegistryAnswer, Sparse, WindowsAnswers
from fernbereit_agent.windows_ports import Blocks, Native, Number, Registry, RegistryValue, Wmi, WmiRow
from fernbereit_agent.windows_recorded import asked

Answer = TypeVar("Answer")
LONGEST_DENSE = 256
_ZEROS = re.compile(rb"\0{16,}")


class RecordingWindows:
    """Passes questions on to the ports of another host and keeps the answers; what is missing is not kept."""

    def __init__(self, inner: Host) -> None:
        self._inner = inner
        self._registry: dict[str, dict[str, RegistryAnswer] | No] = {}
        self._wmi: dict[str, tuple[dict[str, int | str | bool | None], ...] | No] = {}
        self._numbers: dict[str, int | No] = {}
        self._blocks: dict[str, tuple[Block, ...] | No] = {}

    def answers(self) -> WindowsAnswers:
        """Return everything asked so far: not yet redacted."""
        return WindowsAnswers(
            registry=self._registry, wmi=self._wmi, numbers=self._numbers, blocks=self._blocks
        )

    @property
    def registry(self) -> Registry:
        """Return this as the registry."""
        return self

    @property
    def wmi(self) -> Wmi:
        """Return this as WMI."""
        return self

    @property
    def native(self) -> Native:
        """Return this as the native calls."""
        return self

    def value(self, key: str, name: str) -> RegistryValue:
        """Keep and return a value."""
        try:
            found = self._inner.windows.registry.value(key, name)
        except NotHere:
            raise
        except ProbeError as error:
            self._keep(key, error, name)
            raise
        self._values(key)[name] = Bytes(hex=found.hex()) if isinstance(found, bytes) else found
        return found

    def has_value(self, key: str, name: str) -> bool:
        """Keep that a value exists."""
        there = self._asked(key, lambda: self._inner.windows.registry.has_value(key, name))
        if there:
            self._values(key).setdefault(name, None)
        return there

    def value_names(self, key: str) -> tuple[str, ...]:
        """Keep that values exist."""
        names = self._asked(key, lambda: self._inner.windows.registry.value_names(key))
        for name in names:
            self._values(key).setdefault(name, None)
        return names

    def has_key(self, key: str) -> bool:
        """Keep that a key exists."""
        there = self._asked(key, lambda: self._inner.windows.registry.has_key(key))
        if there:
            self._values(key)
        return there

    def subkeys(self, key: str) -> tuple[str, ...]:
        """Keep and return the names below a key."""
        names = self._asked(key, lambda: self._inner.windows.registry.subkeys(key))
        for name in names:
            self._values(f"{key}\\{name}")
        return names

    def rows(self, namespace: str, kind: str, *properties: str) -> tuple[WmiRow, ...]:
        """Keep and return rows."""
        key = f"{namespace}:{kind}"
        try:
            rows = self._inner.windows.wmi.rows(namespace, kind, *properties)
        except ProbeError as error:
            self._wmi[key] = No(no=closed(error), reason=error.reason)
            raise
        before = self._wmi.get(key)
        known = before if isinstance(before, tuple) and len(before) == len(rows) else ({},) * len(rows)
        self._wmi[key] = tuple({**old, **new} for old, new in zip(known, rows, strict=True))
        return rows

    def number(self, what: Number, of: str = "") -> int:
        """Keep and return a number."""
        try:
            found = self._inner.windows.native.number(what, of)
        except ProbeError as error:
            self._numbers[asked(what, of)] = No(no=closed(error), reason=error.reason)
            raise
        self._numbers[asked(what, of)] = found
        return found

    def blocks(self, what: Blocks, of: str = "") -> tuple[bytes, ...]:
        """Keep and return blocks."""
        try:
            found = self._inner.windows.native.blocks(what, of)
        except ProbeError as error:
            self._blocks[asked(what, of)] = No(no=closed(error), reason=error.reason)
            raise
        self._blocks[asked(what, of)] = tuple(map(folded, found))
        return found

    def _asked(self, key: str, ask: Callable[[], Answer]) -> Answer:
        try:
            return ask()
        except ProbeError as error:
            self._keep(key, error)
            raise

    def _keep(self, key: str, error: ProbeError, name: str = "") -> None:
        refusal = No(no=closed(error), reason=error.reason)
        hive = key.partition("\\")[0]
        if isinstance(error, Unsupported):
            self._registry[hive] = refusal
        elif not name:
            self._registry[key] = refusal
        elif not isinstance(self._registry.get(key), No):
            self._values(key)[name] = refusal

    def _values(self, key: str) -> dict[str, RegistryAnswer]:
        kept = self._registry.setdefault(key, {})
        if isinstance(kept, No):
            kept = self._registry[key] = {}
        return kept


def closed(error: ProbeError) -> Closed:
    """Return the recorded word for an exception; the counterpart of `shut`."""
    words: tuple[tuple[type[ProbeError], Closed], ...] = (
        (NotHere, "absent"),
        (Denied, "denied"),
        (TimedOut, "timeout"),
        (Unsupported, "unsupported"),
    )
    return next((word for kind, word in words if isinstance(error, kind)), "failed")


def folded(block: bytes) -> Block:
    """Return a block as it is written down: pieces between long runs of zeros where it is large."""
    if len(block) <= LONGEST_DENSE or len(block) > 1 << 16:
        return Bytes(hex=block.hex())
    pieces: dict[int, str] = {}
    start = 0
    for run in _ZEROS.finditer(block):
        if run.start() > start:
            pieces[start] = block[start : run.start()].hex()
        start = run.end()
    if start < len(block):
        pieces[start] = block[start:].hex()
    return Sparse(size=len(block), at=pieces)
