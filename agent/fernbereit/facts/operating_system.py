"""Which operating system, supported until when, updated when?"""

from fernbereit.facts.types import Day, Text
from fernbereit.field import Purpose, fact
from fernbereit.tolerance import OpenEnum, OpenModel


class Platform(OpenEnum):
    """The family of the operating system."""

    WINDOWS = "windows"
    MACOS = "macos"
    LINUX = "linux"
    OTHER = "other"


class Architecture(OpenEnum):
    """The instruction set of the machine, not of the program."""

    X86_64 = "x86_64"
    ARM64 = "arm64"
    OTHER = "other"


class OperatingSystem(OpenModel):
    """Name, version and state of the operating system."""

    platform: Platform | None = fact(purpose=Purpose.PROTECTION)
    name: Text | None = fact(purpose=Purpose.PROTECTION)
    version: Text | None = fact(purpose=Purpose.PROTECTION)
    build: Text | None = fact(purpose=Purpose.PROTECTION)
    architecture: Architecture | None = fact(purpose=Purpose.EQUIPMENT)
    support_ends_on: Day | None = fact(purpose=Purpose.PROTECTION)
    last_update_on: Day | None = fact(purpose=Purpose.PROTECTION)
    restart_pending: bool | None = fact(purpose=Purpose.PROTECTION)
