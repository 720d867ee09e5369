"""What does a unit of systemd say, and how well is it confined?"""

import shutil
import subprocess
from configparser import RawConfigParser
from pathlib import Path

import pytest


def read_unit(unit: Path) -> RawConfigParser:
    """Return the unit; a key that stands twice keeps its last value."""
    read = RawConfigParser(strict=False)
    read.optionxform = str  # type: ignore[assignment, method-assign] # keys keep their capitals
    read.read(unit, encoding="utf-8")
    return read


def check_confined(unit: Path, most_exposed: int) -> None:
    """Fail where `systemd-analyze security` marks a unit worse than that; it starts nothing.

    The mark is ten times systemd's exposure level, which ends at 10.0; below 2 it calls a service OK.
    """
    program = shutil.which("systemd-analyze")
    if program is None:
        pytest.skip("needs the Debian package systemd")
    done = subprocess.run(
        [program, "security", "--offline=true", f"--threshold={most_exposed}", "--no-pager", str(unit)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-300:] + done.stderr
