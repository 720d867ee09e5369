"""Can the sample authority be drilled as its first lines say?"""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from fernbereit_server.cli import app
from fernbereit_server.resilience.scenario import SCENARIOS

DEPLOY = Path(__file__).parents[2] / "deploy"


@pytest.mark.parametrize("scenario", [*(scenario.key for scenario in SCENARIOS), "Halbe Leitung"])
def test_the_samples_answer_every_scenario(scenario: str) -> None:
    """In German, with a headline and without a fault."""
    files = ["--organisation", str(DEPLOY / "organisation.yaml"), "--fleet", str(DEPLOY / "fleet.csv")]
    result = CliRunner().invoke(app, ["drill", scenario, *files, "--lang", "de"])

    assert result.exit_code == 0
    assert "Musterstadt: " in result.stdout
    assert "Arbeitsfähig: " in result.stdout
