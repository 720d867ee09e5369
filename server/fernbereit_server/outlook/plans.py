"""How are plans worked out, which may take seconds, while others wait for answers too?

One at a time, kept as long as its page and decisions are in force, and not more waiting than the server has
threads to spare.
"""

from collections.abc import Hashable
from functools import partial
from threading import BoundedSemaphore

from fernbereit_server.outlook.drilled import Seen
from fernbereit_server.outlook.errors import NoPlanError
from fernbereit_server.outlook.kept import Kept
from fernbereit_server.resilience.planner.plan import plan
from fernbereit_server.resilience.planner.result import Plan, Wish
from fernbereit_server.resilience.planner.solver import NoSolutionError
from fernbereit_server.resilience.scenario import Scenario

_KEPT = 20
"""Each may hold hundreds of units."""
_WAITING = 8
"""New plans asked for at once; each waits in one of the server's threads, which others need."""


class Plans:
    """Plans in force, by page, decisions, scenario and wish."""

    def __init__(self) -> None:
        self._kept = Kept(_KEPT)
        self._waiting = BoundedSemaphore(_WAITING)

    def once(self, key: tuple[Hashable, ...], seen: Seen, scenario: Scenario, wish: Wish) -> Plan:
        """Return the plan of this key, worked out now or before; raises `NoPlanError`."""
        work = partial(worked_out, seen, scenario, wish)
        if key in self._kept:
            return self._kept.once(key, work)
        if not self._waiting.acquire(blocking=False):
            raise NoPlanError
        try:
            return self._kept.once(key, work)
        finally:
            self._waiting.release()


def worked_out(seen: Seen, scenario: Scenario, wish: Wish) -> Plan:
    """Return a new plan; raises `NoPlanError` where the solver gives up."""
    try:
        return plan(seen.organisation, seen.counts, scenario, wish)
    except (ArithmeticError, NoSolutionError):
        raise NoPlanError from None
