r"""Which Windows, supported until when, updated when?

HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion   CurrentBuild "26200", UBR 7005, DisplayVersion "25H2",
                                                    EditionID "Enterprise"; ProductName is wrong on 11
...\Component Based Servicing\RebootPending         these two keys exist while a restart is pending
...\WindowsUpdate\Auto Update\RebootRequired
IUpdateSearcher.QueryHistory                        newest installation that succeeded; no definitions

Files to be renamed at the next start are noise and not looked at. Where Windows Update keeps no history, the
day of the last update is not known: the list of hotfixes misses updates and its dates are translated.
"""

from collections.abc import Iterable
from datetime import date

from fernbereit.facts.operating_system import Architecture, OperatingSystem, Platform
from fernbereit_agent.errors import Denied, ProbeError, Unreadable
from fernbereit_agent.host import Host
from fernbereit_agent.probes.registry_windows import has_key, number, readable, text
from fernbereit_agent.probes.support_ends_windows import support_end
from fernbereit_agent.probes.texts import plain, whole
from fernbereit_agent.probes.times_windows import day_of_ole
from fernbereit_agent.settings import ProbeSettings
from fernbereit_agent.windows_layouts import UpdateEntry, laid_out
from fernbereit_agent.windows_ports import Blocks, Number

VERSION = r"HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion"
_WINDOWS = r"HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion"
RESTART_MARKS = (
    rf"{_WINDOWS}\Component Based Servicing\RebootPending",
    rf"{_WINDOWS}\WindowsUpdate\Auto Update\RebootRequired",
)
FIRST_BUILD_OF_11 = 22_000
INSTALLED, SUCCEEDED = 1, {2, 3}
NO_UPDATES_OF_WINDOWS = frozenset({890830, 2267602, 4052623})
"""Articles of the malware removal tool, of Defender's definitions and of Defender itself."""
_MACHINES = {0x8664: Architecture.X86_64, 0xAA64: Architecture.ARM64}
_WORDS = {"amd64": Architecture.X86_64, "x86_64": Architecture.X86_64, "arm64": Architecture.ARM64}


def read(host: Host, _settings: ProbeSettings) -> OperatingSystem:
    """Read version, restart marks and update history; raises `Unreadable` without a build."""
    build_text = text(host, VERSION, "CurrentBuild")
    build, revision = whole(build_text), number(host, VERSION, "UBR")
    if not readable(host, VERSION):
        raise Denied
    if build is None or build < 0:
        raise Unreadable(detail="no build number")
    return OperatingSystem(
        platform=Platform.WINDOWS,
        name=name_of(build, text(host, VERSION, "InstallationType")),
        version=plain(text(host, VERSION, "DisplayVersion")),
        build=plain(build_text if revision is None else f"{build_text}.{revision}"),
        architecture=_architecture(host),
        support_ends_on=support_end(build, text(host, VERSION, "EditionID")),
        last_update_on=_last_update(host),
        restart_pending=_restart_pending(host),
    )


def name_of(build: int, installation: str) -> str:
    """Return the name by the build number; servers say so themselves.

    >>> name_of(26200, "Client"), name_of(19045, "Client"), name_of(20348, "Server")
    ('Windows 11', 'Windows 10', 'Windows Server')
    """
    if installation.casefold().startswith("server"):
        return "Windows Server"
    return "Windows 11" if build >= FIRST_BUILD_OF_11 else "Windows 10"


def newest_update(blocks: Iterable[bytes], today: date) -> date | None:
    """Return the newest day on which an update of Windows was installed; days to come do not count."""
    entries = (entry for block in blocks if (entry := laid_out(UpdateEntry, block)))
    days = (
        day_of_ole(entry.day)
        for entry in entries
        if entry.operation == INSTALLED
        and entry.result in SUCCEEDED
        and entry.article not in {0, *NO_UPDATES_OF_WINDOWS}
    )
    return max((day for day in days if day and day <= today), default=None)


def _last_update(host: Host) -> date | None:
    try:
        return newest_update(host.windows.native.blocks(Blocks.UPDATE_HISTORY), host.today())
    except ProbeError:
        return None


def _restart_pending(host: Host) -> bool | None:
    marks = [has_key(host, mark) for mark in RESTART_MARKS]
    return True if True in marks else None if None in marks else False


def _architecture(host: Host) -> Architecture | None:
    try:
        return _MACHINES.get(host.windows.native.number(Number.NATIVE_MACHINE), Architecture.OTHER)
    except ProbeError:
        machine = host.architecture().casefold()
        return _WORDS.get(machine, Architecture.OTHER) if machine else None
