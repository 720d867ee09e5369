"""Ask what a scenario does to the authority: `fernbereit drill`, from an organisation and a fleet of counts.

It reads the two files that were given, nothing else: no store, no network, no device.
"""

import json
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from rich.console import Console

from fernbereit.nearest import nearest
from fernbereit.words import Words
from fernbereit_server.commands import drill_bars
from fernbereit_server.commands.drill_picture import picture
from fernbereit_server.commands.file_faults import told
from fernbereit_server.commands.language import choose_language
from fernbereit_server.commands.wording import words
from fernbereit_server.organisation.faults import FaultyFileError
from fernbereit_server.organisation.file import read_organisation
from fernbereit_server.organisation.model import Organisation
from fernbereit_server.resilience import scenario as scenarios
from fernbereit_server.resilience.answer import answer
from fernbereit_server.resilience.counts import Counts, read_counts
from fernbereit_server.resilience.drill import drill as answered
from fernbereit_server.resilience.result import DrillResult

WRONG = 2


def drill(
    scenario: Annotated[
        str,
        typer.Argument(
            help="office-closed, gateway-lost, storm-day, site-lost, identity-provider-lost, "
            "or a scenario of the organisation file."
        ),
    ] = "office-closed",
    *,
    organisation: Annotated[Path | None, typer.Option(help="The authority (YAML, or CSV of units).")] = None,
    fleet: Annotated[
        Path | None, typer.Option(help="Counts (CSV: unit,path,verdict,kind,count; fix may follow).")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Answer in JSON.")] = False,
    svg: Annotated[Path | None, typer.Option(help="Write the bars into this file as a picture.")] = None,
    lang: Annotated[str | None, typer.Option(help="de or en; default: as the system is set.")] = None,
) -> None:
    """Say how many people of each unit can work if a scenario comes true, and what stops the rest.

    Unknown devices make a range, low to high. The files stay where they are; nothing is stored or sent.
    Exit codes: 0 answered, 2 a file has faults, there is no such scenario, or an option is missing.
    """
    language = choose_language(lang)
    say = words(language)
    if organisation is None or fleet is None:
        _stop(say("drill.needs_files"))
    authority, counts = _read(organisation, fleet, say)
    chosen = scenarios.find(scenario, authority)
    if chosen is None:
        known = scenarios.known(authority)
        text = say("drill.no_scenario", name=scenario, known=", ".join(known))
        if near := nearest(scenarios.key_of(scenario), known):
            text += " " + say("file.suggestion", word=near)
        _stop(text)
    result = answered(authority, counts, chosen)
    if svg is not None:
        _write(svg, result, say)
    if as_json:
        typer.echo(json.dumps(answer(result, language), ensure_ascii=False, indent=1))
    else:
        drill_bars.show(result, say, Console(highlight=False))


def _read(organisation: Path, fleet: Path, say: Words) -> tuple[Organisation, Counts]:
    file = organisation
    try:
        authority = read_organisation(organisation)
        file = fleet
        units = [unit.name for unit in authority.units]
        pools = [pool.name for pool in authority.device_pools]
        return authority, read_counts(fleet.read_bytes(), units, pools)
    except OSError as error:
        _stop(say("file.unreadable", file=file, reason=error.strerror or type(error).__name__))
    except FaultyFileError as faulty:
        _stop(told(file, faulty.faults, say))


def _write(file: Path, result: DrillResult, say: Words) -> None:
    try:
        file.write_text(picture(result, say), encoding="utf-8")
    except OSError as error:
        _stop(say("file.unwritable", file=file, reason=error.strerror or type(error).__name__))


def _stop(text: str) -> NoReturn:
    typer.echo(text, err=True)
    raise typer.Exit(WRONG)
