"""Who may write a file of Linux or macOS?

The file is opened once, without following a link and without waiting for the other end of a pipe, and all is
asked of what was opened.
"""

import errno
import os
import stat
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from fernbereit_agent.privileged.access_lists import Untrusted

assert sys.platform != "win32"

ROOT = 0
OTHERS_WRITE = stat.S_IWGRP | stat.S_IWOTH
ODD = frozenset({errno.ELOOP, errno.EMLINK, errno.ENOTDIR, errno.ENXIO})
"""A link in place of the file or the folder, something else than a folder, a socket or a device."""


def read(folder: Path, name: str, largest: int) -> bytes:
    """Return at most `largest` + 1 bytes of the file; raises `Untrusted` or an `OSError`."""
    with _opened(folder, os.O_DIRECTORY) as place:
        _check(os.fstat(place), stat.S_ISDIR)
        with _opened(name, os.O_NONBLOCK, place) as descriptor:
            _check(os.fstat(descriptor), stat.S_ISREG)
            return os.read(descriptor, largest + 1)


def check_folder(folder: Path) -> None:
    """Raise `Untrusted` if somebody else made the folder first."""
    with _opened(folder, os.O_DIRECTORY) as place:
        _check(os.fstat(place), stat.S_ISDIR)


@contextmanager
def _opened(path: Path | str, how: int, inside: int | None = None) -> Iterator[int]:
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | how, dir_fd=inside)
    except OSError as error:
        if error.errno in ODD:
            raise Untrusted from None
        raise
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _check(seen: os.stat_result, right_kind: Callable[[int], bool]) -> None:
    alone = stat.S_ISDIR(seen.st_mode) or seen.st_nlink == 1
    if seen.st_uid != ROOT or seen.st_mode & OTHERS_WRITE or not right_kind(seen.st_mode) or not alone:
        raise Untrusted
