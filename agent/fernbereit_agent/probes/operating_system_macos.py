"""Which macOS, supported until when, updated when?

/System/Library/CoreServices/.SystemVersionPlatform.plist   ProductName, ProductVersion, ProductBuildVersion
/System/Library/CoreServices/SystemVersion.plist            the same, but old programs are told "16.0"
sysctl -n hw.optional.arm64                                 "1" on Apple's own processors, also for a
                                                            program that runs translated
/Library/Receipts/InstallHistory.plist                      date, displayName "macOS 26.1", processName

The build is never disguised, so it decides on the version. The history also lists updates of data such as
XProtect; only entries of the system itself count. Whether a restart is pending is told by no file that every
user may read, so it stays unknown.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from fernbereit.facts.operating_system import Architecture, OperatingSystem, Platform
from fernbereit_agent.errors import ProbeError
from fernbereit_agent.host import Host
from fernbereit_agent.probes.answers_macos import (
    SYSCTL,
    parse_plist,
    preferences,
    text_in,
    word,
)
from fernbereit_agent.probes.support_ends_macos import release_of
from fernbereit_agent.probes.texts import plain
from fernbereit_agent.settings import ProbeSettings

VERSIONS = (
    "/System/Library/CoreServices/.SystemVersionPlatform.plist",
    "/System/Library/CoreServices/SystemVersion.plist",
)
HISTORY = "/Library/Receipts/InstallHistory.plist"
FIRST_PLAUSIBLE_DAY = date(2015, 1, 1)
_UPDATERS = ("softwareupdated", "softwareupdate", "macOS Installer", "InstallAssistant")
_ARCHITECTURES = {"arm64": Architecture.ARM64, "x86_64": Architecture.X86_64}


def read(host: Host, _settings: ProbeSettings) -> OperatingSystem:
    """Read version, processor and history; always knows at least that it is a Mac."""
    found = (said for path in VERSIONS if (said := preferences(host, path)))
    facts = parse_version(next(found, {}))
    machine = host.architecture()
    if word(host, SYSCTL, "-n", "hw.optional.arm64") == "1":
        machine = "arm64"
    return facts.model_copy(
        update={
            "architecture": _ARCHITECTURES.get(machine, Architecture.OTHER) if machine else None,
            "last_update_on": _last_update(host),
        }
    )


def parse_version(said: Mapping[str, Any]) -> OperatingSystem:
    """Return name, version, build and end of support; what the file does not say is None."""
    version, build = plain(text_in(said, "ProductVersion")), plain(text_in(said, "ProductBuildVersion"))
    major, ends_on = release_of(build or "")
    disguised = major is not None and version is not None and not f"{version}.".startswith(f"{major}.")
    return OperatingSystem(
        platform=Platform.MACOS,
        name=plain(text_in(said, "ProductName")),
        version=major if disguised else version,
        build=build,
        support_ends_on=ends_on,
    )


def parse_history(entries: Iterable[Any], today: date) -> date | None:
    """Return the latest day on which the system itself was installed or updated, None if none is told."""
    days = [day for entry in entries if (day := _system_update(entry)) is not None]
    return max((day for day in days if FIRST_PLAUSIBLE_DAY <= day <= today), default=None)


def _system_update(entry: Any) -> date | None:
    if not isinstance(entry, dict) or not isinstance(entry.get("date"), datetime):
        return None
    of_system = text_in(entry, "displayName").startswith("macOS ")
    day: date = entry["date"].date()
    return day if of_system and text_in(entry, "processName") in _UPDATERS else None


def _last_update(host: Host) -> date | None:
    try:
        entries = parse_plist(host.read_bytes(HISTORY))
    except ProbeError:
        return None
    return parse_history(entries, host.today()) if isinstance(entries, list) else None
