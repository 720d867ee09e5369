"""On which day is it used up, if the last months go on as they went?

The trend is the median of the slopes between all pairs of days (Theil 1950, Sen 1968), through the median
of what it leaves over: up to 29 % of the days may be wrong without moving it, and steps of rounded counts
do not. A day is named only where the points carry one: 14 days over four weeks at least, and a day within
a year; a line drawn through rounded counts says nothing about later.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median
from typing import Literal

LOOKED_AT = 90
"""The last so many points are looked at."""
LEAST_POINTS = 14
LEAST_SPAN = timedelta(days=28)
HORIZON = timedelta(days=365)

Word = Literal["used_up", "day", "not_within_a_year", "enough_for_all", "too_few_days", "capacity_unknown"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """What is to be expected; `on` is the day for `day`, `per_month` the trend in units a 30 days."""

    word: Word
    on: date | None = None
    per_month: float | None = None
    days: int = 0


def forecast(points: Sequence[tuple[date, float]], capacity: float, ceiling: float) -> Forecast:
    """Say when a demand reaches a capacity; `points` ascend by day, demand never exceeds `ceiling`.

    With `day`, `on` is the first day on which the trend line is at the capacity or above it.
    """
    seen = list(points)[-LOOKED_AT:]
    if seen and seen[-1][1] > capacity:
        return Forecast(word="used_up", days=len(seen))
    if ceiling <= capacity:
        return Forecast(word="enough_for_all", days=len(seen))
    if len(seen) < LEAST_POINTS or seen[-1][0] - seen[0][0] < LEAST_SPAN:
        return Forecast(word="too_few_days", days=len(seen))
    slope, now = trend(seen)
    per_month = round(slope * 30, 6)
    if slope <= 0:
        return Forecast(word="not_within_a_year", per_month=per_month, days=len(seen))
    ahead = max(0.0, (capacity - now) / slope)
    if ahead > HORIZON.days:
        return Forecast(word="not_within_a_year", per_month=per_month, days=len(seen))
    on = seen[-1][0] + timedelta(days=math.ceil(ahead))
    return Forecast(word="day", on=on, per_month=per_month, days=len(seen))


def trend(points: Sequence[tuple[date, float]]) -> tuple[float, float]:
    """Return the slope a day, and where the line stands on the last day; needs two different days."""
    last = points[-1][0]
    placed = [((day - last).days, value) for day, value in points]
    slope = median(
        (later[1] - earlier[1]) / (later[0] - earlier[0])
        for n, earlier in enumerate(placed)
        for later in placed[n + 1 :]
        if later[0] != earlier[0]
    )
    return slope, median(value - slope * day for day, value in placed)
