"""How healthy is the battery of a Mac?

system_profiler SPPowerDataType -json    "sppower_battery_health_maximum_capacity": "84%", Apple's own figure
ioreg -rn AppleSmartBattery -a           "NominalChargeCapacity", "DesignCapacity" in mAh, "CycleCount"

Apple's figure goes first, since its owner sees the same; a no-break space may stand before the sign. Intel
Macs lack it, so the ratio of the raw values is taken. There "MaxCapacity" is mAh, on Apple's own processors
percent. macOS 27 keeps "FullChargeCapacity" and others inside "BatteryData" only.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from fernbereit.facts.battery import Battery, BatteryPack
from fernbereit_agent.errors import NotHere, ProbeError
from fernbereit_agent.host import Host
from fernbereit_agent.probes.answers_macos import (
    IOREG,
    ask,
    flag_in,
    number_in,
    parse_nodes,
    part_in,
    profile,
)
from fernbereit_agent.settings import ProbeSettings

REPORT = "SPPowerDataType"
HEALTH = "sppower_battery_health_info"
MOST_PACKS = 8
_PERCENT = 100
_FULL = ("NominalChargeCapacity", "AppleRawMaxCapacity", "FullChargeCapacity")
_MOST_CYCLES = 1 << 20

Node = Mapping[str, Any]


def read(host: Host, _settings: ProbeSettings) -> Battery:
    """Raise `NotHere` without a battery, another `ProbeError` where neither source answers."""
    try:
        report: Sequence[Node] = profile(host, REPORT)
    except ProbeError:
        report = ()
    try:
        nodes = parse_nodes(ask(host, IOREG, "-rn", "AppleSmartBattery", "-a"))
    except ProbeError:
        if not _health(report):
            raise
        nodes = ()
    return parse(nodes, report)


def parse(nodes: Iterable[Node], report: Iterable[Node]) -> Battery:
    """Make facts of the registry's batteries and Apple's report; raises `NotHere` where both tell of none."""
    batteries = [node for node in nodes if flag_in(node, "BatteryInstalled") is not False][:MOST_PACKS]
    told = _health(report)
    if not batteries and not told:
        raise NotHere
    apples = parse_percent(told.get("sppower_battery_health_maximum_capacity"))
    packs = [
        BatteryPack(health_ratio=_ratio(node), cycle_count=_cycles(node, "CycleCount")) for node in batteries
    ] or [BatteryPack()]
    if len(packs) > 1:
        return Battery(packs=tuple(packs), cycle_count=max(p.cycle_count or 0 for p in packs) or None)
    health = apples if apples is not None else packs[0].health_ratio
    counted = packs[0].cycle_count
    cycles = counted if counted is not None else _cycles(told, "sppower_battery_cycle_count")
    only = BatteryPack(health_ratio=health, cycle_count=cycles)
    return Battery(health_ratio=health, cycle_count=cycles, packs=(only,))


def parse_percent(said: object) -> float | None:
    r"""Return Apple's percentage as a ratio.

    >>> parse_percent("84%"), parse_percent("100\u00a0%"), parse_percent("150%")
    (0.84, 1.0, None)
    """
    found = re.fullmatch(r"(\d{1,3})\s*%?", str(said).strip(), re.ASCII if str(said).isascii() else 0)
    percent = int(found.group(1)) if found else None
    return percent / _PERCENT if percent is not None and 0 < percent <= _PERCENT else None


def _health(report: Iterable[Node]) -> Node:
    return next((part for item in report if (part := part_in(item, HEALTH))), {})


def _ratio(node: Node) -> float | None:
    """Return full charge over design from wherever this version of macOS keeps them."""
    places = (node, part_in(node, "BatteryData"))
    design = _first(places, ("DesignCapacity",))
    full = _first(places, _FULL)
    if full is None:
        capacity = number_in(node, "MaxCapacity")
        full = capacity if capacity is not None and capacity > _PERCENT else None
    return round(min(1.0, full / design), 3) if full is not None and design else None


def _first(places: Iterable[Node], keys: Iterable[str]) -> int | None:
    wanted = tuple(keys)
    found = (number_in(place, key) for place in places for key in wanted)
    return next((number for number in found if number is not None and number > 0), None)


def _cycles(said: Node, key: str) -> int | None:
    cycles = number_in(said, key)
    return cycles if cycles is not None and 0 <= cycles < _MOST_CYCLES else None
