"""Worlds that an attacker cannot tell apart: generated fleets over time, and the same with one device free.

A *plot* says what each device says at each tick. It knows real dependencies between families: never heard of
is unknown everywhere, a verdict follows from the results, a fix from both.
"""

import random
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import NamedTuple

from fernbereit.facts import SECTIONS
from fernbereit.facts.readiness import Verdict
from fernbereit.readiness import Result, stand
from fernbereit.record import Outcome
from fernbereit_server.decisions import NOTHING_DECIDED
from fernbereit_server.fleet import Device
from fernbereit_server.judging.judged import Compliance, Judged
from fernbereit_server.metrics.catalogue import TRAITS
from fernbereit_server.publication import census
from fernbereit_server.publication.cells import Cell, Page, publish
from fernbereit_server.publication.groups import Group, Place, merge
from fernbereit_server.store.changes import InventoryRow
from small_fleet import NOW, TODAY

POLICY = NOTHING_DECIDED.policy
NEVER = None
"""What a device of the inventory says that nobody ever heard of."""


class State(NamedTuple):
    """Everything that one device says at one tick."""

    silent_for: timedelta
    outcomes: tuple[tuple[str, Outcome], ...]
    words: tuple[str | None, ...]
    judged: Judged | None


class Asset(NamedTuple):
    """What everybody knows of a device: its number, where it belongs, whether it is shared."""

    number: int
    site: str
    unit: str
    shared: bool = False

    @property
    def name(self) -> str:
        """Return the name that lots are drawn by."""
        return f"row {self.number}"


Moment = Mapping[Asset, State | None]
"""What each device that is there says at one tick; None for one never heard of."""


@dataclass(frozen=True)
class Plot:
    """What everybody says at each tick, and the key of the lot."""

    moments: tuple[Moment, ...]
    key: bytes
    k: int

    def cells(self) -> list[tuple[Cell, ...]]:
        """Return the pages that everybody sees; what is near behaviour is counted at every other tick."""
        pages: list[Page] = []
        for tick, moment in enumerate(self.moments):
            pages.append(
                publish(
                    counted(moment, self.key),
                    now=NOW,
                    today=TODAY,
                    k=self.k,
                    before=pages[-1] if pages else None,
                    daily=tick % 2 == 0,
                )
            )
        return [page.cells for page in pages]


def counted(moment: Moment, key: bytes | None) -> census.Census:
    """Take the census of one tick."""
    devices, rows = [], []
    for asset, state in moment.items():
        kind = "shared" if asset.shared else "personal"
        if state is NEVER:
            rows.append(
                InventoryRow(id=asset.number, label=asset.name, site=asset.site, unit=asset.unit, kind=kind)
            )
            continue
        devices.append(
            Device(
                device_id=str(uuid.UUID(int=asset.number)),
                status="active",
                mark=None,
                closed=(),
                last_report_at=(NOW - state.silent_for).timestamp(),
                first_seen_on=TODAY,
                unit=asset.unit,
                site=asset.site,
                label=asset.name,
                kind=kind,
                outcomes=dict(state.outcomes),
                words=state.words,
                inventory_id=asset.number,
                judged=state.judged,
            )
        )
    return census.take(devices, rows, now=NOW, interval_s=900, lot=key)


def a_state(chance: random.Random) -> State | None:
    """Return something that a device may say; a few answers are common, any is possible."""
    if chance.random() < 0.1:
        return NEVER
    results = tuple(chance.choices(list(Result), weights=(80, 6, 6, 6, 2))[0] for _ in POLICY.judged)
    outdated = chance.random() < 0.05
    verdict = stand(POLICY, results, outdated=outdated).verdict
    ends = verdict is Verdict.READY and chance.random() < 0.5
    return State(
        timedelta(hours=chance.choice((1, 30, 30 * 24, 60 * 24))),
        tuple(
            (section, chance.choices(list(Outcome), (90, *[1] * (len(Outcome) - 1)))[0])
            for section in SECTIONS
        ),
        tuple(_word(chance, trait.name, trait.words) for trait in TRAITS),
        Judged(
            policy_version=POLICY.policy.version,
            verdict=verdict,
            compliance=chance.choice(list(Compliance)),
            outdated=outdated,
            results=results,
            counted=tuple(chance.choice(list(Result)) for _ in POLICY.counted),
            ready_until=TODAY + timedelta(days=chance.randrange(1, 500)) if ends else None,
        ),
    )


def _outcome(chance: random.Random) -> Outcome:
    outcomes = list(Outcome)
    return chance.choices(outcomes, (90, *[1] * (len(outcomes) - 1)))[0]


def _word(chance: random.Random, name: str, words: Sequence[str]) -> str | None:
    if chance.random() < 0.1:
        return None
    if name == "contested":
        return ",".join(sorted(chance.sample([check.id for check in POLICY.judged], 2)))
    if not words:
        return (TODAY + timedelta(days=chance.choice((-1, 30)))).isoformat()
    return chance.choice(words)


def a_plot(seed: int) -> Plot:
    """Generate an authority of a few small units over some ticks: devices change, some arrive, some leave.

    Whoever is drawn stays, and so do the groups; `docs/decisions/010` says why.
    """
    chance = random.Random(seed)
    k = chance.choice((3, 4, 5))
    assets = [
        Asset(number, f"site {unit % 2}", f"unit {unit}", chance.random() < 0.15)
        for unit in range(chance.randint(1, 4))
        for number in range(unit * 100, unit * 100 + chance.choice((2, k, k + 1, 2 * k, 2 * k + 1)))
    ]
    usual = [a_state(chance) for _ in range(chance.choice((1, 2, 4)))]
    said = {asset: chance.choice(usual) if chance.random() < 0.8 else a_state(chance) for asset in assets}
    plot = Plot((said,), chance.randbytes(16), k)
    always = drawn_in(plot, said)
    there = set(assets)
    moments: list[Moment] = []
    for _ in range(4):
        moments.append({asset: said[asset] for asset in assets if asset in there})
        for asset in chance.sample(assets, min(chance.choice((0, 1, 1, 2, k, 99)), len(assets))):
            said[asset] = chance.choice(usual) if chance.random() < 0.7 else a_state(chance)
        moves = there ^ set(chance.sample(assets, chance.choice((0, 0, 1))))
        if drawn_in(plot, dict.fromkeys(sorted(moves), NEVER)) == always:
            there = moves
    chance.shuffle(moments)
    return replace(plot, moments=tuple(moments))


class Standing(NamedTuple):
    """Who is drawn in each group and class, and the group of each place."""

    drawn: Mapping[tuple[Group, bool], str]
    groups: Mapping[Place, Group]


def drawn_in(plot: Plot, moment: Moment) -> Standing:
    """Tell who is drawn at one tick."""
    taken = counted(moment, plot.key)
    groups = merge(taken.sizes(), plot.k)
    drawn = taken.counted(groups).drawn
    found = {
        (groups[Place(asset.site, asset.unit)], asset.shared): asset.name
        for asset in moment
        if asset.name in drawn
    }
    return Standing(found, groups)
