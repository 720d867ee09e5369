"""What does a YAML file say, and on which line does each value stand? Plain values only.

YAML 1.2 (`on` and `no` are words). Anchors, tags and deep nesting are refused: no file here needs them, and a
small file could become a huge one.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.constructor import DuplicateKeyError
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    CollectionEndEvent,
    CollectionStartEvent,
    DocumentStartEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceStartEvent,
)

Path = tuple[str | int, ...]
"""Fields and positions (from 0) from the outside in."""

DEPTH = 24
LARGEST = 2**20
_MOST_BITS = 1024
_HALF = re.compile("[\ud800-\udfff]")
"""Halves of characters, which only an escape as "\\ud83d" brings about and no text can hold."""
YAML_FAULTS = (
    "no_utf8",
    "too_large",
    "no_yaml",
    "twice",
    "several_documents",
    "anchor",
    "tag",
    "too_deep",
    "half_character",
)
"""Every `YamlFault.word`: a key of the commands' catalogue (`file.fault.<word>`)."""


class YamlFault(ValueError):  # noqa: N818 - a fault of a file, told beside others
    """The text is no YAML that is taken in; `word` says why, `line` counts from 1."""

    def __init__(self, word: str, line: int, detail: str = "") -> None:
        super().__init__(f"line {line}: {word} {detail}")
        self.word = word
        self.line = line
        self.detail = detail


def decode(data: bytes) -> str:
    """Return the text of a UTF-8 file, with or without a byte order mark; raises `YamlFault`."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise YamlFault("no_utf8", data[: error.start].count(b"\n") + 1) from None


def read_yaml(text: str) -> tuple[Any, dict[Path, int]]:
    """Return the plain values of one document, days as text, and the line of every key and item.

    Raises `YamlFault`.
    """
    if len(text) > LARGEST:
        raise YamlFault("too_large", 1)
    try:
        _refuse_unneeded(text)
        document = YAML(typ="rt", pure=True).load(text)
    except YamlFault:
        raise
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        word = "twice" if isinstance(error, DuplicateKeyError) else "no_yaml"
        raise YamlFault(word, mark.line + 1 if mark else 1, _first_line(error.problem)) from None
    except (YAMLError, ValueError, TypeError, RecursionError) as error:  # TypeError: a list as a key
        raise YamlFault("no_yaml", 1, _first_line(error)) from None
    lines: dict[Path, int] = {(): 1}
    return _plain(document, (), lines), lines


def _first_line(said: object) -> str:
    return next(iter(str(said or "").splitlines()), "-")


def _refuse_unneeded(text: str) -> None:
    depth = documents = 0
    for event in YAML(typ="rt", pure=True).parse(text):
        line = event.start_mark.line + 1
        documents += isinstance(event, DocumentStartEvent)
        if documents > 1:
            raise YamlFault("several_documents", line)
        if isinstance(event, AliasEvent) or (isinstance(event, NodeEvent) and event.anchor is not None):
            raise YamlFault("anchor", line)
        if isinstance(event, ScalarEvent | SequenceStartEvent | MappingStartEvent) and event.tag is not None:
            raise YamlFault("tag", line)
        if isinstance(event, ScalarEvent) and _HALF.search(event.value):
            raise YamlFault("half_character", line)
        depth += isinstance(event, CollectionStartEvent) - isinstance(event, CollectionEndEvent)
        if depth > DEPTH:
            raise YamlFault("too_deep", line)


def _plain(value: Any, path: Path, lines: dict[Path, int]) -> Any:
    if isinstance(value, CommentedMap):
        return {key: _plain(part, (*path, key), lines) for key, part in _entries(value, path, lines)}
    if isinstance(value, CommentedSeq):
        for number in range(len(value)):
            lines[*path, number] = value.lc.item(number)[0] + 1
        return [_plain(part, (*path, number), lines) for number, part in enumerate(value)]
    return _scalar(value)


def _scalar(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int) and value.bit_length() > _MOST_BITS:
        return hex(value)  # a text, which nothing that counts takes; Python does not write it as decimal
    for plain in (int, float, str):
        if isinstance(value, plain):
            return plain(value)
    return str(value)


def _entries(value: CommentedMap, path: Path, lines: dict[Path, int]) -> Iterator[tuple[str, Any]]:
    for key, part in value.items():
        place, line = (*path, str(key)), value.lc.key(key)[0] + 1
        if place in lines:  # 1 and "1" are two keys to YAML, and one name to a reader
            raise YamlFault("twice", line)
        lines[place] = line
        yield str(key), part


def line_of(lines: Mapping[Path, int], path: Path) -> int:
    """Return the line of a field, or of the nearest part around it that is written."""
    return next((lines[path[:n]] for n in range(len(path), 0, -1) if path[:n] in lines), 1)


def dotted(path: Path) -> str:
    """Return a path as people write it; positions count from 1.

    >>> dotted(("units", 2, "name"))
    'units[3].name'
    """
    text = "".join(f"[{word + 1}]" if isinstance(word, int) else f".{word}" for word in path)
    return text.removeprefix(".")
