"""How is it said what an import changes in the organisation?"""

from collections.abc import Iterator, Mapping
from typing import Any

from fernbereit.words import Words
from fernbereit_server.commands.figures import number, plain
from fernbereit_server.organisation.comparison import Comparison, Pair, PartComparison

_SHOWN = 20


def sentences(changes: Comparison, say: Words) -> list[str]:
    """Return a line a change; long lists are cut, and say so."""
    lines = [_own(name, pair, say) for name, pair in changes.own.items()]
    for part in changes.parts:
        told = list(_part(part, say))
        lines += told[:_SHOWN]
        if len(told) > _SHOWN:
            lines.append(say("organisation.more", number=len(told) - _SHOWN))
    for name, (before, after) in (("headcount", changes.headcount), ("staff", changes.staff)):
        if before != after:
            values = {"before": number(before, say), "after": number(after, say)}
            lines.append(say(f"organisation.total.{name}", **values))
    return lines


def as_json(changes: Comparison) -> dict[str, Any]:
    """Return everything that changes, for scripts."""
    return {
        "own": _pairs(changes.own),
        "parts": {
            part.part: {
                "added": [name for name, _ in part.added],
                "removed": list(part.removed),
                "renamed": [{"before": old, "after": new} for old, new in part.renamed],
                "changed": [{"name": one.name, "fields": _pairs(one.fields)} for one in part.changed],
            }
            for part in changes.parts
        },
        "headcount": list(changes.headcount),
        "suitable": list(changes.staff),
    }


def _own(name: str, pair: Pair, say: Words) -> str:
    if name == "gateways":
        return say("organisation.gateways_stated" if pair[1] else "organisation.gateways_unstated")
    values = {"before": plain(pair[0], say), "after": plain(pair[1], say)}
    return say("organisation.own", name=say(f"organisation.field.{name}"), **values)


def _part(part: PartComparison, say: Words) -> Iterator[str]:
    kind = say(f"organisation.part.{part.part}")
    for name, content in part.added:
        stated = [_field(key, value, say) for key, value in content.items() if value not in (None, (), {})]
        yield say("organisation.added", kind=kind, name=name, fields=", ".join(stated) or "-")
    for name in part.removed:
        yield say("organisation.removed", kind=kind, name=name)
    for old, new in part.renamed:
        yield say("organisation.renamed", kind=kind, before=old, after=new)
    for one in part.changed:
        yield say("organisation.changed", kind=kind, name=one.name, fields=_changed(one.fields, say))


def _field(key: str, value: Any, say: Words) -> str:
    return f"{say(f'organisation.field.{key}')} {_value(key, value, say)}"


def _value(key: str, value: Any, say: Words) -> str:
    return say(f"organisation.path.{value}") if key == "path" and value else plain(value, say)


def _changed(fields: Mapping[str, Pair], say: Words) -> str:
    return ", ".join(
        say(
            "organisation.from_to",
            name=say(f"organisation.field.{key}"),
            before=_value(key, before, say),
            after=_value(key, after, say),
        )
        for key, (before, after) in fields.items()
    )


def _pairs(fields: Mapping[str, Pair]) -> dict[str, list[Any]]:
    return {name: list(pair) for name, pair in fields.items()}
