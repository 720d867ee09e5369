"""Can the data folder be used? Asked once, before anything is served."""

import errno
import tempfile
from pathlib import Path

from fernbereit_server.errors import StoreError

_FULL = (errno.ENOSPC, errno.EDQUOT)


def open_folder(folder: Path) -> None:
    """Make the data folder if there is none, and see that files can be made in it.

    Raises `StoreError` with folder, reason and next step. A full disk is no reason: there may be room later.
    """
    doing = "made"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        doing = "written"
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        if error.errno in _FULL:
            return
        raise StoreError(
            f"{folder}: the data folder cannot be {doing} ({error.strerror}); set data to another folder "
            "(in the settings, or as FERNBEREIT_COLLECTOR_DATA), or create this one for the user of the "
            f"service: sudo install -d -m 700 -o USER {folder}"
        ) from None
