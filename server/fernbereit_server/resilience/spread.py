"""How heavily is each limit loaded if everybody spreads over his gateways as evenly as can be?

The greatest load for its capacity is made as small as possible, the limits that have it are fixed there, and
the rest goes on with the others (lexicographic min-max, the fairness of progressive filling seen from the
gateways): a gateway looks full only where nothing else could take its people.
"""

from collections.abc import Sequence

from fernbereit_server.resilience.flow import solve
from fernbereit_server.resilience.network import Network

_PRICED = 1e-9
_ROOM = 1e-9


def spread(network: Network, people: Sequence[float]) -> list[float]:
    """Return the people at each limit; `people` by class, who all pass whether there is room or not."""
    ways = [(c, way) for c in range(len(network.classes)) for way in _ways(network, c) if people[c] > 0]
    loads = [0.0] * len(network.limits)
    if not ways:
        return loads
    free = {n for n, limit in enumerate(network.limits) if limit.people > 0}
    fixed: dict[int, float] = {}
    while True:
        flows, prices, load = _level(network, people, ways, free, fixed)
        tight = {n for n in free if prices[n] > _PRICED}
        if not tight or load <= _ROOM:
            break
        fixed |= dict.fromkeys(tight, load)
        free -= tight
    for (_, way), flow in zip(ways, flows, strict=True):
        for n in network.gateways[way]:
            loads[n] += flow
    return loads


def _ways(network: Network, of_class: int) -> list[int]:
    """Return the gateways of a class that carry anything; all of them where none does."""
    ways = list(network.classes[of_class])
    open_ = [way for way in ways if all(network.limits[n].people > 0 for n in network.gateways[way])]
    return open_ or ways[:1]


def _level(
    network: Network,
    people: Sequence[float],
    ways: Sequence[tuple[int, int]],
    free: set[int],
    fixed: dict[int, float],
) -> tuple[list[float], dict[int, float], float]:
    """Make the greatest load of the free limits small; return flows, the price of each, and the load."""
    rows: list[list[float]] = []
    bounds: list[float] = []
    order = sorted(free)
    for n in order:
        capacity = network.limits[n].people
        rows.append([*(1.0 if n in network.gateways[way] else 0.0 for _, way in ways), -capacity])
        bounds.append(0.0)
    for n, load in fixed.items():
        room = load * network.limits[n].people
        rows.append([*(1.0 if n in network.gateways[way] else 0.0 for _, way in ways), 0.0])
        bounds.append(room + _ROOM * (1 + room))
    for c in sorted({c for c, _ in ways}):
        rows.append([*(-1.0 if of == c else 0.0 for of, _ in ways), 0.0])
        bounds.append(-people[c])
    values, prices = solve([0.0] * len(ways) + [1.0], rows, bounds, [(0.0, None)] * len(ways) + [(0.0, None)])
    return values[:-1], {n: -price for n, price in zip(order, prices, strict=False)}, values[-1]
