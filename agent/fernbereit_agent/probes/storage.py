"""Is there room on the system volume, and what does it lie on?

linux    free space of "/", queue/rotational of the disks below it in /sys/block
         The state of health needs root or a desktop service, so it stays unknown.
macos    diskutil info -plist /: flash or not, what the drive says of itself
windows  free space of the system drive, its seek penalty, MSFT_PhysicalDisk for the state of health
Never    file names, serial numbers of drives.
"""

from datetime import timedelta

from fernbereit_agent.host import System
from fernbereit_agent.probe import Probe, reader_in

PROBE = Probe(
    section="storage",
    every=timedelta(days=1),
    deadline=timedelta(seconds=20),
    readers={
        System.LINUX: reader_in("storage_linux"),
        System.MACOS: reader_in("storage_macos"),
        System.WINDOWS: reader_in("storage_windows"),
    },
)
