"""Are durations, seconds and lost connections counted as they were?"""

import pytest

from fernbereit_server.simulate.figures import Herd, PerSecond, Times


def test_shares_of_durations_are_right_to_one_percent() -> None:
    """Over five orders of magnitude."""
    times = Times()
    for number in range(1, 10_001):
        times.add(number / 1000)

    assert times.share(0.5) == pytest.approx(5, rel=0.01)
    assert times.share(0.99) == pytest.approx(9.9, rel=0.01)
    assert times.as_json()["max"] == 10


def test_without_durations_there_is_no_share() -> None:
    """None, not zero."""
    assert Times().share(0.5) is None


def test_seconds_without_anything_are_zeros() -> None:
    """A series has no holes."""
    series = PerSecond()
    series.at(0.2)
    series.at(3.9, 2)

    assert series.counts == [1, 0, 0, 2]


def test_a_herd_is_back_when_95_percent_of_it_are() -> None:
    """From the first loss that was noticed to the connection that made it 95."""
    herd = Herd()
    for _ in range(100):
        herd.connected(1.0)
    for number in range(100):
        herd.ended(10.0 + number / 1000)
    assert herd.scattered
    for number in range(95):
        assert herd.back_s is None
        herd.connected(20.0 + number / 10)

    assert herd.back_s == pytest.approx(19.4, abs=0.01)
    assert herd.lost == 100
    assert not herd.scattered


def test_a_few_lost_connections_are_no_lost_herd() -> None:
    """One in ten, and they come back."""
    herd = Herd()
    for _ in range(100):
        herd.connected(1.0)
    for _ in range(10):
        herd.ended(2.0)
    for _ in range(10):
        herd.connected(3.0)

    assert herd.back_s is None
    assert not herd.scattered
