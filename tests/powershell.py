"""What does a PowerShell script say? Read by a grammar, since no PowerShell runs here."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import tree_sitter_powershell
from tree_sitter import Language, Node, Parser

_PARSER = Parser(Language(tree_sitter_powershell.language()))


@dataclass(frozen=True, slots=True)
class Call:
    """One call of a command: its name, the parameters named, and the line."""

    name: str
    parameters: tuple[str, ...]
    line: int


@dataclass(frozen=True, slots=True)
class Script:
    """What stands in one or more scripts that run as one."""

    faults: tuple[str, ...]
    functions: dict[str, frozenset[str]]
    """Own functions by name, with their parameters."""

    calls: tuple[Call, ...]
    read: frozenset[str]
    written: frozenset[str]
    """Variables, without `$` and scope, in lower case."""


def read(*files: Path) -> Script:
    """Return what stands in the files."""
    nodes = [(file, node) for file in files for node in _all(_PARSER.parse(file.read_bytes()).root_node)]
    faults = [
        f"{file.name}:{node.start_point[0] + 1}: {_text(node)[:60]}"
        for file, node in nodes
        if node.type == "ERROR" or node.is_missing
    ]
    functions = {
        _text(_child(node, "function_name")): frozenset(_declared(node))
        for _, node in nodes
        if node.type == "function_statement"
    }
    written = {name for _, node in nodes for name in _assigned(node)}
    return Script(
        faults=tuple(faults),
        functions=functions,
        calls=tuple(_call(node) for _, node in nodes if node.type == "command" and _named(node)),
        read=frozenset(_name(node) for _, node in nodes if node.type in {"variable", "braced_variable"}),
        written=frozenset(written),
    )


def _all(node: Node) -> Iterator[Node]:
    yield node
    for child in node.children:
        yield from _all(child)


def _own(node: Node) -> Iterator[Node]:
    """Yield the parts of a call without those of calls within it."""
    for child in node.children:
        if child.type != "command":
            yield child
            yield from _own(child)


def _text(node: Node) -> str:
    return (node.text or b"").decode()


def _name(node: Node) -> str:
    """Return the name of a variable without `$`, braces and scope; a drive such as `env:` stays."""
    name = _text(node).lstrip("$").strip("{}").lower()
    return name.removeprefix("script:")


def _child(node: Node, kind: str) -> Node:
    return next(child for child in node.children if child.type == kind)


def _named(node: Node) -> bool:
    return any(child.type == "command_name" for child in node.children)


def _call(node: Node) -> Call:
    parameters = tuple(
        _text(part).lstrip("-").rstrip(":").lower() for part in _own(node) if part.type == "command_parameter"
    )
    return Call(_text(_child(node, "command_name")), parameters, node.start_point[0] + 1)


def _declared(node: Node) -> Iterator[str]:
    for part in _all(node):
        if part.type == "script_parameter":
            yield _name(_child(part, "variable"))


def _assigned(node: Node) -> Iterator[str]:
    if node.type == "script_parameter":
        yield _name(_child(node, "variable"))
    if node.type == "assignment_expression":
        for part in _all(node.children[0]):
            if part.type == "variable":
                yield _name(part)
    if node.type == "foreach_statement":
        yield _name(_child(node, "variable"))
