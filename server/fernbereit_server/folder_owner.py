"""Whose is a file that an administrator's command leaves in the data folder? The folder's owner's.

Commands beside a service with an account of its own run as root; a key only root can read would stop it.
SQLite does the same with the files beside its database. Whoever took that account over may have laid links
into the folder, or change what lies there at any moment. So root reads no key and hands nothing over but a
plain file with one name that it has open, and keeps the owner out while it works on more than one file.
SQLite opens a store by its name: root looks at it before, no help against an exchange in that very moment.
"""

import contextlib
import errno
import os
import signal
import stat
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

NO_LINK = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
"""How a file is opened that somebody else may have put there: neither a link nor a pipe leads on."""


class NotPlainError(OSError):
    """What lies there is a link, a pipe, or a file with two names: it may be laid for root."""

    def __init__(self, file: Path) -> None:
        super().__init__(errno.EPERM, "this is no plain file with one name", str(file))


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


def give(descriptor: int, owner: Owner | None, file: Path) -> None:
    """Hand an open file or folder to its owner; raises `OSError`, if it has two names `NotPlainError`."""
    if sys.platform == "win32" or owner is None:
        return
    found = os.fstat(descriptor)
    if not stat.S_ISDIR(found.st_mode) and not _is_plain(found):
        raise NotPlainError(file)
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
        give(descriptor, owner, file)
    finally:
        os.close(descriptor)


def give_to_owner(*files: Path, owner: Owner | None) -> None:
    """Hand files and folders, without what is in those, to their owner. Raises `OSError`."""
    for file in files if owner else ():
        descriptor = _open(file)
        try:
            give(descriptor, owner, file)
        finally:
            os.close(descriptor)


def open_inside(file: Path, owner: Owner | None = None) -> BinaryIO:
    """Open a file for reading; root opens no other than a plain one in a folder of somebody else.

    Whoever holds the folder for its `owner` names that one: the folder no longer does. Raises `OSError`.
    """
    if (owner or owner_of(file.parent)) is None:
        return file.open("rb")
    opened = os.fdopen(_open(file), "rb")
    if not _is_plain(os.fstat(opened.fileno())):
        opened.close()
        raise NotPlainError(file)
    return opened


def see_plain(*files: Path, owner: Owner | None = None) -> None:
    """Look at files that something else will open; raises `NotPlainError` where `open_inside` would.

    Files that are not there are none to fear.
    """
    for file in files:
        with contextlib.suppress(FileNotFoundError, NotADirectoryError):
            if (owner or owner_of(file.parent)) is not None and not _is_plain(file.lstat()):
                raise NotPlainError(file)


@contextlib.contextmanager
def held_by_root(folder: Path) -> Iterator[Owner | None]:
    """Keep the owner of a folder out of it for a while, where root runs this; yields who that is.

    A terminal that is closed, or a request to end, gives the folder back as well: both are `SystemExit` here.
    """
    owner = owner_of(folder)
    if sys.platform == "win32" or owner is None:
        yield owner
        return
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    mode = stat.S_IMODE(os.fstat(descriptor).st_mode)
    with _ended_in_order():
        try:
            os.fchown(descriptor, 0, 0)
            os.fchmod(descriptor, 0o700)
            yield owner
        finally:
            os.fchown(descriptor, owner.user, owner.group)
            os.fchmod(descriptor, mode)
            os.close(descriptor)


@contextlib.contextmanager
def _ended_in_order() -> Iterator[None]:
    """Turn signals that would end the process at once into `SystemExit`; only the main thread can."""
    former: dict[signal.Signals, Any] = {}
    if sys.platform != "win32" and threading.current_thread() is threading.main_thread():
        for one in (signal.SIGHUP, signal.SIGTERM):
            if signal.getsignal(one) == signal.SIG_DFL:
                former[one] = signal.signal(one, _end)
    try:
        yield
    finally:
        for one, what in former.items():
            signal.signal(one, what)


def _end(number: int, _: object) -> None:
    signal.signal(number, signal.SIG_IGN)  # a second one would interrupt the tidying up
    raise SystemExit(128 + number)


def _open(file: Path) -> int:
    try:
        return os.open(file, os.O_RDONLY | NO_LINK)
    except OSError as error:
        if error.errno == errno.ELOOP:
            raise NotPlainError(file) from None
        raise


def _is_plain(found: os.stat_result) -> bool:
    return stat.S_ISREG(found.st_mode) and found.st_nlink == 1
