"""Is there room on the system volume, and what does it lie on?

linux    free space of "/", queue/rotational of the disks below it in /sys/block
         The state of health needs root or a desktop service, so it stays unknown.
macos    diskutil info -plist /: flash or not, what the drive says of itself
Never    file names, serial numbers of drives.
"""

from datetime import timedelta

from fernbereit_agent.host import System
from fernbereit_agent.probe import Probe
from fernbereit_agent.probes import storage_linux, storage_macos

PROBE = Probe(
    section="storage",
    every=timedelta(days=1),
    deadline=timedelta(seconds=20),
    readers={System.LINUX: storage_linux.read, System.MACOS: storage_macos.read},
)
