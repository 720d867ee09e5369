"""What kind of machine is this?

linux    /sys/class/dmi/id/{chassis_type,sys_vendor,product_name,bios_date,...}, /proc/cpuinfo
         product_serial is readable by root only; without it there is no serial hash.
macos    system_profiler SPHardwareDataType -json, sysctl; the firmware tells no day
windows  GetSystemFirmwareTable: maker, model, chassis, serial number; processor by the registry
Never    the serial number or host name in clear, asset tags, the UUID of the machine.
"""

from datetime import timedelta

from fernbereit_agent.host import System
from fernbereit_agent.probe import Probe, reader_in

PROBE = Probe(
    section="machine",
    every=timedelta(days=1),
    deadline=timedelta(seconds=20),
    readers={
        System.LINUX: reader_in("machine_linux"),
        System.MACOS: reader_in("machine_macos"),
        System.WINDOWS: reader_in("machine_windows"),
    },
)
