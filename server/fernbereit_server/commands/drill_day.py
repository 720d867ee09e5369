"""Announce a day of working from outside: `fernbereit drill-day announce|list|close|minutes`."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from fernbereit.words import Words
from fernbereit_server.commands import paragraphs
from fernbereit_server.commands.blocks import as_html, as_markdown
from fernbereit_server.commands.decided import ID_MOST, dumped, outlook, scenario_of, stop
from fernbereit_server.commands.drill_day_minutes import error_text, minutes_of
from fernbereit_server.commands.figures import counted, day, number
from fernbereit_server.commands.language import Lang, choose_language
from fernbereit_server.commands.opened_store import OpenedStore, opened_store
from fernbereit_server.commands.wording import words
from fernbereit_server.decisions import DrillDay, read_decisions, read_drill_day
from fernbereit_server.decisions.writing import announce_drill_day, change_drill_day
from fernbereit_server.resilience import telling
from fernbereit_server.resilience.drill_day import Calibration, Line, Outcome, Review, calibration, review
from fernbereit_server.resilience.result import Bounds
from fernbereit_server.store import database

app = typer.Typer(
    help="A day on which working from outside is tried, announced to everybody.",
    epilog="Example: fernbereit drill-day announce --on 2027-03-04",
    no_args_is_help=True,
)

SettingsFile = Annotated[Path | None, typer.Option(help="Settings of the collector (TOML).")]
AsJson = Annotated[bool, typer.Option("--json", help="Answer in JSON.")]
DayId = Annotated[
    int, typer.Argument(metavar="ID", max=ID_MOST, help="As fernbereit drill-day list shows it.")
]


@app.command(epilog="Example: fernbereit drill-day announce --on 2027-03-04 --scenario storm-day")
def announce(
    *,
    on: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="The day; tomorrow at the earliest.")],
    scenario: Annotated[str, typer.Option(help="A scenario of fernbereit drill.")] = "office-closed",
    settings: SettingsFile = None,
    lang: Lang = None,
) -> None:
    """Announce a drill day, keep what is predicted for it, and print the notice for staff.

    Exit codes: 0 announced, 1 nothing was changed (no organisation, nothing published, a drill day is
    announced for that day already, or the store cannot be used), 2 wrong arguments or settings.
    """
    language = choose_language(lang)
    say = words(language)
    with opened_store(settings) as store:
        held_on = on.date()
        if held_on <= store.today:
            raise typer.BadParameter(say("drill_day.too_soon", day=day(store.today, say)), param_hint="--on")
        found = scenario_of(store, scenario, say)
        if any(one.held_on == held_on and one.closed_on is None for one in _all(store)):
            stop(say("drill_day.taken", day=day(held_on, say)))
        announced = DrillDay(
            id=0,
            scenario=found.key,
            held_on=held_on,
            announced_on=store.today,
            predicted=outlook(store).predicted(found.key),
        )
        with database.writing(store.engine) as connection:
            drill_day_id = announce_drill_day(connection, announced)
    able = telling.people(Bounds(*announced.predicted["able"]), telling.words(say.lang))
    suitable = number(announced.predicted["suitable"], say)
    typer.echo(
        say("drill_day.announced", id=drill_day_id, day=day(held_on, say), able=able, suitable=suitable)
    )
    typer.echo()
    typer.echo(say("drill_day.notice", day=day(held_on, say), title=found.title[language]))


@app.command("list", epilog="Example: fernbereit drill-day list --json")
def list_(*, settings: SettingsFile = None, as_json: AsJson = False, lang: Lang = None) -> None:
    """Show every drill day, predicted and measured, and how far predictions were off so far.

    Exit codes: 0 shown, 1 the store cannot be used, 2 wrong arguments or settings.
    """
    say = words(choose_language(lang))
    with opened_store(settings) as store:
        reviews = [review(one, store.today) for one in _all(store)]
    errors = calibration(reviews)
    if as_json:
        typer.echo(dumped({"drill_days": [as_plain(one) for one in reviews], "calibration": _errors(errors)}))
    elif not reviews:
        typer.echo(say("drill_day.none"))
    else:
        paragraphs.show(line for one in reviews for line in _lines(one, say))
        paragraphs.show([calibrated(errors, say)])


@app.command(epilog="Example: fernbereit drill-day close 1")
def close(drill_day_id: DayId, *, settings: SettingsFile = None, lang: Lang = None) -> None:
    """End a drill day before midnight does, or call it off before it comes; the notice should say so.

    Exit codes: 0 closed or called off, 1 there is no such day that is open, or the store cannot be used,
    2 wrong arguments.
    """
    say = words(choose_language(lang))
    with opened_store(settings) as store:
        with database.writing(store.engine) as connection:
            found = read_drill_day(connection, drill_day_id)
            if found is not None and found.closed_on is None:
                change_drill_day(connection, replace(found, closed_on=store.today))
        if found is None or found.closed_on is not None:
            stop(say("drill_day.not_open", id=drill_day_id))
        called_off = store.today < found.held_on
    typer.echo(say("drill_day.called_off" if called_off else "drill_day.closed", day=day(found.held_on, say)))


@app.command(epilog="Example: fernbereit drill-day minutes 1 --html --lang de > minutes.html")
def minutes(
    drill_day_id: DayId,
    *,
    html: Annotated[bool, typer.Option("--html", help="As a page; default: as text (Markdown).")] = False,
    settings: SettingsFile = None,
    lang: Lang = None,
) -> None:
    """Print the minutes: expected, predicted, what bound, services, measured, findings, open points.

    Exit codes: 0 printed, 1 there is no such day, or the store cannot be used, 2 wrong arguments or settings.
    """
    language = choose_language(lang)
    say = words(language)
    with opened_store(settings) as store:
        days = {one.id: one for one in _all(store)}
        if drill_day_id not in days:
            stop(say("drill_day.not_there", id=drill_day_id))
        errors = calibration(review(one, store.today) for one in days.values())
        found = review(days[drill_day_id], store.today)
    title, blocks = minutes_of(found, errors, say)
    typer.echo(as_html(title, blocks, language) if html else as_markdown(title, blocks), nl=False)


def as_plain(one: Review) -> dict[str, Any]:
    """Return a drill day as JSON tells it; devices in multiples of the publication's k."""
    drill_day = one.drill_day
    return {
        "id": drill_day.id,
        "scenario": drill_day.scenario,
        "announced_on": drill_day.announced_on.isoformat(),
        "held_on": drill_day.held_on.isoformat(),
        "closed_on": None if drill_day.closed_on is None else drill_day.closed_on.isoformat(),
        "phase": one.phase.value,
        "predicted": drill_day.predicted,
        "total": None if one.total is None else _line(one.total),
        "groups": [_line(line) for line in one.groups],
    }


def calibrated(errors: Calibration, say: Words) -> str:
    """Say how far predictions were off so far."""
    if errors.mean is None or errors.mean_size is None:
        return say("drill_day.no_calibration")
    return counted(
        "drill_day.calibration",
        errors.days,
        say,
        mean=error_text(errors.mean, say),
        size=number(round(100 * errors.mean_size, 1), say),
    )


def _all(store: OpenedStore) -> tuple[DrillDay, ...]:
    with store.engine.connect() as connection:
        return read_decisions(connection).drill_days


def _line(line: Line) -> dict[str, Any]:
    predicted = line.predicted
    return {
        "site": line.site,
        "unit": line.unit,
        "members": list(line.members),
        "size": line.size,
        "heard": line.heard,
        "working": line.working,
        "suitable": line.suitable,
        "predicted": None if predicted is None else {"low": predicted.low, "high": predicted.high},
        "outcome": line.outcome.value,
        "error": line.error,
    }


def _errors(errors: Calibration) -> dict[str, Any]:
    return {"days": errors.days, "mean": errors.mean, "mean_size": errors.mean_size}


def _lines(one: Review, say: Words) -> Iterator[str]:
    drill_day, total = one.drill_day, one.total
    title, phase = drill_day.predicted["title"][say.lang], say(f"drill_day.phase.{one.phase.value}")
    held = day(drill_day.held_on, say)
    yield say("drill_day.line", id=drill_day.id, day=held, title=title, phase=phase)
    able = telling.people(Bounds(*drill_day.predicted["able"]), telling.words(say.lang))
    if total is None:
        yield "   " + say("drill_day.line.predicted", able=able)
        return
    outcome = say(f"drill_day.outcome.{total.outcome.value}")
    if total.error is not None and total.outcome is not Outcome.UNKNOWN:
        outcome = say("drill_day.line.off", outcome=outcome, error=error_text(total.error, say))
    working = number(total.working, say)
    yield "   " + say("drill_day.line.measured", able=able, working=working, outcome=outcome)
