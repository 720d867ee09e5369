"""What do the two files say that a drill or a plan may be asked of?

An organisation and a fleet of counts; they are read and nothing else.
"""

from pathlib import Path
from typing import NoReturn

import typer

from fernbereit.nearest import nearest
from fernbereit.words import Words
from fernbereit_server.commands.file_faults import told
from fernbereit_server.organisation.faults import FaultyFileError
from fernbereit_server.organisation.file import read_organisation
from fernbereit_server.organisation.model import Organisation
from fernbereit_server.resilience import scenario as scenarios
from fernbereit_server.resilience.counts import Counts, read_counts
from fernbereit_server.resilience.scenario import Scenario

WRONG = 2


def read(organisation: Path, fleet: Path, say: Words) -> tuple[Organisation, Counts]:
    """Read both; with any fault, say every one and end with exit code 2."""
    file = organisation
    try:
        authority = read_organisation(organisation)
        file = fleet
        units = [unit.name for unit in authority.units]
        pools = [pool.name for pool in authority.device_pools]
        return authority, read_counts(fleet.read_bytes(), units, pools)
    except OSError as error:
        stop(say("file.unreadable", file=file, reason=error.strerror or type(error).__name__))
    except FaultyFileError as faulty:
        stop(told(file, faulty.faults, say))


def named(scenario: str, authority: Organisation, say: Words) -> Scenario:
    """Return the scenario somebody means, or end with those there are."""
    chosen = scenarios.find(scenario, authority)
    if chosen is None:
        known = scenarios.known(authority)
        text = say("drill.no_scenario", name=scenario, known=", ".join(known))
        if near := nearest(scenarios.key_of(scenario), known):
            text += " " + say("file.suggestion", word=near)
        stop(text)
    return chosen


def stop(text: str) -> NoReturn:
    """End with this text and exit code 2."""
    typer.echo(text, err=True)
    raise typer.Exit(WRONG)
