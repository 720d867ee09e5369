"""Does the drill give what was computed by hand? Each folder in `cases` holds its sums as a comment."""

import json
from pathlib import Path
from typing import Any

import pytest

from fernbereit_server.organisation.file import read_organisation
from fernbereit_server.resilience.answer import answer
from fernbereit_server.resilience.counts import read_counts
from fernbereit_server.resilience.drill import drill
from fernbereit_server.resilience.scenario import find

CASES = sorted((Path(__file__).parent / "cases").iterdir())


def answered(case: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    expected = json.loads((case / "expected.json").read_text("utf-8"))
    organisation = read_organisation(case / "organisation.yaml")
    units = [unit.name for unit in organisation.units]
    pools = [pool.name for pool in organisation.device_pools]
    counts = read_counts((case / "fleet.csv").read_bytes(), units, pools)
    scenario = find(expected["scenario"], organisation)
    assert scenario is not None
    return expected, answer(drill(organisation, counts, scenario), "de")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_figures_are_those_computed_by_hand(case: Path) -> None:
    """Totals, shares, units, services and notes, in fractions of a person."""
    expected, found = answered(case)
    services = {service["name"]: [service["holds"], service["staffed"]] for service in found["services"]}
    notes = {note["word"]: note.get("number") for note in found["notes"]}

    assert {key: found[key] for key in ("able", "suitable", "ratio")} == {
        key: expected[key] for key in ("able", "suitable", "ratio")
    }
    assert found["equipped"] == expected.get("equipped", found["equipped"])
    assert {unit["name"]: unit["able"] for unit in found["units"]} == expected["units"]
    assert services == expected.get("services", services)
    assert notes.items() >= expected.get("notes", {}).items()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_minimum_cut_is_named_and_adds_up(case: Path) -> None:
    """What binds has a name, and the people of the cut are exactly those able in the low case."""
    expected, found = answered(case)
    binding = found["binding_constraint"]
    cut = [[piece["kind"], piece["name"], piece["people"]] for piece in found["minimum_cut"]]

    assert [binding["kind"], binding["names"]] == expected["binding"]
    assert binding["tied"] == expected.get("tied", binding["tied"])
    by_unit = {unit["name"]: unit["binding_constraint"]["names"] for unit in found["units"]}
    assert by_unit == expected.get("stopped_by", by_unit)
    assert sorted(map(str, cut)) == sorted(map(str, expected["cut"]))
    assert sum(piece["people"] for piece in found["minimum_cut"]) == found["able"]["low"]
