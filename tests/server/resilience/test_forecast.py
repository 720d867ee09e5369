"""When is something used up, and when is no day named?"""

from datetime import date, timedelta

import pytest

from fernbereit_server.resilience.forecast import LEAST_POINTS, Forecast, forecast, trend

START = date(2026, 1, 5)


def line(*, days: int, start: float, slope: float, every: int = 1) -> list[tuple[date, float]]:
    return [(START + timedelta(days=day), start + slope * day) for day in range(0, days, every)]


def test_a_rising_line_names_the_day_on_which_it_arrives() -> None:
    """From 100 by one a day: 150 are reached on the 51st day."""
    points = line(days=40, start=100, slope=1)

    assert forecast(points, 150, 1000) == Forecast(
        word="day", on=START + timedelta(days=50), per_month=30, days=40
    )


def test_days_that_are_wrong_do_not_move_the_trend() -> None:
    """A fifth of the days say nothing like the others; a least-squares line would follow them."""
    points = line(days=40, start=100, slope=1)
    for n in range(3, 40, 5):
        points[n] = (points[n][0], 900.0)

    slope, now = trend(points)

    assert slope == pytest.approx(1, abs=0.05)
    assert now == pytest.approx(139, abs=1.5)


def test_steps_of_rounded_counts_do_not_hide_the_trend() -> None:
    """The same line in multiples of five."""
    points = [(day, 5.0 * round(value / 5)) for day, value in line(days=60, start=100, slope=0.5)]

    assert trend(points)[0] == pytest.approx(0.5, abs=0.05)


@pytest.mark.parametrize("days", [0, 1, 3, LEAST_POINTS - 1, 27])
def test_few_days_never_name_a_day(days: int) -> None:
    """However steep they are, three points are no trend."""
    assert forecast(line(days=days, start=100, slope=1), 150, 1000).word == "too_few_days"


def test_few_points_over_a_long_time_name_no_day_either() -> None:
    """Thirteen Mondays are 84 days, and thirteen points."""
    assert forecast(line(days=85, start=100, slope=0.5, every=7), 150, 1000).word == "too_few_days"


@pytest.mark.parametrize("slope", [0.0, -1.0, 0.05], ids=["level", "falling", "a year and more"])
def test_what_does_not_arrive_within_a_year_has_no_day(slope: float) -> None:
    """The line is not drawn further than it carries."""
    found = forecast(line(days=60, start=100, slope=slope), 150, 1000)

    assert (found.word, found.on) == ("not_within_a_year", None)


def test_what_is_used_up_needs_no_trend() -> None:
    """One day is enough to see that."""
    assert forecast([(START, 151.0)], 150, 1000).word == "used_up"
    assert forecast([(START, 150.0)], 150, 1000).word != "used_up"


def test_where_there_is_enough_for_all_nothing_is_used_up() -> None:
    """Forty people cannot ask for fifty sessions, however fast they get their laptops."""
    assert forecast(line(days=60, start=0, slope=0.6), 50, 40).word == "enough_for_all"


def test_only_the_last_days_are_looked_at() -> None:
    """What rose last year and stands still since is not used up."""
    points = line(days=100, start=0, slope=1)
    points += [(points[-1][0] + timedelta(days=day), 100.0) for day in range(1, 91)]

    assert forecast(points, 150, 1000).word == "not_within_a_year"
