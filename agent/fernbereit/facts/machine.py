"""What kind of machine is this?"""

from fernbereit.facts.types import Bytes, Count, Day, KeyedHash, Text
from fernbereit.field import Purpose, Visibility, fact
from fernbereit.tolerance import OpenEnum, OpenModel


class Chassis(OpenEnum):
    """What the machine is built as; `virtual` covers every virtual machine."""

    LAPTOP = "laptop"
    CONVERTIBLE = "convertible"
    TABLET = "tablet"
    DESKTOP = "desktop"
    SERVER = "server"
    VIRTUAL = "virtual"
    OTHER = "other"


class Machine(OpenModel):
    """Build, maker and size. Serial number and host name travel only as keyed hashes."""

    chassis: Chassis | None = fact(purpose=Purpose.EQUIPMENT)
    maker: Text | None = fact(purpose=Purpose.EQUIPMENT)
    model: Text | None = fact(purpose=Purpose.EQUIPMENT)
    memory_bytes: Bytes | None = fact(purpose=Purpose.EQUIPMENT)
    cpu_model: Text | None = fact(purpose=Purpose.EQUIPMENT)
    cpu_count: Count | None = fact(purpose=Purpose.EQUIPMENT)
    firmware_date: Day | None = fact(purpose=Purpose.EQUIPMENT)
    serial_hash: KeyedHash | None = fact(purpose=Purpose.MATCHING, visibility=Visibility.INTERNAL)
    host_name_hash: KeyedHash | None = fact(purpose=Purpose.MATCHING, visibility=Visibility.INTERNAL)
