r"""What kind of machine is a Windows computer?

GetSystemFirmwareTable('RSMB')     maker, product, version, serial number, chassis of each enclosure
HKLM\HARDWARE\DESCRIPTION\System\BIOS\SystemManufacturer, SystemProductName, BIOSReleaseDate
                                   the same where the table is not to be had; without serial number
HKLM\...\CentralProcessor\0\ProcessorNameString

A docked notebook names several enclosures: the one that is carried counts.
"""

from fernbereit.facts.machine import Chassis, Machine
from fernbereit.keyed_hash import host_name_hash, serial_hash
from fernbereit_agent.errors import ProbeError
from fernbereit_agent.host import Host
from fernbereit_agent.probes.battery_windows import is_own
from fernbereit_agent.probes.dmi_linux import is_virtual
from fernbereit_agent.probes.machine_linux import parse_chassis, parse_firmware_date, parse_model
from fernbereit_agent.probes.registry_windows import text
from fernbereit_agent.probes.smbios_windows import Firmware, decode
from fernbereit_agent.probes.texts import plain
from fernbereit_agent.settings import ProbeSettings
from fernbereit_agent.windows_ports import Blocks

BIOS = r"HKLM\HARDWARE\DESCRIPTION\System\BIOS"
PROCESSOR = r"HKLM\HARDWARE\DESCRIPTION\System\CentralProcessor\0"
CARRIED_FIRST = (
    Chassis.CONVERTIBLE,
    Chassis.LAPTOP,
    Chassis.TABLET,
    Chassis.DESKTOP,
    Chassis.SERVER,
    Chassis.OTHER,
)
DOCK = 12


def read(host: Host, settings: ProbeSettings) -> Machine:
    """Read firmware, processor and memory."""
    told = firmware(host)
    key = bytes.fromhex(settings.inventory_key) if settings.inventory_key else None
    names = {"sys_vendor": told.maker, "product_name": told.product, "product_version": told.version}
    return Machine(
        chassis=Chassis.VIRTUAL if is_virtual(names) else chassis(told, battery=has_battery(host)),
        maker=plain(told.maker),
        model=parse_model(names),
        memory_bytes=host.memory_bytes() or None,
        cpu_model=plain(text(host, PROCESSOR, "ProcessorNameString")),
        cpu_count=host.cpu_count() or None,
        firmware_date=parse_firmware_date(told.firmware_date),
        serial_hash=serial_hash(told.serial, key) if key else None,
        host_name_hash=host_name_hash(host.host_name(), key) if key else None,
    )


def firmware(host: Host) -> Firmware:
    """Return what the firmware says, from its table or else from the registry."""
    try:
        blocks = host.windows.native.blocks(Blocks.SMBIOS)
    except ProbeError:
        blocks = ()
    told = decode(blocks[0]) if blocks else Firmware()
    if told.maker or told.product:
        return told
    return Firmware(
        maker=text(host, BIOS, "SystemManufacturer"),
        product=text(host, BIOS, "SystemProductName"),
        version=text(host, BIOS, "SystemVersion"),
        serial=told.serial,
        firmware_date=told.firmware_date or text(host, BIOS, "BIOSReleaseDate"),
        chassis=told.chassis,
    )


def runs_virtual(host: Host) -> bool:
    """Tell whether this is a virtual machine; the processor's flag is set on real laptops as well."""
    told = firmware(host)
    return is_virtual({"sys_vendor": told.maker, "product_name": told.product})


def chassis(told: Firmware, *, battery: bool) -> Chassis | None:
    """Return the build of the best of all enclosures; a dock is none.

    >>> chassis(Firmware(chassis=(12, 10)), battery=True)
    <Chassis.LAPTOP: 'laptop'>
    """
    found = {parse_chassis(str(code), battery=battery) for code in told.chassis if code != DOCK}
    return next((each for each in CARRIED_FIRST if each in found), None)


def has_battery(host: Host) -> bool:
    """Tell whether a battery of the machine itself answers."""
    try:
        return any(map(is_own, host.windows.native.blocks(Blocks.BATTERIES)))
    except ProbeError:
        return False
