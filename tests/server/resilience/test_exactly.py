"""Do bottlenecks and the linear program give what exact fractions and every cut give, on small networks?"""

from fractions import Fraction
from itertools import chain, combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fernbereit_server.resilience import filling, flow
from fernbereit_server.resilience.bottlenecks import bottlenecks
from fernbereit_server.resilience.cut import cut
from fernbereit_server.resilience.flow import flows
from fernbereit_server.resilience.network import Limit, Network

NEAR = 1e-6


@st.composite
def networks(draw: st.DrawFn) -> Network:
    """Up to three gateways, some behind a shared limit, all behind another; up to three classes of units."""
    ways = draw(st.integers(1, 3))
    limits = [Limit(name=f"g{n}", kind="sessions", people=draw(st.integers(0, 20))) for n in range(ways)]
    paths = [[n] for n in range(ways)]
    for name, members in (("inner", range(min(2, ways))), ("outer", range(ways))):
        if draw(st.booleans()):
            for n in members:
                paths[n].append(len(limits))
            limits.append(Limit(name=name, kind="licences", people=draw(st.integers(0, 30))))
    classes = draw(
        st.lists(
            st.sets(st.integers(0, ways - 1)).map(lambda found: tuple(sorted(found))), min_size=1, max_size=3
        )
    )
    return Network(
        limits=tuple(limits),
        gateways=tuple(map(tuple, paths)),
        classes=tuple(classes),
        class_of={},
    )


def most(network: Network, asking: frozenset[int]) -> Fraction:
    """Return the most people that pass if these classes ask without end: the least of every set that cuts."""
    paths = [set(network.gateways[way]) for c in asking for way in network.classes[c]]
    sets = chain.from_iterable(
        combinations(range(len(network.limits)), n) for n in range(len(network.limits) + 1)
    )
    return min(
        sum((Fraction(network.limits[n].people) for n in chosen), Fraction())
        for chosen in sets
        if all(path & set(chosen) for path in paths)
    )


def subsets(things: set[int]) -> list[frozenset[int]]:
    return [frozenset(found) for n in range(1, len(things) + 1) for found in combinations(sorted(things), n)]


def filled(network: Network, tiers: list[list[int]]) -> list[list[Fraction]]:
    """Fill progressively in exact fractions: a group of classes stops when what may pass for it has passed.

    What passes for a group is the least cut around it; what its members already have is taken off.
    """
    classes = range(len(network.classes))
    served = [Fraction()] * len(network.classes)
    shares = []
    for people in tiers:
        fractions = [Fraction(1) if not weight else Fraction() for weight in people]
        rising = {c for c in classes if people[c]}
        start = list(served)
        while rising:
            rooms = {}
            for group in subsets(set(classes)):
                weight = sum(people[c] for c in group & rising)
                if weight:
                    used = sum((start[c] if c in rising else served[c] for c in group), Fraction())
                    rooms[group] = (most(network, group) - used) / weight
            level = min([Fraction(1), *rooms.values()])
            stopped = set().union(*(group for group, room in rooms.items() if room == level)) & rising
            for c in rising if level == 1 else stopped:
                fractions[c] = level
                served[c] = start[c] + level * people[c]
            rising -= rising if level == 1 else stopped
        shares.append(fractions)
    return shares


@settings(max_examples=75, deadline=None)
@given(network=networks(), data=st.data())
def test_classes_are_filled_like_exact_fractions(network: Network, data: st.DataObject) -> None:
    """Each class in each of three tiers gets the same share, to a millionth of a person, by both ways."""
    row = st.lists(st.integers(0, 15), min_size=len(network.classes), max_size=len(network.classes))
    several = [[data.draw(row) for _ in range(3)] for _ in range(2)]
    at_once = filling.fill(network, several)

    for tiers, by_bottlenecks in zip(several, at_once, strict=True):
        wanted = filled(network, tiers)
        for found in (by_bottlenecks, flow.fill(network, tiers)):
            for people, shares, exact in zip(tiers, found, wanted, strict=True):
                for weight, share, right in zip(people, shares, exact, strict=True):
                    assert share * weight == pytest.approx(float(right * weight), abs=NEAR)


@settings(max_examples=150, deadline=None)
@given(network=networks(), data=st.data())
def test_priorities_cost_nothing_and_the_cut_proves_it(network: Network, data: st.DataObject) -> None:
    """Whatever the tiers, as many pass in all as the least cut found by trying every one."""
    row = st.lists(st.integers(0, 15), min_size=len(network.classes), max_size=len(network.classes))
    tiers = [data.draw(row) for _ in range(3)]
    (shares,) = filling.fill(network, [tiers])
    demanded = [sum(of_class) for of_class in zip(*tiers, strict=True)]
    served = [
        sum(share[c] * people[c] for share, people in zip(shares, tiers, strict=True))
        for c in range(len(network.classes))
    ]
    asking = [frozenset[int](), *subsets(set(range(len(network.classes))))]
    least = min(
        most(network, group) + sum(people for c, people in enumerate(demanded) if c not in group)
        for group in asking
    )
    found = cut(network, demanded, served, flows(network, served))
    of_cut = sum(network.limits[n].people for n in found.limits)
    of_cut += sum(people for c, people in enumerate(demanded) if c not in found.held)

    assert sum(served) == pytest.approx(float(least), abs=NEAR)
    assert of_cut == pytest.approx(float(least), abs=NEAR)


def test_gateways_interwoven_beyond_counting_are_filled_by_the_linear_program() -> None:
    """Twenty gateways in a ring of every other, three of them a class: the same answer, more slowly."""
    ways = 20
    network = Network(
        limits=tuple(Limit(name=f"g{n}", kind="sessions", people=3 + n % 4) for n in range(ways)),
        gateways=tuple((n,) for n in range(ways)),
        classes=tuple(tuple(sorted({n, (n + 3) % ways, (n * 7) % ways})) for n in range(ways)),
        class_of={},
    )
    asked = [[float(n % 9) for n in range(ways)]]

    assert bottlenecks(network) is None
    assert filling.fill(network, [asked]) == [flow.fill(network, asked)]


def test_gateways_of_one_unit_each_are_a_bottleneck_each() -> None:
    """A hundred of them behind one shared pool are a hundred and one, not every set of them."""
    network = Network(
        limits=(
            *(Limit(name=f"g{n}", kind="sessions", people=5) for n in range(100)),
            Limit(name="pool", kind="licences", people=300),
        ),
        gateways=tuple((n, 100) for n in range(100)),
        classes=tuple((n,) for n in range(100)),
        class_of={},
    )

    assert len(bottlenecks(network) or ()) == 101
