"""Does the machine start only what it should?

linux    /sys/class/tpm/tpm0/tpm_version_major, /sys/firmware/efi/efivars/SecureBoot-... (5 bytes) and db-...
Never    measurements, keys, the boot menu.
"""

from datetime import timedelta

from fernbereit_agent.host import System
from fernbereit_agent.probe import Probe
from fernbereit_agent.probes import boot_security_linux

PROBE = Probe(
    section="boot_security",
    every=timedelta(hours=1),
    deadline=timedelta(seconds=5),
    readers={System.LINUX: boot_security_linux.read},
)
