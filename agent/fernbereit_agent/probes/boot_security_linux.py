"""Does a Linux computer start only what it should?

    /sys/class/tpm/tpm0/tpm_version_major            "2" or "1"
    /sys/firmware/efi                                missing: the machine starts the legacy way
    .../efivars/SecureBoot-8be4df61-...              4 bytes of attributes, then 1 (on) or 0 (off)
    .../efivars/db-d719b2cb-...                      the certificates the firmware trusts, in DER

Source: UEFI specification 2.10, 3.3 and 32.4; every user may read 100 variables a second.
"""

from fernbereit.facts.boot_security import BootSecurity, CertificateUpdate, SecureBoot, TpmVersion
from fernbereit_agent.errors import Denied, NotHere, Unreadable
from fernbereit_agent.host import Host
from fernbereit_agent.probes.texts import line_of
from fernbereit_agent.settings import ProbeSettings

TPMS = "/sys/class/tpm"
FIRMWARE = "/sys/firmware"
VARIABLES = "/sys/firmware/efi/efivars"
SECURE_BOOT = "SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c"
TRUSTED = "db-d719b2cb-3d3a-4596-a3bc-dad00e67656f"

OLD_CERTIFICATE = b"Microsoft Corporation UEFI CA 2011"
NEW_CERTIFICATE = b"Microsoft UEFI CA 2023"
ALSO_NEW = b"Windows UEFI CA 2023"


def read(host: Host, _settings: ProbeSettings) -> BootSecurity:
    """Read security chip and firmware variables; each unknown part stays None."""
    chips = host.list_dir(TPMS)
    return BootSecurity(
        tpm_present=bool(chips) if host.exists(TPMS) else None,
        tpm_version=parse_tpm_version(line_of(host, f"{TPMS}/{chips[0]}/tpm_version_major"))
        if chips
        else None,
        secure_boot=_secure_boot(host),
        certificates_2023=parse_trusted(_variable(host, TRUSTED)),
    )


def parse_tpm_version(text: str) -> TpmVersion | None:
    """Return the generation for the kernel's major version.

    >>> parse_tpm_version("2"), parse_tpm_version("")
    (<TpmVersion.V2_0: '2.0'>, None)
    """
    return {"1": TpmVersion.V1_2, "2": TpmVersion.V2_0}.get(text)


def parse_secure_boot(variable: bytes | None) -> SecureBoot | None:
    """Return what the five bytes of the variable say, None for any other content.

    >>> parse_secure_boot(bytes([6, 0, 0, 0, 0]))
    <SecureBoot.OFF: 'off'>
    """
    if variable is None or len(variable) != 5:
        return None
    return {0: SecureBoot.OFF, 1: SecureBoot.ON}.get(variable[4])


def parse_trusted(variable: bytes | None) -> CertificateUpdate | None:
    """Return how far the trusted certificates are renewed; None for a machine with keys of its own.

    Linux starts through the certificate that Microsoft keeps for others, so that one decides.
    """
    if not variable:
        return None
    if NEW_CERTIFICATE in variable:
        return CertificateUpdate.UPDATED
    if ALSO_NEW in variable:
        return CertificateUpdate.IN_PROGRESS
    return CertificateUpdate.NOT_STARTED if OLD_CERTIFICATE in variable else None


def _secure_boot(host: Host) -> SecureBoot | None:
    if not host.exists(f"{FIRMWARE}/efi"):
        return SecureBoot.UNSUPPORTED if host.exists(FIRMWARE) else None
    return parse_secure_boot(_variable(host, SECURE_BOOT))


def _variable(host: Host, name: str) -> bytes | None:
    try:
        return host.read_bytes(f"{VARIABLES}/{name}")
    except (NotHere, Denied, Unreadable):
        return None
