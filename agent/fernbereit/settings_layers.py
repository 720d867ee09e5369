"""Which source has the last word on a setting, and where does it stand there?

A layer is what one source says: a file, the environment, a policy of the management. Later layers replace
single values of earlier ones; lists are replaced whole. Every value keeps its origin, for faults and for
people who ask why a setting is as it is.
"""

import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Literal

from fernbereit.toml_lines import Path, key_lines

NO_TOML = (ValueError, RecursionError)
"""What tomllib raises: its own error, one of a number too long to be read, and one of endless brackets."""
DEEPEST = 8
"""Deeper stands no setting of any program, and endless tables would exhaust the stack."""


class Source(StrEnum):
    """Kinds of sources, the later over the earlier."""

    DEFAULT = "default"
    FILE = "file"
    ENVIRONMENT = "environment"
    MANAGED = "managed"
    COMMAND = "command"


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where a value stands: `form` is the kind of place, `name` names it, within `place` if it has one."""

    source: Source
    form: Literal["default", "file", "variable", "registry", "plist", "option"]
    name: str = ""
    place: str = ""
    line: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """What one source says; `origins` has every path that it writes, tables included."""

    name: str
    values: Mapping[str, Any] = field(default_factory=dict)
    origins: Mapping[Path, Origin] = field(default_factory=dict)


class InTheWay(Exception):  # noqa: N818 - becomes a fault
    """A source names a key below what is no table; `origin` is where it does."""

    def __init__(self, origin: Origin) -> None:
        super().__init__(origin.name)
        self.origin = origin


def file_layer(name: str, text: str, source: Source = Source.FILE) -> Layer:
    """Read a TOML text; raises one of `NO_TOML`."""
    values = tomllib.loads(text)
    lines = key_lines(text)
    origins = {path: Origin(source=source, form="file", name=name, line=line) for path, line in lines.items()}
    origins[()] = Origin(source=source, form="file", name=name)  # for keys that are written in unusual ways
    return Layer(name=name, values=values, origins=origins)


def flat_layer(name: str, entries: Iterable[tuple[Path, Any, Origin]]) -> Layer:
    """Build a layer from single values by path; raises `InTheWay`."""
    values: dict[str, Any] = {}
    origins: dict[Path, Origin] = {}
    for path, value, origin in entries:
        nested = value
        for word in reversed(path):
            nested = {word: nested}
        told = {path[:n]: origin for n in range(1, len(path) + 1)}
        _overlay(values, origins, nested, told, ())
    return Layer(name=name, values=values, origins=origins)


def environment_layer(environment: Mapping[str, str], prefix: str, kind: Callable[[Path], str]) -> Layer:
    """Read the variables `<prefix><SECTION>__<KEY>`; `kind` is JSON Schema's word for what a path takes.

    Raises `InTheWay`.
    """
    entries = []
    for variable in sorted(environment):
        if variable.startswith(prefix) and len(variable) > len(prefix):
            path = tuple(variable.removeprefix(prefix).lower().split("__"))
            origin = Origin(source=Source.ENVIRONMENT, form="variable", name=variable)
            entries.append((path, spelt(environment[variable], kind(path)), origin))
    return flat_layer("environment", entries)


def merged(layers: tuple[Layer, ...]) -> tuple[dict[str, Any], dict[Path, Origin]]:
    """Lay the layers one over the other, the last on top; raises `InTheWay`."""
    values: dict[str, Any] = {}
    origins: dict[Path, Origin] = {}
    for layer in layers:
        _overlay(values, origins, layer.values, layer.origins, ())
    return values, origins


def _overlay(
    below: dict[str, Any],
    origins: dict[Path, Origin],
    above: Mapping[str, Any],
    told: Mapping[Path, Origin],
    at: Path,
) -> None:
    for key, value in above.items():
        path = (*at, key)
        if isinstance(value, Mapping):
            inner = below.setdefault(key, {})
            if not isinstance(inner, dict) or len(path) > DEEPEST:
                raise InTheWay(_first(told, path))
            if path in told:
                origins.setdefault(path, told[path])
            _overlay(inner, origins, value, told, path)
            continue
        below[key] = value
        for place in [place for place in origins if place[: len(path)] == path]:
            del origins[place]
        written = {place: origin for place, origin in told.items() if place[: len(path)] == path}
        table = next((told[path[:n]] for n in range(len(path), 0, -1) if path[:n] in told), None)
        origins |= written if written or table is None else {path: table}


def _first(told: Mapping[Path, Origin], path: Path) -> Origin:
    """Return where a source begins to speak of a path: there, below it, or with the table that holds it."""
    below = (origin for place, origin in told.items() if place[: len(path)] == path)
    around = (told[path[:n]] for n in range(len(path), -1, -1) if path[:n] in told)
    return next(below, None) or next(around)


def spelt(text: str, kind: str) -> Any:
    """Return what a text means where a value of this kind is asked for.

    >>> spelt("115", "integer"), spelt("115", "string"), spelt('"115"', "string")
    (115, '115', '115')
    """
    try:
        told = tomllib.loads(f"value = {text}")
    except NO_TOML:
        return text
    value = told["value"]
    whole = len(told) == 1  # what goes on with another key on the next line is no value
    return value if whole and (kind != "string" or isinstance(value, str)) else text
