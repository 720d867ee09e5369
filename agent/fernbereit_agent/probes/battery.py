"""How healthy are the batteries?

linux    /sys/class/power_supply/*/{type,scope,present,energy_full,...}   -> "Battery", "40230000" (µWh)
macos    system_profiler SPPowerDataType -json   -> Apple's own percentage
         ioreg -rn AppleSmartBattery -a          -> design and full charge in mAh, cycles
windows  IOCTL_BATTERY_QUERY_INFORMATION of each battery: capacity then and now, cycles
Never    the charge, or whether the laptop is plugged in.
"""

from datetime import timedelta

from fernbereit_agent.host import System
from fernbereit_agent.probe import Probe, reader_in

PROBE = Probe(
    section="battery",
    every=timedelta(days=1),
    deadline=timedelta(seconds=25),
    readers={
        System.LINUX: reader_in("battery_linux"),
        System.MACOS: reader_in("battery_macos"),
        System.WINDOWS: reader_in("battery_windows"),
    },
)
