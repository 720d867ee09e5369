"""Why is the able share another one than it was? In people, then in devices, by cause."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from fernbereit.words import Words
from fernbereit_server.console.formatting import day, number
from fernbereit_server.outlook.changed import Cause, Changed
from fernbereit_server.resilience import telling
from fernbereit_server.resilience.adopted import Shift


@dataclass(frozen=True, slots=True, kw_only=True)
class CauseView:
    """So many devices gained or lost, and why."""

    look: str
    number: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedView:
    """One window; `causes` is empty where none are published, and `rest` then says so."""

    sentence: str
    people: tuple[str, ...]
    causes: tuple[CauseView, ...]
    rest: str


def changed(found: Changed, titles: Mapping[str, str], own: Words) -> ChangedView:
    """Lay out a change; `titles` names the checks."""
    say = telling.words(own.lang)
    return ChangedView(
        sentence=own(
            "changed.sentence",
            since=day(found.since, own),
            until=day(found.until, own),
            then=telling.share(found.ratio_then, say),
            now=telling.share(found.ratio_now, say),
        ),
        people=(
            own("changed.by_devices", shift=shifted(found.people_by_devices, own)),
            own("changed.by_organisation", shift=shifted(found.people_by_organisation, own)),
        ),
        causes=tuple(view for cause in found.causes or () for view in _causes(cause, titles, own)),
        rest=own("changed.no_causes")
        if found.causes is None
        else own("changed.rest", rest=signed(found.rest or 0, own)),
    )


def signed(value: float, own: Words) -> str:
    """Write a difference with its sign, a real minus included."""
    whole = round(value)
    sign = "+" if whole > 0 else "\N{MINUS SIGN}" if whole < 0 else "\N{PLUS-MINUS SIGN}"
    return f"{sign}{number(abs(whole), own)}"


def shifted(shift: Shift, own: Words) -> str:
    """Write by how much both ends of a range moved, the smaller first; once where they agree."""
    low, high = sorted((shift.low, shift.high))
    first, last = signed(low, own), signed(high, own)
    return first if first == last else own("changed.range", low=first, high=last)


def _causes(cause: Cause, titles: Mapping[str, str], own: Words) -> Iterator[CauseView]:
    gained = cause.direction == "gained"
    factor = 1 if gained else -1
    if cause.devices:
        yield CauseView(
            look="good" if gained else "warning",
            number=signed(factor * cause.devices, own),
            text=own(f"changed.{cause.direction}.{cause.cause}"),
        )
    for check, count in sorted(cause.checks.items(), key=lambda pair: -pair[1]):
        if count:
            title = titles.get(check, check)
            yield CauseView(
                look="neutral",
                number=signed(factor * count, own),
                text=own("changed.check", title=title),
            )
