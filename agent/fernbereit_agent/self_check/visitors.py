"""Who is at the other end of a connection within this computer? Linux tells whose it is.

/proc/net/tcp, of each end:  0: 0100007F:8B0F 0100007F:9C40 01 00000000:00000000 00:00000000 00000000 1000 ...
                                own address   the other's   state                                     user

The addresses are hexadecimal, in tcp6 longer ones; ports are enough, since both ends are of this computer.
Elsewhere nobody sees what others started their programs with, and so nobody else knows the address of a page.
"""

import os
import sys
from pathlib import Path

TABLES = (Path("/proc/net/tcp"), Path("/proc/net/tcp6"))


def is_somebody_else(visitor: int, server: int) -> bool:
    """Tell whether a connection between two ports is another user's; not where that cannot be told."""
    if sys.platform == "linux":
        users = (user_of(_text(table), visitor, server) for table in TABLES)
        return any(user not in {None, os.getuid()} for user in users)
    return False


def user_of(table: str, visitor: int, server: int) -> int | None:
    """Return the number of the user at the visitor's port; None if the table does not tell."""
    for line in table.splitlines()[1:]:
        cells = line.split()
        if cells[1][-5:] == f":{visitor:04X}" and cells[2][-5:] == f":{server:04X}":
            return int(cells[7])
    return None


def _text(table: Path) -> str:
    try:
        return table.read_text(encoding="ascii", errors="replace")
    except OSError:
        return ""
