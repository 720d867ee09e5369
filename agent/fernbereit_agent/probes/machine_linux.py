"""What kind of machine is a Linux computer?

/sys/class/dmi/id/chassis_type    "10"          SMBIOS 7.4.1: 10 is a notebook
                  sys_vendor      "LENOVO"
                  product_name    "20W0009UGE"  Lenovo puts the readable name into product_version
                  bios_date       "06/13/2025"  month first, in every country
                  product_serial  readable by root only
/proc/cpuinfo                     "model name      : 11th Gen Intel(R) Core(TM) i5-1135G7 @ 2.40GHz"
/proc/device-tree/model           "Raspberry Pi 4 Model B" on machines without SMBIOS
"""

import re
from collections.abc import Mapping
from datetime import date

from fernbereit.facts.machine import Chassis, Machine
from fernbereit.keyed_hash import host_name_hash, serial_hash
from fernbereit_agent.host import Host
from fernbereit_agent.probes.dmi_linux import FOLDER, identity, runs_virtual
from fernbereit_agent.probes.power_supplies_linux import has_battery
from fernbereit_agent.probes.texts import line_of, plain, whole
from fernbereit_agent.settings import ProbeSettings

_CODES = {
    Chassis.LAPTOP: (8, 9, 10, 14),
    Chassis.CONVERTIBLE: (31, 32),
    Chassis.TABLET: (11, 30),
    Chassis.DESKTOP: (3, 4, 5, 6, 7, 13, 15, 16, 24, 34, 35, 36),
    Chassis.SERVER: (17, 23, 25, 28, 29),
}
CHASSIS = {code: chassis for chassis, codes in _CODES.items() for code in codes}
SAYS_NOTHING = frozenset({1, 2})
OFTEN_WRONG = SAYS_NOTHING | {3}
"""Codes that many makers leave in laptops: other, unknown, desktop. A battery decides."""


def read(host: Host, settings: ProbeSettings) -> Machine:
    """Read firmware strings, processor and memory; always knows at least the size of the machine."""
    dmi = identity(host)
    key = bytes.fromhex(settings.inventory_key) if settings.inventory_key else None
    return Machine(
        chassis=Chassis.VIRTUAL
        if runs_virtual(host, dmi)
        else parse_chassis(dmi["chassis_type"], battery=has_battery(host)),
        maker=plain(dmi["sys_vendor"]),
        model=parse_model(dmi) or plain(line_of(host, "/proc/device-tree/model")),
        memory_bytes=host.memory_bytes() or None,
        cpu_model=parse_cpu_model(line_of(host, "/proc/cpuinfo")),
        cpu_count=host.cpu_count() or None,
        firmware_date=parse_firmware_date(dmi["bios_date"]),
        serial_hash=serial_hash(line_of(host, f"{FOLDER}/product_serial"), key) if key else None,
        host_name_hash=host_name_hash(host.host_name(), key) if key else None,
    )


def parse_chassis(code_text: str, *, battery: bool) -> Chassis | None:
    """Return the build for an SMBIOS chassis code; None where neither code nor battery says it.

    >>> parse_chassis("10", battery=True), parse_chassis("3", battery=True)
    (<Chassis.LAPTOP: 'laptop'>, <Chassis.LAPTOP: 'laptop'>)
    """
    code = whole(code_text)
    if code is None:
        return None
    code &= 0x7F
    if code in OFTEN_WRONG and battery:
        return Chassis.LAPTOP
    if code in SAYS_NOTHING:
        return None
    return CHASSIS.get(code, Chassis.OTHER)


def parse_model(dmi: Mapping[str, str]) -> str | None:
    """Return the name people know the model by."""
    if dmi.get("sys_vendor", "").casefold().startswith("lenovo"):
        return plain(dmi.get("product_version", "")) or plain(dmi.get("product_name", ""))
    return plain(dmi.get("product_name", ""))


def parse_cpu_model(cpuinfo: str) -> str | None:
    """Return the name of the first processor; Arm kernels name none."""
    found = re.search(r"^model name[ \t]*:(.*)$", cpuinfo, re.MULTILINE)
    return plain(found.group(1)) if found else None


def parse_firmware_date(text: str) -> date | None:
    """Return the day of the firmware, written month/day/year.

    >>> parse_firmware_date("06/13/2025")
    datetime.date(2025, 6, 13)
    """
    found = re.fullmatch(r"(\d{2})/(\d{2})/(\d{4})", text, re.ASCII)
    if not found:
        return None
    month, day, year = map(int, found.groups())
    try:
        return date(year, month, day)
    except ValueError:
        return None
