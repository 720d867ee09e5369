"""Does the published schema of an organisation take what is right, and refuse what is not?"""

import json
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from fernbereit_server.organisation.schema import FILE, render
from fernbereit_server.yaml_lines import read_yaml

ROOT = Path(__file__).resolve().parents[3]
SAMPLE = ROOT / "deploy" / "organisation.yaml"


def sample() -> dict[str, Any]:
    """Return the plain values of the sample."""
    values: dict[str, Any] = read_yaml(SAMPLE.read_text(encoding="utf-8"))[0]
    return values


def test_the_sample_keeps_to_the_published_schema() -> None:
    """Whoever writes an organisation with another tool validates it with the same result."""
    jsonschema_rs.validator_for(json.loads(render())).validate(sample())


@pytest.mark.parametrize(
    "wrong",
    [{"units": []}, {"units": [{"name": "A"}]}, {"concurrency": 0}, {"gatways": []}],
    ids=["no unit", "a unit without people", "nobody connects", "an unknown field"],
)
def test_what_is_wrong_in_shape_is_refused(wrong: dict[str, Any]) -> None:
    """As `organisation import` does, with line and example."""
    assert not jsonschema_rs.validator_for(json.loads(render())).is_valid({**sample(), **wrong})


def test_the_sample_names_the_schema_for_editors() -> None:
    """An editor that speaks the YAML language server shows faults while one types."""
    first = SAMPLE.read_text(encoding="utf-8").splitlines()[0]
    path = first.removeprefix("# yaml-language-server: $schema=")

    assert (SAMPLE.parent / path).resolve() == ROOT / "server" / "fernbereit_server" / "organisation" / FILE
