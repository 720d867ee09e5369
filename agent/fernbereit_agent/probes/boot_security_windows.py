r"""Which TPM, Secure Boot and certificates of 2023 does a Windows computer have?

Tbsi_GetDeviceInfo                         version 1 is TPM 1.2, 2 is TPM 2.0; a code of its own for "no TPM"
...\Control\SecureBoot\State               UEFISecureBootEnabled; no key where GetFirmwareType is 1
...\Control\SecureBoot\Servicing           UEFICA2023Status "NotStarted", "InProgress", "Updated"

Source: tbs.h, Microsoft's guidance for the Secure Boot certificates that expired in 2026. For every user.
"""

from fernbereit.facts.boot_security import BootSecurity, CertificateUpdate, SecureBoot, TpmVersion
from fernbereit.record import Reason
from fernbereit_agent.errors import Denied, NotHere, ProbeError, Unsupported
from fernbereit_agent.host import Host
from fernbereit_agent.probes.registry_windows import number, readable, text
from fernbereit_agent.settings import ProbeSettings
from fernbereit_agent.windows_layouts import TpmDeviceInfo, laid_out
from fernbereit_agent.windows_ports import Blocks, Number

_CONTROL = r"HKLM\SYSTEM\CurrentControlSet\Control\SecureBoot"
STATE, SERVICING = rf"{_CONTROL}\State", rf"{_CONTROL}\Servicing"
LEGACY = 1
_VERSIONS = {1: TpmVersion.V1_2, 2: TpmVersion.V2_0}
_UPDATES = {
    "notstarted": CertificateUpdate.NOT_STARTED,
    "inprogress": CertificateUpdate.IN_PROGRESS,
    "updated": CertificateUpdate.UPDATED,
}


def read(host: Host, _settings: ProbeSettings) -> BootSecurity:
    """Ask TPM, firmware and registry; raises `Unsupported` or `Denied` if none of them speaks."""
    present, version = _tpm(host)
    facts = BootSecurity(
        tpm_present=present,
        tpm_version=version,
        secure_boot=_secure_boot(host),
        certificates_2023=decode_update(text(host, SERVICING, "UEFICA2023Status")),
    )
    if facts == BootSecurity():
        raise Unsupported(Reason.API_MISSING) if readable(host, STATE) else Denied()
    return facts


def decode_tpm(block: bytes) -> TpmVersion | None:
    """Return the generation of the security chip.

    >>> decode_tpm(bytes.fromhex("01000000020000000000000000000000"))
    <TpmVersion.V2_0: '2.0'>
    """
    told = laid_out(TpmDeviceInfo, block)
    return _VERSIONS.get(told.version) if told else None


def decode_update(word: str) -> CertificateUpdate | None:
    """Return how far the certificates of 2023 are; None where Windows says nothing of them.

    >>> decode_update("Updated"), decode_update("")
    (<CertificateUpdate.UPDATED: 'updated'>, None)
    """
    return _UPDATES.get(word.casefold(), CertificateUpdate.OTHER) if word else None


def _tpm(host: Host) -> tuple[bool | None, TpmVersion | None]:
    try:
        blocks = host.windows.native.blocks(Blocks.TPM)
    except NotHere as error:
        return (False, None) if error.reason is Reason.NO_HARDWARE else (None, None)
    except ProbeError:
        return None, None
    version = decode_tpm(blocks[0]) if blocks else None
    return (True, version) if version else (None, None)


def _secure_boot(host: Host) -> SecureBoot | None:
    enabled = number(host, STATE, "UEFISecureBootEnabled")
    if enabled is not None:
        return {0: SecureBoot.OFF, 1: SecureBoot.ON}.get(enabled)
    try:
        legacy = host.windows.native.number(Number.FIRMWARE_TYPE) == LEGACY
    except ProbeError:
        return None
    return SecureBoot.UNSUPPORTED if legacy else None
