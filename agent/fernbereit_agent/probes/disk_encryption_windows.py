"""Is the system volume of a Windows computer encrypted?

Shell property System.Volume.BitLockerProtection of C:, as a standard user: 1 on, 2 off, 3 encrypting, 4
decrypting, 5 suspended, 6 locked, 8 waiting for activation (encrypted, its key in the clear). The WMI class
of BitLocker is for administrators only. Source: windows_exporter, collector logical_disk. The property
is not documented, so an unknown number says nothing. Where BitLocker is off and a product of somebody else
encrypts, that product's own word is not known here: `third_party`.
"""

from fernbereit.facts.disk_encryption import DiskEncryption, EncryptionMethod, EncryptionState
from fernbereit_agent.errors import ProbeError, Unreadable
from fernbereit_agent.host import Host
from fernbereit_agent.probes.registry_windows import has_service, text
from fernbereit_agent.settings import ProbeSettings
from fernbereit_agent.windows_ports import Number

SYSTEM_DRIVE = "C:"
PROFILES = r"HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion\ProfileList"
STATES = {
    1: EncryptionState.ENCRYPTED,
    2: EncryptionState.NOT_ENCRYPTED,
    3: EncryptionState.PARTLY,
    4: EncryptionState.PARTLY,
    5: EncryptionState.SUSPENDED,
    6: EncryptionState.ENCRYPTED,
    8: EncryptionState.SUSPENDED,
}
OTHERS = (
    "SGN_MasterServiceNT",
    "SafeGuardEnterprise",
    "DlEncryptionService",
    "TrustedDisk",
    "VeraCrypt",
    "DiskCryptor",
)
"""Services of other products that encrypt whole disks; believed, seen on no machine yet."""


def read(host: Host, _settings: ProbeSettings) -> DiskEncryption:
    """Ask the shell about the system volume and the one with people's files; raises any `ProbeError`."""
    state = decode(host.windows.native.number(Number.BITLOCKER, SYSTEM_DRIVE))
    if state is None:
        raise Unreadable(detail="BitLockerProtection")
    if state is EncryptionState.NOT_ENCRYPTED and any(has_service(host, name) for name in OTHERS):
        return DiskEncryption(state=EncryptionState.THIRD_PARTY, method=EncryptionMethod.OTHER)
    bitlocker = state is not EncryptionState.NOT_ENCRYPTED
    return DiskEncryption(
        state=state,
        method=EncryptionMethod.BITLOCKER if bitlocker else None,
        home_encrypted=_home_encrypted(host, state),
    )


def decode(value: int) -> EncryptionState | None:
    """Return what the shell's number means, None for one nobody has explained.

    >>> decode(5), decode(7)
    (<EncryptionState.SUSPENDED: 'suspended'>, None)
    """
    return STATES.get(value)


def drive_of(folder: str) -> str | None:
    r"""Return the drive of a folder as Windows writes it.

    >>> drive_of(r"%SystemDrive%\Users"), drive_of("d:\\Benutzer"), drive_of("\\\\server\\share")
    ('C:', 'D:', None)
    """
    folder = folder.replace("/", "\\")
    if folder.casefold().startswith(("%systemdrive%", "%systemroot%")):
        return SYSTEM_DRIVE
    drive = folder[:2].upper()
    return drive if len(drive) == 2 and drive[1] == ":" and "A" <= drive[0] <= "Z" else None


def _home_encrypted(host: Host, state: EncryptionState) -> bool | None:
    drive = drive_of(text(host, PROFILES, "ProfilesDirectory"))
    if drive is None:
        return None
    if drive != SYSTEM_DRIVE:
        try:
            found = decode(host.windows.native.number(Number.BITLOCKER, drive))
        except ProbeError:
            return None
        if found is None:
            return None
        state = found
    return state is EncryptionState.ENCRYPTED
