"""Is the machine's clock what the ages of records need?"""

import sys
import time

import pytest

from fernbereit_agent.clock import Moment, SystemClock, age_ms
from outbox_world import HandClock


def test_the_clock_counts_sleep() -> None:
    """On Linux it is the one that goes on while the machine is suspended."""
    if sys.platform != "linux":
        pytest.skip("needs Linux to compare with")
    before, read, after = time.clock_gettime(7), SystemClock().monotonic(), time.clock_gettime(7)
    assert before <= read <= after


def test_two_clocks_of_one_boot_agree() -> None:
    """So that records keep their age over a restart of the agent."""
    first, second = SystemClock().now(), SystemClock().now()
    if sys.platform == "win32":
        pytest.skip("the process stands for the boot there")
    assert first.boot == second.boot
    assert 0 <= age_ms(first, second, 0) < 60_000


def test_the_uptime_is_that_of_this_boot() -> None:
    """Milliseconds since the start of the machine."""
    clock = SystemClock()
    assert clock.uptime_ms() - clock.now().mono_ms + clock.now().mono_ms >= 0
    assert abs(clock.uptime_ms() - clock.now().mono_ms) < 60_000


def test_setting_the_clock_changes_no_age_within_a_boot() -> None:
    """Only the clock that is never set counts there."""
    clock = HandClock()
    then = clock.now()
    clock.seconds += 90
    clock.wall_ahead += 1e6
    assert age_ms(then, clock.now(), clock.uptime_ms()) == 90_000


def test_over_a_restart_a_moment_is_at_least_as_old_as_the_uptime() -> None:
    """A clock set back a little cannot make it younger."""
    assert age_ms(Moment("a", 5, 1_000), Moment("b", 30, 1_010), 30) == 30
    assert age_ms(Moment("a", 5, 1_000), Moment("b", 30, 9_000), 30) == 8_000


def test_a_clock_that_went_back_dates_nothing_into_the_future() -> None:
    """The uptime is the least that is known, and a clock that cannot go back is not believed to."""
    assert age_ms(Moment("a", 5, 1_000), Moment("b", 30, 400), 30) == 30
    assert age_ms(Moment("a", 5, 1_000), Moment("a", 3, 400), 3) == 0
