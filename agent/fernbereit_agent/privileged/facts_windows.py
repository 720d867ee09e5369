r"""What may only SYSTEM and administrators know on Windows? Five things.

ROOT\CIMV2\Security\MicrosoftVolumeEncryption:Win32_EncryptableVolume   methods GetProtectionStatus and
    GetConversionStatus of the system volume: its properties of the same names are stale on build 26100
ROOT\CIMV2\Security\MicrosoftTpm:Win32_Tpm         SpecVersion "2.0, 0, 1.59"
ROOT\WMI:MSStorageDriver_FailurePredictStatus      PredictFailure of every drive that speaks SMART
HKLM\...\OMADM\Accounts\{GUID}\Protected\ConnInfo  ServerLastSuccessTime of the enrolment with a server
firmware variables SecureBoot and db               GetFirmwareEnvironmentVariableW with its privilege

Never: recovery keys, key protectors, owners, serial numbers, accounts. Seen on no Windows yet.
"""

import sys
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from datetime import UTC, date, datetime
from typing import Protocol

from fernbereit.facts.boot_security import BootSecurity, CertificateUpdate, TpmVersion
from fernbereit.facts.disk_encryption import DiskEncryption, EncryptionMethod, EncryptionState
from fernbereit.facts.management import Management, ManagementClient, Provider
from fernbereit.facts.storage import Storage, StorageHealth
from fernbereit.tolerance import OpenModel
from fernbereit_agent.errors import ProbeError
from fernbereit_agent.firmware_variables import ALSO_NEW, SECURE_BOOT, TRUSTED, parse_secure_boot
from fernbereit_agent.windows_ports import Registry, RegistryValue, WmiRow, WmiValue

VOLUMES = ("ROOT\\CIMV2\\Security\\MicrosoftVolumeEncryption", "Win32_EncryptableVolume")
CHIP = ("ROOT\\CIMV2\\Security\\MicrosoftTpm", "Win32_Tpm")
DRIVES = ("ROOT\\WMI", "MSStorageDriver_FailurePredictStatus")
ACCOUNTS = r"HKLM\SOFTWARE\Microsoft\Provisioning\OMADM\Accounts"
ENROLLMENTS = r"HKLM\SOFTWARE\Microsoft\Enrollments"
SYSTEM_DRIVE = "C:"
INTUNE = "ms dm server"
OLD_CERTIFICATE = b"Microsoft Windows Production PCA 2011"
ATTRIBUTES = bytes(4)
"""Linux puts four bytes of attributes before a variable, and the decoders expect them."""

_CONVERSIONS = {
    0: EncryptionState.NOT_ENCRYPTED,
    1: EncryptionState.ENCRYPTED,
    2: EncryptionState.PARTLY,
    3: EncryptionState.PARTLY,
    4: EncryptionState.PARTLY,
    5: EncryptionState.PARTLY,
}


class Rights(Protocol):
    """What SYSTEM may ask beyond a standard user; raises any `ProbeError`."""

    @property
    def registry(self) -> Registry:
        """Return the registry."""

    def rows(self, namespace: str, kind: str, *properties: str) -> tuple[WmiRow, ...]:
        """Return the named properties of each instance of a class."""

    def answer(self, namespace: str, path: str, method: str, name: str) -> WmiValue:
        """Return one value of what a method without arguments of one instance returns."""

    def variable(self, name: str) -> bytes:
        """Return a firmware variable, named `<name>-<guid>` as Linux does, without its attributes."""


def read() -> dict[str, OpenModel]:
    """Ask this machine; each of the five by itself."""
    if sys.platform == "win32":
        from fernbereit_agent.privileged.rights_windows import LocalRights

        return read_from(LocalRights())
    return {}


def read_from(rights: Rights) -> dict[str, OpenModel]:
    """Ask; what cannot be read is left out."""
    asked: Mapping[str, Callable[[Rights], OpenModel]] = {
        "disk_encryption": _encryption,
        "boot_security": _boot,
        "storage": _storage,
        "management": _management,
    }
    found: dict[str, OpenModel] = {}
    for section, ask in asked.items():
        with suppress(ProbeError):
            found[section] = ask(rights)
    return found


def state_of(protection: WmiValue, conversion: WmiValue) -> EncryptionState | None:
    """Return how far the volume is encrypted; encrypted without protection has its key in the clear.

    >>> state_of(1, 1), state_of(0, 1), state_of(2, 1)
    (<EncryptionState.ENCRYPTED: 'encrypted'>, <EncryptionState.SUSPENDED: 'suspended'>, None)
    """
    state = _CONVERSIONS.get(conversion) if isinstance(conversion, int) else None
    if state is not EncryptionState.ENCRYPTED:
        return state
    return {0: EncryptionState.SUSPENDED, 1: state}.get(protection) if isinstance(protection, int) else None


def version_of(specification: WmiValue) -> TpmVersion | None:
    """Return the generation of the security chip.

    >>> version_of("2.0, 0, 1.59")
    <TpmVersion.V2_0: '2.0'>
    """
    first = specification.partition(",")[0].strip() if isinstance(specification, str) else ""
    return {"1.2": TpmVersion.V1_2, "2.0": TpmVersion.V2_0}.get(first)


def certificates_of(trusted: bytes | None) -> CertificateUpdate | None:
    """Return how far the firmware is by what it trusts; that Windows starts by it too, it does not say."""
    if not trusted:
        return None
    if ALSO_NEW in trusted:
        return CertificateUpdate.IN_PROGRESS
    return CertificateUpdate.NOT_STARTED if OLD_CERTIFICATE in trusted else None


def health_of(predicted: Iterable[WmiValue]) -> StorageHealth | None:
    """Return the worst of the drives; None while none foretells its failure and one says nothing."""
    told = tuple(predicted)
    if True in told:
        return StorageHealth.FAILING
    return StorageHealth.OK if told and all(each is False for each in told) else None


def day_of(time: RegistryValue | None) -> date | None:
    """Return the day of a time of the device management client, UTC.

    >>> day_of("20261120T071502Z")
    datetime.date(2026, 11, 20)
    """
    try:
        return datetime.strptime(str(time), "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC).date()
    except ValueError:
        return None


def _encryption(rights: Rights) -> DiskEncryption:
    rows = rights.rows(*VOLUMES, "DeviceID", "DriveLetter")
    device = next((row["DeviceID"] for row in rows if row["DriveLetter"] == SYSTEM_DRIVE), None)
    if not isinstance(device, str):
        return DiskEncryption()
    path = f"{VOLUMES[1]}.DeviceID='{device}'".replace("\\", "\\\\")
    state = state_of(
        rights.answer(VOLUMES[0], path, "GetProtectionStatus", "ProtectionStatus"),
        rights.answer(VOLUMES[0], path, "GetConversionStatus", "ConversionStatus"),
    )
    bitlocker = state is not None and state is not EncryptionState.NOT_ENCRYPTED
    return DiskEncryption(state=state, method=EncryptionMethod.BITLOCKER if bitlocker else None)


def _boot(rights: Rights) -> BootSecurity:
    present = version = None
    with suppress(ProbeError):
        rows = rights.rows(*CHIP, "SpecVersion")
        present, version = bool(rows), version_of(rows[0]["SpecVersion"]) if rows else None
    return BootSecurity(
        tpm_present=present,
        tpm_version=version,
        secure_boot=parse_secure_boot(_variable(rights, SECURE_BOOT)),
        certificates_2023=certificates_of(_variable(rights, TRUSTED)),
    )


def _variable(rights: Rights, name: str) -> bytes | None:
    try:
        return ATTRIBUTES + rights.variable(name)
    except ProbeError:
        return None


def _storage(rights: Rights) -> Storage:
    return Storage(health=health_of(row["PredictFailure"] for row in rights.rows(*DRIVES, "PredictFailure")))


def _management(rights: Rights) -> Management:
    """Return the day of the last contact of enrolments whose product names itself."""
    clients = []
    for key in rights.registry.subkeys(ACCOUNTS):
        with suppress(ProbeError):
            day = day_of(
                rights.registry.value(rf"{ACCOUNTS}\{key}\Protected\ConnInfo", "ServerLastSuccessTime")
            )
            name = str(rights.registry.value(rf"{ENROLLMENTS}\{key}", "ProviderID")).casefold()
            if day is not None and name == INTUNE:
                clients.append(ManagementClient(provider=Provider.INTUNE, last_sync_on=day))
    return Management(clients=tuple(clients[:1]) or None)
