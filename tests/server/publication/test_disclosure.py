"""Do all families of all pages together leave open what any one device says?"""

import random

import pytest

from fernbereit_server.publication import census
from fernbereit_server.publication.groups import Place
from fernbereit_server.publication.lot import drawn
from worlds import Asset, Plot, a_plot, a_state, drawn_in


def lots_instead(monkeypatch: pytest.MonkeyPatch, key: bytes, free: Asset, taken: Asset | None) -> None:
    """Let the lot fall on `free`, and otherwise as it fell; some key of the lot does so."""

    def lot(_: bytes, name: str) -> bytes:
        first, second = (both := drawn(key, name))[:16], both[16:]
        if name == free.name:
            first = bytes(16)
        if taken is not None and name == taken.name:
            second = drawn(key, free.name)[16:]
        return first + second

    monkeypatch.setattr(census, "drawn", lot)


def drawn_of(plot: Plot, asset: Asset) -> Asset | None:
    """Return which other device of its group and class is drawn, if there is one."""
    everybody = {asset: None for moment in plot.moments for asset in moment}
    drawn_there, groups = drawn_in(plot, plot.moments[0] | everybody)
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
                lots_instead(patch, plot.key, free, taken)
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
