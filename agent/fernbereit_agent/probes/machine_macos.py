"""What kind of machine is a Mac?

    system_profiler SPHardwareDataType -json    "machine_name": "MacBook Pro", "machine_model": "Mac14,7"
                                                "serial_number": for its keyed hash only
    sysctl -n machdep.cpu.brand_string          "Apple M2", "Intel(R) Core(TM) i5-1038NG7 CPU @ 2.00GHz"
    sysctl -n kern.hv_vmm_present               "1" in a virtual machine
    ioreg -rn AppleSmartBattery -a              empty without a battery

Since Apple's own processors "Mac14,2" tells no build, so the name goes first and a battery decides the rest.
The firmware tells its version, not its day.
"""

import re
from collections.abc import Mapping
from typing import Any

from fernbereit.facts.machine import Chassis, Machine
from fernbereit.keyed_hash import host_name_hash, serial_hash
from fernbereit_agent.errors import ProbeError
from fernbereit_agent.host import Host
from fernbereit_agent.probes.answers_macos import IOREG, SYSCTL, is_virtual, profile, text_in, word
from fernbereit_agent.probes.texts import plain
from fernbereit_agent.settings import ProbeSettings

REPORT = "SPHardwareDataType"
MAKER = "Apple"
_APPLES = re.compile(r"(?:iMac|iMacPro|Mac|MacBook|MacBookAir|MacBookPro|Macmini|MacPro|VirtualMac)\d+,\d+")
_DESKTOPS = ("iMac", "Mac mini", "Mac Studio", "Mac Pro")
_VIRTUAL = ("VirtualMac", "VMware", "Parallels")


def read(host: Host, settings: ProbeSettings) -> Machine:
    """Read the hardware report and the processor; always knows at least the size of the machine."""
    try:
        said = next(iter(profile(host, REPORT)), {})
    except ProbeError:
        said = {}
    key = bytes.fromhex(settings.inventory_key) if settings.inventory_key else None
    battery = bool(word(host, IOREG, "-rn", "AppleSmartBattery", "-a"))
    return Machine(
        chassis=Chassis.VIRTUAL if is_virtual(host) else parse_chassis(said, battery=battery),
        maker=MAKER if _APPLES.fullmatch(text_in(said, "machine_model")) else None,
        model=parse_model(said),
        memory_bytes=host.memory_bytes() or None,
        cpu_model=plain(word(host, SYSCTL, "-n", "machdep.cpu.brand_string")),
        cpu_count=host.cpu_count() or None,
        serial_hash=serial_hash(text_in(said, "serial_number"), key) if key else None,
        host_name_hash=host_name_hash(host.host_name(), key) if key else None,
    )


def parse_chassis(said: Mapping[str, Any], *, battery: bool) -> Chassis | None:
    """Return the build the name tells; a name that tells none is a laptop's if there is a battery.

    >>> parse_chassis({"machine_name": "MacBook Air", "machine_model": "Mac14,2"}, battery=False)
    <Chassis.LAPTOP: 'laptop'>
    """
    name, model = text_in(said, "machine_name"), text_in(said, "machine_model")
    if model.startswith(_VIRTUAL):
        return Chassis.VIRTUAL
    if name.startswith("MacBook") or model.startswith("MacBook") or battery:
        return Chassis.LAPTOP
    return Chassis.DESKTOP if name.startswith(_DESKTOPS) else None


def parse_model(said: Mapping[str, Any]) -> str | None:
    """Return the name people know with the model that makes it exact.

    >>> parse_model({"machine_name": "MacBook Air", "machine_model": "Mac14,2"})
    'MacBook Air (Mac14,2)'
    """
    name, model = plain(text_in(said, "machine_name")), plain(text_in(said, "machine_model"))
    return plain(f"{name} ({model})") if name and model else name or model
