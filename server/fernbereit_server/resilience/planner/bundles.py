"""In which order is a plan carried out? What is free first, then what brings most for an IT hour, a euro.

A bundle is what brings most together: of two things that bind at once each alone brings nothing, so single
things are never ranked. The best part of what is left is found by Dinkelbach's method (maximise people minus
price times cost, with the price at which the best part so far breaks even); fractions are rounded up inside
the plan.
"""

import math
from collections.abc import Callable, Sequence

from fernbereit_server.resilience.planner.measure import What
from fernbereit_server.resilience.planner.optimum import HAIR, turned
from fernbereit_server.resilience.planner.program import Limits, Program, Row
from fernbereit_server.resilience.planner.solver import least, summed

_INFINITE = float("inf")
_PEOPLE = 1e-3
_EQUAL = 0.02
"""Parts whose people for a euro differ by less are one step."""
_SMALL = 0.02
"""A paid step gains at least this part of the whole plan's gain, and one person: rounded up, one step leaves
room that a tiny next one would use, and so on."""

Taken = tuple[int, ...]
"""How often each kind of measure is taken."""
Costs = Callable[[Taken], tuple[float, float]]
"""Euro and IT hours of measures."""


def in_order(program: Program, chosen: Taken, able: Callable[[Taken], float], costs: Costs) -> list[Taken]:
    """Return what has been taken after each step, the last of them all that was chosen."""
    at: Taken = (0,) * len(chosen)
    stages: list[Taken] = []
    phase = 0
    least_gain = max(1.0, _SMALL * (able(chosen) - able(at)))
    while at != chosen and able(chosen) - able(at) > _PEOPLE and phase < len(_PHASES):
        part = _Part(program, (at, chosen), (able(at), able(chosen)), (costs(at), costs(chosen)), least_gain)
        found = _PHASES[phase](part)
        if found is None or found == at:
            phase += 1
        else:
            at = found
            stages.append(at)
    if at != chosen:
        if stages and able(chosen) - able(at) <= _PEOPLE:
            stages.pop()
        stages.append(chosen)
    return _falling(stages, able, costs)


class _Part:
    """What may come next: more of what was chosen, starting from what is done."""

    def __init__(
        self,
        program: Program,
        taken: tuple[Taken, Taken],
        able: tuple[float, float],
        costs: tuple[tuple[float, float], tuple[float, float]],
        least_gain: float,
    ) -> None:
        """Take what is done, people able, and euro and hours spent, each now and at the end."""
        self.program, self.least_gain = program, least_gain
        at, chosen = self.at, self.chosen = taken
        (self.able, self.able_then), (self.spent, self.spent_then) = able, costs
        ends = enumerate(zip(at, chosen, strict=True))
        self.bounds = {n: (float(low), float(high)) for n, (low, high) in ends}
        self.rows: Limits = [
            ({n: 1.0, program.dissolved[measure.place]: -float(chosen[n])}, 0.0, _INFINITE)
            for n, measure in enumerate(program.firsts)
            if measure.what is What.POOL
        ]

    def free(self) -> Taken | None:
        """Return all that helps and costs nothing, or None."""
        limits = [self._no_more(self.program.euro, 0), self._no_more(self.program.hours, 1)]
        found = self._least(turned(self.program.able), limits)
        gain = self._gain(found)
        return self._rounded(gain, limits) if gain > _PEOPLE else None

    def for_hours(self) -> Taken | None:
        """Return what makes most people able for an IT hour and costs no euro, or None."""
        limits = [self._no_more(self.program.euro, 0)]
        found = self._least(turned(self.program.able), limits)
        gain, more = self._gain(found), summed(self.program.hours, found) - self.spent[1]
        return self._best(self.program.hours, limits, self.spent[1], (gain, more)) if gain > _PEOPLE else None

    def for_euro(self) -> Taken | None:
        """Return what makes most people able for a euro."""
        first = self.able_then - self.able, self.spent_then[0] - self.spent[0]
        return self._best(self.program.euro, [], self.spent[0], first)

    def _best(self, cost: Row, limits: Limits, spent: float, known: tuple[float, float]) -> Taken:
        """Improve on a part of which people and costs are `known`, until nothing brings more for its cost."""
        gain, more = known
        enough = self.able + min(gain, self.least_gain) - HAIR
        limits = [*limits, (self.program.able, enough, _INFINITE)]
        while more > HAIR:
            better = self._worth(cost, limits, spent, gain / more)
            if better[0] - gain / more * better[1] <= _PEOPLE:
                break
            gain, more = better
        if more > HAIR:
            wider = self._worth(cost, limits, spent, gain / more * (1 - _EQUAL))
            gain, more = max((gain, more), wider)
        return self._rounded(gain, [*limits, (cost, -_INFINITE, spent + more + HAIR)])

    def _worth(self, cost: Row, limits: Limits, spent: float, rate: float) -> tuple[float, float]:
        """Return people and costs of what is best if one of cost is worth `rate` people."""
        priced = {**turned(self.program.able), **{n: rate * each for n, each in cost.items()}}
        found = self._least(priced, limits)
        return self._gain(found), summed(cost, found) - spent

    def _no_more(self, cost: Row, kind: int) -> tuple[Row, float, float]:
        return cost, -_INFINITE, self.spent[kind] + HAIR

    def _gain(self, values: Sequence[float]) -> float:
        return summed(self.program.able, values) - self.able

    def _least(self, cost: Row, limits: Limits) -> list[float]:
        return least(
            self.program,
            cost,
            [*self.rows, *limits],
            bounds=self.bounds,
            whole=tuple(self.program.dissolved.values()),
        )

    def _rounded(self, gain: float, limits: Limits) -> Taken:
        """Take as little as makes so many people able, in whole numbers, never more than was chosen."""
        able = (self.program.able, self.able + gain - HAIR, _INFINITE)
        fewest = self._least(dict.fromkeys(range(len(self.chosen)), 1.0), [*limits, able])
        return tuple(
            min(high, max(low, math.ceil(fewest[n] - HAIR)))
            for n, (low, high) in enumerate(zip(self.at, self.chosen, strict=True))
        )


_PHASES = (_Part.free, _Part.for_hours, _Part.for_euro)


def _falling(stages: Sequence[Taken], able: Callable[[Taken], float], costs: Costs) -> list[Taken]:
    """Put steps together until none brings more for its cost than the one before."""
    start = (0,) * len(stages[0]) if stages else ()
    kept: list[Taken] = []
    for stage in stages:
        kept.append(stage)
        while len(kept) > 1:
            before = kept[-3] if len(kept) > 2 else start
            worse, later = _worth(before, kept[-2], able, costs), _worth(kept[-2], kept[-1], able, costs)
            if worse > later:
                break
            del kept[-2]
    return kept


def _worth(start: Taken, end: Taken, able: Callable[[Taken], float], costs: Costs) -> tuple[float, float]:
    """Return people for a euro, then for an hour, on a scale on which nearly equal ones are equal."""
    gain = able(end) - able(start)
    rates = []
    for kind in (0, 1):
        spent = costs(end)[kind] - costs(start)[kind]
        rate = gain / spent if spent > HAIR else _INFINITE
        rates.append(round(math.log(rate) / _EQUAL) if 0 < rate < _INFINITE else rate)
        if rate < _INFINITE:
            break
    return rates[0], rates[-1]
