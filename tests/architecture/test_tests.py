"""Do the tests say what they prove, and can they fail?"""

import ast
from collections.abc import Iterator
from pathlib import Path

TESTS = Path(__file__).parents[1]


def every_test() -> Iterator[tuple[str, ast.FunctionDef | ast.AsyncFunctionDef]]:
    for path in sorted(TESTS.rglob("test_*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_"):
                yield f"{path.relative_to(TESTS).as_posix()}::{node.name}", node


def _can_fail(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    for node in ast.walk(function):
        if isinstance(node, ast.Assert):
            return True
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name in {"raises", "fail", "wait_for"} or name.startswith(
                ("assert_", "check_", "call_and_validate", "validate")
            ):
                return True
    return False


def test_every_test_can_fail() -> None:
    """A test without an assertion is green for ever."""
    toothless = [name for name, function in every_test() if not _can_fail(function)]

    assert toothless == []


def test_every_test_says_its_fact_in_a_sentence() -> None:
    """The list of tests reads as a description of the product."""
    silent = [name for name, function in every_test() if not ast.get_docstring(function)]

    assert silent == []
