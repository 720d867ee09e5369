"""How much of each class's demand is served, for many demands at once?

Tier by tier (minimum staffing, rest of time-critical units, others) the fraction that all classes get rises
until a bottleneck is full; the classes behind it stop there and the others rise on: progressive filling. On a
flow this serves as many people in all as any other way (docs/decisions/007-the-drill-is-a-flow.md).
"""

from collections.abc import Sequence

from fernbereit_server.resilience import flow
from fernbereit_server.resilience.bottlenecks import Bottleneck, bottlenecks
from fernbereit_server.resilience.network import Network

_DONE = 1e-9

Demanded = Sequence[Sequence[float]]
"""People by tier and class."""
Shares = list[list[float]]
"""The served fraction, 0 to 1, by tier and class."""


def fill(network: Network, demands: Sequence[Demanded]) -> list[Shares]:
    """Return what is served of each of `demands`, each as if it were alone."""
    narrow = bottlenecks(network)
    if narrow is None:
        return [flow.fill(network, demanded) for demanded in demands]
    return _filled(network, narrow, demands) if demands else []


def most(network: Network, people: Sequence[float]) -> float:
    """Return how many people are served in all, of those who ask by class: the maximum flow."""
    ((shares,),) = fill(network, [[people]])
    return sum(share * number for share, number in zip(shares, people, strict=True))


def _filled(network: Network, narrow: Sequence[Bottleneck], demands: Sequence[Demanded]) -> list[Shares]:
    import numpy as np

    classes = len(network.classes)
    within = np.zeros((classes, len(narrow)))
    for n, one in enumerate(narrow):
        within[list(one.classes), n] = 1.0
    room = np.array([one.people for one in narrow])
    connected = np.array([bool(ways) for ways in network.classes])
    people = np.array(demands, dtype=float).reshape(len(demands), -1, classes)
    shares = np.zeros_like(people)
    served = np.zeros((len(demands), classes))
    for tier in range(people.shape[1]):
        asked, fraction = people[:, tier], shares[:, tier]
        fraction[asked <= 0] = 1.0
        rising = (asked > 0) & connected
        before = served.copy()
        reached = np.zeros(len(demands))
        while rising.any():
            weight = np.where(rising, asked, 0.0) @ within
            left = room - np.where(rising, before, served) @ within
            level = np.divide(left, weight, out=np.full_like(weight, np.inf), where=weight > 0)
            reached = np.clip(level.min(axis=1, initial=1.0), reached, 1.0)
            reached[reached >= 1 - _DONE] = 1.0
            full = (level <= reached[:, None]).astype(float)
            stopped = rising & ((full @ within.T > 0) | (reached == 1.0)[:, None])
            fraction[stopped] = np.broadcast_to(reached[:, None], stopped.shape)[stopped]
            served = np.where(stopped, before + fraction * asked, served)
            rising &= ~stopped
    found: list[Shares] = shares.tolist()
    return found
