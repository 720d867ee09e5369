"""Is everything that exists also declared, and everything declared also there?"""

import inspect
from importlib import import_module
from pathlib import Path

import pytest

from fernbereit.facts import SECTIONS
from fernbereit_agent import probes
from fernbereit_agent.probes import PROBES

FOLDER = Path(probes.__file__).parent


def test_every_module_with_a_probe_stands_in_the_tuple() -> None:
    """A probe somebody wrote and forgot to list would never run."""
    written = {
        path.stem
        for path in FOLDER.glob("*.py")
        if hasattr(import_module(f"fernbereit_agent.probes.{path.stem}"), "PROBE")
    }

    assert written == {probe.section for probe in PROBES}


def test_every_probe_reads_a_declared_section_once() -> None:
    """Two probes of one section would overwrite each other in turn."""
    sections = [probe.section for probe in PROBES]

    assert len(sections) == len(set(sections))
    assert set(sections) <= set(SECTIONS)


def test_only_the_laptops_own_verdict_has_no_probe() -> None:
    """A section nobody reads would stay empty unnoticed; `readiness` is judged, not read."""
    assert set(SECTIONS) - {probe.section for probe in PROBES} == {"readiness"}


@pytest.mark.parametrize("section", [probe.section for probe in PROBES])
def test_every_probe_says_what_it_never_reads(section: str) -> None:
    """The owner of the laptop reads this line in agent/README.md."""
    module = import_module(f"fernbereit_agent.probes.{section}")

    assert "\nNever" in (inspect.getdoc(module) or "")
