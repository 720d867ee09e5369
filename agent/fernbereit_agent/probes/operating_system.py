"""Which operating system, supported until when, updated when?

linux    /etc/os-release, /proc/sys/kernel/osrelease, the day the package database last changed,
         /run/reboot-required
Never    the list of installed packages.
"""

from datetime import timedelta

from fernbereit_agent.host import System
from fernbereit_agent.probe import Probe
from fernbereit_agent.probes import operating_system_linux

PROBE = Probe(
    section="operating_system",
    every=timedelta(hours=1),
    deadline=timedelta(seconds=5),
    readers={System.LINUX: operating_system_linux.read},
)
