"""How did a scenario develop over published days, and when are sessions used up?"""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from functools import partial

from sqlalchemy import Engine

from fernbereit_server.outlook import history
from fernbereit_server.outlook.answers import TrendPoint
from fernbereit_server.outlook.history import Authority
from fernbereit_server.outlook.kept import Kept
from fernbereit_server.outlook.published import arrange, capability, filled
from fernbereit_server.resilience import scenario as scenarios
from fernbereit_server.resilience.forecast import LOOKED_AT, Forecast, forecast
from fernbereit_server.resilience.headroom import Headroom
from fernbereit_server.resilience.scenario import Scenario
from fernbereit_server.resilience.total import totals
from fernbereit_server.store.published import PublishedCell

_POINTS = 4000
"""Days kept, of every scenario; a few figures each."""
_ARRANGED = 30


class Course:
    """Drills days in all; `live` says of a day that is not over which page it has its numbers from."""

    def __init__(self, engine: Engine, k: int, live: Callable[[date], datetime | None]) -> None:
        self._engine = engine
        self._k = k
        self._points = Kept(_POINTS)
        # Asked for within a point only, so that nobody waits for each other's locks.
        self._arranged = Kept(_ARRANGED)
        self._live = live

    def forecasts(self, now: Headroom, scenario: str) -> tuple[Forecast, Forecast]:
        """Say when sessions are used up: by the high demand, and by the low one."""
        days = history.days(self._engine)[-LOOKED_AT:]
        points = list(self.points(scenario, days))
        high, low = now.suffices_for("high"), now.suffices_for("low")
        if high is None or low is None:
            unknown = Forecast(word="capacity_unknown", days=len(points))
            return unknown, unknown
        return (
            forecast([(point.day, point.sessions.high) for point in points], high, now.ceiling),
            forecast([(point.day, point.sessions.low) for point in points], low, now.ceiling),
        )

    def points(self, scenario: str, days: Sequence[date]) -> Iterator[TrendPoint]:
        """Drill each day in all; days that are over are computed once."""
        known = history.authorities(self._engine)
        keys = {day: (day, history.in_force(known, day).number, scenario, self._live(day)) for day in days}
        cells = history.cells_of(self._engine, [day for day in days if keys[day] not in self._points])
        for day in days:
            then = history.in_force(known, day)
            found = scenarios.find(scenario, then.organisation)
            if found is not None:
                point = partial(self._point, then, found, day, cells.get(day))
                yield self._points.once(keys[day], point)

    def _point(
        self, authority: Authority, scenario: Scenario, day: date, cells: Sequence[PublishedCell] | None
    ) -> TrendPoint:
        if cells is None:
            cells = history.cells_of(self._engine, [day])[day]
        groups, k = capability(cells), self._k
        # Most days show the same groups, and the authority is the same to them.
        arranged = self._arranged.once(
            (authority.number, frozenset(groups)),
            partial(arrange, authority.organisation, groups, k),
        )
        seen = filled(arranged, groups)
        found = totals(seen.organisation, seen.counts, scenario)
        return TrendPoint(
            day=day,
            able=found.able,
            suitable=found.suitable,
            sessions=found.sessions,
            devices=seen.counts.total(),
        )
