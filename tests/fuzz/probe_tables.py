"""Which parsers do the probes have? The rows of the tables that their own tests feed, by kind of input."""

import importlib.util
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

Parser = tuple[str, Callable[[Any], object]]

_AGENT = Path(__file__).parents[1] / "agent"


def _loaded(file: Path) -> ModuleType:
    """Return a module of tests."""
    spec = importlib.util.spec_from_file_location(f"fuzzed_{file.stem}", file)
    assert spec is not None
    assert spec.loader is not None
    module = sys.modules[spec.name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


_any = _loaded(_AGENT / "probes" / "test_parsers_survive_anything.py")
_macos = _loaded(_AGENT / "probes" / "test_parsers_survive_anything_macos.py")
_windows = _loaded(_AGENT / "windows" / "test_decoders.py")

TEXTS: tuple[Parser, ...] = (*_any.PARSERS, *_macos.TEXTS, *_windows.TEXTS)
PARTS: tuple[Parser, ...] = _macos.PARTS
"""Dictionaries, as a property list or JSON holds them."""
BLOCKS: tuple[Parser, ...] = (*_any.BYTES, *((name, decode) for name, decode, _ in _windows.WHOLE))
WHOLE_BLOCKS: tuple[tuple[str, bytes], ...] = tuple((name, block) for name, _, block in _windows.WHOLE)
"""A whole answer of each call of Windows, to begin with."""
