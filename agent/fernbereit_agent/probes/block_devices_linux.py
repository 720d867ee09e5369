"""Which disks does a mounted volume lie on, and through which layers?

    /proc/self/mountinfo   "27 1 254:1 / / rw,relatime shared:1 - ext4 /dev/mapper/vg-root rw"
    /sys/dev/block/254:1   -> ../../devices/virtual/block/dm-1
    .../dm-1/dm/uuid       "LVM-..." or "CRYPT-LUKS2-<uuid>-<name>"
    .../dm-1/slaves/dm-0   -> the device below; a disk or partition has none
    .../nvme0n1p3/partition "3": its disk is the folder above

Where "/" is an overlay that libostree composes of what lies in /sysroot, as on Fedora Silverblue, /sysroot is
the system volume: "/" itself has no device, and calls itself full.

btrfs has no device number of its own: its mount source names one member, /sys/fs/btrfs/*/devices all of them.
Source: Documentation/filesystems/proc.rst and Documentation/ABI/testing/sysfs-block of the Linux kernel.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from fernbereit.record import Reason
from fernbereit_agent.errors import Denied, NotHere, Unreadable, Unsupported
from fernbereit_agent.host import Host
from fernbereit_agent.probes.texts import line_of

DEEPEST = 16
"""Layers from a volume down to its disk; four is a lot in practice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mount:
    """One line of mountinfo."""

    device: str
    place: str
    filesystem: str
    source: str


def mounts(host: Host) -> Mapping[str, Mount]:
    """Return what is mounted where; raises a `ProbeError` if the kernel's table cannot be read."""
    try:
        return parse_mountinfo(host.read_text("/proc/self/mountinfo"))
    except NotHere:
        raise Unsupported(Reason.API_MISSING) from None


def system_volume(table: Mapping[str, Mount]) -> Mount | None:
    """Return the volume the system lies on; None if the kernel's table names none.

    >>> root = Mount(device="0:35", place="/", filesystem="overlay", source="composefs")
    >>> below = Mount(device="0:32", place="/sysroot", filesystem="btrfs", source="/dev/nvme0n1p3")
    >>> system_volume({"/": root, "/sysroot": below}).place, system_volume({"/": root}).place
    ('/sysroot', '/')
    """
    root, physical = table.get("/"), table.get("/sysroot")
    return physical if root and physical and root.filesystem == "overlay" else root


def holding(table: Mapping[str, Mount], path: str) -> Mount | None:
    """Return the volume that holds a path with no links in it."""
    places = [place for place in table if place != "/" and (path == place or path.startswith(f"{place}/"))]
    return table[max(places, key=len)] if places else system_volume(table)


def parse_mountinfo(text: str) -> dict[str, Mount]:
    """Return what is mounted where; a later mount hides an earlier one, a broken line is passed over."""
    found: dict[str, Mount] = {}
    for line in text.splitlines():
        front, _, back = line.partition(" - ")
        before, after = front.split(" "), back.split(" ")
        if len(before) < 5 or len(after) < 2:
            continue
        place = _unescaped(before[4])
        found[place] = Mount(device=before[2], place=place, filesystem=after[0], source=_unescaped(after[1]))
    return found


def devices_of(host: Host, mount: Mount) -> tuple[str, ...]:
    """Return the folders in /sys of the devices that hold a volume; none if the kernel does not tell."""
    if not mount.device.startswith("0:"):
        return _existing(host, f"/sys/dev/block/{mount.device}")
    if not mount.source.startswith("/dev/"):
        return ()
    first = _existing(host, f"/sys/class/block/{_name(host.real_path(mount.source))}")
    if mount.filesystem != "btrfs" or not first:
        return first
    for volume in host.list_dir("/sys/fs/btrfs"):
        members = host.list_dir(f"/sys/fs/btrfs/{volume}/devices")
        if _name(first[0]) in members:
            found = tuple(_existing(host, f"/sys/class/block/{member}") for member in members)
            return tuple(device[0] for device in found) if all(found) else ()
    return first


def below(host: Host, device: str) -> tuple[str, ...]:
    """Return the devices one layer down; a disk has none."""
    try:
        slaves = host.list_dir(f"{device}/slaves")
    except (Denied, NotHere, Unreadable):
        slaves = ()
    if slaves:
        return tuple(host.real_path(f"{device}/slaves/{slave}") for slave in slaves)
    if host.exists(f"{device}/partition"):
        return (device.rpartition("/")[0],)
    return ()


def disks(host: Host, device: str, deepest: int = DEEPEST) -> tuple[str, ...]:
    """Return the folders of the disks below a device."""
    lower = below(host, device) if deepest else ()
    return tuple(disk for next_one in lower for disk in disks(host, next_one, deepest - 1)) or (device,)


def device_mapper_uuid(host: Host, device: str) -> str:
    """Return the name the layer was given by the tool that made it; nothing for all other devices."""
    return line_of(host, f"{device}/dm/uuid")


def _existing(host: Host, path: str) -> tuple[str, ...]:
    return (host.real_path(path),) if host.exists(path) else ()


def _name(path: str) -> str:
    return path.rpartition("/")[2]


def _unescaped(field: str) -> str:
    """Return the field with the kernel's octal escapes for blank, tab, newline and backslash undone."""
    return re.sub(r"\\([0-3][0-7]{2})", lambda found: chr(int(found.group(1), 8)), field)
