"""What do the variables of the firmware say of what it starts? As Linux hands them out.

    SecureBoot-8be4df61-...    4 bytes of attributes, then 1 (on) or 0 (off)
    db-d719b2cb-...            the certificates the firmware trusts, in DER

Source: UEFI specification 2.10, 3.3 and 32.4.
"""

from fernbereit.facts.boot_security import CertificateUpdate, SecureBoot

SECURE_BOOT = "SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c"
TRUSTED = "db-d719b2cb-3d3a-4596-a3bc-dad00e67656f"

OLD_CERTIFICATE = b"Microsoft Corporation UEFI CA 2011"
NEW_CERTIFICATE = b"Microsoft UEFI CA 2023"
ALSO_NEW = b"Windows UEFI CA 2023"


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
