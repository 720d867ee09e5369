"""Which sets of gateways can be a bottleneck, and how many people pass through each?

By the theorem of maximum flow and minimum cut, classes are served as they wish exactly if, for every set of
gateways, those who have no way outside it are no more than the least limits around it. Of sets that fall
apart into smaller ones only the smaller ones say anything, so a network of an authority has a dozen.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass

from fernbereit_server.resilience.network import Network

_MOST = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Bottleneck:
    """Classes that have no way but through these limits, and the people who pass."""

    classes: tuple[int, ...]
    people: float


def bottlenecks(network: Network) -> tuple[Bottleneck, ...] | None:
    """Return every set that may bind, or None where gateways are interwoven beyond all counting."""
    together = [frozenset(ways) for ways in network.classes if ways]
    sets = _unions({*_members(network), *together})
    if sets is None:
        return None
    found: dict[tuple[int, ...], float] = {}
    for ways in sets:
        within = tuple(
            c for c, of_class in enumerate(network.classes) if of_class and ways.issuperset(of_class)
        )
        people = _around(network, ways)
        if within and people < found.get(within, math.inf):
            found[within] = people
    return tuple(Bottleneck(classes=within, people=people) for within, people in found.items())


def _members(network: Network) -> list[frozenset[int]]:
    """Return the gateways that each limit holds."""
    return [
        frozenset(way for way, path in enumerate(network.gateways) if n in path)
        for n in range(len(network.limits))
    ]


def _unions(base: Iterable[frozenset[int]]) -> set[frozenset[int]] | None:
    """Return all unions of overlapping sets, or None if there are too many."""
    found = {ways for ways in base if ways}
    waiting = list(found)
    first = tuple(found)
    while waiting:
        ways = waiting.pop()
        for other in first:
            union = ways | other
            if ways & other and union not in found:
                if len(found) == _MOST:
                    return None
                found.add(union)
                waiting.append(union)
    return found


def _around(network: Network, ways: frozenset[int]) -> float:
    """Return the least sum of limits that closes these gateways and no other; limits are nested."""
    closed = sorted(
        (
            (members, network.limits[n].people)
            for n, members in enumerate(_members(network))
            if members <= ways
        ),
        key=lambda found: len(found[0]),
    )
    least = {frozenset({way}): math.inf for way in ways}
    for members, people in closed:
        inner = [part for part in least if part <= members]
        within = sum(least.pop(part) for part in inner)
        least[members] = min(people, within)
    return sum(least.values())
