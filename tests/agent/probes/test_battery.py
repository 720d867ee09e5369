"""How healthy are the batteries, when there are several or the firmware says it oddly?"""

import pytest

from fernbereit.facts.battery import Battery
from fernbereit_agent.errors import NotHere
from fernbereit_agent.probes.battery_linux import MOST_PACKS, parse

NEW = {"type": "Battery", "present": "1", "energy_full": "50000000", "energy_full_design": "50000000"}
OLD = {"type": "Battery", "present": "1", "energy_full": "10000000", "energy_full_design": "20000000"}
IN_AMPERES = {
    "type": "Battery",
    "charge_full": "3000000",
    "charge_full_design": "6000000",
    "voltage_min_design": "10000000",
}


@pytest.mark.parametrize(
    ("supplies", "health"),
    [
        ([NEW], 1.0),
        ([OLD], 0.5),
        ([NEW, OLD], round(60 / 70, 3)),
        ([NEW, IN_AMPERES], round((50 + 30) / 110, 3)),
        ([{**NEW, "energy_full": "60000000"}], 1.0),
        ([NEW, {**OLD, "energy_full": ""}], None),
        ([NEW, {"type": "Battery", "charge_full": "1", "charge_full_design": "2"}], None),
        ([{**OLD, "present": "0"}, NEW], 1.0),
        ([{**OLD, "scope": "Device"}, NEW], 1.0),
        ([{**OLD, "type": "UPS"}, NEW], 1.0),
    ],
    ids=[
        "one new battery",
        "one old battery",
        "two weighted by capacity",
        "one in watt-hours and one in ampere-hours",
        "fuller than designed",
        "one of two not known",
        "one of two without voltage",
        "an empty bay",
        "the battery of a mouse",
        "an uninterruptible power supply",
    ],
)
def test_health_is_full_charge_over_design(supplies: list[dict[str, str]], health: float | None) -> None:
    """Weighted over all batteries of the machine itself; with one unknown the whole is unknown."""
    assert parse(supplies).health_ratio == health


@pytest.mark.parametrize(
    ("counts", "cycles"),
    [(("12", "700"), 700), (("0", "-1"), None), (("", "5"), 5), (("many",), None)],
    ids=["the older battery", "none counts", "one counts", "no number"],
)
def test_the_cycles_are_those_of_the_most_used_battery(counts: tuple[str, ...], cycles: int | None) -> None:
    """Zero and minus one are what firmware says that does not count."""
    assert parse([{**NEW, "cycle_count": count} for count in counts]).cycle_count == cycles


def test_no_more_packs_are_told_than_a_record_takes() -> None:
    """A machine that lists hundreds of batteries still makes a valid observation."""
    seen = parse([NEW] * 200)

    assert len(seen.packs or ()) == MOST_PACKS
    assert Battery.model_validate_json(seen.model_dump_json()) == seen


@pytest.mark.parametrize(
    "supplies", [[], [{"type": "Mains"}], [{**NEW, "scope": "device"}]], ids=["nothing", "mains", "a mouse"]
)
def test_a_machine_without_battery_says_so(supplies: list[dict[str, str]]) -> None:
    """A desktop is told apart from a laptop whose battery cannot be read."""
    with pytest.raises(NotHere):
        parse(supplies)
