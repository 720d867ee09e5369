"""Is the Debian package of the agent as Debian wants it, and complete?"""

import gzip
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from packaged import CARRIED, debian_package
from realparts import missing

pytestmark = pytest.mark.real


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with everything the package holds."""
    folder = tmp_path_factory.mktemp("package")
    subprocess.run(["dpkg-deb", "--raw-extract", debian_package(), folder / "all"], check=True)
    return folder / "all"


def tool(name: str, package: str) -> str:
    """Return a program of Debian."""
    return shutil.which(name) or missing(package)


@pytest.mark.slow
def test_lintian_finds_nothing() -> None:
    """Neither errors nor warnings but the overridden ones, each of which says why."""
    command = [
        tool("lintian", "lintian"),
        "--allow-root",
        "--fail-on",
        "error,warning",
        "--profile",
        "debian",
    ]
    done = subprocess.run([*command, debian_package()], capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout + done.stderr


def test_every_file_is_root_s_and_nobody_else_may_write_it() -> None:
    """Nor does any file lend its owner's rights."""
    listed = subprocess.run(
        ["dpkg-deb", "--contents", debian_package()], capture_output=True, text=True, check=True
    )
    lines = [line.split() for line in listed.stdout.splitlines()]

    assert {words[1] for words in lines} == {"root/root"}
    assert {words[0] for words in lines} <= {"drwxr-xr-x", "-rw-r--r--", "-rwxr-xr-x", "lrwxrwxrwx"}


def test_the_settings_are_the_only_file_an_admin_changes(unpacked: Path) -> None:
    """An upgrade asks before it touches them."""
    assert (unpacked / "DEBIAN" / "conffiles").read_text() == "/etc/fernbereit/agent.toml\n"


def test_openssl_comes_from_debian(unpacked: Path) -> None:
    """A weakness in it is mended by Debian's update, without a new agent."""
    control = (unpacked / "DEBIAN" / "control").read_text()

    assert list(unpacked.rglob("libcrypto*")) == []
    assert {"libssl3", "libsqlite3-0", "libc6"} <= set(re.findall(r"lib[a-z0-9-]+", control))


@pytest.mark.parametrize("place", ["man8", "de/man8"], ids=["in English", "in German"])
def test_the_man_page_knows_every_command(unpacked: Path, place: str) -> None:
    """A command that is added stands there with the next build."""
    page = unpacked / "usr/share/man" / place / "fernbereit-agent.8.gz"
    text = gzip.decompress(page.read_bytes()).decode()

    command = [sys.executable, "-m", "fernbereit_agent", "--help"]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    listed = re.search(r"^\s+([a-z-]+(?:\|[a-z-]+)+)$", told, re.MULTILINE)

    assert listed is not None
    assert re.findall(r"^\.TP\n\.B (\S+)$", text.replace("\\-", "-"), re.MULTILINE) == listed[1].split("|")


def test_whose_work_is_carried_is_told_with_its_licence(unpacked: Path) -> None:
    """Names and texts come from what was built in."""
    file = unpacked / "usr/share/doc/fernbereit-agent/THIRD-PARTY.txt.gz"
    text = gzip.decompress(file.read_bytes()).decode()
    titles = re.findall(r"^=+\n\n(\S+) ", text, re.MULTILINE)
    named = {title.lower().replace("-", "_") for title in titles}
    others = CARRIED - {"fernbereit", "fernbereit_agent", "nacl", "paho"}

    assert others | {"python", "pynacl", "paho_mqtt", "pyinstaller", "cffi"} <= named
    assert "libsodium" in text.lower() or "Frank Denis" in text


def test_the_menu_entry_is_valid(unpacked: Path) -> None:
    """Its icon is in the package."""
    entry = unpacked / "usr/share/applications/fernbereit-homeoffice-check.desktop"
    subprocess.run([tool("desktop-file-validate", "desktop-file-utils"), entry], check=True)
    icon = re.search(r"^Icon=(.*)$", entry.read_text(), re.MULTILINE)

    assert icon is not None
    assert (unpacked / f"usr/share/icons/hicolor/scalable/apps/{icon[1]}.svg").is_file()
