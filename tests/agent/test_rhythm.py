"""Do reports keep their rhythm over sleep, restarts and clocks that jump by years?"""

from dataclasses import dataclass, field
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fernbereit_agent.clock import Moment, age_ms
from fernbereit_agent.rhythm import Rhythm
from fernbereit_agent.schedule import until_report
from outbox_world import DEVICE

INTERVAL_S, SPREAD_S = 900.0, 60.0
YEAR_S = 365.25 * 86_400
LONGEST_REST_S = 60.0


@dataclass
class Laptop:
    """A machine with both clocks, and an agent on it that only sleeps and reports."""

    wall: float = 1_800_000_000.0
    awake_s: float = 1_000.0
    slept_s: float = 0.0
    reports: list[float] = field(default_factory=list)
    wakes: int = 0
    rhythm: Rhythm = field(
        default_factory=lambda: Rhythm(device_id=DEVICE, interval_s=INTERVAL_S, spread_s=SPREAD_S)
    )

    @property
    def boottime(self) -> float:
        """The clock that counts sleep."""
        return self.awake_s + self.slept_s

    def start(self) -> None:
        """Start the agent."""
        self.rhythm.begin(self.boottime, self.wall, at_once=False)

    def use(self, seconds: float, draw: float, *, lid_closed_s: float = 0.0) -> None:
        """Let it run awake for so long; the lid closes in its first rest."""
        until = self.awake_s + seconds
        while self.awake_s < until:
            if self.boottime >= self.rhythm.due:
                self.reports.append(self.awake_s)
                self.rhythm.reported(self.boottime, self.wall)
            wait_s = min(self.rhythm.rests(self.boottime, self.rhythm.due), LONGEST_REST_S)
            self.awake_s += wait_s
            self.wall += wait_s + lid_closed_s
            self.slept_s += lid_closed_s
            lid_closed_s = 0.0
            self.wakes += 1
            self.rhythm.woke(self.boottime, draw)


jumps = st.one_of(
    st.floats(-60 * YEAR_S, 200 * YEAR_S), st.floats(-7200, 7200), st.just(0.0), st.just(-1_800_000_000.0)
)
days = st.lists(
    st.tuples(
        jumps,
        st.floats(0, 3000),
        st.one_of(st.just(0.0), st.floats(0, 86_400), st.just(3 * 7 * 86_400.0)),
        st.floats(0, 0.999),
    ),
    min_size=1,
    max_size=12,
)


@given(days)
def test_no_sequence_of_jumps_and_sleeps_disturbs_the_rhythm(
    script: list[tuple[float, float, float, float]],
) -> None:
    """Awake, two reports are never less than half an interval apart nor more than two; it never spins."""
    laptop = Laptop()
    laptop.start()
    for jump, seconds, lid_closed_s, draw in script:
        laptop.wall += jump
        laptop.use(seconds, draw, lid_closed_s=lid_closed_s)
    times = [1_000.0, *laptop.reports, laptop.awake_s]
    gaps = [later - earlier for earlier, later in pairwise(times)]
    assert max(gaps) <= 2 * INTERVAL_S
    assert laptop.wakes <= 2 + len(laptop.reports) * 2 + len(script) * 2 + laptop.awake_s / LONGEST_REST_S
    spent = laptop.boottime - 1_000.0
    assert len(laptop.reports) <= spent / (INTERVAL_S / 2) + 1


def test_after_three_weeks_with_the_lid_closed_it_reports_once_and_soon() -> None:
    """Within a minute of noticing and a random minute more, and then in its rhythm."""
    laptop = Laptop()
    laptop.start()
    laptop.use(2 * INTERVAL_S, 0.5)
    before, opened_at = len(laptop.reports), laptop.awake_s
    laptop.use(INTERVAL_S, 0.5, lid_closed_s=3 * 7 * 86_400)
    soon, *later = laptop.reports[before:]
    assert opened_at < soon <= opened_at + LONGEST_REST_S + SPREAD_S
    assert len(later) <= 1


@given(st.floats(0, 0.999), st.floats(0, 0.999))
def test_laptops_that_wake_together_do_not_report_together(one: float, other: float) -> None:
    """The draw decides when within the spread."""
    due = []
    for draw in (one, other):
        rhythm = Rhythm(device_id=DEVICE, interval_s=INTERVAL_S, spread_s=SPREAD_S)
        rhythm.begin(1_000, 1_800_000_000, at_once=False)
        rhythm.rests(1_000, 1_060)
        assert rhythm.woke(1_000_000, draw)
        due.append(rhythm.due - 1_000_000)
    assert due == pytest.approx([one * SPREAD_S, other * SPREAD_S], abs=1e-6)


def test_a_clock_that_goes_back_although_it_cannot_costs_one_interval_and_a_half_at_most() -> None:
    """A machine restored from an image may do it."""
    rhythm = Rhythm(device_id=DEVICE, interval_s=INTERVAL_S, spread_s=SPREAD_S)
    rhythm.begin(1_000_000, 1_800_000_000, at_once=False)
    assert not rhythm.woke(5, 0.5)
    assert rhythm.due <= 5 + 1.5 * INTERVAL_S


@given(
    st.floats(-1e11, 1e11, allow_nan=False),
    st.floats(0.05, 86_400),
    st.sampled_from([0.0, 0.5]),
)
def test_no_wall_clock_makes_the_next_report_now_or_never(wall: float, interval: float, part: float) -> None:
    """Not even one of the year 5000 or from before the epoch."""
    wait_s = until_report(wall, DEVICE, interval, at_least_s=part * interval)
    assert part * interval <= wait_s <= (part + 1) * interval
    assert wait_s > 0


moments = st.builds(
    Moment,
    boot=st.sampled_from(["one", "two"]),
    mono_ms=st.integers(0, 10**12),
    wall_ms=st.integers(-(10**13), 10**13),
)


@given(moments, moments, st.integers(0, 10**12))
def test_nothing_is_dated_into_the_future(then: Moment, now: Moment, uptime_ms: int) -> None:
    """Whatever the clocks say, a record is not younger than nothing, nor than the uptime after a restart."""
    assert age_ms(then, now, uptime_ms) >= (0 if then.boot == now.boot else uptime_ms)


@pytest.mark.parametrize("new", [True, False], ids=["a new outbox", "a known one"])
def test_a_new_agent_reports_at_once(*, new: bool) -> None:
    """Any other waits for its phase."""
    rhythm = Rhythm(device_id=DEVICE, interval_s=INTERVAL_S, spread_s=SPREAD_S)
    rhythm.begin(50, 1_800_000_000, at_once=new)
    assert (rhythm.due == 50) is new


@given(at=st.floats(0, INTERVAL_S), back_s=st.floats(0, INTERVAL_S))
def test_a_clock_set_back_makes_no_two_reports_come_at_once(at: float, back_s: float) -> None:
    """Wherever in the interval it stands then: the next report keeps half an interval away."""
    rhythm = Rhythm(device_id=DEVICE, interval_s=INTERVAL_S, spread_s=SPREAD_S)
    rhythm.reported(1_000.0, 1_800_000_000.0 + at - back_s)
    assert INTERVAL_S / 2 <= rhythm.due - 1_000.0 <= 1.5 * INTERVAL_S
