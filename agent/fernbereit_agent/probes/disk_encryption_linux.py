"""Is the system volume of a Linux computer encrypted?

    /sys/dev/block/254:1/dm/uuid           "LVM-Nq3x..."                     a layer without encryption
    /sys/block/dm-0/dm/uuid                "CRYPT-LUKS2-8f2e...-nvme0n1p3_crypt"

Each way from the volume down to a disk has to pass an encrypted layer, above or below LVM or RAID. What lies
on a network, in memory or in a file system that encrypts by itself is not guessed. Drives that encrypt by
themselves look unencrypted from here. The prefixes are those of libcryptsetup (dm_prepare_uuid in
lib/libdevmapper.c).
"""

from fernbereit.facts.disk_encryption import DiskEncryption, EncryptionMethod, EncryptionState
from fernbereit_agent.errors import Unreadable, Unsupported
from fernbereit_agent.host import Host
from fernbereit_agent.probes.block_devices_linux import (
    DEEPEST,
    Mount,
    below,
    device_mapper_uuid,
    devices_of,
    holding,
    mounts,
    system_volume,
)
from fernbereit_agent.settings import ProbeSettings

NOTHING = "nothing"
NOT_KNOWN = "not known"
Protection = EncryptionMethod | str

_METHODS = (
    ("CRYPT-LUKS2-", EncryptionMethod.LUKS2),
    ("CRYPT-LUKS1-", EncryptionMethod.LUKS1),
    ("CRYPT-BITLK-", EncryptionMethod.BITLOCKER),
    ("CRYPT-FVAULT2-", EncryptionMethod.FILEVAULT),
    ("CRYPT-PLAIN-", EncryptionMethod.DM_CRYPT),
    ("CRYPT-LOOPAES-", EncryptionMethod.DM_CRYPT),
    ("CRYPT-TCRYPT-", EncryptionMethod.OTHER),
)
_CLEAR_LAYERS = ("CRYPT-VERITY-", "CRYPT-INTEGRITY-", "CRYPT-SUBDEV-")
"""Layers of the same tool that check data without hiding it; any other unknown one is not guessed."""
_ENCRYPTS_ITSELF = frozenset({"bcachefs", "zfs"})
_NO_DISK = ("loop", "nbd", "ram", "rbd", "zram", "dm-", "drbd")
_PER_PERSON = ("/home/.ecryptfs", "/home/.fscrypt", "/.fscrypt", "/var/lib/systemd/home")
"""Where encryption of single home folders leaves its traces; whose folders are encrypted is not looked at."""


def read(host: Host, _settings: ProbeSettings) -> DiskEncryption:
    """Walk from "/" and "/home" to the disks; raises `Unsupported` where neither can be told."""
    table = mounts(host)
    system, people = system_volume(table), holding(table, host.real_path("/home"))
    if system is None:
        raise Unreadable(detail="no system volume in mountinfo")
    root = _protections(host, system)
    home = root if people is None or people is system else _protections(host, people)
    facts = DiskEncryption(
        state=state_of(root),
        method=method_of(root),
        home_encrypted=home_encrypted(home, per_person=any(map(host.exists, _PER_PERSON))),
    )
    if facts.state is None and facts.home_encrypted is None:
        raise Unsupported(detail=f"a volume of type {system.filesystem}")
    return facts


def state_of(found: frozenset[Protection]) -> EncryptionState | None:
    """Return how far a volume is encrypted whose ways to the disks are protected as `found` says."""
    if not found or NOT_KNOWN in found:
        return None
    if found == {NOTHING}:
        return EncryptionState.NOT_ENCRYPTED
    return EncryptionState.PARTLY if NOTHING in found else EncryptionState.ENCRYPTED


def method_of(found: frozenset[Protection]) -> EncryptionMethod | None:
    """Return the one method in use, `other` for several, None for none."""
    methods = [each for each in found if isinstance(each, EncryptionMethod)]
    if len(methods) > 1:
        return EncryptionMethod.OTHER
    return methods[0] if methods else None


def home_encrypted(found: frozenset[Protection], *, per_person: bool) -> bool | None:
    """Tell whether people's files lie encrypted; None where single folders may be."""
    state = state_of(found)
    if state is None or (state is not EncryptionState.ENCRYPTED and per_person):
        return None
    return state is EncryptionState.ENCRYPTED


def method_of_layer(uuid: str) -> EncryptionMethod | None:
    """Return what a device-mapper layer encrypts with, None if it does not.

    >>> method_of_layer("CRYPT-LUKS2-0123-root"), method_of_layer("LVM-abc")
    (<EncryptionMethod.LUKS2: 'luks2'>, None)
    """
    return next((method for prefix, method in _METHODS if uuid.startswith(prefix)), None)


def _protections(host: Host, mount: Mount) -> frozenset[Protection]:
    devices = devices_of(host, mount)
    found = frozenset(each for device in devices for each in _ways_down(host, device, DEEPEST))
    if NOTHING in found and mount.filesystem in _ENCRYPTS_ITSELF:
        return frozenset({NOT_KNOWN})
    return found


def _ways_down(host: Host, device: str, deepest: int) -> frozenset[Protection]:
    uuid = device_mapper_uuid(host, device)
    name = device.rpartition("/")[2]
    if method := method_of_layer(uuid):
        return frozenset({method})
    unknown_layer = uuid.startswith("CRYPT-") and not uuid.startswith(_CLEAR_LAYERS)
    if not deepest or unknown_layer or (name.startswith("dm-") and not uuid):
        return frozenset({NOT_KNOWN})
    lower = below(host, device)
    if lower:
        return frozenset(each for next_one in lower for each in _ways_down(host, next_one, deepest - 1))
    return frozenset({NOT_KNOWN if name.startswith(_NO_DISK) else NOTHING})
