"""Where is the flow cut, what stops whom? The minimum cut of a filled network, read off its residual graph.

Of several minimum cuts the one nearest to the outside world is named: it says that the next laptop adds
nothing where a gateway is just full.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from fernbereit_server.resilience.network import Network

_NOTHING, _RELATIVE = 1e-5, 1e-9
_Node = tuple[str, int]
_SOURCE: _Node = ("source", 0)
_SINK: _Node = ("sink", 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """`limits` cut the `held` classes off; `behind` are the held classes that each limit stops.

    `tied` are limits that are just as full, `demand_tied` held classes whose whole demand is
    just met.
    """

    limits: tuple[int, ...]
    held: frozenset[int]
    behind: Mapping[int, frozenset[int]]
    tied: tuple[int, ...]
    demand_tied: frozenset[int]


def cut(
    network: Network,
    demanded: Sequence[float],
    served: Sequence[float],
    flows: Mapping[tuple[int, int], float],
) -> Cut:
    """Return the minimum cut; people demanded and served by class, `flows` by class and gateway."""
    least = _NOTHING + _RELATIVE * sum(demanded)
    arcs = _residual(network, demanded, served, flows, least)
    open_ = _reached(_SINK, _reverse(arcs))
    held = frozenset(c for c in range(len(network.classes)) if ("class", c) not in open_)
    limits = tuple(n for n in range(len(network.limits)) if ("in", n) not in open_ and ("out", n) in open_)
    behind: dict[int, set[int]] = {n: set() for n in limits}
    for c in held:
        within = _reached(("class", c), arcs, beyond=_SOURCE)
        for n in limits:
            if ("in", n) in within:
                behind[n].add(c)
    short = _reached(_SOURCE, arcs)
    nearer = tuple(
        n
        for n in range(len(network.limits))
        if ("in", n) in short and ("out", n) not in short and n not in limits
    )
    return Cut(
        limits=limits,
        held=held,
        behind={n: frozenset(classes) for n, classes in behind.items()},
        tied=nearer,
        demand_tied=frozenset(c for c in held if ("class", c) not in short and demanded[c] > least),
    )


def _residual(
    network: Network,
    demanded: Sequence[float],
    served: Sequence[float],
    flows: Mapping[tuple[int, int], float],
    least: float,
) -> dict[_Node, set[_Node]]:
    arcs: dict[_Node, set[_Node]] = {}

    def arc(start: _Node, end: _Node, room: float, flow: float) -> None:
        if room > least:
            arcs.setdefault(start, set()).add(end)
        if flow > least:
            arcs.setdefault(end, set()).add(start)

    load = [0.0] * len(network.limits)
    steps: dict[tuple[_Node, _Node], float] = {}
    for c, ways in enumerate(network.classes):
        arc(_SOURCE, ("class", c), demanded[c] - served[c], served[c])
        for way in ways:
            flow = flows[c, way]
            path = network.gateways[way]
            arc(("class", c), ("in", path[0]), 1.0, flow)
            for n in path:
                load[n] += flow
            ends: Iterable[_Node] = [*(("in", n) for n in path[1:]), _SINK]
            for n, end in zip(path, ends, strict=True):
                steps[("out", n), end] = steps.get((("out", n), end), 0.0) + flow
    for (start, end), flow in steps.items():
        arc(start, end, 1.0, flow)
    for n, limit in enumerate(network.limits):
        arc(("in", n), ("out", n), limit.people - load[n], load[n])
    return arcs


def _reverse(arcs: Mapping[_Node, set[_Node]]) -> dict[_Node, set[_Node]]:
    turned: dict[_Node, set[_Node]] = {}
    for start, ends in arcs.items():
        for end in ends:
            turned.setdefault(end, set()).add(start)
    return turned


def _reached(start: _Node, arcs: Mapping[_Node, set[_Node]], beyond: _Node | None = None) -> set[_Node]:
    """Return what can be reached from `start` without passing through `beyond`."""
    found = {start} if beyond is None else {start, beyond}
    waiting = [start]
    while waiting:
        for end in arcs.get(waiting.pop(), ()):
            if end not in found:
                found.add(end)
                waiting.append(end)
    return found
