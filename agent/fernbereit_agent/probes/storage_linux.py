"""Is there room on the system volume of a Linux computer, and what does it lie on?

/sys/block/nvme0n1/queue/rotational    "0" for flash, "1" for a spinning disk
"""

from collections.abc import Iterable

from fernbereit.facts.storage import Storage, StorageKind
from fernbereit_agent.errors import ProbeError
from fernbereit_agent.host import Host
from fernbereit_agent.probes.block_devices_linux import Mount, devices_of, disks, mounts, system_volume
from fernbereit_agent.probes.dmi_linux import identity, runs_virtual
from fernbereit_agent.probes.texts import line_of
from fernbereit_agent.settings import ProbeSettings

GIBIBYTE = 1 << 30


def read(host: Host, _settings: ProbeSettings) -> Storage:
    """Read size and free space of the system volume and ask its disks whether they spin."""
    volume = _volume(host)
    total, free = host.disk_space(volume.place if volume else "/")
    return Storage(
        kind=None if runs_virtual(host, identity(host)) or volume is None else _kind(host, volume),
        total_bytes=total,
        free_bytes=whole_gibibytes(free),
    )


def parse_kind(answers: Iterable[str]) -> StorageKind | None:
    """Return the kind of disks whose `rotational` files hold these texts; `other` for a mixture.

    A virtual machine is not asked: its disks say what the host's settings say.
    """
    kinds = {{"0": StorageKind.SSD, "1": StorageKind.HDD}.get(answer) for answer in answers}
    if not kinds or None in kinds:
        return None
    return kinds.pop() if len(kinds) == 1 else StorageKind.OTHER


def whole_gibibytes(size: int) -> int:
    """Round down to 1 GiB, so that saving a document changes nothing.

    >>> whole_gibibytes(0), whole_gibibytes(3 * GIBIBYTE - 1) // GIBIBYTE
    (0, 2)
    """
    return size // GIBIBYTE * GIBIBYTE


def _volume(host: Host) -> Mount | None:
    try:
        return system_volume(mounts(host))
    except ProbeError:
        return None


def _kind(host: Host, volume: Mount) -> StorageKind | None:
    below_root = {disk for device in devices_of(host, volume) for disk in disks(host, device)}
    return parse_kind(line_of(host, f"{disk}/queue/rotational") for disk in below_root)
