"""How is an organisation shown on a terminal? Tables of what is stated, and who is counted how."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from fernbereit.words import Words
from fernbereit_server.commands.figures import counted, day, number, plain
from fernbereit_server.organisation.comparison import LISTS, TABLES
from fernbereit_server.organisation.model import Organisation, Part


def show(organisation: Organisation, imported_on: date, say: Words, console: Console) -> None:
    """Print the organisation: its name and day, a table a part, the denominators."""
    name = organisation.name or say("organisation.unnamed")
    console.print(escape(name), style="bold")
    console.print(say("organisation.imported_on", day=day(imported_on, say)))
    for part in LISTS:
        items: Sequence[Part] = getattr(organisation, part) or ()
        _table(part, {item.name: dict(item) for item in items}, say, console)  # type: ignore[attr-defined]
    for part in TABLES:
        stated: Mapping[str, Any] = getattr(organisation, part)
        rows = {
            item: dict(value) if isinstance(value, Part) else {"number": value}
            for item, value in stated.items()
        }
        _table(part, rows, say, console)
    console.print(f"\n{say('organisation.counted')}", style="bold")
    for sentence in denominators(organisation, say):
        console.print(escape(sentence))


def denominators(organisation: Organisation, say: Words) -> Iterator[str]:
    """Yield who is counted how, one sentence each."""
    headcount = sum(unit.headcount for unit in organisation.units)
    staff = sum(unit.staff for unit in organisation.units)
    yield say("organisation.counted.staff", staff=number(staff, say), headcount=number(headcount, say))
    if uncounted := sum(unit.suitable is None for unit in organisation.units):
        yield counted("organisation.counted.uncounted", uncounted, say)
    yield say("organisation.counted.devices")
    yield say("organisation.counted.pool" if organisation.device_pools else "organisation.counted.no_pool")
    yield say("organisation.counted.unknown")
    yield say("organisation.counted.no_unit")
    if organisation.gateways is None:
        yield say("organisation.counted.no_gateways")


def _table(part: str, rows: Mapping[str, Mapping[str, Any]], say: Words, console: Console) -> None:
    if not rows:
        return
    used = [
        key
        for key in next(iter(rows.values()))
        if key != "name" and any(row[key] not in (None, (), {}) for row in rows.values())
    ]
    table = Table(box=None, pad_edge=False)
    table.add_column(say(f"organisation.part.{part}"))
    for key in used:
        table.add_column(say(f"organisation.field.{key}"))
    for name, row in rows.items():
        table.add_row(*map(escape, (name, *(_cell(key, row[key], say) for key in used))))
    console.print()
    console.print(table)


def _cell(key: str, value: Any, say: Words) -> str:
    if value is None or value in ((), {}):
        return "-"
    return say(f"organisation.path.{value}") if key == "path" else plain(value, say)
