"""Which Linux, supported until when, updated when?

    /etc/os-release                 ID=ubuntu  VERSION_ID="24.04"  NAME="Ubuntu"
    /proc/sys/kernel/osrelease      "6.8.0-49-generic"
    /var/lib/dpkg/status            its day of change: the package database, whatever tool changed it
    /run/reboot-required            made by Debian's and Ubuntu's update hooks, emptied by the restart
    /run/reboot-needed              the same on SUSE

Source: os-release(5); the packages update-notifier-common and unattended-upgrades of Debian and Ubuntu,
libzypp of SUSE. Where no such hook is installed, a pending restart is not known.
"""

import re
from collections.abc import Mapping
from datetime import date

from fernbereit.facts.operating_system import Architecture, OperatingSystem, Platform
from fernbereit_agent.errors import Denied, NotHere, Unreadable
from fernbereit_agent.host import Host
from fernbereit_agent.probes.support_ends import support_end
from fernbereit_agent.probes.texts import line_of, plain
from fernbereit_agent.settings import ProbeSettings

PACKAGE_DATABASES = (
    "/var/lib/dpkg/status",
    "/usr/lib/sysimage/rpm/rpmdb.sqlite",
    "/var/lib/rpm/rpmdb.sqlite",
    "/usr/lib/sysimage/rpm/Packages.db",
    "/var/lib/rpm/Packages",
)
RESTART_MARKS = ("/run/reboot-required", "/run/reboot-needed")
RESTART_HOOKS = (
    "/usr/share/update-notifier/notify-reboot-required",
    "/etc/kernel/postinst.d/unattended-upgrades",
    "/usr/bin/zypper",
)
"""Programs that set the mark: without one of them its absence says nothing."""

FIRST_PLAUSIBLE_DAY = date(2010, 1, 1)
"""Image-based systems set the times of their files to 1970."""

_ARCHITECTURES = {
    "x86_64": Architecture.X86_64,
    "amd64": Architecture.X86_64,
    "aarch64": Architecture.ARM64,
    "arm64": Architecture.ARM64,
}


def read(host: Host, _settings: ProbeSettings) -> OperatingSystem:
    """Read os-release, kernel release, package database and restart marks."""
    text = line_of(host, "/etc/os-release") or line_of(host, "/usr/lib/os-release")
    machine = host.architecture()
    return parse_os_release(text).model_copy(
        update={
            "build": plain(line_of(host, "/proc/sys/kernel/osrelease")),
            "architecture": _ARCHITECTURES.get(machine.casefold(), Architecture.OTHER) if machine else None,
            "last_update_on": _last_update(host),
            "restart_pending": _restart_pending(host),
        }
    )


def parse_os_release(text: str) -> OperatingSystem:
    """Return name, version and end of support; what the file does not say is None."""
    said = _assignments(text)
    version = said.get("VERSION_ID", "")
    return OperatingSystem(
        platform=Platform.LINUX,
        name=plain(said.get("NAME", "")),
        version=plain(version),
        support_ends_on=_day(said.get("SUPPORT_END", "")) or support_end(said.get("ID", ""), version),
    )


def _assignments(text: str) -> Mapping[str, str]:
    """Return the shell-like assignments, quotes and backslashes undone, as os-release(5) wants it."""
    said: dict[str, str] = {}
    for line in text.splitlines():
        key, equals, value = line.strip().partition("=")
        if not equals or key.startswith("#"):
            continue
        if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'":
            value = value[1:-1]
        said[key] = re.sub(r"\\(.)", r"\1", value)
    return said


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII) else None
    except ValueError:
        return None


def _last_update(host: Host) -> date | None:
    days: list[date] = []
    for database in PACKAGE_DATABASES:
        try:
            days.append(host.modified_on(database))
        except (NotHere, Denied, Unreadable):
            continue
    latest = max(days, default=None)
    return latest if latest is not None and FIRST_PLAUSIBLE_DAY <= latest <= host.today() else None


def _restart_pending(host: Host) -> bool | None:
    if any(map(host.exists, RESTART_MARKS)):
        return True
    return False if any(map(host.exists, RESTART_HOOKS)) else None
