"""What do the devices fail for, what is the last thing missing, and what ends when if nothing is done?"""

from dataclasses import dataclass
from itertools import groupby

from fernbereit.policy import Pillar
from fernbereit.words import Words
from fernbereit_server.console.formatting import day, number
from fernbereit_server.console.pages.bars import Slice, bar
from fernbereit_server.console.pages.devices import Query
from fernbereit_server.console.status import Status, result_look
from fernbereit_server.outlook.checks import Blocker, Blockers, Cliffs

RESULTS = ("pass", "waived", "fail", "unknown")
"""Columns of the table, and pieces of a bar in this order; what does not apply is left out of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockerView:
    """One check over all devices."""

    title: str
    essential: str
    bar: tuple[Slice, ...]
    counts: tuple[str, ...]
    last: str
    contested: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PillarView:
    """The checks of one pillar."""

    title: str
    rows: tuple[BlockerView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CliffView:
    """How many ready devices stop being ready by a day."""

    until: str
    devices: str
    together: str
    bar: tuple[Slice, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstView:
    """One check that alone keeps devices from being ready; `address` lists them, for operations."""

    title: str
    address: str
    devices: str
    bar: tuple[Slice, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockersView:
    """The whole page."""

    counted: str
    columns: tuple[Status, ...]
    first: tuple[FirstView, ...]
    pillars: tuple[PillarView, ...]
    cliffs: tuple[CliffView, ...]


def blockers(found: Blockers, cliffs: Cliffs | None, own: Words) -> BlockersView:
    """Lay out every check of the policy by pillar, and the few that stop most by themselves on top."""
    order = list(Pillar)
    judged = sorted(
        (one for one in found.checks if one.judged), key=lambda one: order.index(Pillar(one.pillar))
    )
    most = max((one.last_blocker for one in judged), default=0)
    return BlockersView(
        counted=own(
            "blockers.counted",
            day=day(found.as_of, own),
            k=number(found.rounded_to, own),
            version=number(found.policy_version, own),
        ),
        columns=tuple(Status(word=own(f"result.{word}"), look=result_look(word)) for word in RESULTS),
        first=tuple(
            FirstView(
                title=one.title[own.lang],
                address=Query(blocker=one.check).address(),
                devices=number(one.last_blocker, own),
                bar=bar([("critical", one.last_blocker)], most),
            )
            for one in found.checks
            if one.last_blocker
        ),
        pillars=tuple(
            PillarView(title=own(f"pillar.{pillar}"), rows=tuple(_row(one, own) for one in rows))
            for pillar, rows in groupby(judged, key=lambda one: one.pillar)
        ),
        cliffs=_cliffs(cliffs, own) if cliffs is not None else (),
    )


def _row(one: Blocker, own: Words) -> BlockerView:
    counts = [one.devices.get(word, 0) for word in RESULTS]
    pieces = [(result_look(word), count) for word, count in zip(RESULTS, counts, strict=True)]
    return BlockerView(
        title=one.title[own.lang],
        essential=own("verdict.essential") if one.essential else "",
        bar=bar(pieces, sum(counts)) if any(counts) else (),
        counts=tuple(number(count, own) for count in counts),
        last=number(one.last_blocker, own),
        contested=number(one.contested, own),
    )


def _cliffs(cliffs: Cliffs, own: Words) -> tuple[CliffView, ...]:
    whole = sum(one.devices for one in cliffs.cliffs) + cliffs.later
    return tuple(
        CliffView(
            until=day(one.until, own),
            devices=number(one.devices, own),
            together=number(one.together, own),
            bar=bar([("warning", one.together)], whole) if whole else (),
        )
        for one in cliffs.cliffs
    )
