"""What do the probes make of every laptop anyone ever recorded?"""

import json
from pathlib import Path

import pytest

import write
from fernbereit.facts import SECTIONS
from fernbereit.record import Outcome, Reason, observation_of
from fernbereit_agent import recording
from fernbereit_agent.probes import PROBES

FOLDERS = sorted(file.parent for file in write.LAPTOPS.glob(f"*/{recording.LAPTOP}"))
each_laptop = pytest.mark.parametrize("folder", FOLDERS, ids=[folder.name for folder in FOLDERS])


@each_laptop
def test_the_probes_read_what_is_expected(folder: Path) -> None:
    """Outcome, reason and facts of every section are those the folder states."""
    laptop = recording.read_laptop(folder)
    expected = json.loads((folder / recording.EXPECTED).read_text(encoding="utf-8"))

    assert json.loads(recording.expectations(laptop)) == expected


@each_laptop
def test_the_expectations_are_observations_of_this_version(folder: Path) -> None:
    """Nothing is expected that could not be sent: known words and fields, facts where it went well."""
    expected = json.loads((folder / recording.EXPECTED).read_text(encoding="utf-8"))
    for section, said in expected.items():
        seen = observation_of(SECTIONS[section]).model_validate(said)
        assert seen.model_dump(mode="json", exclude={"observed_age_s"}) == said
        assert (seen.facts is None) == (seen.outcome is not Outcome.OK)


@each_laptop
def test_no_probe_fails_by_accident(folder: Path) -> None:
    """Whatever a machine answers, no reader ends in an exception nobody thought of."""
    expected = json.loads((folder / recording.EXPECTED).read_text(encoding="utf-8"))
    accidents = [name for name, said in expected.items() if said["reason"] == Reason.INTERNAL_ERROR]

    assert accidents == []


@each_laptop
def test_the_folder_says_for_which_system_it_stands(folder: Path) -> None:
    """The name of a folder begins with the operating system of its laptop."""
    assert folder.name.startswith(recording.read_laptop(folder).system)


def test_every_section_with_a_probe_was_read_on_some_laptop() -> None:
    """No parser stands without a machine that answers it."""
    read: set[str] = set()
    for folder in FOLDERS:
        expected = json.loads((folder / recording.EXPECTED).read_text(encoding="utf-8"))
        read |= {name for name, said in expected.items() if said["outcome"] == Outcome.OK}

    assert {probe.section for probe in PROBES} <= read


def test_every_section_has_at_most_one_probe() -> None:
    """A section is looked at by one probe, named after it."""
    sections = [probe.section for probe in PROBES]

    assert len(set(sections)) == len(sections)
    assert set(sections) <= set(SECTIONS)
