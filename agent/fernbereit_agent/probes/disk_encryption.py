"""Is the system volume encrypted?

linux    /proc/self/mountinfo -> /sys/dev/block/<major>:<minor> -> dm/uuid and slaves/ down to the disk
         readable by every user; ZFS, overlay and network volumes stay unknown
macos    diskutil info -plist of the system volume and of people's files, fdesetup status
windows  shell property System.Volume.BitLockerProtection; the WMI class is for administrators only
Never    recovery keys, key slots, volume serial numbers.
"""

from datetime import timedelta

from fernbereit_agent.host import System
from fernbereit_agent.probe import Probe, reader_in

PROBE = Probe(
    section="disk_encryption",
    every=timedelta(hours=1),
    deadline=timedelta(seconds=25),
    readers={
        System.LINUX: reader_in("disk_encryption_linux"),
        System.MACOS: reader_in("disk_encryption_macos"),
        System.WINDOWS: reader_in("disk_encryption_windows"),
    },
)
