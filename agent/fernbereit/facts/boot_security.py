"""Does the machine start only what it should?"""

from fernbereit.facts.types import Day
from fernbereit.field import Purpose, fact
from fernbereit.tolerance import OpenEnum, OpenModel


class TpmVersion(OpenEnum):
    """The generation of the security chip."""

    V1_2 = "1.2"
    V2_0 = "2.0"
    OTHER = "other"


class SecureBoot(OpenEnum):
    """Whether the firmware checks what it starts; `unsupported` is a machine that starts the legacy way."""

    ON = "on"
    OFF = "off"
    UNSUPPORTED = "unsupported"
    OTHER = "other"


class CertificateUpdate(OpenEnum):
    """How far the firmware has taken over the Secure Boot certificates of 2023."""

    UPDATED = "updated"
    IN_PROGRESS = "in_progress"
    NOT_STARTED = "not_started"
    OTHER = "other"


class BootSecurity(OpenModel):
    """Security chip and Secure Boot."""

    tpm_present: bool | None = fact(purpose=Purpose.PROTECTION)
    tpm_version: TpmVersion | None = fact(purpose=Purpose.PROTECTION)
    secure_boot: SecureBoot | None = fact(purpose=Purpose.PROTECTION)
    certificates_2023: CertificateUpdate | None = fact(purpose=Purpose.PROTECTION)
    privileged_on: Day | None = fact(purpose=Purpose.PROTECTION)
