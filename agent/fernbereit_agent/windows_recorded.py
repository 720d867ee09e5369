"""How does a recorded Windows laptop answer the three ports? With what was written down."""

from collections.abc import Mapping

from fernbereit.record import Reason
from fernbereit_agent.errors import NotHere, Unsupported
from fernbereit_agent.laptop import Block, Bytes, No, RegistryAnswer, WindowsAnswers
from fernbereit_agent.refusals import shut
from fernbereit_agent.windows_ports import Blocks, Native, Number, Registry, RegistryValue, Wmi, WmiRow

HIVES = ("hklm", "hkcu")


class RecordedRegistry:
    """Recorded values; keys above a recorded one exist as well."""

    def __init__(self, recorded: Mapping[str, dict[str, RegistryAnswer] | No]) -> None:
        self._keys = {key.casefold(): values for key, values in recorded.items()}
        self._names: dict[str, dict[str, str]] = {}
        for key, values in recorded.items():
            if isinstance(values, No) and values.no == "absent":
                continue
            rest = key
            while "\\" in rest:
                rest, _, name = rest.rpartition("\\")
                self._names.setdefault(rest.casefold(), {})[name.casefold()] = name

    def value(self, key: str, name: str) -> RegistryValue:
        """Return a recorded value."""
        values = {each.casefold(): value for each, value in self._values(key).items()}
        if name.casefold() not in values:
            raise NotHere(Reason.NOT_CONFIGURED, f"{key} {name}")
        found = values[name.casefold()]
        if isinstance(found, No):
            raise shut(found)
        if found is None:
            raise NotHere(Reason.NOT_CONFIGURED, f"{key} {name} was not read")
        return bytes.fromhex(found.hex) if isinstance(found, Bytes) else found

    def has_value(self, key: str, name: str) -> bool:
        """Tell whether a value was recorded, with or without its content."""
        try:
            return name.casefold() in {each.casefold() for each in self._values(key)}
        except NotHere:
            return False

    def value_names(self, key: str) -> tuple[str, ...]:
        """Return the names of the values recorded for a key."""
        try:
            return tuple(sorted(self._values(key)))
        except NotHere:
            return ()

    def has_key(self, key: str) -> bool:
        """Tell whether a key was recorded, or one below it."""
        try:
            self._values(key)
        except NotHere:
            return False
        return True

    def subkeys(self, key: str) -> tuple[str, ...]:
        """Return the names of recorded keys below a key."""
        if not self.has_key(key):
            return ()
        return tuple(sorted(self._names.get(key.casefold(), {}).values()))

    def _values(self, key: str) -> Mapping[str, RegistryAnswer]:
        folded = key.casefold()
        for place in (folded.partition("\\")[0], folded):
            closed = self._keys.get(place)
            if isinstance(closed, No):
                raise shut(closed)
        found = self._keys.get(folded)
        if isinstance(found, dict):
            return found
        if folded in self._names:
            return {}
        raise NotHere(Reason.NOT_CONFIGURED, key)


class RecordedWmi:
    """Recorded rows."""

    def __init__(self, recorded: Mapping[str, tuple[dict[str, int | str | bool | None], ...] | No]) -> None:
        self._recorded = recorded

    def rows(self, namespace: str, kind: str, *properties: str) -> tuple[WmiRow, ...]:
        """Return the recorded rows with the named properties; a property not recorded is null."""
        found = self._recorded.get(f"{namespace}:{kind}")
        if found is None:
            raise Unsupported(Reason.API_MISSING, f"{namespace}:{kind}")
        if isinstance(found, No):
            raise shut(found)
        return tuple({name: row.get(name) for name in properties} for row in found)


class RecordedNative:
    """Recorded numbers and blocks."""

    def __init__(self, numbers: Mapping[str, int | No], blocks: Mapping[str, tuple[Block, ...] | No]) -> None:
        self._numbers = numbers
        self._blocks = blocks

    def number(self, what: Number, of: str = "") -> int:
        """Return a recorded number."""
        found = self._numbers.get(asked(what, of))
        if found is None:
            raise NotHere(detail=asked(what, of))
        if isinstance(found, No):
            raise shut(found)
        return found

    def blocks(self, what: Blocks, of: str = "") -> tuple[bytes, ...]:
        """Return recorded blocks."""
        found = self._blocks.get(asked(what, of))
        if found is None:
            raise NotHere(detail=asked(what, of))
        if isinstance(found, No):
            raise shut(found)
        return tuple(map(unfolded, found))


class RecordedWindows:
    """The recorded ports together."""

    def __init__(self, answers: WindowsAnswers) -> None:
        self._registry = RecordedRegistry(answers.registry)
        self._wmi = RecordedWmi(answers.wmi)
        self._native = RecordedNative(answers.numbers, answers.blocks)

    @property
    def registry(self) -> Registry:
        """Return the recorded registry."""
        return self._registry

    @property
    def wmi(self) -> Wmi:
        """Return the recorded rows."""
        return self._wmi

    @property
    def native(self) -> Native:
        """Return the recorded calls."""
        return self._native


def asked(what: Number | Blocks, of: str) -> str:
    """Return the key under which an answer is recorded.

    >>> asked(Number.BITLOCKER, "C:"), asked(Number.CAMERAS, "")
    ('bitlocker C:', 'cameras')
    """
    return f"{what.value} {of}".rstrip()


def unfolded(block: Block) -> bytes:
    """Return the bytes of a recorded block; pieces beyond its size are cut."""
    if isinstance(block, Bytes):
        return bytes.fromhex(block.hex)
    whole = bytearray(block.size)
    for at, piece in block.at.items():
        found = bytes.fromhex(piece)[: max(0, block.size - at)]
        whole[at : at + len(found)] = found
    return bytes(whole)
