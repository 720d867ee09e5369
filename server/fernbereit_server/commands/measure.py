"""Write down what was decided, and see what came of it: `fernbereit measure adopt|list|end`."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from fernbereit.words import Words
from fernbereit_server.commands import paragraphs
from fernbereit_server.commands.decided import (
    ID_MOST,
    dumped,
    organisation_of,
    outlook,
    scenario_of,
    stop,
)
from fernbereit_server.commands.figures import day, number
from fernbereit_server.commands.language import Lang, choose_language
from fernbereit_server.commands.opened_store import FAILED, opened_store
from fernbereit_server.commands.wording import words
from fernbereit_server.decisions import Measure
from fernbereit_server.decisions.writing import adopt_measure, end_measure
from fernbereit_server.resilience import telling
from fernbereit_server.resilience.adopted import MeasureStanding, Shift
from fernbereit_server.resilience.result import Bounds
from fernbereit_server.store import database

app = typer.Typer(
    help="What was decided, what it costs, what it was expected to bring, and what came of it.",
    epilog="Example: fernbereit measure adopt --item laptop --number 40 --title 'Laptops 2027'",
    no_args_is_help=True,
)

SettingsFile = Annotated[Path | None, typer.Option(help="Settings of the collector (TOML).")]
AsJson = Annotated[bool, typer.Option("--json", help="Answer in JSON.")]
_MOST = 1_000_000
_COST_MOST = 2_000_000_000
"""Euro, and IT hours, of one measure; more does not fit into every database."""


@app.command(
    epilog="Example: fernbereit measure adopt --item laptop --number 40 --unit Bauamt --title 'Laptops 2027'"
)
def adopt(  # noqa: PLR0913 - each is an option
    *,
    item: Annotated[str, typer.Option(help="As in the prices of the organisation: laptop, vpn_session, ...")],
    how_many: Annotated[int, typer.Option("--number", min=1, max=_MOST, help="How many of it.")],
    title: Annotated[str, typer.Option(help="What it is called (at most 128 characters).")],
    unit: Annotated[
        str | None,
        typer.Option(help="Unit, gateway, licence pool or uplink it is for; default: where most is missing."),
    ] = None,
    decided_on: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Default: today.")] = None,
    euro: Annotated[
        int | None, typer.Option(min=0, max=_COST_MOST, help="Default: number times its price.")
    ] = None,
    it_hours: Annotated[
        int | None, typer.Option(min=0, max=_COST_MOST, help="Default: number times its hours.")
    ] = None,
    scenario: Annotated[str, typer.Option(help="A scenario of fernbereit drill.")] = "office-closed",
    settings: SettingsFile = None,
    lang: Lang = None,
) -> None:
    """Adopt a measure: its cost, and the able people it is expected to add by the published drill of today.

    Exit codes: 0 adopted, 1 nothing was changed (no organisation, nothing published, the item helps nobody
    there, or the store cannot be used), 2 wrong arguments or settings.
    """
    say = words(choose_language(lang))
    if not 0 < len(title.strip()) <= 128 or not title.strip().isprintable():
        raise typer.BadParameter(say("measure.title_length"), param_hint="--title")
    with opened_store(settings) as store:
        found = scenario_of(store, scenario, say)
        decided = decided_on.date() if decided_on else store.today
        if decided > store.today:
            raise typer.BadParameter(say("measure.future"), param_hint="--decided-on")
        organisation = organisation_of(store)
        expected = outlook(store).expected(found.key, item=item, number=how_many, place=unit)
        if expected is None:
            items = sorted({*organisation.prices, *organisation.stock})
            stop(say("measure.helps_nobody", item=item, known=", ".join(items) or "-"))
        price = organisation.prices.get(item)
        if price is None and euro is None:
            stop(say("measure.no_price", item=item))
        measure = Measure(
            id=0,
            title=title.strip(),
            item=item,
            unit=unit,
            number=how_many,
            euro=round(price.euro * how_many) if euro is None and price else euro or 0,
            it_hours=round(price.it_hours * how_many) if it_hours is None and price else it_hours or 0,
            decided_on=decided,
            scenario=found.key,
            predicted=round(expected.gain),
        )
        if max(measure.euro, measure.it_hours) > _COST_MOST:
            stop(say("measure.too_dear", most=number(_COST_MOST, say)))
        with database.writing(store.engine) as connection:
            measure_id = adopt_measure(connection, measure)
    typer.echo(
        say(
            "measure.adopted",
            id=measure_id,
            title=measure.title,
            euro=number(measure.euro, say),
            hours=number(measure.it_hours, say),
            gain=number(measure.predicted, say),
        )
    )
    if expected.used < how_many:
        typer.echo(say("measure.too_many", used=number(expected.used, say), number=number(how_many, say)))


@app.command("list", epilog="Example: fernbereit measure list --json")
def list_(*, settings: SettingsFile = None, as_json: AsJson = False, lang: Lang = None) -> None:
    """Show every measure: cost, predicted gain, and by how much able people grew since the decision.

    Exit codes: 0 shown, 1 the store cannot be used, 2 wrong arguments or settings.
    """
    say = words(choose_language(lang))
    with opened_store(settings) as store:
        standings = outlook(store).measures()
    if as_json:
        typer.echo(dumped([as_plain(one) for one in standings]))
    elif not standings:
        typer.echo(say("measure.none"))
    else:
        paragraphs.show(line for one in standings for line in _lines(one, say))
        paragraphs.show([say("measure.other_changes")])


@app.command(epilog="Example: fernbereit measure end 2")
def end(
    measure_id: Annotated[
        int, typer.Argument(metavar="ID", max=ID_MOST, help="As fernbereit measure list shows it.")
    ],
    *,
    settings: SettingsFile = None,
    lang: Lang = None,
) -> None:
    """End a measure; it stays in the list, measured up to today.

    Exit codes: 0 ended, 1 there is no such measure in force, or the store cannot be used, 2 wrong arguments.
    """
    say = words(choose_language(lang))
    with opened_store(settings) as store, database.writing(store.engine) as connection:
        ended = end_measure(connection, measure_id, store.today)
    if not ended:
        typer.echo(say("measure.not_there", id=measure_id), err=True)
        raise typer.Exit(FAILED)
    typer.echo(say("measure.ended", id=measure_id))


def as_plain(one: MeasureStanding) -> dict[str, object]:
    """Return a measure as JSON tells it; people as numbers."""
    measure = one.measure
    return {
        "id": measure.id,
        "title": measure.title,
        "item": measure.item,
        "unit": measure.unit,
        "number": measure.number,
        "euro": measure.euro,
        "it_hours": measure.it_hours,
        "decided_on": measure.decided_on.isoformat(),
        "scenario": measure.scenario,
        "ended_on": None if measure.ended_on is None else measure.ended_on.isoformat(),
        "predicted": measure.predicted,
        "able_then": _ends(one.then),
        "able_now": _ends(one.now),
        "gained": _ends(one.gained),
    }


def shifted(shift: Shift, say: Words) -> str:
    """Return by how much a range moved, with its sign: one number, or both ends."""
    low, high = (_signed(value, say) for value in (shift.low, shift.high))
    return low if low == high else say("measure.between", low=low, high=high)


def _signed(value: float, say: Words) -> str:
    whole = round(value)
    return ("+" if whole > 0 else "") + number(whole, say)


def _ends(found: Bounds | Shift | None) -> dict[str, float] | None:
    return None if found is None else {"low": round(found.low, 6), "high": round(found.high, 6)}


def _lines(one: MeasureStanding, say: Words) -> Iterator[str]:
    measure = one.measure
    where = f" ({measure.unit})" if measure.unit else ""
    figures = telling.words(say.lang)
    item = telling.item(measure.item, figures)
    yield say(
        "measure.what",
        id=measure.id,
        title=measure.title,
        what=f"{number(measure.number, say)} \N{MULTIPLICATION SIGN} {item}{where}",
        day=day(measure.decided_on, say),
        euro=number(measure.euro, say),
        hours=number(measure.it_hours, say),
    )
    if one.then is None or one.now is None or one.gained is None:
        yield "   " + say("measure.not_measured", gain=_signed(measure.predicted, say))
    else:
        yield "   " + say(
            "measure.measured",
            gain=_signed(measure.predicted, say),
            measured=shifted(one.gained, say),
            then=telling.people(one.then, figures),
            now=telling.people(one.now, figures),
        )
    if measure.ended_on is not None:
        yield "   " + say("measure.ended_on", day=day(measure.ended_on, say))
