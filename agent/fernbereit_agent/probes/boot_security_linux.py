"""Does a Linux computer start only what it should?

    /sys/class/tpm/tpm0/tpm_version_major            "2" or "1"
    /sys/firmware/efi                                missing: the machine starts the legacy way
    .../efivars/SecureBoot-8be4df61-..., db-d719b2cb-...   as `firmware_variables.py` says

Every user may read 100 variables a second.
"""

from fernbereit.facts.boot_security import BootSecurity, SecureBoot, TpmVersion
from fernbereit_agent.errors import Denied, NotHere, Unreadable
from fernbereit_agent.firmware_variables import SECURE_BOOT, TRUSTED, parse_secure_boot, parse_trusted
from fernbereit_agent.host import Host
from fernbereit_agent.probes.texts import line_of
from fernbereit_agent.settings import ProbeSettings

TPMS = "/sys/class/tpm"
FIRMWARE = "/sys/firmware"
VARIABLES = "/sys/firmware/efi/efivars"


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


def _secure_boot(host: Host) -> SecureBoot | None:
    if not host.exists(f"{FIRMWARE}/efi"):
        return SecureBoot.UNSUPPORTED if host.exists(FIRMWARE) else None
    return parse_secure_boot(_variable(host, SECURE_BOOT))


def _variable(host: Host, name: str) -> bytes | None:
    try:
        return host.read_bytes(f"{VARIABLES}/{name}")
    except (NotHere, Denied, Unreadable):
        return None
