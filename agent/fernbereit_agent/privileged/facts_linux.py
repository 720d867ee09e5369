"""What may only root know on Linux? What the drives say of themselves.

smartctl --json=c --health /dev/nvme0    {"smart_status": {"passed": true}, ...}
/sys/block/*                             built-in disks: with a device of their own, not removable, no USB

smartctl is the Debian package smartmontools; without it nothing is known. Firmware variables, the security
chip and encryption can be read by every user.
"""

import json
import re
from collections.abc import Iterable
from pathlib import Path

from fernbereit.facts.storage import Storage, StorageHealth
from fernbereit.tolerance import OpenModel
from fernbereit_agent import commands
from fernbereit_agent.errors import ProbeError

SMARTCTL = ("/usr/sbin/smartctl", "--json=c", "--health")
BLOCK = Path("/sys/block")
MOST_DISKS = 8


def read() -> dict[str, OpenModel]:
    """Ask every built-in drive; what cannot be asked is not known."""
    health = health_of(map(_passed, drives(BLOCK)))
    return {"storage": Storage(health=health)} if health else {}


def drives(block: Path) -> tuple[str, ...]:
    """Return the devices of the built-in drives; of NVMe the controller, which is what answers."""
    found = {
        f"/dev/{device[1]}"
        for disk in block.glob("*")
        if (device := re.fullmatch(r"(sd[a-z]+|nvme[0-9]+)(n[0-9]+)?", disk.name))
        and _line(disk / "removable") == "0"
        and "/usb" not in str(disk.resolve())
    }
    return tuple(sorted(found))[:MOST_DISKS]


def _passed(device: str) -> bool | None:
    try:
        return passed(commands.run(*SMARTCTL, device))
    except ProbeError:
        return None


def passed(answer: str) -> bool | None:
    """Return what a drive says of itself; None where it says nothing.

    >>> passed('{"smart_status": {"passed": false}}'), passed("{}")
    (False, None)
    """
    try:
        told = json.loads(answer)
        word = told["smart_status"]["passed"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    return word if isinstance(word, bool) else None


def health_of(told: Iterable[bool | None]) -> StorageHealth | None:
    """Return the worst of all drives; None while none fails and one says nothing."""
    words = tuple(told)
    if False in words:
        return StorageHealth.FAILING
    return StorageHealth.OK if words and None not in words else None


def _line(file: Path) -> str:
    try:
        return file.read_text(encoding="ascii", errors="replace").strip()
    except OSError:
        return ""
