"""When is what due?"""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fernbereit_agent.probe import Probe
from fernbereit_agent.schedule import Backoff, Delivery, due_probes, patience_s, phase_s, until_report

DEVICES = st.uuids().map(str)


def _probe(section: str, every_s: float) -> Probe:
    return Probe(section=section, every=timedelta(seconds=every_s), deadline=timedelta(seconds=1), readers={})


HOURLY, DAILY = _probe("firewall", 3_600), _probe("machine", 86_400)


@given(device=DEVICES, wall=st.floats(0, 4e9), interval_s=st.floats(1, 86_400))
def test_reports_lie_at_the_phase_of_the_device(device: str, wall: float, interval_s: float) -> None:
    """Whenever the agent starts, the next report is at the same place of the interval."""
    left = until_report(wall, device, interval_s)
    assert 0 < left <= interval_s
    place = (wall + left) % interval_s
    distance = abs(place - phase_s(device, interval_s))
    assert min(distance, interval_s - distance) < 1e-3


def test_phases_spread_over_the_interval() -> None:
    """A thousand devices leave no sixteenth of the interval empty or crowded."""
    counts = [0] * 16
    for number in range(1_000):
        phase = phase_s(f"00000000-0000-4000-8000-{number:012x}", 900)
        counts[int(phase / 900 * 16)] += 1
    assert min(counts) > 30
    assert max(counts) < 100


@given(device=DEVICES, wall=st.floats(0, 4e9))
def test_a_clock_that_runs_a_little_behind_makes_no_second_report(device: str, wall: float) -> None:
    """After a report the next one is at least half an interval away."""
    assert 450 <= until_report(wall, device, 900, at_least_s=450) <= 1_350


def test_everything_is_due_at_first() -> None:
    """Nothing is known yet."""
    assert due_probes([HOURLY, DAILY], {}, now=0, interval_s=900) == (HOURLY, DAILY)


@pytest.mark.parametrize(
    ("now", "due"),
    [(900, ()), (3_000, ()), (3_599, (HOURLY,)), (3_601, (HOURLY,)), (90_000, (HOURLY, DAILY))],
    ids=["one report later", "a little early", "a second early", "on time", "after a long sleep"],
)
def test_a_probe_runs_with_the_report_nearest_to_its_time(now: float, due: tuple[Probe, ...]) -> None:
    """So the laptop is woken only for reports."""
    last = {"firewall": 0.0, "machine": 0.0}
    assert due_probes([HOURLY, DAILY], last, now=now, interval_s=900) == due


@given(every_s=st.floats(1, 200_000), misses=st.integers(0, 10**6))
def test_no_section_waits_longer_than_a_day_for_having_failed(every_s: float, misses: int) -> None:
    """Unless it is looked at more rarely anyway; and none is looked at more often for having failed."""
    assert every_s <= patience_s(every_s, misses) <= max(every_s, 86_400)
    assert patience_s(every_s, misses) <= patience_s(every_s, misses + 1)


def test_one_miss_changes_nothing_and_the_second_doubles_the_wait() -> None:
    """Something may always go wrong once."""
    hourly = [HOURLY]
    for misses, due_after_s in ((0, 3600), (1, 3600), (2, 7200), (5, 16 * 3600), (99, 86_400)):
        told = {"firewall": misses}
        assert due_probes(hourly, {"firewall": 0.0}, due_after_s - 500, 900, told) == ()
        assert due_probes(hourly, {"firewall": 0.0}, due_after_s, 900, told) == (HOURLY,)


def test_what_ended_badly_has_its_turn_after_the_healthy() -> None:
    """So it takes no time from them."""
    assert due_probes([HOURLY, DAILY], {}, 0, 900, {"firewall": 1}) == (DAILY, HOURLY)


def test_waits_double_up_to_their_cap() -> None:
    """One minute, two, four, and so on to half an hour."""
    backoff = Backoff(60, 1800)
    assert [backoff.ceiling(attempt) for attempt in range(7)] == [60, 120, 240, 480, 960, 1800, 1800]
    assert backoff.ceiling(10_000) == 1800


@given(attempt=st.integers(0, 100), draw=st.floats(0, 1, exclude_max=True))
def test_waits_are_drawn_between_their_bounds(attempt: int, draw: float) -> None:
    """Connections may come at once; an answer always has the base to come in."""
    backoff = Backoff(60, 1800)
    assert 0 <= backoff.from_zero(attempt, draw) <= backoff.ceiling(attempt)
    assert 60 <= backoff.from_base(attempt, draw) <= backoff.ceiling(attempt)


def _delivery() -> Delivery:
    return Delivery(resend=Backoff(60, 1800), drain_s=2)


def test_nothing_is_sent_without_a_connection() -> None:
    """Nor is anything due."""
    delivery = _delivery()
    assert not delivery.may_send(100)
    assert delivery.next_due(waiting=True) is None


def test_one_batch_is_in_flight_at_a_time() -> None:
    """The next one waits for the answer, and for the pace."""
    delivery = _delivery()
    delivery.connected(1)
    delivery.sent(100, draw=0.5)
    assert not delivery.may_send(103)
    delivery.answered()
    assert [delivery.may_send(now) for now in (101.9, 102.0)] == [False, True]
    assert delivery.next_due(waiting=True) == 102
    assert delivery.next_due(waiting=False) is None


def test_a_batch_without_an_answer_is_repeated_ever_more_slowly() -> None:
    """Only an answer starts the waits anew; nothing else does, a new connection included."""
    delivery = _delivery()
    now, waits = 0.0, []
    delivery.connected(1)
    for number in range(4):
        delivery.sent(now, draw=0.999_999_999)
        assert delivery.answer_due is not None
        waits.append(round(delivery.answer_due - now))
        now = delivery.answer_due
        assert delivery.overdue(now)
        assert not delivery.overdue(now)
        if number == 1:
            assert not delivery.lost()
            delivery.connected(2)
    assert waits == [60, 120, 240, 480]
    delivery.sent(now, draw=0.5)
    delivery.answered()
    delivery.sent(now, draw=0.5)
    assert delivery.answer_due == now + 60


def test_a_lost_connection_tells_whether_a_batch_was_on_it() -> None:
    """That batch counts as tried."""
    delivery = _delivery()
    delivery.connected(1)
    assert delivery.lost() is False
    delivery.connected(2)
    delivery.sent(10, draw=0)
    assert delivery.lost() is True
    delivery.connected(3)
    assert delivery.may_send(12)
