r"""Does the machine start only what it should?

linux    /sys/class/tpm/tpm0/tpm_version_major, /sys/firmware/efi/efivars/SecureBoot-... (5 bytes) and db-...
macos    ioreg (start-up policy in the device tree), nvram AppleSecureBootPolicy, SPiBridgeDataType
         A Mac has no TPM; its Secure Enclave or T2 chip is told in its place.
windows  Tbsi_GetDeviceInfo, ...\Control\SecureBoot\{State,Servicing}
Never    measurements, keys, the boot menu.
"""

from datetime import timedelta

from fernbereit_agent.host import System
from fernbereit_agent.probe import Probe, reader_in

PROBE = Probe(
    section="boot_security",
    every=timedelta(hours=1),
    deadline=timedelta(seconds=20),
    readers={
        System.LINUX: reader_in("boot_security_linux"),
        System.MACOS: reader_in("boot_security_macos"),
        System.WINDOWS: reader_in("boot_security_windows"),
    },
)
