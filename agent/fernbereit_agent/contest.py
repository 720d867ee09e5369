"""Which results does the owner of this laptop call wrong? One empty file a check, so that nothing can tear.

The command writes them, the resident reads them with every report and removes those of checks that pass.
"""

import re
from collections.abc import Iterable
from pathlib import Path

FOLDER = "contested"
MOST = 16
"""So many a record carries."""

_CHECK = re.compile(r"[a-z][a-z0-9_]{0,47}")


def contested(data: Path) -> tuple[str, ...]:
    """Return the checks that are contested; anything else in the folder is passed over."""
    try:
        return tuple(sorted(file.name for file in (data / FOLDER).iterdir() if _CHECK.fullmatch(file.name)))
    except OSError:
        return ()


def contest(data: Path, check: str) -> None:
    """Note that a result is called wrong; raises `OSError`."""
    folder = data / FOLDER
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    (folder / check).touch(mode=0o600)


def withdraw(data: Path, checks: Iterable[str]) -> None:
    """Forget that results were called wrong; raises `OSError`."""
    for check in checks:
        (data / FOLDER / check).unlink(missing_ok=True)
