"""Is the system volume encrypted? Never: recovery keys, key protectors, volume serial numbers."""

from fernbereit.facts.types import Day
from fernbereit.field import Purpose, fact
from fernbereit.tolerance import OpenEnum, OpenModel


class EncryptionState(OpenEnum):
    """How far the volume is encrypted; `suspended` is encrypted with the key in the clear."""

    ENCRYPTED = "encrypted"
    PARTLY = "partly"
    SUSPENDED = "suspended"
    NOT_ENCRYPTED = "not_encrypted"
    THIRD_PARTY = "third_party"
    OTHER = "other"


class EncryptionMethod(OpenEnum):
    """What encrypts it."""

    LUKS2 = "luks2"
    LUKS1 = "luks1"
    DM_CRYPT = "dm_crypt"
    BITLOCKER = "bitlocker"
    FILEVAULT = "filevault"
    OTHER = "other"


class DiskEncryption(OpenModel):
    """The volume the operating system runs from, and the one that holds people's files."""

    state: EncryptionState | None = fact(purpose=Purpose.PROTECTION)
    method: EncryptionMethod | None = fact(purpose=Purpose.PROTECTION)
    home_encrypted: bool | None = fact(purpose=Purpose.PROTECTION)
    privileged_on: Day | None = fact(purpose=Purpose.PROTECTION)
