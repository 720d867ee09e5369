"""Which operating systems run in Musterstadt, and until when are they supported?

Ends of support: endoflife.date, snapshot of August 2026. Shares are constructed for demonstration.
"""

from dataclasses import dataclass
from datetime import date

from fernbereit.facts.operating_system import Platform


@dataclass(frozen=True, kw_only=True, slots=True)
class System:
    """One release; `support_ends_on` is None where the maker names no day."""

    platform: Platform
    name: str
    version: str
    build: str | None
    support_ends_on: date | None
    weight: int


WINDOWS_11: tuple[System, ...] = (
    System(platform=Platform.WINDOWS, name="Windows 11 Enterprise", version="25H2", build="26200.7171",
           support_ends_on=date(2028, 10, 10), weight=38),
    System(platform=Platform.WINDOWS, name="Windows 11 Enterprise", version="24H2", build="26100.7171",
           support_ends_on=date(2027, 10, 12), weight=42),
    System(platform=Platform.WINDOWS, name="Windows 11 Pro", version="24H2", build="26100.6899",
           support_ends_on=date(2026, 10, 13), weight=8),
    System(platform=Platform.WINDOWS, name="Windows 11 Enterprise", version="23H2", build="22631.6199",
           support_ends_on=date(2026, 11, 10), weight=12),
)  # fmt: skip
WINDOWS_10: tuple[System, ...] = (
    System(platform=Platform.WINDOWS, name="Windows 10 Pro", version="22H2", build="19045.6456",
           support_ends_on=date(2025, 10, 14), weight=1),
)  # fmt: skip
MACOS: tuple[System, ...] = (
    System(platform=Platform.MACOS, name="macOS Tahoe", version="26.1", build="25B78",
           support_ends_on=None, weight=2),
    System(platform=Platform.MACOS, name="macOS Sequoia", version="15.7.2", build="24G325",
           support_ends_on=None, weight=2),
    System(platform=Platform.MACOS, name="macOS Ventura", version="13.7.8", build="22H730",
           support_ends_on=date(2025, 9, 15), weight=1),
)  # fmt: skip
LINUX: tuple[System, ...] = (
    System(platform=Platform.LINUX, name="Ubuntu 24.04.3 LTS", version="24.04", build=None,
           support_ends_on=date(2029, 5, 31), weight=4),
    System(platform=Platform.LINUX, name="Debian GNU/Linux 13 (trixie)", version="13", build=None,
           support_ends_on=date(2028, 8, 9), weight=3),
    System(platform=Platform.LINUX, name="Debian GNU/Linux 11 (bullseye)", version="11", build=None,
           support_ends_on=date(2026, 8, 31), weight=1),
)  # fmt: skip
