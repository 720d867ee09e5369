"""Ask what a scenario does to the authority: `fernbereit drill`, over the collected fleet or two files.

Given an organisation and a fleet of counts, it reads these two files and nothing else: no store, no network,
no device. Else it reads the store, published numbers unless exact ones are asked for.
"""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from fernbereit.words import Words
from fernbereit_server.commands import drill_bars, drill_collected, two_files
from fernbereit_server.commands.drill_picture import picture
from fernbereit_server.commands.language import choose_language
from fernbereit_server.commands.two_files import stop
from fernbereit_server.commands.wording import words
from fernbereit_server.outlook.shapes import drill_answer, headroom_answer
from fernbereit_server.resilience.answer import answer
from fernbereit_server.resilience.drill import drill as answered
from fernbereit_server.resilience.result import DrillResult


def drill(  # noqa: PLR0913 - one argument an option
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
    as_of: Annotated[
        datetime | None, typer.Option("--as-of", formats=["%Y-%m-%d"], help="As published on this day.")
    ] = None,
    exact: Annotated[bool, typer.Option(help="Unrounded numbers of today, for IT operations only.")] = False,
    settings: Annotated[Path | None, typer.Option(help="Settings of the collector (TOML).")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Answer in JSON.")] = False,
    svg: Annotated[Path | None, typer.Option(help="Write the bars into this file as a picture.")] = None,
    lang: Annotated[str | None, typer.Option(help="de or en; default: as the system is set.")] = None,
) -> None:
    """Say how many people of each unit can work if a scenario comes true, and what stops the rest.

    Unknown devices make a range, low to high. Without files the collector's own devices are drilled, from
    published numbers: rounded, small units together. With --organisation and --fleet only these files are
    read; nothing is stored or sent.
    Exit codes: 0 answered, 1 nothing to answer from yet, 2 a file has faults, there is no such scenario, or
    options do not go together.
    """
    language = choose_language(lang)
    say = words(language)
    if organisation is None and fleet is None:
        if exact and as_of:
            stop(say("drill.exact_is_today"))
        day = as_of.date() if as_of else None
        asked = drill_collected.ask(scenario, say, as_of=day, exact=exact, settings=settings)
        written = drill_answer(asked.drilled, language).model_dump(mode="json")
        if asked.headroom is not None:
            written["forecast"] = headroom_answer(asked.headroom, language).forecast.model_dump(mode="json")
        ends = drill_collected.lines(asked.drilled, asked.headroom, say)
        _tell(drill_collected.shown(asked.drilled, say), written, ends, say, as_json=as_json, svg=svg)
        return
    if organisation is None or fleet is None or as_of or exact or settings:
        stop(say("drill.needs_files"))
    authority, counts = two_files.read(organisation, fleet, say)
    chosen = two_files.named(scenario, authority, say)
    result = answered(authority, counts, chosen)
    from_files = [say("drill.from_files")]
    _tell(result, answer(result, language), from_files, say, as_json=as_json, svg=svg)


def _tell(
    result: DrillResult,
    written: Mapping[str, Any],
    ends: Iterable[str],
    say: Words,
    *,
    as_json: bool,
    svg: Path | None,
) -> None:
    if svg is not None:
        _write(svg, result, say)
    if as_json:
        typer.echo(json.dumps(written, ensure_ascii=False, indent=1))
    else:
        drill_bars.show(result, say, Console(highlight=False), ends)


def _write(file: Path, result: DrillResult, say: Words) -> None:
    try:
        file.write_text(picture(result, say), encoding="utf-8")
    except OSError as error:
        stop(say("file.unwritable", file=file, reason=error.strerror or type(error).__name__))
