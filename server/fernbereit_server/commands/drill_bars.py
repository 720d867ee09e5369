"""What does a drill look like in a terminal? A headline, a bar for each unit, services, what binds, notes."""

from collections.abc import Iterable, Iterator

from rich.console import Console, Group, RenderableType
from rich.markup import escape
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from fernbereit.words import Words
from fernbereit_server.resilience import telling as told
from fernbereit_server.resilience.result import DrillResult, UnitResult

_CELLS = 20
_NOTHING = frozenset({"none", "stays"})
"""Words for units that nothing keeps from working."""
ABLE, UNKNOWN, NOT_ABLE = "█", "▒", "·"


def show(result: DrillResult, say: Words, console: Console, ends: Iterable[str]) -> None:
    """Print the answer and `ends`, lines on where it comes from.

    Units stand in the order of the organisation, so that nobody is ranked.
    """
    console.print(Group(*_parts(result, say), *map(Text, ends)))


def _parts(result: DrillResult, say: Words) -> Iterator[RenderableType]:
    title = result.title[say.lang]
    yield Text(f"{result.organisation}: {title}" if result.organisation else title, style="bold")
    yield Text(told.headline(result, told.words(say.lang)))
    yield Text(say("drill.binds", binding=told.binding(result.binding, told.words(say.lang))))
    low, high = result.binding, result.binding_high
    if (low.kind, low.names) != (high.kind, high.names):
        yield Text(say("drill.binds_high", binding=told.binding(result.binding_high, told.words(say.lang))))
    yield Text()
    units = Table(box=None, pad_edge=False)
    for column in ("unit", "bar", "able", "share"):
        units.add_column(say(f"drill.column.{column}"), no_wrap=column != "unit", overflow="fold")
    for unit in result.units:
        units.add_row(*_row(unit, say))
    yield units
    yield Text(say("drill.legend", able=ABLE, unknown=UNKNOWN, not_able=NOT_ABLE), style="dim")
    yield from _stops(result, say)
    if result.services:
        yield Text()
        services = Table(box=None, pad_edge=False)
        for column in ("service", "minimum", "staffed", "holds"):
            services.add_column(say(f"drill.column.{column}"))
        for service in result.services:
            services.add_row(
                escape(service.name),
                str(service.minimum),
                told.people(service.staffed, told.words(say.lang)),
                told.holds(service.holds, told.words(say.lang)),
            )
        yield services
    yield Text()
    for note in result.notes:
        yield Text(told.note(note, told.words(say.lang)))


def _stops(result: DrillResult, say: Words) -> Iterator[RenderableType]:
    """Say once what stops people, and of which units."""
    stopped: dict[str, list[str]] = {}
    for unit in result.units:
        if unit.binding.kind not in _NOTHING:
            stopped.setdefault(told.binding(unit.binding, told.words(say.lang)), []).append(unit.name)
    if stopped:
        yield Text()
        yield Text(say("drill.stops"))
    for what, units in stopped.items():
        yield Padding(Text(say("drill.stops.units", what=what, units="; ".join(units))), (0, 0, 0, 2))


def _row(unit: UnitResult, say: Words) -> tuple[RenderableType, ...]:
    if not unit.leaves:
        return escape(unit.name), told.binding(unit.binding, told.words(say.lang)), "", ""
    of = told.able_of(unit, told.words(say.lang))
    return escape(unit.name), _bar(unit), of, told.share(unit.ratio, told.words(say.lang))


def _bar(unit: UnitResult) -> Text:
    if unit.ratio is None:
        return Text()
    low = round(unit.ratio.low * _CELLS)
    high = max(low, round(unit.ratio.high * _CELLS))
    bar = Text(ABLE * low, style="blue")
    bar.append(UNKNOWN * (high - low), style="bright_black")
    bar.append(NOT_ABLE * (_CELLS - high), style="dim")
    return bar
