"""Do the tests say what they prove, and can they fail?"""

import ast
from functools import cache
from pathlib import Path
from typing import NamedTuple

TESTS = Path(__file__).parents[1]


class Told(NamedTuple):
    name: str
    can_fail: bool
    sentence: str | None


@cache
def every_test() -> tuple[Told, ...]:
    return tuple(
        Told(f"{path.relative_to(TESTS).as_posix()}::{node.name}", _can_fail(node), ast.get_docstring(node))
        for path in sorted(TESTS.rglob("test_*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_")
    )


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
    toothless = [test.name for test in every_test() if not test.can_fail]

    assert toothless == []


def test_every_test_says_its_fact_in_a_sentence() -> None:
    """The list of tests reads as a description of the product."""
    silent = [test.name for test in every_test() if not test.sentence]

    assert silent == []
