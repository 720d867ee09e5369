"""How is a secret made once, so that two processes agree on it and nobody else can read it?"""

import contextlib
import os
import secrets
from pathlib import Path

from fernbereit_server.errors import StoreError
from fernbereit_server.folder_owner import give, open_inside, owner_of

BYTES = 32


def secret(file: Path, *, what: str, instead: str = "") -> bytes:
    """Return the 32 bytes of a secret kept as hexadecimal digits, made where there are none yet.

    `what` names it to people, `instead` what can be done beside making the folder writable. Raises
    `StoreError` if it can neither be read nor made.
    """
    try:
        if not os.path.lexists(file):
            _make(file)
        return _read(file)
    except (OSError, ValueError) as error:
        next_step = f"make the data folder writable{instead}"
        raise StoreError(
            f"{file}: {what} can neither be read nor made ({type(error).__name__}); {next_step}"
        ) from None


def _read(file: Path) -> bytes:
    with open_inside(file) as opened:
        found = bytes.fromhex(opened.read().decode("ascii").strip())
    if len(found) != BYTES:
        raise ValueError(f"a secret has {BYTES} bytes, not {len(found)}")
    return found


def _make(file: Path) -> None:
    """Make a file that only its owner can read; one that somebody else made meanwhile stays."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    scratch = file.with_name(f".{file.name}.{secrets.token_hex(8)}")
    descriptor = os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as written:
            written.write(f"{secrets.token_hex(BYTES)}\n")
            written.flush()
            os.fsync(written.fileno())
            give(written.fileno(), owner_of(file.parent), scratch)
        with contextlib.suppress(FileExistsError):
            os.link(scratch, file)
    finally:
        scratch.unlink()
