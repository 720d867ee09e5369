"""What does a YAML file say, and on which line does each value stand? Plain values only.

YAML 1.2 (`on` and `no` are words). Anchors, tags and deep nesting are refused: a policy needs none of them,
and a small file could become a huge one.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
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

from fernbereit.policy_rules import Loc

DEPTH = 24
LARGEST = 2**20


class YamlFault(ValueError):  # noqa: N818 - a fault of a file, told beside others
    """The text is no YAML that is taken in; `word` says why, `line` counts from 1."""

    def __init__(self, word: str, line: int, detail: str = "") -> None:
        super().__init__(f"line {line}: {word} {detail}")
        self.word = word
        self.line = line
        self.detail = detail


def read_yaml(text: str) -> tuple[Any, dict[Loc, int]]:
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
        word = "key_twice" if "duplicate key" in str(error.problem) else "syntax"
        detail = str(error.problem or "").splitlines()[0]
        raise YamlFault(word, mark.line + 1 if mark else 1, detail) from None
    except (YAMLError, ValueError, TypeError) as error:  # TypeError: a list or a group as a key
        raise YamlFault("syntax", 1, str(error).splitlines()[0]) from None
    lines: dict[Loc, int] = {(): 1}
    return _plain(document, (), lines), lines


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
        depth += isinstance(event, CollectionStartEvent) - isinstance(event, CollectionEndEvent)
        if depth > DEPTH:
            raise YamlFault("too_deep", line)


def _plain(value: Any, loc: Loc, lines: dict[Loc, int]) -> Any:
    if isinstance(value, CommentedMap):
        return {str(key): _plain(part, (*loc, str(key)), lines) for key, part in _entries(value, loc, lines)}
    if isinstance(value, CommentedSeq):
        for number in range(len(value)):
            lines[*loc, number] = value.lc.item(number)[0] + 1
        return [_plain(part, (*loc, number), lines) for number, part in enumerate(value)]
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bool) or value is None:
        return value
    for plain in (int, float, str):
        if isinstance(value, plain):
            return plain(value)
    return str(value)


def _entries(value: CommentedMap, loc: Loc, lines: dict[Loc, int]) -> Iterator[tuple[Any, Any]]:
    for key, part in value.items():
        lines[*loc, str(key)] = value.lc.key(key)[0] + 1
        yield key, part
