"""How is a backup one file, and how is it seen that the file is whole?

A tar file that only its owner may read: it holds the store and the keys of the data folder. Written beside
its name and moved there when it is on the disk, so that a file with that name is always a whole one.
"""

import hashlib
import io
import os
import tarfile
from collections.abc import Mapping
from pathlib import Path
from typing import BinaryIO

from fernbereit_server.backups.contents import SUFFIX, Contents, read_contents
from fernbereit_server.errors import BackupError

CONTENTS = "backup.json"
_CONTENTS_MOST = 64 * 1024
_CHUNK = 1024 * 1024


def checksum(file: Path) -> str:
    """Return the SHA-256 of a file in hexadecimal."""
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def write_archive(to: Path, contents: Contents, members: Mapping[str, Path]) -> None:
    """Write a backup; an interruption at any moment leaves no file of that name. Raises `OSError`."""
    scratch = to.with_name(f".{to.name}.{os.getpid()}")
    descriptor = os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as written:
            with tarfile.open(fileobj=written, mode="w", format=tarfile.PAX_FORMAT) as tar:
                text = contents.model_dump_json(indent=1).encode()
                tar.addfile(_entry(CONTENTS, len(text)), io.BytesIO(text))
                for name, file in members.items():
                    with file.open("rb") as opened:
                        tar.addfile(_entry(name, file.stat().st_size), opened)
            written.flush()
            os.fsync(written.fileno())
        scratch.replace(to)
        sync_folder(to.parent)
    finally:
        scratch.unlink(missing_ok=True)


def extract(file: Path, into: Path) -> Contents:
    """Write the members of a backup into a folder and return what it says of itself.

    Raises `BackupError` unless every member is there and has the checksum that was written down; names in
    the file decide nothing, members that are not announced are passed over. What begins like a backup, or is
    named like one, is a damaged one; anything else is none.
    """
    wrong = "damaged" if _looks_like_ours(file) else "no_backup"
    try:
        with tarfile.open(file, mode="r:") as tar:
            first = tar.next()
            if first is None or first.name != CONTENTS or not 0 < first.size <= _CONTENTS_MOST:
                raise BackupError(wrong)
            contents = read_contents(_opened(tar, first).read())
            missing = set(contents.members)
            for entry in tar:
                if entry.name in missing and entry.isreg():
                    missing.discard(entry.name)
                    _write(_opened(tar, entry), into / entry.name, contents.members[entry.name])
    except (tarfile.TarError, EOFError):
        raise BackupError(wrong) from None
    if missing:
        raise BackupError("damaged")
    return contents


def sync_folder(folder: Path) -> None:
    """Wait until names in a folder are on the disk, where the system can do that."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _looks_like_ours(file: Path) -> bool:
    with file.open("rb") as opened:
        return opened.read(len(CONTENTS) + 1) == CONTENTS.encode() + b"\0" or file.suffix == SUFFIX


def _entry(name: str, size: int) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = size, 0o600
    return entry


def _opened(tar: tarfile.TarFile, entry: tarfile.TarInfo) -> BinaryIO:
    opened = tar.extractfile(entry)
    if opened is None:
        raise BackupError("damaged")
    return opened  # type: ignore[return-value]


def _write(source: BinaryIO, to: Path, expected: str) -> None:
    to.parent.mkdir(mode=0o700, exist_ok=True)
    digest = hashlib.sha256()
    descriptor = os.open(to, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as written:
        while chunk := source.read(_CHUNK):
            digest.update(chunk)
            written.write(chunk)
        written.flush()
        os.fsync(written.fileno())
    if digest.hexdigest() != expected:
        raise BackupError("damaged")
