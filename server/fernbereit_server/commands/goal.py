"""Set goals and see whether they are on their way: `fernbereit goal set|list|end`."""

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

from fernbereit.words import Words
from fernbereit_server.commands import paragraphs
from fernbereit_server.commands.decided import (
    ID_MOST,
    Titles,
    check_unit,
    dumped,
    outlook,
    scenario_of,
    titles,
)
from fernbereit_server.commands.figures import day
from fernbereit_server.commands.language import Lang, choose_language
from fernbereit_server.commands.opened_store import FAILED, opened_store
from fernbereit_server.commands.wording import words
from fernbereit_server.decisions import Goal
from fernbereit_server.decisions.writing import end_goal, set_goal
from fernbereit_server.resilience import telling
from fernbereit_server.resilience.goals import GoalStanding, GoalState
from fernbereit_server.store import database

app = typer.Typer(
    help="Which share of people shall be able to work, by when?",
    epilog="Example: fernbereit goal set --target 90% --due 2027-06-30",
    no_args_is_help=True,
)

SettingsFile = Annotated[Path | None, typer.Option(help="Settings of the collector (TOML).")]
AsJson = Annotated[bool, typer.Option("--json", help="Answer in JSON.")]
Day = Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="The last day to reach it.")]


def share(text: str) -> float:
    """Read `90%`, `90 %` or `0.9`; raises `typer.BadParameter` for anything else.

    >>> share("90%"), share("0,9"), share("62.5 %")
    (0.9, 0.9, 0.625)
    """
    bare = text.strip().replace(",", ".")
    try:
        value = float(bare.removesuffix("%")) / 100 if bare.endswith("%") else float(bare)
    except ValueError:
        value = -1.0
    if not 0 < value <= 1:
        raise typer.BadParameter("expected a share above 0 and up to 100%, as 90% or 0.9")
    return round(value, 3)


@app.command("set", epilog="Example: fernbereit goal set --target 90% --due 2027-06-30 --unit Bauamt")
def set_(
    *,
    target: Annotated[float, typer.Option(parser=share, metavar="SHARE", help="Able share, as 90%.")],
    due: Day,
    unit: Annotated[str | None, typer.Option(help="One unit; default: the whole authority.")] = None,
    scenario: Annotated[str, typer.Option(help="A scenario of fernbereit drill.")] = "office-closed",
    settings: SettingsFile = None,
    lang: Lang = None,
) -> None:
    """Set a goal: a share of able people to be reached by a day.

    Exit codes: 0 set, 1 there is no organisation, no such unit or scenario, or the store cannot be used and
    nothing was changed, 2 wrong arguments or settings.
    """
    say = words(choose_language(lang))
    with opened_store(settings) as store:
        if due.date() <= store.today:
            raise typer.BadParameter(say("goal.too_soon", day=day(store.today, say)), param_hint="--due")
        found = scenario_of(store, scenario, say)
        check_unit(store, unit, say)
        goal = Goal(id=0, unit=unit, scenario=found.key, target=target, due_on=due.date(), set_on=store.today)
        with database.writing(store.engine) as connection:
            number_of = set_goal(connection, goal)
    typer.echo(
        say("goal.set", id=number_of, target=percent(target, say), whom=whom(unit, say), day=day(due, say))
    )


@app.command("list", epilog="Example: fernbereit goal list --json")
def list_(*, settings: SettingsFile = None, as_json: AsJson = False, lang: Lang = None) -> None:
    """Show every goal: the published share today, the one needed today, and whether it is on its way.

    Exit codes: 0 shown, 1 the store cannot be used, 2 wrong arguments or settings.
    """
    say = words(choose_language(lang))
    with opened_store(settings) as store:
        standings = outlook(store).goals()
        named = titles(store)
    if as_json:
        typer.echo(dumped([as_plain(one) for one in standings]))
    elif not standings:
        typer.echo(say("goal.none"))
    else:
        paragraphs.show(line for one in standings for line in _lines(one, named, say))
        if any(one.state is GoalState.UNKNOWN for one in standings):
            paragraphs.show([say("goal.unknown_means")])


@app.command(epilog="Example: fernbereit goal end 3")
def end(
    goal_id: Annotated[
        int, typer.Argument(metavar="ID", max=ID_MOST, help="As fernbereit goal list shows it.")
    ],
    *,
    settings: SettingsFile = None,
    lang: Lang = None,
) -> None:
    """Give a goal up; it stays in the list as ended.

    Exit codes: 0 ended, 1 there is no such goal in force, or the store cannot be used, 2 wrong arguments.
    """
    say = words(choose_language(lang))
    with opened_store(settings) as store, database.writing(store.engine) as connection:
        ended = end_goal(connection, goal_id, store.today)
    if not ended:
        typer.echo(say("goal.not_there", id=goal_id), err=True)
        raise typer.Exit(FAILED)
    typer.echo(say("goal.ended", id=goal_id))


def as_plain(one: GoalStanding) -> dict[str, object]:
    """Return a goal as JSON tells it; shares from 0 to 1."""
    goal = one.goal
    return {
        "id": goal.id,
        "unit": goal.unit,
        "scenario": goal.scenario,
        "target": goal.target,
        "due_on": _iso(goal.due_on),
        "set_on": _iso(goal.set_on),
        "ended_on": _iso(goal.ended_on),
        "start": one.start,
        "needed": one.needed,
        "value": None
        if one.value is None
        else {"low": round(one.value.low, 6), "high": round(one.value.high, 6)},
        "state": one.state.value,
    }


def percent(value: float, say: Words) -> str:
    """Return a share as people write it."""
    return telling.percent(value, telling.words(say.lang))


def whom(unit: str | None, say: Words) -> str:
    """Name a unit, or the whole authority."""
    return say("goal.everybody") if unit is None else unit


def _iso(value: date | None) -> str | None:
    return None if value is None else value.isoformat()


def _lines(one: GoalStanding, titles: Titles, say: Words) -> Iterator[str]:
    goal = one.goal
    title = titles[goal.scenario][say.lang] if goal.scenario in titles else goal.scenario
    target = percent(goal.target, say)
    due, who = day(goal.due_on, say), whom(goal.unit, say)
    yield say("goal.line", id=goal.id, whom=who, target=target, day=due, scenario=title)
    state = say(f"goal.state.{one.state.value}")
    if one.value is None:
        yield "   " + say("goal.line.not_published", state=state)
        return
    today = telling.share(one.value, telling.words(say.lang))
    if one.needed is None:
        yield "   " + say("goal.line.today", today=today, state=state)
    else:
        yield "   " + say("goal.line.needed", today=today, needed=percent(one.needed, say), state=state)
