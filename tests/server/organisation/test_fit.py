"""Is it found where an organisation does not fit the devices there are?"""

from collections.abc import Sequence
from typing import Any

import pytest

from fernbereit_server.organisation.fit import Crowded, Fit, Stranger, fit, named, placed
from fernbereit_server.organisation.model import Organisation

CITY = Organisation.model_validate(
    {
        "units": [
            {"name": "Bürgeramt", "headcount": 2, "essential": ["E-Akte", "Kasse"]},
            {"name": "Bauamt", "headcount": 3, "essential": ["E-Akte"]},
        ],
        "device_pools": [{"name": "Pool", "units": ["Bauamt"]}],
        "stock": {"laptop": 4},
        "prices": {"battery": {"euro": 80}, "vpn_session": {"euro": 45}},
    },
    strict=False,
)
FITTING = [("Bürgeramt", "personal"), ("Bauamt", "personal"), ("Pool", "pool")]


def found(devices: Sequence[tuple[str | None, str]], **more: Any) -> Fit:
    """Compare the city with some devices; targets and prices are in order unless told otherwise."""
    settled: dict[str, Any] = {"reported_targets": None, "cost_items": ("battery",), **more}
    return fit(CITY, devices, **settled)


def test_what_fits_is_not_told() -> None:
    """Devices of a pool belong somewhere too."""
    assert not found(FITTING)


@pytest.mark.parametrize(
    ("devices", "wanted"),
    [
        (
            [*FITTING, ("Burgeramt", "personal"), ("Burgeramt", "stock")],
            Fit(strangers=(Stranger(unit="Burgeramt", devices=2, suggestion="Bürgeramt"),)),
        ),
        (
            [*FITTING, ("Werkhof", "pool")],
            Fit(strangers=(Stranger(unit="Werkhof", devices=1, suggestion=""),)),
        ),
        ([*FITTING, (None, "personal"), (None, "stock")], Fit(without_unit=2)),
        (FITTING[:1], Fit(without_devices=("Bauamt",))),
        (
            [*FITTING, ("Bürgeramt", "loan"), ("Bürgeramt", "personal"), ("Bürgeramt", "stock")],
            Fit(crowded=(Crowded(unit="Bürgeramt", headcount=2, devices=3),)),
        ),
        ([], Fit()),
    ],
    ids=[
        "a misspelt unit",
        "a unit nobody named",
        "no unit at all",
        "a unit without any device",
        "more devices in hand than people",
        "no inventory yet",
    ],
)
def test_each_misfit_is_found(devices: list[tuple[str | None, str]], wanted: Fit) -> None:
    """And nothing beside it."""
    assert found(devices) == wanted


def test_essential_targets_that_no_laptop_tests_are_found() -> None:
    """Settings of laptops spell names in small letters."""
    assert found(FITTING, reported_targets={"e-akte"}).unheard_targets == (("Kasse", ("Bürgeramt",)),)
    assert found(FITTING, reported_targets=set()).unheard_targets == (
        ("E-Akte", ("Bürgeramt", "Bauamt")),
        ("Kasse", ("Bürgeramt",)),
    )


def test_what_a_plan_asks_for_needs_a_price_or_a_stock() -> None:
    """What checks of the policy cost, laptops and sessions."""
    unpriced = CITY.model_copy(update={"prices": {}})

    assert found(FITTING, cost_items=("battery", "headset")).unpriced == ("headset",)
    assert fit(unpriced, FITTING, reported_targets=None).unpriced == ("vpn_session",)


@pytest.mark.parametrize(
    ("unit", "wanted"),
    [("Bauamt", "Bauamt"), ("Pool", "Pool"), ("Werkhof", None), (None, None)],
    ids=[
        "a unit of the organisation",
        "a device pool",
        "a unit the organisation does not name",
        "no row in the inventory",
    ],
)
def test_a_device_stands_in_its_unit_or_visibly_in_none(unit: str | None, wanted: str | None) -> None:
    """None is the bucket "no unit" wherever units are listed."""
    assert placed(unit, named(CITY)) == wanted


def test_units_and_pools_are_named() -> None:
    """Both can stand in the inventory."""
    assert named(CITY) == {"Bürgeramt", "Bauamt", "Pool"}
