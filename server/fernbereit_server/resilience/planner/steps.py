"""What does each step of a plan buy, cost and add, and what binds after it?"""

from collections.abc import Sequence

from fernbereit_server.resilience.planner.bundles import Taken
from fernbereit_server.resilience.planner.crowds import part_of, shared_out
from fernbereit_server.resilience.planner.measure import Measure, What, in_stock, price_of
from fernbereit_server.resilience.planner.measures import Possible
from fernbereit_server.resilience.planner.program import Program
from fernbereit_server.resilience.planner.result import Purchase, Step
from fernbereit_server.resilience.planner.situation import Situation
from fernbereit_server.resilience.planner.standing import Standing, standing


class Ledger:
    """What the parts of one plan cost and bring; each question is answered once."""

    def __init__(self, here: Situation, found: Possible, program: Program, chosen: Taken) -> None:
        self.here, self.measures, self.program = here, found.measures, program
        self.stock = in_stock(here.organisation, here.counts)
        self.whole = shared_out(program.kinds, chosen, found.measures, found.without)
        self._known: dict[Taken, Standing] = {}

    def numbers(self, taken: Taken) -> dict[Measure, int]:
        """Return how often each measure of a part of the plan is taken."""
        return part_of(self.program.kinds, taken, self.measures, self.whole)

    def standing(self, taken: Taken) -> Standing:
        """Return how the authority stands then."""
        if taken not in self._known:
            self._known[taken] = standing(self.here, self.numbers(taken))
        return self._known[taken]

    def able(self, taken: Taken) -> float:
        """Return the people able then."""
        return self.standing(taken).able

    def totals(self, taken: Taken) -> dict[str, int]:
        """Return how many of each item are taken."""
        found: dict[str, int] = {}
        for measure, number in zip(self.program.firsts, taken, strict=True):
            found[measure.item] = found.get(measure.item, 0) + number
        return found

    def costs(self, taken: Taken) -> tuple[float, float]:
        """Return euro and IT hours; what is in stock takes hours only."""
        euro = hours = 0.0
        for item, number in self.totals(taken).items():
            price = price_of(self.here.organisation, item)
            euro += price.euro * max(0, number - self.stock.get(item, 0))
            hours += price.it_hours * number
        return euro, hours


def steps_of(ledger: Ledger, stages: Sequence[Taken]) -> tuple[Step, ...]:
    """Return the steps; `stages` are what has been taken after each."""
    start: Taken = (0,) * len(ledger.program.kinds)
    steps = []
    for stage in stages:
        spent, costs = ledger.costs(start), ledger.costs(stage)
        steps.append(
            Step(
                purchases=_purchases(ledger, start, stage),
                euro=costs[0] - spent[0],
                hours=costs[1] - spent[1],
                gain=ledger.able(stage) - ledger.able(start),
                after=ledger.standing(stage),
                taken=ledger.numbers(stage),
            )
        )
        start = stage
    return tuple(steps)


def _purchases(ledger: Ledger, start: Taken, stage: Taken) -> tuple[Purchase, ...]:
    kinds: dict[tuple[What, str], dict[int, int]] = {}
    for n, (old, new) in enumerate(zip(start, stage, strict=True)):
        if new > old:
            measure = ledger.program.firsts[n]
            kinds.setdefault((measure.what, measure.item), {})[n] = new - old
    before, after = ledger.numbers(start), ledger.numbers(stage)
    used = ledger.totals(start)
    purchases = []
    for (what, item), more in sorted(kinds.items()):
        number = sum(more.values())
        left = max(0, ledger.stock.get(item, 0) - used.get(item, 0))
        used[item] = used.get(item, 0) + number
        price = price_of(ledger.here.organisation, item)
        from_stock = min(number, left) if item else 0
        only = tuple(old + more.get(n, 0) for n, old in enumerate(start))
        where: dict[str, int] = {}
        for measure, total in after.items():
            if (measure.what, measure.item) == (what, item) and total > before.get(measure, 0):
                place = measure.unit or measure.place
                where[place] = where.get(place, 0) + total - before.get(measure, 0)
        purchases.append(
            Purchase(
                what=what,
                item=item,
                number=number,
                from_stock=from_stock,
                euro=price.euro * (number - from_stock),
                hours=price.it_hours * number,
                where=where,
                alone=max(0.0, ledger.able(only) - ledger.able(start)),
            )
        )
    return tuple(purchases)
