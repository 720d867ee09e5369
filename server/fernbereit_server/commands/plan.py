"""Ask what to do first: `fernbereit plan`, for a budget or on the way to a target.

Given an organisation and a fleet of counts, it reads these two files and nothing else: no store, no network,
no device. Else it reads the store, published numbers unless exact ones are asked for.
"""

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from fernbereit_server.commands import drill_collected, plan_table, two_files
from fernbereit_server.commands.language import Lang, choose_language
from fernbereit_server.commands.plan_wish import wish
from fernbereit_server.commands.wording import words
from fernbereit_server.resilience.planner.answer import answer
from fernbereit_server.resilience.planner.plan import plan as planned


def plan(  # noqa: PLR0913 - one argument an option
    *,
    budget: Annotated[str | None, typer.Option(help="Euro to spend; 0 for what costs nothing.")] = None,
    hours: Annotated[str | None, typer.Option(help="IT hours to spend, with --budget.")] = None,
    target: Annotated[str | None, typer.Option(help="Share of the suitable people, such as 90%.")] = None,
    scenario: Annotated[
        str, typer.Option(help="As in fernbereit drill: office-closed, storm-day, ...")
    ] = "office-closed",
    organisation: Annotated[
        Path | None, typer.Option(help="The authority with prices and stock (YAML).")
    ] = None,
    fleet: Annotated[
        Path | None, typer.Option(help="Counts (CSV: unit,path,verdict,kind,count,fix).")
    ] = None,
    exact: Annotated[bool, typer.Option(help="Unrounded numbers of today, for IT operations only.")] = False,
    settings: Annotated[Path | None, typer.Option(help="Settings of the collector (TOML).")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Answer in JSON.")] = False,
    lang: Lang = None,
) -> None:
    """Say what makes most people able to work for a budget, or which way to a target is cheapest.

    Measures that only help together are one step; free ones come first, then what helps most people for a
    euro. Each step says what it costs and adds, and what binds after it. Without files the plan is for the
    collector's own devices, from published numbers. With --organisation and --fleet only these files are
    read; nothing is stored or sent.
    Exit codes: 0 answered (a target may be out of reach), 1 nothing to answer from yet, 2 a file has faults,
    there is no such scenario, or options are missing, wrong or do not go together.
    """
    language = choose_language(lang)
    say = words(language)
    wished = wish(budget, hours, target, say)
    if organisation is None and fleet is None:
        source = "exact" if exact else "published"
        with drill_collected.opened_outlook(settings, say) as outlook, _solver_silent():
            result = outlook.plan(wished, scenario, exact=exact)
    elif organisation is None or fleet is None or exact or settings:
        two_files.stop(say("plan.needs_files"))
    else:
        source = "files"
        authority, counts = two_files.read(organisation, fleet, say)
        chosen = two_files.named(scenario, authority, say)
        with _solver_silent():
            result = planned(authority, counts, chosen, wished)
    if as_json:
        typer.echo(json.dumps(answer(result, language, source), ensure_ascii=False, indent=1))
        return
    plan_table.show(result, language, source, Console(highlight=False))


@contextmanager
def _solver_silent() -> Iterator[None]:
    """Keep what HiGHS prints by itself, now and then, out of an answer that a script reads."""
    sys.stdout.flush()
    kept = os.dup(1)
    with open(os.devnull, "wb") as nowhere:  # noqa: PTH123 - a device, not a file
        os.dup2(nowhere.fileno(), 1)
        try:
            yield
        finally:
            os.dup2(kept, 1)
            os.close(kept)
