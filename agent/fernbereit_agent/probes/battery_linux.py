"""How healthy are the batteries of a Linux laptop?

    /sys/class/power_supply/BAT0/type                "Battery" ("Mains", "USB" are no batteries)
                                 scope               "Device" is the battery of a mouse or headset
                                 present             "0" is an empty bay
                                 energy_full         µWh, or charge_full in µAh
                                 energy_full_design  the same when it was new
                                 cycle_count         0 and -1 mean: the firmware does not count
                                 charge_control_end_threshold   percent at which charging stops

Source: Documentation/ABI/testing/sysfs-class-power of the Linux kernel. Readable by every user.
"""

from collections.abc import Mapping

from fernbereit.facts.battery import Battery, BatteryPack
from fernbereit.record import Reason
from fernbereit_agent.errors import NotHere, Unsupported
from fernbereit_agent.host import Host
from fernbereit_agent.probes.power_supplies_linux import FOLDER, KIND_FILES, is_own_battery, supplies
from fernbereit_agent.probes.texts import plain, whole
from fernbereit_agent.settings import ProbeSettings

FILES = (
    *KIND_FILES,
    "model_name",
    "energy_full",
    "energy_full_design",
    "charge_full",
    "charge_full_design",
    "voltage_min_design",
    "cycle_count",
    "charge_control_end_threshold",
)
MOST_PACKS = 8
MICRO = 1e6


def read(host: Host, _settings: ProbeSettings) -> Battery:
    """Raise `NotHere` without a battery, `Unsupported` without the kernel's class."""
    if not host.exists(FOLDER):
        raise Unsupported(Reason.API_MISSING)
    return parse(supplies(host, FILES))


def parse(listed: list[dict[str, str]]) -> Battery:
    """Make facts of the files of each power supply, missing files as empty text; raises `NotHere`."""
    batteries = [supply for supply in listed if is_own_battery(supply)][:MOST_PACKS]
    if not batteries:
        raise NotHere
    packs = tuple(_pack(supply) for supply in batteries)
    counts = [pack.cycle_count for pack in packs if pack.cycle_count is not None]
    return Battery(
        health_ratio=_weighted_health(packs), cycle_count=max(counts) if counts else None, packs=packs
    )


def _pack(supply: Mapping[str, str]) -> BatteryPack:
    number = {name: whole(supply.get(name, "")) for name in FILES}
    full, design = number["energy_full"], number["energy_full_design"]
    design_wh = design / MICRO if design is not None else None
    if full is None or design is None:
        full, design = number["charge_full"], number["charge_full_design"]
        volts = number["voltage_min_design"]
        if design_wh is None and design is not None and volts is not None:
            design_wh = design * volts / MICRO**2
    cycles, limit = number["cycle_count"], number["charge_control_end_threshold"]
    return BatteryPack(
        model=plain(supply.get("model_name", "")),
        health_ratio=_ratio(full, design),
        cycle_count=cycles if cycles is not None and cycles > 0 else None,
        design_wh=round(design_wh, 2) if design_wh is not None and 0 < design_wh <= 10_000 else None,
        charge_limit_ratio=limit / 100 if limit is not None and 0 < limit <= 100 else None,
    )


def _ratio(full: int | None, design: int | None) -> float | None:
    """Return full over design; a new battery may hold a little more than promised, which counts as 1."""
    if full is None or full < 0 or design is None or design <= 0:
        return None
    return round(min(1.0, full / design), 3)


def _weighted_health(packs: tuple[BatteryPack, ...]) -> float | None:
    """Return full charge over design of all packs together; None while one of several is not known."""
    if len(packs) == 1:
        return packs[0].health_ratio
    known = [(pack.health_ratio, pack.design_wh) for pack in packs]
    weights = [(ratio, weight) for ratio, weight in known if ratio is not None and weight is not None]
    if len(weights) < len(packs):
        return None
    return round(sum(ratio * weight for ratio, weight in weights) / sum(weight for _, weight in weights), 3)
