"""Which ways from a volume to its disks count as encrypted?"""

from datetime import date

import pytest

from fernbereit.facts.disk_encryption import DiskEncryption, EncryptionMethod, EncryptionState
from fernbereit_agent.errors import Unreadable, Unsupported
from fernbereit_agent.laptop import RecordedLaptop
from fernbereit_agent.probes.block_devices_linux import parse_mountinfo
from fernbereit_agent.probes.disk_encryption_linux import read
from fernbereit_agent.recorded import RecordedHost
from fernbereit_agent.settings import ProbeSettings

VIRTUAL = "/sys/devices/virtual/block"
DISKS = "/sys/devices/pci0000:00/ata"
Stack = dict[str, tuple[str, tuple[str, ...]]]
"""Device by name: the name its tool gave the layer, and the devices below."""

YES, NO, PARTLY = EncryptionState.ENCRYPTED, EncryptionState.NOT_ENCRYPTED, EncryptionState.PARTLY
DISK: Stack = {"sda": ("", ()), "sdb": ("", ())}


def place(device: str) -> str:
    disk = device.rstrip("0123456789") if device.startswith("sd") else ""
    if disk and disk != device:
        return f"{DISKS}/{disk}/{device}"
    return f"{DISKS}/{device}" if device.startswith("sd") else f"{VIRTUAL}/{device}"


def machine(stack: Stack, top: str, filesystem: str = "ext4", exists: tuple[str, ...] = ()) -> RecordedHost:
    files = {f"{place(name)}/dm/uuid": f"{uuid}\n" for name, (uuid, _) in stack.items() if uuid}
    files |= {
        f"{place(name)}/partition": "1\n" for name in stack if name.startswith("sd") and name[-1].isdigit()
    }
    below = {name: lower for name, (_, lower) in stack.items() if lower}
    links = {f"{place(name)}/slaves/{one}": place(one) for name, lower in below.items() for one in lower}
    mountinfo = f"27 1 8:1 / / rw - {filesystem} /dev/{top} rw\n"
    return RecordedHost(
        RecordedLaptop(
            provenance="constructed",
            note="a stack of block devices",
            today=date(2026, 11, 21),
            files={"/proc/self/mountinfo": mountinfo, **files},
            folders={f"{place(name)}/slaves": lower for name, lower in below.items()},
            links={"/sys/dev/block/8:1": place(top), **links},
            exists=(*(place(name) for name in stack), *exists),
        )
    )


@pytest.mark.parametrize(
    ("stack", "top", "state", "method"),
    [
        ({**DISK, "sda1": ("", ())}, "sda1", NO, None),
        ({**DISK, "dm-0": ("CRYPT-LUKS2-1-a", ("sda",))}, "dm-0", YES, EncryptionMethod.LUKS2),
        ({**DISK, "dm-0": ("CRYPT-LUKS1-1-a", ("sda",))}, "dm-0", YES, EncryptionMethod.LUKS1),
        ({**DISK, "dm-0": ("CRYPT-PLAIN-a", ("sda",))}, "dm-0", YES, EncryptionMethod.DM_CRYPT),
        (
            {**DISK, "dm-0": ("CRYPT-LUKS2-1-a", ("sda",)), "dm-1": ("LVM-1", ("dm-0",))},
            "dm-1",
            YES,
            EncryptionMethod.LUKS2,
        ),
        (
            {**DISK, "dm-0": ("LVM-1", ("sda",)), "dm-1": ("CRYPT-LUKS2-1-a", ("dm-0",))},
            "dm-1",
            YES,
            EncryptionMethod.LUKS2,
        ),
        (
            {**DISK, "md0": ("", ("sda", "sdb")), "dm-0": ("CRYPT-LUKS2-1-a", ("md0",))},
            "dm-0",
            YES,
            EncryptionMethod.LUKS2,
        ),
        (
            {**DISK, "dm-0": ("CRYPT-LUKS2-1-a", ("sda",)), "dm-1": ("LVM-1", ("dm-0", "sdb"))},
            "dm-1",
            PARTLY,
            EncryptionMethod.LUKS2,
        ),
        (
            {
                **DISK,
                "dm-0": ("CRYPT-LUKS2-1-a", ("sda",)),
                "dm-1": ("CRYPT-LUKS1-1-b", ("sdb",)),
                "md0": ("", ("dm-0", "dm-1")),
            },
            "md0",
            YES,
            EncryptionMethod.OTHER,
        ),
        ({**DISK, "dm-0": ("CRYPT-VERITY-1-a", ("sda",))}, "dm-0", NO, None),
        ({**DISK, "md0": ("", ("sda", "sdb"))}, "md0", NO, None),
    ],
    ids=[
        "a plain partition",
        "LUKS2 on a disk",
        "LUKS1 on a disk",
        "plain dm-crypt",
        "LVM on LUKS",
        "LUKS on LVM",
        "LUKS on a mirror",
        "a volume over an encrypted and a plain disk",
        "a mirror of two kinds of LUKS",
        "a layer that only checks",
        "a plain mirror",
    ],
)
def test_every_way_to_a_disk_has_to_be_encrypted(
    stack: Stack, top: str, state: EncryptionState, method: EncryptionMethod | None
) -> None:
    """A volume is encrypted if no way from it down to a disk stays in the clear."""
    expected = DiskEncryption(state=state, method=method, home_encrypted=state is YES)

    assert read(machine(stack, top), ProbeSettings()) == expected


@pytest.mark.parametrize(
    ("stack", "top", "filesystem"),
    [
        ({"loop0": ("", ())}, "loop0", "ext4"),
        ({"zram0": ("", ())}, "zram0", "ext4"),
        ({**DISK, "dm-0": ("", ("sda",))}, "dm-0", "ext4"),
        ({**DISK, "dm-0": ("CRYPT-NOVEL-1", ("sda",))}, "dm-0", "ext4"),
        ({"dm-0": ("LVM-1", ("dm-0",))}, "dm-0", "ext4"),
        ({**DISK}, "sda", "bcachefs"),
    ],
    ids=[
        "a file used as a disk",
        "compressed memory",
        "a layer without a name",
        "a layer of a newer tool",
        "a layer that lies on itself",
        "a file system that may encrypt by itself",
    ],
)
def test_what_cannot_be_told_is_not_claimed(stack: Stack, top: str, filesystem: str) -> None:
    """No machine is called unencrypted by guess."""
    with pytest.raises(Unsupported):
        read(machine(stack, top, filesystem), ProbeSettings())


@pytest.mark.parametrize("trace", ["/home/.ecryptfs", "/.fscrypt", "/var/lib/systemd/home"])
def test_encryption_of_single_home_folders_leaves_home_unknown(trace: str) -> None:
    """Where people's folders may be encrypted one by one, "home is not encrypted" would be a guess."""
    seen = read(machine(DISK, "sda", exists=(trace,)), ProbeSettings())

    assert (seen.state, seen.home_encrypted) == (NO, None)


def test_a_table_without_a_system_volume_is_unreadable() -> None:
    """A mountinfo without "/" is broken, not an unencrypted machine."""
    laptop = RecordedLaptop(
        provenance="constructed", note="", today=date(2026, 11, 21), files={"/proc/self/mountinfo": "1 2 3\n"}
    )
    with pytest.raises(Unreadable):
        read(RecordedHost(laptop), ProbeSettings())


def test_mountinfo_hides_what_is_mounted_over_and_undoes_escapes() -> None:
    """The last mount on a place counts; blanks in paths come as octal escapes."""
    table = parse_mountinfo(
        "1 0 8:1 / /a\\040b rw - ext4 /dev/sda1 rw\n"
        "2 0 8:2 / /a\\040b rw shared:1 master:2 - xfs /dev/sda2 rw\n"
        "3 0 8:3 / /broken rw\n"
    )

    assert list(table) == ["/a b"]
    assert (table["/a b"].device, table["/a b"].filesystem) == ("8:2", "xfs")
