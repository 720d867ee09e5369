"""How healthy is the battery of a Mac, wherever this version of macOS keeps the figures?"""

import plistlib
from typing import Any

import pytest

from fernbereit_agent.errors import NotHere
from fernbereit_agent.probes.answers_macos import parse_nodes
from fernbereit_agent.probes.battery_macos import parse

ON_SILICON = {
    "DesignCapacity": 5103,
    "AppleRawMaxCapacity": 4870,
    "NominalChargeCapacity": 4988,
    "MaxCapacity": 100,
}
ON_27 = {"BatteryData": {"FullChargeCapacity": 5793, "DesignCapacity": 5760, "MaxCapacity": 100}}
ON_INTEL = {"DesignCapacity": 5103, "MaxCapacity": 4069}


def report(percent: Any = None, **health: Any) -> list[dict[str, Any]]:
    told = health if percent is None else {**health, "sppower_battery_health_maximum_capacity": percent}
    return [{"sppower_battery_health_info": told}]


@pytest.mark.parametrize(
    ("node", "percent", "health"),
    [
        pytest.param(ON_SILICON, "97%", 0.97, id="Apple's own figure goes first"),
        pytest.param(ON_SILICON, "84\u00a0%", 0.84, id="with a no-break space before the sign"),
        pytest.param(ON_SILICON, 93, 0.93, id="as a number"),
        pytest.param(ON_SILICON, "150%", round(4988 / 5103, 3), id="nonsense is not taken"),
        pytest.param(ON_SILICON, None, round(4988 / 5103, 3), id="raw values of Apple's own processors"),
        pytest.param(ON_27, None, 1.0, id="macOS 27, inside BatteryData, fuller than designed"),
        pytest.param(ON_INTEL, None, round(4069 / 5103, 3), id="Intel, where MaxCapacity is mAh"),
        pytest.param(
            {"DesignCapacity": 5103, "MaxCapacity": 100}, None, None, id="a percentage is no charge"
        ),
        pytest.param({"DesignCapacity": 0, "MaxCapacity": 4069}, None, None, id="designed for nothing"),
        pytest.param(
            {"DesignCapacity": True, "MaxCapacity": 4069}, None, None, id="a yes where a number belongs"
        ),
    ],
)
def test_health_is_what_its_owner_sees(node: dict[str, Any], percent: Any, health: float | None) -> None:
    """Apple's percentage, else full charge over design from the values of this version."""
    seen = parse(parse_nodes(plistlib.dumps([node]).decode()), report(percent))

    assert seen.health_ratio == health
    assert [pack.health_ratio for pack in seen.packs or ()] == [health]


def test_cycles_come_from_either_source() -> None:
    """A battery that was never charged counts zero, which is a count."""
    assert parse([{"CycleCount": 0}], []).cycle_count == 0
    assert parse([{}], report(sppower_battery_cycle_count=253)).cycle_count == 253
    assert parse([{"CycleCount": -1}], []).cycle_count is None


@pytest.mark.parametrize(
    ("nodes", "told"),
    [
        pytest.param([], [], id="nothing listed"),
        pytest.param([{"BatteryInstalled": False}], [{"_name": "sppower_information"}], id="an empty bay"),
    ],
)
def test_a_mac_without_battery_says_so(nodes: list[dict[str, Any]], told: list[dict[str, Any]]) -> None:
    """A desktop is told apart from a laptop whose battery cannot be read."""
    with pytest.raises(NotHere):
        parse(nodes, told)


def test_the_report_alone_is_enough() -> None:
    """Where the registry is closed, Apple's figure still stands."""
    seen = parse([], report("88%", sppower_battery_cycle_count=310))

    assert (seen.health_ratio, seen.cycle_count, len(seen.packs or ())) == (0.88, 310, 1)
