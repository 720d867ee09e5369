"""Is there a parser that nobody feeds with senseless input? A new one without a row in a table fails here.

A parser is a function of the agent whose name begins with `parse` or `decode`, or that reads what a stranger
sends. The tables of the tests that feed them are run once, and it is watched which functions are
called.
"""

import importlib
import importlib.util
import inspect
import pkgutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType, ModuleType
from typing import Any

from fernbereit import echo
from fernbereit_agent import firmware_variables, probes, stun, wire
from fernbereit_agent.errors import ProbeError
from fernbereit_agent.probes import way_out

HERE = Path(__file__).parent
TABLES = {
    "any": HERE / "test_parsers_survive_anything.py",
    "macos": HERE / "test_parsers_survive_anything_macos.py",
    "windows": HERE.parent / "windows" / "test_decoders.py",
}
FED_ELSEWHERE: dict[Callable[..., object], str] = {
    stun.answers: "tests/agent/test_stun.py",
    echo.answered: "tests/agent/probes/test_way_out.py",
    wire.read_page: "tests/agent/probes/test_way_out.py",
    way_out.judge_echoes: "tests/agent/probes/test_way_out.py",
    way_out.judge_page: "tests/agent/probes/test_way_out.py",
}
"""Read what a stranger sends over the network; fed by `@given` beside their other tests."""
BEGIN = ("parse", "decode")
SAMPLES: tuple[str, ...] = (
    "",
    "x",
    "1",
    "{}",
    "a=b\nc",
    '{"value": 1}',
    "27 1 254:1 / / rw - ext4 /dev/dm-1 rw",
)


def modules() -> Iterator[ModuleType]:
    """Return every module of the probes, and what lies beside them."""
    for found in pkgutil.iter_modules(probes.__path__, f"{probes.__name__}."):
        yield importlib.import_module(found.name)
    yield from (stun, wire, echo, firmware_variables)


def parsers() -> dict[Any, str]:
    """Return every parser by its code, with its full name."""
    found = {}
    for module in modules():
        for name, function in inspect.getmembers(module, inspect.isfunction):
            named = name.startswith(BEGIN) or function in FED_ELSEWHERE
            if function.__module__ == module.__name__ and named:
                found[function.__code__] = f"{module.__name__.rpartition('.')[2]}.{name}"
    return found


@contextmanager
def watched() -> Iterator[set[Any]]:
    """Collect the code of every function that is called inside the block."""
    called: set[Any] = set()
    before = sys.getprofile()

    def note(frame: FrameType, event: str, _: Any) -> None:
        if event == "call":
            called.add(frame.f_code)

    sys.setprofile(note)
    try:
        yield called
    finally:
        sys.setprofile(before)


def loaded(file: Path) -> ModuleType:
    """Return a module of tests."""
    spec = importlib.util.spec_from_file_location(f"tables_of_{file.stem}", file)
    assert spec is not None
    assert spec.loader is not None
    module = sys.modules[spec.name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def feed(parse: Callable[[Any], object], *inputs: Any) -> None:
    """Call it with each input; how it ends is the other tests' business."""
    for each in inputs:
        with suppress(ProbeError):
            parse(each)


def test_every_parser_is_fed_with_senseless_input() -> None:
    """By a row of a table, or by a test of its own that is named here."""
    anything, macos, windows = (loaded(file) for file in TABLES.values())
    with watched() as called:
        for _, parse in (*anything.PARSERS, *macos.TEXTS, *windows.TEXTS):
            feed(parse, *SAMPLES)
        for _, parse in macos.PARTS:
            feed(parse, {}, {"_name": "x"})
        for _, parse in anything.BYTES:
            feed(parse, b"", b"x" * 5)
        for _, parse, block in windows.WHOLE:
            feed(parse, block, block[:3])
        for parse in windows.NUMBERS:
            feed(parse, 0, 1)
    fed = called | {function.__code__ for function in FED_ELSEWHERE}

    assert sorted(name for code, name in parsers().items() if code not in fed) == []


def test_there_are_parsers_to_be_fed() -> None:
    """The search finds what it has to."""
    names = set(parsers().values())

    assert len(names) > 60
    assert {"stun.answers", "block_devices_linux.parse_mountinfo", "smbios_windows.decode"} <= names


def test_what_is_fed_elsewhere_is_fed_there_by_generated_input() -> None:
    """The file that is named has such a test, and names the parser."""
    for function, file in FED_ELSEWHERE.items():
        text = (HERE.parents[2] / file).read_text(encoding="utf-8")
        assert "@given" in text
        assert function.__name__ in text
