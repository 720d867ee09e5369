"""Is the collector's service confined to what it needs?"""

import shutil
import subprocess
from configparser import RawConfigParser
from pathlib import Path

import pytest

UNIT = Path(__file__).parents[2] / "deploy" / "systemd" / "fernbereit-collector.service"
MOST_EXPOSED = 15
"""Ten times systemd's exposure level, which ends at 10.0; below 2 it calls a service OK."""


def service() -> RawConfigParser:
    """Return the unit; a key that stands twice keeps its last value."""
    read = RawConfigParser(strict=False)
    read.optionxform = str
    read.read(UNIT, encoding="utf-8")
    return read


def test_systemd_calls_the_service_well_confined() -> None:
    """`systemd-analyze security` judges the file without starting anything."""
    program = shutil.which("systemd-analyze")
    if program is None:
        pytest.skip("needs the Debian package systemd")
    done = subprocess.run(
        [program, "security", "--offline=true", f"--threshold={MOST_EXPOSED}", "--no-pager", str(UNIT)],
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout[-300:] + done.stderr


def test_wrong_settings_are_told_once() -> None:
    """Exit code 2 means wrong settings; the service is not started again and again."""
    unit = service()

    assert unit["Service"]["RestartPreventExitStatus"] == "2"
    assert unit["Service"]["Restart"] == "on-failure"


def test_the_service_speaks_with_this_computer_only() -> None:
    """As long as identity and roles are not built."""
    unit = service()

    assert unit["Service"]["IPAddressDeny"] == "any"
    assert unit["Service"]["IPAddressAllow"] == "localhost"


def test_the_folder_is_the_one_of_the_settings() -> None:
    """The service may write to the default data folder and nowhere else."""
    from fernbereit_server.settings import Settings

    unit = service()

    assert Path("/var/lib", unit["Service"]["StateDirectory"]) == Settings.model_fields["data"].default
    assert unit["Service"]["ProtectSystem"] == "strict"
