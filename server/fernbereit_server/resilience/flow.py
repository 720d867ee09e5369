"""How much of each class's demand is served? Linear programs, solved by HiGHS through scipy.

Tier by tier (minimum staffing, rest of time-critical units, others) the least served fraction is made as
great as possible, classes that cannot rise any more are fixed there, and the rest goes on: progressive
filling. On a flow this serves as many people in all as any other way
(docs/decisions/007-the-drill-is-a-flow.md).
"""

import math
from collections.abc import Sequence

from fernbereit_server.resilience.network import Network

_SLACK = 1e-11
_DONE = 1e-9
_BLOCKED = 1e-7


def fill(network: Network, tiers: Sequence[Sequence[float]]) -> list[list[float]]:
    """Return the served fraction, 0 to 1, of each class in each tier; `tiers` are people by class."""
    served = [0.0] * len(network.classes)
    shares = []
    for people in tiers:
        fractions = [0.0 if weight > 0 else 1.0 for weight in people]
        rising = {c for c, weight in enumerate(people) if weight > 0 and network.classes[c]}
        reached = 0.0
        while rising:
            reached, blocked = _rise(network, people, served, rising, reached)
            for c in blocked:
                fractions[c] = reached
                served[c] += reached * people[c]
            rising -= blocked
        shares.append(fractions)
    return shares


def flows(network: Network, served: Sequence[float]) -> dict[tuple[int, int], float]:
    """Return people by class and gateway that serve each class as much as `served` says."""
    variables = _variables(network)
    rows, bounds = _limit_rows(network, variables, 0)
    for c, people in enumerate(served):
        rows.append([-1.0 if of == c else 0.0 for of, _ in variables])
        bounds.append(-_lowered(people))
    if not variables:
        return {}
    values, _ = solve([1.0] * len(variables), rows, bounds, [(0.0, None)] * len(variables))
    return dict(zip(variables, values, strict=True))


def _rise(
    network: Network, people: Sequence[float], served: Sequence[float], rising: set[int], reached: float
) -> tuple[float, set[int]]:
    """Raise the fraction all rising classes get; return it, and which of them cannot have more.

    A class cannot have more where its row has a positive price: then it gets no more in any best answer.
    """
    variables = _variables(network)
    rows, bounds = _limit_rows(network, variables, 1)
    first = len(rows)
    for c in range(len(network.classes)):
        share = people[c] if c in rising else 0.0
        rows.append([*(-1.0 if of == c else 0.0 for of, _ in variables), share])
        bounds.append(-_lowered(served[c]))
    cost = [0.0] * len(variables) + [-1.0]
    values, prices = solve(cost, rows, bounds, [(0.0, None)] * len(variables) + [(0.0, 1.0)])
    fraction = max(reached, values[-1])
    if fraction >= 1 - _DONE:
        return 1.0, set(rising)
    weights = {c: -prices[first + c] * people[c] for c in rising}
    blocked = {c for c, weight in weights.items() if weight > _BLOCKED}
    return fraction, blocked or {max(weights, key=lambda c: weights[c])}


def _variables(network: Network) -> list[tuple[int, int]]:
    return [(c, way) for c, ways in enumerate(network.classes) for way in ways]


def _limit_rows(
    network: Network, variables: Sequence[tuple[int, int]], more: int
) -> tuple[list[list[float]], list[float]]:
    rows, bounds = [], []
    for n, limit in enumerate(network.limits):
        if math.isfinite(limit.people):
            rows.append(
                [*(1.0 if n in network.gateways[way] else 0.0 for _, way in variables), *[0.0] * more]
            )
            bounds.append(limit.people)
    return rows, bounds


def _lowered(people: float) -> float:
    """Give what is already served a hair of room, so that rounding of floats makes no program unsolvable."""
    return max(0.0, people - _SLACK * (1 + people))


def solve(
    cost: Sequence[float],
    rows: Sequence[Sequence[float]],
    bounds: Sequence[float],
    ranges: Sequence[tuple[float, float | None]],
) -> tuple[list[float], list[float]]:
    """Return the values that make the cost least, and the price of each row; raises `ArithmeticError`."""
    from scipy.optimize import linprog

    answer = linprog(cost, A_ub=rows, b_ub=bounds, bounds=ranges, method="highs-ds")
    if answer.status != 0:
        raise ArithmeticError(f"the linear program was not solved: {answer.message}")
    return [float(value) for value in answer.x], [float(price) for price in answer.ineqlin.marginals]
