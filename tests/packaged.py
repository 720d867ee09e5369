"""What did `make freeze` and `make deb` build?

Without it, or if the sources are newer, tests of it are skipped.
"""

import platform
import sys
from pathlib import Path

from fernbereit import __version__
from realparts import lacking

ROOT = Path(__file__).resolve().parents[1]
TREE = ROOT / "dist" / "fernbereit-agent"
PROGRAM = TREE / "fernbereit-agent"
BUILDER = ROOT / "build" / "freeze" / "bin" / "python"
SOURCES = ("agent", "deploy/debian", "deploy/freeze", "deploy/linux", "deploy/systemd", "pyproject.toml")

CARRIED = {
    "fernbereit",
    "fernbereit_agent",
    "annotated_types",
    "nacl",
    "paho",
    "psutil",
    "pydantic",
    "pydantic_core",
    "typing_extensions",
    "typing_inspection",
}
"""Everything beside Python itself. One more is one more to keep free of weaknesses on every laptop."""


def frozen_tree() -> Path:
    """Return the frozen agent."""
    return _current(TREE, PROGRAM)


def debian_package() -> Path:
    """Return the Debian package of this version."""
    found = sorted((ROOT / "dist").glob(f"fernbereit-agent_{__version__}_*.deb"))
    return _current(found[0], found[0]) if found else lacking("needs the command make deb")


def _current(built: Path, witness: Path) -> Path:
    if sys.platform != "linux" or platform.libc_ver()[0] != "glibc":
        lacking("needs a Linux with glibc")
    if not witness.exists() or witness.stat().st_mtime < _changed():
        lacking("needs the command make deb, since the sources are newer than what it built")
    return built


def _changed() -> float:
    """Return when a file that goes into the package was last changed, in Unix seconds."""
    files = (file for place in SOURCES for file in [ROOT / place, *(ROOT / place).rglob("*")])
    kept = (file for file in files if file.is_file() and "__pycache__" not in file.parts)
    return max(file.stat().st_mtime for file in kept)
