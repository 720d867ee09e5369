"""Whose is a file that an administrator's command leaves in the data folder? The folder's owner's.

Commands beside a service with an account of its own run as root; a key only root can read would stop it.
SQLite does the same with the files beside its database.
"""

import os
import sys
from pathlib import Path


def give_to_owner(*files: Path, of: Path) -> None:
    """Hand files, and what is in those that are folders, to the owner of `of`, where root runs this.

    Raises `OSError`.
    """
    if sys.platform == "win32" or os.geteuid() != 0:
        return
    owner = of.stat()
    for file in files:
        for one in (file, *file.rglob("*")):
            os.chown(one, owner.st_uid, owner.st_gid, follow_symlinks=False)
