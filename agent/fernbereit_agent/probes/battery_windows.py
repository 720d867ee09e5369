"""How healthy are the batteries of a Windows laptop?

IOCTL_BATTERY_QUERY_INFORMATION, level 0 -> BATTERY_INFORMATION; level 4 -> its name. Capabilities: bit 31 is
a battery of the machine, bit 29 one of a UPS, bit 30 capacities without unit. 0xFFFFFFFF and a cycle count of
0 mean: not known. Source: poclass.h, osquery's tables/system/windows/battery.cpp. Readable by every user.
"""

from fernbereit.facts.battery import Battery, BatteryPack
from fernbereit_agent.errors import NotHere
from fernbereit_agent.host import Host
from fernbereit_agent.probes.texts import plain
from fernbereit_agent.settings import ProbeSettings
from fernbereit_agent.windows_layouts import BatteryInformation, laid_out, utf16
from fernbereit_agent.windows_ports import Blocks

OF_THE_MACHINE, WITHOUT_UNIT, OF_A_UPS = 0x80000000, 0x40000000, 0x20000000
NOT_KNOWN = 0xFFFFFFFF
NAME_AT = 36
MOST_PACKS = 8


def read(host: Host, _settings: ProbeSettings) -> Battery:
    """Raise `NotHere` without a battery."""
    return decode(host.windows.native.blocks(Blocks.BATTERIES))


def is_own(block: bytes) -> bool:
    """Tell whether a block is that of a battery of the machine itself."""
    told = laid_out(BatteryInformation, block)
    return told is not None and bool(told.Capabilities & OF_THE_MACHINE) and not told.Capabilities & OF_A_UPS


def decode(blocks: tuple[bytes, ...]) -> Battery:
    """Make facts of the answers of all batteries; raises `NotHere`."""
    found = [
        (told, block) for block in blocks if is_own(block) and (told := laid_out(BatteryInformation, block))
    ]
    if not found:
        raise NotHere
    packs = tuple(_pack(told, block[NAME_AT:]) for told, block in found[:MOST_PACKS])
    counts = [pack.cycle_count for pack in packs if pack.cycle_count is not None]
    return Battery(
        health_ratio=_weighted([told for told, _ in found[:MOST_PACKS]]),
        cycle_count=max(counts) if counts else None,
        packs=packs,
    )


def _pack(told: BatteryInformation, name: bytes) -> BatteryPack:
    design = told.DesignedCapacity
    has_unit = not told.Capabilities & WITHOUT_UNIT
    return BatteryPack(
        model=plain(utf16(name)),
        health_ratio=_ratio([told]),
        cycle_count=told.CycleCount if 0 < told.CycleCount < NOT_KNOWN else None,
        design_wh=design / 1000 if has_unit and 0 < design <= 10_000_000 else None,
    )


def _known(told: BatteryInformation) -> bool:
    return 0 < told.DesignedCapacity < NOT_KNOWN and told.FullChargedCapacity < NOT_KNOWN


def _ratio(batteries: list[BatteryInformation]) -> float | None:
    """Return full over design of batteries with one unit; one that holds more than promised counts as 1."""
    if not all(map(_known, batteries)):
        return None
    full = sum(min(told.FullChargedCapacity, told.DesignedCapacity) for told in batteries)
    return round(full / sum(told.DesignedCapacity for told in batteries), 3)


def _weighted(batteries: list[BatteryInformation]) -> float | None:
    without_unit = any(told.Capabilities & WITHOUT_UNIT for told in batteries)
    return None if without_unit and len(batteries) > 1 else _ratio(batteries)
