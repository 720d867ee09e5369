"""Which results does the owner of this laptop call wrong? One empty file a check, so that nothing can tear.

The command writes them, the resident reads them with every report and removes those of checks that pass.
"""

import re
from collections.abc import Iterable
from pathlib import Path

from fernbereit_agent.owner import CONTESTED, prepare

MOST = 16
"""So many a record carries."""

_CHECK = re.compile(r"[a-z][a-z0-9_]{0,47}")


def contested(data: Path) -> tuple[str, ...]:
    """Return the checks that are contested; anything else in the folder is passed over."""
    try:
        names = [file.name for file in (data / CONTESTED).iterdir()]
    except OSError:
        return ()
    return tuple(sorted(name for name in names if _CHECK.fullmatch(name)))


def contest(data: Path, check: str) -> None:
    """Note that a result is called wrong; raises `OSError`."""
    prepare(data)
    (data / CONTESTED / check).touch(mode=0o644)


def withdraw(data: Path, checks: Iterable[str]) -> None:
    """Forget that results were called wrong; raises `OSError`."""
    for check in checks:
        (data / CONTESTED / check).unlink(missing_ok=True)
