"""Small authorities to plan for, and every way of spending on them, each evaluated by the drill."""

import itertools
import random
from collections import Counter
from collections.abc import Iterator

from fernbereit_server.organisation.model import Organisation
from fernbereit_server.resilience.counts import Counts, Group, Kind, Path, Verdict
from fernbereit_server.resilience.drill import drill
from fernbereit_server.resilience.planner.applied import applied
from fernbereit_server.resilience.planner.measure import Measure, What, in_stock, price_of
from fernbereit_server.resilience.planner.measures import Possible, possible
from fernbereit_server.resilience.planner.situation import Situation, situation
from fernbereit_server.resilience.scenario import SCENARIOS

FIXES = ("battery", "settings")


def authority(seed: int, most: int = 600) -> tuple[Situation, Possible]:
    """Return an authority with at most so many ways of spending."""
    rng = random.Random(seed)
    while True:
        here = _drawn(rng)
        found = possible(here)
        ways = 1
        for measure in found.measures:
            ways *= measure.most + 1
        if 1 < ways <= most:
            return here, found


def _drawn(rng: random.Random) -> Situation:
    units = [{"name": name, "headcount": rng.randint(0, 3)} for name in "AB"[: rng.randint(1, 2)]]
    names = [str(unit["name"]) for unit in units]
    gateways = [
        {
            "name": name,
            "sessions": rng.randint(0, 2),
            "licences": rng.choice([None, "P"]),
            "units": rng.choice([None, names[:1]]),
        }
        for name in "GH"[: rng.randint(0, 2)]
    ]
    pooled = rng.random() < 0.4
    prices = {
        item: {"euro": rng.choice([0, 1, 2, 5, 7]), "it_hours": rng.choice([0, 1, 2])}
        for item in ("laptop", "vpn_session", "vpn_licence", *FIXES)
        if rng.random() < 0.8
    }
    organisation = Organisation.model_validate(
        {
            "units": units,
            "gateways": rng.choice([gateways, gateways, gateways, None]),
            "licence_pools": [{"name": "P", "sessions": rng.randint(0, 3)}],
            "device_pools": [{"name": "pool", "units": names}] if pooled else [],
            "concurrency": 1.0 if pooled else rng.choice([1.0, 0.8, 0.5]),
            "prices": prices,
            "stock": {item: rng.randint(0, 2) for item in ("laptop", "battery") if rng.random() < 0.4},
        },
        strict=False,
    )
    counts: Counts = Counter()
    for _ in range(rng.randint(0, 5)):
        verdict = rng.choice(list(Verdict))
        broken = verdict in {Verdict.LIMITED, Verdict.NOT_READY}
        owners = [(name, rng.choice([Kind.PERSONAL, Kind.POOL])) for name in names]
        owner, kind = rng.choice(owners)
        if pooled and rng.random() < 0.3:
            owner, kind = "pool", Kind.POOL
        fix = rng.choice(["", *FIXES]) if broken else ""
        counts[Group(owner, rng.choice(list(Path)), verdict, kind, fix)] += rng.randint(1, 2)
    return situation(organisation, counts, rng.choice(SCENARIOS))


def every_way(here: Situation, found: Possible) -> Iterator[tuple[float, float, float]]:
    """Yield people able, euro and hours of every way of spending that is allowed."""
    for numbers in itertools.product(*(range(measure.most + 1) for measure in found.measures)):
        taken = {measure: number for measure, number in zip(found.measures, numbers, strict=True) if number}
        if _allowed(here, found, taken):
            yield able(here, taken), *costs(here, taken)


def able(here: Situation, taken: dict[Measure, int]) -> float:
    """Ask the drill."""
    return drill(*applied(here.organisation, here.counts, taken), here.scenario).able.low


def costs(here: Situation, taken: dict[Measure, int]) -> tuple[float, float]:
    """Add up euro beyond the stock, and hours."""
    items: Counter[str] = Counter()
    for measure, number in taken.items():
        items[measure.item] += number
    stock = in_stock(here.organisation, here.counts)
    euro = sum(
        price_of(here.organisation, item).euro * max(0, n - stock.get(item, 0)) for item, n in items.items()
    )
    return euro, sum(price_of(here.organisation, item).it_hours * n for item, n in items.items())


def _allowed(here: Situation, found: Possible, taken: dict[Measure, int]) -> bool:
    """No laptop for people who have or may have a device, no more from a stock or a pool than is there."""
    stock = in_stock(here.organisation, here.counts)
    used: Counter[str] = Counter()
    equipped: Counter[str] = Counter()
    fixable: Counter[str] = Counter()
    out: Counter[Group] = Counter()
    for measure in found.measures:
        if measure.what is What.FIX:
            fixable[measure.place] += measure.most
    for measure, number in taken.items():
        used[measure.item] += number
        if measure.what in {What.LAPTOP, What.FIX}:
            equipped[measure.place] += number
        if measure.what is What.FIX and measure.devices and measure.devices.unit == "pool":
            out[Group("pool", measure.devices.path, Verdict.READY, Kind.POOL)] -= number
        if measure.what is What.POOL and measure.devices:
            out[measure.devices] += number
    return (
        all(
            number <= max(found.without[unit], fixable[unit])
            for unit, number in equipped.items()
            if unit in found.without
        )
        and all(number <= here.counts[group] for group, number in out.items())
        and all(
            n <= stock.get(item, 0)
            for item, n in used.items()
            if item and item not in here.organisation.prices
        )
    )
