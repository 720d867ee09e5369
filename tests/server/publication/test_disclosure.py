"""Do all families of all pages together leave open what any one device says?"""

import random
from collections.abc import Mapping
from datetime import timedelta

import pytest

from fernbereit_server.publication import census
from fernbereit_server.publication.cells import Cell, Page, publish
from fernbereit_server.publication.groups import Place
from fernbereit_server.publication.lot import drawn
from small_fleet import NOW, TODAY
from worlds import Asset, Plot, State, a_plot, a_state, counted, drawn_in


def lots_instead(
    monkeypatch: pytest.MonkeyPatch, free: Asset, taken_by: Mapping[bytes, Asset | None]
) -> None:
    """Let every lot fall on `free`, and otherwise as it fell; some key of the lot does so.

    `taken_by` says for each key which device was drawn instead.
    """

    def lot(key: bytes, name: str) -> bytes:
        taken = taken_by[key]
        first, second = (both := drawn(key, name))[:16], both[16:]
        if name == free.name:
            first = bytes(16)
        if taken is not None and name == taken.name:
            second = drawn(key, free.name)[16:]
        return first + second

    monkeypatch.setattr(census, "drawn", lot)


def drawn_of(plot: Plot, asset: Asset) -> Asset | None:
    """Return which other device of its group and class is drawn, if there is one."""
    everybody: dict[Asset, State | None] = {asset: None for moment in plot.moments for asset in moment}
    drawn_there, groups = drawn_in(plot, {**plot.moments[0], **everybody})
    group = groups.get(Place(asset.site, asset.unit))
    name = drawn_there.get((group, asset.shared)) if group else None
    return next((other for other in everybody if other.name == name and other != asset), None)


def another_world(plot: Plot, free: Asset, taken: Asset | None, chance: random.Random) -> Plot:
    """Return the world in which `taken` says what `free` said, and `free` says anything at all."""
    moments = []
    for moment in plot.moments:
        changed = dict(moment)
        if free in moment:
            if taken is not None:
                changed[taken] = moment[free]
            changed[free] = a_state(chance)
        elif taken is not None:
            changed[taken] = a_state(chance)
        moments.append(changed)
    return Plot(tuple(moments), plot.key, plot.k)


def attack(seeds: range, monkeypatch: pytest.MonkeyPatch, *, devices: int) -> int:
    """Look in every generated world for a device that pages tell something of; return how many were tried."""
    tried = 0
    for seed in seeds:
        plot = a_plot(seed)
        chance = random.Random(~seed)
        pages = plot.cells()
        everybody = sorted({asset for moment in plot.moments for asset in moment})
        for free in chance.sample(everybody, devices):
            taken = drawn_of(plot, free)
            with monkeypatch.context() as patch:
                lots_instead(patch, free, {plot.key: taken})
                assert another_world(plot, free, taken, chance).cells() == pages, (seed, free, taken)
            tried += 1
    return tried


def test_every_device_might_have_said_anything_at_any_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Twenty generated authorities, all families, four pages each: another world has the very same pages."""
    assert attack(range(20), monkeypatch, devices=2) == 40


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_every_device_might_have_said_anything_in_a_thousand_authorities(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The same, a thousand times."""
    assert attack(range(1000, 2000), monkeypatch, devices=1) == 1000


def weekly(plot: Plot) -> list[tuple[Cell, ...]]:
    """Return the pages of a plot each tick of which is of another week, with a lot of its own."""
    pages: list[Page] = []
    for number, moment in enumerate(plot.moments):
        taken = counted(moment, plot.key + bytes([number]))
        before = pages[-1] if pages else None
        day = TODAY + timedelta(weeks=number)
        pages.append(publish(taken, now=NOW, today=day, k=plot.k, before=before))
    return [page.cells for page in pages]


def test_every_device_might_have_said_anything_in_every_week(monkeypatch: pytest.MonkeyPatch) -> None:
    """Another device is drawn every Monday; no page tells anything of one of the week before."""
    for seed in range(20):
        plot, chance = a_plot(seed), random.Random(seed)
        free = chance.choice(sorted({asset for moment in plot.moments for asset in moment}))
        taken: dict[bytes, Asset | None] = {}
        moments: list[Mapping[Asset, State | None]] = []
        for number, moment in enumerate(plot.moments):
            week = Plot((moment,), plot.key + bytes([number]), plot.k)
            taken[week.key] = drawn_of(week, free) if free in moment else None
            moments += another_world(week, free, taken[week.key], chance).moments
        pages = weekly(plot)
        with monkeypatch.context() as patch:
            lots_instead(patch, free, taken)
            assert weekly(Plot(tuple(moments), plot.key, plot.k)) == pages, (seed, free)
