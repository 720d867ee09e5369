"""Does an agent that runs keep nothing in memory that its system does not need, and find every reader?"""

import importlib
import json
import subprocess
import sys

import pytest

from fernbereit_agent.host import System
from fernbereit_agent.probe import Probe
from fernbereit_agent.probes import PROBES

LOOKS_ONCE = """
import json, sys, time
from fernbereit_agent import cli
from fernbereit_agent.host import LocalHost
from fernbereit_agent.probes import PROBES
from fernbereit_agent.resident import Resident
from fernbereit_agent.runner import Runner
from fernbereit_agent.settings import ProbeSettings

runner = Runner(host=LocalHost(), settings=ProbeSettings(), monotonic=time.monotonic)
for probe in PROBES:
    runner.observe(probe)
print(json.dumps(sorted(sys.modules)))
"""
"""All that `fernbereit-agent run` imports, and one look at everything."""
NOT_NEEDED = {
    "asyncio",
    "concurrent.futures.process",
    "difflib",
    "multiprocessing",
    "nacl",
    "unittest",
    *{"linux": ("plistlib", "xml", "winreg"), "win32": ("plistlib", "xml")}.get(sys.platform, ()),
}
OWN = {"linux": "_linux", "darwin": "_macos", "win32": "_windows"}[sys.platform]
MOST_MODULES = 470
"""There were 433 on Debian 12 with Python 3.11; each costs some ten kilobytes for years."""


@pytest.fixture(scope="module")
def loaded() -> frozenset[str]:
    """Return the modules that are loaded after one look."""
    done = subprocess.run(
        [sys.executable, "-c", LOOKS_ONCE], capture_output=True, text=True, check=True, timeout=100
    )
    return frozenset(json.loads(done.stdout))


@pytest.mark.live
def test_nothing_of_another_system_is_loaded(loaded: frozenset[str]) -> None:
    """A laptop has one."""
    readers = {name for name in loaded if name.startswith("fernbereit_agent.probes.")}
    ends = {"_linux", "_macos", "_windows"} - {OWN}

    assert f"fernbereit_agent.probes.battery{OWN}" in readers
    assert {name for name in readers if name.endswith(tuple(ends))} == set()


@pytest.mark.live
def test_little_is_loaded(loaded: frozenset[str]) -> None:
    """Memory is taken on every laptop, all day."""
    assert NOT_NEEDED & loaded == set()
    assert len(loaded) <= MOST_MODULES


@pytest.mark.parametrize("system", System)
@pytest.mark.parametrize("probe", PROBES, ids=lambda probe: probe.section)
def test_every_reader_is_found(probe: Probe, system: System) -> None:
    """In the module named after section and system, which is imported only when it is asked."""
    module = importlib.import_module(f"fernbereit_agent.probes.{probe.section}_{system}")
    assert system in probe.readers
    assert callable(module.read)
