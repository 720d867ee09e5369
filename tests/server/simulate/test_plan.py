"""When do simulated laptops connect, report and come back?"""

from random import Random

import pytest

from fernbereit_server.simulate.plan import RECONNECT_MAX_S, Plan, Scenario, wait_before


def plan(scenario: Scenario = Scenario.NORMAL, run_s: float = 600.0) -> Plan:
    return Plan(devices=1000, interval_s=60, connections=1000, scenario=scenario, run_s=run_s)


def starts(of: Plan) -> list[float]:
    rng = Random(1)
    return sorted(of.first_connection(rng) for _ in range(1000))


def test_laptops_are_switched_on_evenly_within_a_minute() -> None:
    """No second sees many more than its share."""
    moments = starts(plan())

    assert moments[-1] <= 60
    assert max(sum(second <= moment < second + 1 for moment in moments) for second in range(60)) < 50


def test_on_a_monday_they_come_over_most_of_the_time_and_mostly_early() -> None:
    """Over four fifths of it, half of them within the first two fifths."""
    moments = starts(plan(Scenario.MONDAY))

    assert 400 < moments[-1] <= 480
    assert moments[500] < 240


def test_a_short_simulation_has_all_of_them_on_by_its_middle() -> None:
    """Whatever the spread is."""
    assert starts(plan(run_s=20))[-1] <= 10


@pytest.mark.parametrize("scenario", list(Scenario), ids=str)
def test_only_two_scenarios_cut_connections_and_half_way(scenario: Scenario) -> None:
    """The others leave them alone."""
    cut = scenario in {Scenario.STORM, Scenario.BROKER_RESTART}

    assert plan(scenario).cut_at_s == (300 if cut else None)


def test_reports_of_many_laptops_spread_over_the_interval_and_keep_their_phase() -> None:
    """An interval apart for one laptop; at other moments for others."""
    moments = [plan().next_report(f"device {number}", 0) for number in range(1000)]
    again = [plan().next_report(f"device {number}", at) for number, at in enumerate(moments)]

    assert min(moments) >= 30
    assert max(moments) < 90
    assert max(sum(second <= at < second + 1 for at in moments) for second in range(30, 90)) < 50
    assert all(abs(later - at - 60) < 1e-6 for at, later in zip(moments, again, strict=True))


def test_waits_before_connecting_double_up_to_five_minutes() -> None:
    """Full jitter: from nothing to the ceiling."""
    assert [wait_before(attempt, 1.0) for attempt in (0, 3, 50)] == [1.0, 8.0, RECONNECT_MAX_S]
    assert wait_before(9, 0.0) == 0
