"""Is every panel and every question on a board? What is not would never be looked at, nor put right."""

import importlib
import inspect
import pkgutil
import sys
from collections.abc import Iterator
from types import CodeType, FrameType, ModuleType

import pytest

from fernbereit_dashboards import panels, queries
from fernbereit_dashboards.build import boards


@pytest.fixture(scope="module")
def called() -> set[CodeType]:
    """Build every board and note which functions that took."""
    seen: set[CodeType] = set()

    def note(frame: FrameType, event: str, _: object) -> None:
        if event == "call":
            seen.add(frame.f_code)

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        boards("de")
    finally:
        sys.setprofile(before)
    return seen


def functions(package: ModuleType) -> Iterator[tuple[str, CodeType]]:
    """Yield every function a package defines, by its name."""
    for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        module = importlib.import_module(found.name)
        for name, function in inspect.getmembers(module, inspect.isfunction):
            if function.__module__ == module.__name__:
                yield f"{found.name}.{name}", function.__code__


@pytest.mark.parametrize("package", [panels, queries], ids=["panels", "queries"])
def test_every_function_serves_a_board(called: set[CodeType], package: ModuleType) -> None:
    """One that no board uses is told by its name."""
    defined = dict(functions(package))

    assert defined
    assert [name for name, code in defined.items() if code not in called] == []
