r"""Is there room on the system volume of a Windows computer, what does it lie on, and is that sound?

IOCTL_STORAGE_QUERY_PROPERTY 7   DEVICE_SEEK_PENALTY_DESCRIPTOR: no penalty is flash
IOCTL_VOLUME_GET_VOLUME_DISK_EXTENTS   the numbers of the disks below C:
ROOT\Microsoft\Windows\Storage:MSFT_PhysicalDisk   DeviceId, MediaType 3 HDD 4 SSD, HealthStatus 0 1 2

Handles are opened without access, as standard users may. Source of the codes: winioctl.h.
"""

from collections.abc import Iterable

from fernbereit.facts.storage import Storage, StorageHealth, StorageKind
from fernbereit_agent.errors import ProbeError
from fernbereit_agent.host import Host
from fernbereit_agent.probes.machine_windows import runs_virtual
from fernbereit_agent.probes.storage_linux import whole_gibibytes
from fernbereit_agent.settings import ProbeSettings
from fernbereit_agent.windows_layouts import DiskExtent, DiskExtentsHead, SeekPenalty, laid_out
from fernbereit_agent.windows_ports import Blocks, WmiRow

NAMESPACE, CLASS = "ROOT\\Microsoft\\Windows\\Storage", "MSFT_PhysicalDisk"
SYSTEM_DRIVE = "C:"
MOST_DISKS = 16
_KINDS = {3: StorageKind.HDD, 4: StorageKind.SSD}
_HEALTH = {0: StorageHealth.OK, 1: StorageHealth.WARNING, 2: StorageHealth.FAILING}
_WORST_FIRST = (StorageHealth.FAILING, StorageHealth.WARNING, StorageHealth.OK)


def read(host: Host, _settings: ProbeSettings) -> Storage:
    """Read size and free space of the system volume and ask the disks below it."""
    total, free = host.disk_space("/")
    rows = _disks(host)
    virtual = runs_virtual(host)
    return Storage(
        kind=None if virtual else _kind(host, rows),
        total_bytes=total,
        free_bytes=whole_gibibytes(free),
        health=None if virtual else health_of(rows),
    )


def decode_seek_penalty(block: bytes) -> StorageKind | None:
    """Return the kind of a disk by whether seeking costs it time.

    >>> decode_seek_penalty(bytes.fromhex("0c0000000c00000001000000"))
    <StorageKind.HDD: 'hdd'>
    """
    told = laid_out(SeekPenalty, block)
    if told is None or told.Version < 9 or told.IncursSeekPenalty > 1:
        return None
    return StorageKind.HDD if told.IncursSeekPenalty else StorageKind.SSD


def decode_extents(block: bytes) -> frozenset[int]:
    """Return the numbers of the disks a volume lies on; none where the block says less than it should."""
    head = laid_out(DiskExtentsHead, block)
    count = head.NumberOfDiskExtents if head else 0
    if not 0 < count <= MOST_DISKS:
        return frozenset()
    found = [laid_out(DiskExtent, block, 8 + 24 * number) for number in range(count)]
    return frozenset(each.DiskNumber for each in found if each) if all(found) else frozenset()


def health_of(rows: Iterable[WmiRow]) -> StorageHealth | None:
    """Return the worst that one of the disks says of itself; None while one says nothing."""
    said = [_HEALTH.get(value) if isinstance(value := row["HealthStatus"], int) else None for row in rows]
    return next((each for each in _WORST_FIRST if each in said), None) if said and None not in said else None


def _kind(host: Host, rows: tuple[WmiRow, ...]) -> StorageKind | None:
    try:
        blocks = host.windows.native.blocks(Blocks.SEEK_PENALTY, SYSTEM_DRIVE)
    except ProbeError:
        blocks = ()
    if blocks and (kind := decode_seek_penalty(blocks[0])):
        return kind
    kinds = {_KINDS.get(value) if isinstance(value := row["MediaType"], int) else None for row in rows}
    if not kinds or None in kinds:
        return None
    return kinds.pop() if len(kinds) == 1 else StorageKind.OTHER


def _disks(host: Host) -> tuple[WmiRow, ...]:
    """Return the rows of the disks below the system volume."""
    try:
        blocks = host.windows.native.blocks(Blocks.DISK_EXTENTS, SYSTEM_DRIVE)
        rows = host.windows.wmi.rows(NAMESPACE, CLASS, "DeviceId", "MediaType", "HealthStatus")
    except ProbeError:
        return ()
    numbers = {str(number) for block in blocks[:1] for number in decode_extents(block)}
    found = tuple(row for row in rows if row["DeviceId"] in numbers)
    return found if len(found) == len(numbers) else ()
