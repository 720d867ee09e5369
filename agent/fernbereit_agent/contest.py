"""Which results does the owner of this laptop call wrong? One empty file a check, so that nothing can tear.

The command writes them, or asks the service to where they belong to it; the resident reads them with every
report and removes those of checks that pass.
"""

import os
import re
from collections.abc import Iterable
from pathlib import Path

from fernbereit_agent import mailbox
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


def may_write(data: Path) -> bool:
    """Tell whether whoever runs this keeps the contests, or has to ask the service."""
    folder = data / CONTESTED
    return os.access(next(place for place in (folder, *folder.parents) if place.exists()), os.W_OK)


def say(data: Path, check: str, *, withdraw: bool) -> bool:
    """Note that a result is called wrong, or forget it; tell whether that is done, not asked of the service.

    Raises `OSError` where neither is possible.
    """
    if may_write(data):
        try:
            if withdraw:
                forget(data, (check,))
            else:
                contest(data, check)
        except PermissionError:  # on Windows the rights of a folder are known by trying
            pass
        else:
            return True
    mailbox.post(data, mailbox.Contest(check=check, withdraw=withdraw))
    return False


def contest(data: Path, check: str) -> None:
    """Note that a result is called wrong; raises `OSError`."""
    prepare(data)
    (data / CONTESTED / check).touch(mode=0o644)


def forget(data: Path, checks: Iterable[str]) -> None:
    """Forget that results were called wrong; raises `OSError`."""
    for check in checks:
        (data / CONTESTED / check).unlink(missing_ok=True)
