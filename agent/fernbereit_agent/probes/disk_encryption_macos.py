"""Is the system volume of a Mac encrypted?

diskutil info -plist /                       "FileVault": true, "Encryption": true
diskutil info -plist /System/Volumes/Data    the volume that holds people's files
fdesetup status                              "FileVault is On."  "Encryption in progress: Percent ... = 42"

With FileVault off, the drives of newer Macs are encrypted by a key that everybody who switches the machine on
gets: that is `suspended`. fdesetup is not translated; of its lines only the beginnings are looked at, since
one of them may name a person.
"""

from collections.abc import Mapping
from typing import Any

from fernbereit.facts.disk_encryption import DiskEncryption, EncryptionMethod, EncryptionState
from fernbereit_agent.errors import ProbeError, Unreadable
from fernbereit_agent.host import Host
from fernbereit_agent.probes.answers_macos import DISKUTIL, ask, flag_in, parse_dict, word
from fernbereit_agent.settings import ProbeSettings

SYSTEM, DATA = "/", "/System/Volumes/Data"
FDESETUP = ("/usr/bin/fdesetup", "status")
ON, OFF = "FileVault is On", "FileVault is Off"
MOVING = ("Encryption in progress", "Decryption in progress")


def read(host: Host, _settings: ProbeSettings) -> DiskEncryption:
    """Ask diskutil and fdesetup; raises a `ProbeError` where neither answers."""
    status = word(host, *FDESETUP)
    try:
        system = parse_dict(ask(host, DISKUTIL, "info", "-plist", SYSTEM))
    except ProbeError:
        if not parse_status(status):
            raise
        system = {}
    try:
        data = parse_dict(ask(host, DISKUTIL, "info", "-plist", DATA))
    except ProbeError:
        data = {}
    return judge(system, data, parse_status(status))


def parse_status(text: str) -> str:
    r"""Return the one line that decides, without what stands behind it.

    >>> parse_status("FileVault is On.\nEncryption in progress: Percent completed = 42\n")
    'Encryption in progress'
    """
    lines = text.splitlines()
    return next((mark for mark in (*MOVING, ON, OFF) if any(line.startswith(mark) for line in lines)), "")


def judge(system: Mapping[str, Any], data: Mapping[str, Any], status: str) -> DiskEncryption:
    """Make facts of both volumes and the deciding line; raises `Unreadable` where nothing is said."""
    state = _state(system, status)
    if state is None:
        raise Unreadable(detail="diskutil")
    home = flag_in(data, "FileVault")
    return DiskEncryption(
        state=state,
        method=EncryptionMethod.FILEVAULT if state in _BY_FILEVAULT else None,
        home_encrypted=False if home and status in MOVING else home,
    )


_BY_FILEVAULT = (EncryptionState.ENCRYPTED, EncryptionState.PARTLY)


def _state(system: Mapping[str, Any], status: str) -> EncryptionState | None:
    if status in MOVING:
        return EncryptionState.PARTLY
    on = flag_in(system, "FileVault")
    told = {ON: True, OFF: False}.get(status)
    if on is None:
        on = told
    if on is None or (told is not None and told is not on):
        return None  # two answers that contradict each other are none
    if on:
        return EncryptionState.ENCRYPTED
    at_rest = flag_in(system, "Encryption")
    return EncryptionState.SUSPENDED if at_rest else EncryptionState.NOT_ENCRYPTED
