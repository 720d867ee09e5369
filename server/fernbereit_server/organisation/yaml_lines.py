"""What does a YAML file say, and on which line?"""

from collections.abc import Mapping
from typing import Any

from fernbereit_server.organisation.faults import Fault, FaultyFileError

Path = tuple[str | int, ...]
"""Fields and positions (from 0) from the outside in."""

_MOST_NODES = 200_000
_DEEPEST = 20


def read_yaml(text: str) -> tuple[Any, Mapping[Path, int]]:
    """Return plain values and the line (from 1) of every field; raises `FaultyFileError`.

    Tags are ignored, so that no file makes an object. Aliases are followed up to a bound.
    """
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    try:
        tree = YAML(typ="rt").load(text)
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        word = "twice" if type(error).__name__ == "DuplicateKeyError" else "no_yaml"
        raise FaultyFileError([Fault(line=line, field="", word=word)]) from None
    except (YAMLError, ValueError, RecursionError):
        raise FaultyFileError([Fault(line=1, field="", word="no_yaml")]) from None
    lines: dict[Path, int] = {}
    return _plain(tree, (), lines), lines


def _plain(value: Any, path: Path, lines: dict[Path, int]) -> Any:
    if len(path) > _DEEPEST or len(lines) > _MOST_NODES:
        raise FaultyFileError([Fault(line=1, field="", word="too_large")])
    if isinstance(value, dict):
        for key in value:
            lines[(*path, str(key))] = _line(value, key)
        return {str(key): _plain(inner, (*path, str(key)), lines) for key, inner in value.items()}
    if isinstance(value, list):
        for position in range(len(value)):
            lines[(*path, position)] = _line(value, position)
        return [_plain(inner, (*path, position), lines) for position, inner in enumerate(value)]
    if isinstance(value, bool) or value is None:
        return value
    for kind in (int, float):
        if isinstance(value, kind):
            return kind(value)
    return str(value)


def _line(holder: Any, key: Any) -> int:
    place = (holder.lc.data or {}).get(key)
    return int(place[0]) + 1 if place else int(holder.lc.line) + 1


def line_of(lines: Mapping[Path, int], path: Path) -> int:
    """Return the line of a field, or of the nearest part around it that is written."""
    return next((lines[path[:n]] for n in range(len(path), 0, -1) if path[:n] in lines), 1)


def dotted(path: Path) -> str:
    """Return a path as people write it; positions count from 1.

    >>> dotted(("units", 2, "name"))
    'units[3].name'
    """
    text = ""
    for word in path:
        text += f"[{word + 1}]" if isinstance(word, int) else f".{word}"
    return text.removeprefix(".")
