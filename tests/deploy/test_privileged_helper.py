"""Is the helper with rights started as confined as it can be, on Linux and macOS?"""

import plistlib
import shutil
import subprocess
from configparser import RawConfigParser
from pathlib import Path

import pytest

from fernbereit_agent.privileged.facts_file import OLDEST

DEPLOY = Path(__file__).parents[2] / "deploy"
SERVICE = DEPLOY / "systemd" / "fernbereit-agent-privileged.service"
TIMER = SERVICE.with_suffix(".timer")
DAEMON = DEPLOY / "macos" / "de.fernbereit.agent.privileged.plist"
MOST_EXPOSED = 25
"""Ten times systemd's exposure level, which ends at 10.0; root with two rights is never below 1."""


def unit(file: Path) -> RawConfigParser:
    """Return a unit; a key that stands twice keeps its last value."""
    read = RawConfigParser(strict=False)
    read.optionxform = str  # type: ignore[assignment,method-assign]
    read.read(file, encoding="utf-8")
    return read


def test_systemd_calls_the_helper_well_confined() -> None:
    """Although it runs as root; `systemd-analyze security` judges the file without starting anything."""
    program = shutil.which("systemd-analyze")
    if program is None:
        pytest.skip("needs the Debian package systemd")
    done = subprocess.run(
        [program, "security", "--offline=true", f"--threshold={MOST_EXPOSED}", "--no-pager", str(SERVICE)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-300:] + done.stderr


def test_on_linux_it_has_no_network_and_no_arguments() -> None:
    """A network namespace of its own, no kind of socket, no word behind the program's name."""
    service = unit(SERVICE)["Service"]

    assert (service["PrivateNetwork"], service["RestrictAddressFamilies"]) == ("yes", "none")
    assert service["IPAddressDeny"] == "any"
    assert service["ExecStart"].split()[1:] == []
    assert service["ProtectSystem"] == "strict"
    assert (service["StateDirectory"], service["StateDirectoryMode"]) == (SERVICE.stem, "0755")


def test_it_runs_daily_also_on_laptops_that_sleep() -> None:
    """Much more often than its file grows too old; what a sleeping laptop missed is made up for."""
    timer = unit(TIMER)["Timer"]

    assert (timer["OnCalendar"], timer["Persistent"]) == ("daily", "yes")
    assert OLDEST.days >= 7


def test_on_macos_it_is_off_until_an_admin_wants_it() -> None:
    """A daemon without arguments."""
    daemon = plistlib.loads(DAEMON.read_bytes())

    assert daemon["Disabled"] is True
    assert len(daemon["ProgramArguments"]) == 1
