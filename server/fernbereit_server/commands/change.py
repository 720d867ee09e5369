"""Say why the able share is another one than some days ago: `fernbereit change`."""

from collections.abc import Iterator
from enum import IntEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from fernbereit.policy import Texts
from fernbereit.words import Words
from fernbereit_server.commands import paragraphs
from fernbereit_server.commands.decided import dumped, outlook
from fernbereit_server.commands.figures import counted, day, number
from fernbereit_server.commands.language import Lang, choose_language
from fernbereit_server.commands.opened_store import opened_store
from fernbereit_server.commands.wording import words
from fernbereit_server.decisions import read_decisions
from fernbereit_server.outlook.changed import Cause, Changed
from fernbereit_server.resilience import telling
from fernbereit_server.resilience.adopted import Shift
from fernbereit_server.resilience.result import Bounds


class Days(IntEnum):
    """Windows that are published."""

    WEEK = 7
    MONTH = 30
    QUARTER = 90


def _days(text: str) -> Days:
    try:
        return Days(int(text))
    except ValueError:
        raise typer.BadParameter("expected 7, 30 or 90") from None


def change(
    *,
    days: Annotated[
        Days, typer.Option(parser=_days, metavar="7|30|90", help="Days to look back.")
    ] = Days.MONTH,
    scenario: Annotated[str, typer.Option(help="A scenario of fernbereit drill.")] = "office-closed",
    settings: Annotated[Path | None, typer.Option(help="Settings of the collector (TOML).")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Answer in JSON.")] = False,
    lang: Lang = None,
) -> None:
    """Say how the able share changed and by what: organisation first, then devices and their causes.

    Exit codes: 0 answered, 1 there is no organisation, no such scenario, nothing published by that day, or
    the store cannot be used, 2 wrong arguments or settings.
    """
    say = words(choose_language(lang))
    with opened_store(settings) as store:
        found = outlook(store).change(days.value, scenario)
        with store.engine.connect() as connection:
            policy = read_decisions(connection).policy
    if as_json:
        typer.echo(dumped(as_plain(found)))
        return
    titles = {check.id: check.title for check in policy.judged}
    paragraphs.show(sentences(found, titles, say))


def sentences(found: Changed, titles: dict[str, Texts], say: Words) -> Iterator[str]:
    """Tell a change in sentences; a check is named by its title."""
    yield say(
        "change.headline",
        days=found.days,
        since=day(found.since, say),
        then=telling.share(found.ratio_then, telling.words(say.lang)),
        now=telling.share(found.ratio_now, telling.words(say.lang)),
        scenario=found.title[say.lang],
    )
    yield say(
        "change.able",
        then=telling.people(found.able_then, telling.words(say.lang)),
        now=telling.people(found.able_now, telling.words(say.lang)),
    )
    for key, people, ratio in (
        ("change.by_organisation", found.people_by_organisation, found.ratio_by_organisation),
        ("change.by_devices", found.people_by_devices, found.ratio_by_devices),
    ):
        yield say(key, people=_people(people, say), points=_points(ratio, say))
    yield say("change.ready", then=number(found.ready_then, say), now=number(found.ready_now, say))
    if found.causes is None:
        yield say("change.no_causes")
        return
    if found.causes:
        yield say("change.of_these")
    for cause in found.causes:
        yield "  " + _cause(cause, titles, say)
    if found.rest:
        yield "  " + say("change.rest", number=_signed(found.rest, say))
    yield say("change.rounded")


def as_plain(found: Changed) -> dict[str, Any]:
    """Return a change as JSON tells it: people as numbers, shares from -1 to 1, devices rounded."""
    return {
        "scenario": found.scenario,
        "days": found.days,
        "since": found.since.isoformat(),
        "until": found.until.isoformat(),
        "able": {"then": _ends(found.able_then), "now": _ends(found.able_now)},
        "suitable": {"then": found.suitable_then, "now": found.suitable_now},
        "ratio": {"then": _ends(found.ratio_then), "now": _ends(found.ratio_now)},
        "by_organisation": {
            "people": _ends(found.people_by_organisation),
            "ratio": _ends(found.ratio_by_organisation),
        },
        "by_devices": {"people": _ends(found.people_by_devices), "ratio": _ends(found.ratio_by_devices)},
        "ready_devices": {"then": found.ready_then, "now": found.ready_now},
        "causes": None
        if found.causes is None
        else [
            {
                "direction": one.direction,
                "cause": one.cause,
                "devices": one.devices,
                "checks": dict(one.checks),
            }
            for one in found.causes
        ],
        "rest": found.rest,
    }


def _cause(cause: Cause, titles: dict[str, Texts], say: Words) -> str:
    text = counted(f"change.{cause.direction}.{cause.cause}", cause.devices, say)
    if not cause.checks:
        return text
    named = (
        say("change.check", number=number(count, say), title=_title(check, titles, say))
        for check, count in sorted(cause.checks.items(), key=lambda pair: (-pair[1], pair[0]))
    )
    return say("change.of_which", text=text, checks=", ".join(named))


def _title(check: str, titles: dict[str, Texts], say: Words) -> str:
    found = titles.get(check)
    return check if found is None else (found.de if say.lang == "de" else found.en)


def _people(shift: Shift, say: Words) -> str:
    return _range(_signed(shift.low, say), _signed(shift.high, say), say)


def _points(shift: Shift | None, say: Words) -> str:
    if shift is None:
        return telling.share(None, telling.words(say.lang))
    return _range(_signed(100 * shift.low, say, 1), _signed(100 * shift.high, say, 1), say)


def _range(low: str, high: str, say: Words) -> str:
    return low if low == high else say("measure.between", low=low, high=high)


def _signed(value: float, say: Words, decimals: int = 0) -> str:
    rounded = round(value, decimals) if decimals else round(value)
    return ("+" if rounded > 0 else "") + number(rounded or 0, say)


def _ends(found: Bounds | Shift | None) -> dict[str, float] | None:
    return None if found is None else {"low": round(found.low, 6), "high": round(found.high, 6)}
