"""Whose is a file that an administrator's command leaves in the data folder? The folder's owner's.

Commands beside a service with an account of its own run as root; a key only root can read would stop it.
SQLite does the same with the files beside its database. Whoever took that account over may have laid links
into the folder, or change what lies there at any moment. So root follows no link in it, hands over only what
it has open and what has one name, and keeps the owner out while it works on more than one file.
"""

import contextlib
import errno
import os
import stat
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, NamedTuple

NO_LINK = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
"""How a file is opened that somebody else may have put there: neither a link nor a pipe leads on."""


class Owner(NamedTuple):
    """An account that is not root, by its numbers."""

    user: int
    group: int


def owner_of(folder: Path) -> Owner | None:
    """Return whose a folder is, where root runs this and the folder is not root's; else None."""
    if sys.platform == "win32" or os.geteuid() != 0:
        return None
    found = folder.stat()
    return Owner(found.st_uid, found.st_gid) if found.st_uid else None


def give(descriptor: int, owner: Owner | None) -> None:
    """Hand an open file or folder to its owner; raises `OSError` for a file that has another name besides."""
    if sys.platform == "win32" or owner is None:
        return
    _see_plain(descriptor)
    os.fchown(descriptor, owner.user, owner.group)


def make_for_owner(file: Path) -> None:
    """Make an empty file in a folder of somebody else, where root runs this and there is none.

    Raises `OSError`.
    """
    owner = owner_of(file.parent)
    if owner is None or os.path.lexists(file):
        return
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        give(descriptor, owner)
    finally:
        os.close(descriptor)


def give_to_owner(*files: Path, owner: Owner | None) -> None:
    """Hand files and folders, without what is in those, to their owner. Raises `OSError`."""
    for file in files if owner else ():
        descriptor = os.open(file, os.O_RDONLY | NO_LINK)
        try:
            give(descriptor, owner)
        finally:
            os.close(descriptor)


def open_inside(file: Path) -> BinaryIO:
    """Open a file for reading; root opens no other than a plain one in a folder of somebody else.

    Raises `OSError`.
    """
    if owner_of(file.parent) is None:
        return file.open("rb")
    opened = os.fdopen(os.open(file, os.O_RDONLY | NO_LINK), "rb")
    try:
        _see_plain(opened.fileno(), str(file))
    except OSError:
        opened.close()
        raise
    return opened


@contextlib.contextmanager
def held_by_root(folder: Path) -> Iterator[Owner | None]:
    """Keep the owner of a folder out of it for a while, where root runs this; yields who that is."""
    owner = owner_of(folder)
    if sys.platform == "win32" or owner is None:
        yield owner
        return
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    mode = stat.S_IMODE(os.fstat(descriptor).st_mode)
    try:
        os.fchown(descriptor, 0, 0)
        os.fchmod(descriptor, 0o700)
        yield owner
    finally:
        os.fchown(descriptor, owner.user, owner.group)
        os.fchmod(descriptor, mode)
        os.close(descriptor)


def _see_plain(descriptor: int, name: str | None = None) -> None:
    found = os.fstat(descriptor)
    if not stat.S_ISDIR(found.st_mode) and not (stat.S_ISREG(found.st_mode) and found.st_nlink == 1):
        raise OSError(errno.EPERM, "this is no plain file with one name", name)
