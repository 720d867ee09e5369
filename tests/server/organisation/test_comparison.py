"""Is it said what an import changes, and nothing else?"""

from typing import Any

import pytest

from fernbereit_server.organisation.comparison import Comparison, compare
from fernbereit_server.organisation.model import Organisation

UNITS = [
    {"name": "Bürgeramt", "headcount": 60, "suitable": 40, "site": "Rathaus"},
    {"name": "Stadtkasse", "headcount": 30},
]
FULL: dict[str, Any] = {
    "name": "Musterstadt",
    "units": UNITS,
    "services": [{"name": "Auszahlen", "minimum": {"Stadtkasse": 4}}],
    "gateways": [{"name": "VPN", "sessions": 60}],
    "stock": {"laptop": 40},
    "prices": {"laptop": {"euro": 1200, "it_hours": 3}},
}


def organisation(**changed: Any) -> Organisation:
    """Return the sample with some fields changed."""
    return Organisation.model_validate({**FULL, **changed}, strict=False)


def changes(**changed: Any) -> Comparison:
    """Return what a file with these fields would change."""
    return compare(organisation(), organisation(**changed))


def told(comparison: Comparison) -> dict[str, Any]:
    """Return what changes by part, without what stays."""
    return {
        part.part: {
            "added": [name for name, _ in part.added],
            "removed": list(part.removed),
            "renamed": list(part.renamed),
            "changed": {one.name: dict(one.fields) for one in part.changed},
        }
        for part in comparison.parts
    }


NONE: dict[str, Any] = {"added": [], "removed": [], "renamed": [], "changed": {}}


def test_the_same_again_changes_nothing() -> None:
    """Nor does another order of the units."""
    assert not changes()
    assert not changes(units=UNITS[::-1])


def test_the_first_organisation_is_all_new() -> None:
    """Its people are counted from none."""
    first = compare(None, organisation())

    assert told(first)["units"] == NONE | {"added": ["Bürgeramt", "Stadtkasse"]}
    assert (first.headcount, first.staff) == ((0, 90), (0, 70))
    assert first.own["name"] == (None, "Musterstadt")


@pytest.mark.parametrize(
    ("changed", "part", "wanted"),
    [
        ({"units": UNITS[:1]}, "units", {"removed": ["Stadtkasse"]}),
        ({"units": [*UNITS, {"name": "Bauamt", "headcount": 5}]}, "units", {"added": ["Bauamt"]}),
        (
            {"units": [{**UNITS[0], "headcount": 70}, UNITS[1]]},
            "units",
            {"changed": {"Bürgeramt": {"headcount": (60, 70)}}},
        ),
        (
            {"units": [UNITS[0], {**UNITS[1], "suitable": 30}]},
            "units",
            {"changed": {"Stadtkasse": {"suitable": (None, 30)}}},
        ),
        ({"gateways": []}, "gateways", {"removed": ["VPN"]}),
        (
            {"gateways": [{"name": "VPN", "sessions": 80}]},
            "gateways",
            {"changed": {"VPN": {"sessions": (60, 80)}}},
        ),
        (
            {"prices": {"laptop": {"euro": 900, "it_hours": 3}}},
            "prices",
            {"changed": {"laptop": {"euro": (1200, 900)}}},
        ),
        ({"stock": {"laptop": 41}}, "stock", {"changed": {"laptop": {"number": (40, 41)}}}),
        (
            {"services": [{"name": "Auszahlen", "minimum": {"Stadtkasse": 5}}]},
            "services",
            {"changed": {"Auszahlen": {"minimum": ({"Stadtkasse": 4}, {"Stadtkasse": 5})}}},
        ),
    ],
    ids=[
        "a unit goes",
        "a unit comes",
        "a headcount",
        "suitable people are counted for the first time",
        "a gateway goes",
        "sessions",
        "a price",
        "stock",
        "minimum staffing",
    ],
)
def test_each_change_is_found(changed: dict[str, Any], part: str, wanted: dict[str, Any]) -> None:
    """From what to what, and nothing else."""
    assert told(changes(**changed)) == {part: NONE | wanted}


@pytest.mark.parametrize(
    ("units", "renamed", "added", "removed"),
    [
        ([UNITS[0], {"name": "Kasse", "headcount": 30}], [("Stadtkasse", "Kasse")], [], []),
        (
            [UNITS[0], {"name": "Stadtkassen", "headcount": 31}],
            [("Stadtkasse", "Stadtkassen")],
            [],
            [],
        ),
        (
            [UNITS[0], {"name": "A", "headcount": 30}, {"name": "B", "headcount": 30}],
            [],
            ["A", "B"],
            ["Stadtkasse"],
        ),
        ([UNITS[0], {"name": "Bauhof", "headcount": 31}], [], ["Bauhof"], ["Stadtkasse"]),
    ],
    ids=[
        "all else the same",
        "a name much alike",
        "two that could be it are none",
        "neither name nor people alike",
    ],
)
def test_another_name_is_guessed(
    units: list[dict[str, Any]], renamed: list[tuple[str, str]], added: list[str], removed: list[str]
) -> None:
    """A guess is told as one; where nothing speaks for it, a unit goes and another comes."""
    found = told(changes(units=units))["units"]

    assert (found["renamed"], found["added"], found["removed"]) == (renamed, added, removed)


def test_gateways_nobody_stated_are_not_none() -> None:
    """Unknown capacity is told apart from no capacity."""
    unstated = {name: value for name, value in FULL.items() if name != "gateways"}
    before, after = Organisation.model_validate(unstated, strict=False), organisation(gateways=[])

    assert compare(before, after).own == {"gateways": (False, True)}
    assert compare(after, before).own == {"gateways": (True, False)}
