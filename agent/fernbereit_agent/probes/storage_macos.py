"""Is there room on the system volume of a Mac, and is the drive sound?

    diskutil info -plist /    "SolidState": true, "SMARTStatus": "Verified" | "Failing" | "Not Supported"

All volumes of an APFS container share its room, so that of "/" is what people's files have as well.
"""

from collections.abc import Mapping
from typing import Any

from fernbereit.facts.storage import Storage, StorageHealth, StorageKind
from fernbereit_agent.errors import ProbeError
from fernbereit_agent.host import Host
from fernbereit_agent.probes.answers_macos import DISKUTIL, ask, flag_in, is_virtual, parse_dict, text_in
from fernbereit_agent.probes.storage_linux import whole_gibibytes
from fernbereit_agent.settings import ProbeSettings

_HEALTH = {"Verified": StorageHealth.OK, "Failing": StorageHealth.FAILING}


def read(host: Host, _settings: ProbeSettings) -> Storage:
    """Read size and free space of "/" and ask diskutil about its drive."""
    total, free = host.disk_space("/")
    try:
        drive = parse(parse_dict(ask(host, DISKUTIL, "info", "-plist", "/")), virtual=is_virtual(host))
    except ProbeError:
        drive = Storage()
    return drive.model_copy(update={"total_bytes": total, "free_bytes": whole_gibibytes(free)})


def parse(said: Mapping[str, Any], *, virtual: bool) -> Storage:
    """Return kind and health; nothing of a virtual machine, whose drive is what its host's settings say.

    >>> parse({"SolidState": True, "SMARTStatus": "Not Supported"}, virtual=False).kind
    <StorageKind.SSD: 'ssd'>
    """
    if virtual:
        return Storage()
    kind = {True: StorageKind.SSD, False: StorageKind.HDD, None: None}[flag_in(said, "SolidState")]
    return Storage(kind=kind, health=_HEALTH.get(text_in(said, "SMARTStatus")))
