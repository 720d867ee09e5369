"""Which operating system, supported until when, updated when?

linux    /etc/os-release, /proc/sys/kernel/osrelease, the day the package database last changed,
         /run/reboot-required
macos    SystemVersion.plist, InstallHistory.plist; whether a restart is pending no readable file tells
windows  build, edition and restart marks in the registry, the history of Windows Update
Never    the list of installed packages.
"""

from datetime import timedelta

from fernbereit_agent.host import System
from fernbereit_agent.probe import Probe, reader_in

PROBE = Probe(
    section="operating_system",
    every=timedelta(hours=1),
    deadline=timedelta(seconds=10),
    readers={
        System.LINUX: reader_in("operating_system_linux"),
        System.MACOS: reader_in("operating_system_macos"),
        System.WINDOWS: reader_in("operating_system_windows"),
    },
)
