"""Is there room on the system volume, and is the drive sound?"""

from fernbereit.facts.types import Bytes, Day
from fernbereit.field import Purpose, fact
from fernbereit.tolerance import OpenEnum, OpenModel


class StorageKind(OpenEnum):
    """What the system volume lies on."""

    SSD = "ssd"
    HDD = "hdd"
    OTHER = "other"


class StorageHealth(OpenEnum):
    """What the drive says of itself."""

    OK = "ok"
    WARNING = "warning"
    FAILING = "failing"
    OTHER = "other"


class Storage(OpenModel):
    """The volume the operating system runs from; free space in steps of 1 GiB."""

    kind: StorageKind | None = fact(purpose=Purpose.EQUIPMENT)
    total_bytes: Bytes | None = fact(purpose=Purpose.EQUIPMENT)
    free_bytes: Bytes | None = fact(purpose=Purpose.EQUIPMENT)
    health: StorageHealth | None = fact(purpose=Purpose.EQUIPMENT)
    privileged_on: Day | None = fact(purpose=Purpose.EQUIPMENT)
