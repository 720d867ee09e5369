"""Which measures make most people able for a budget, or enough people for least money?

Of equal ones the cheapest in euro, then in IT hours, then the one that does least.
"""

from fernbereit_server.resilience.planner.program import Limits, Program, Row
from fernbereit_server.resilience.planner.solver import GAP, least, summed

HAIR = 1e-5
"""People, euro and hours within which two plans are equal; far below one of anything."""
_FEWER = 0.02
"""Below this part a plan that costs the same and does less is not looked for."""
_INFINITE = float("inf")


def able_at_most(program: Program) -> float:
    """Return the people able if everything is done, whatever it costs."""
    return summed(program.able, least(program, turned(program.able)))


def most_able(program: Program, euro: float | None, hours: float | None) -> tuple[int, ...]:
    """Return how often each kind is taken so that most people are able; None is without limit."""
    limits: list[tuple[Row, float, float]] = []
    if euro is not None:
        limits.append((program.euro, -_INFINITE, euro + HAIR))
    if hours is not None:
        limits.append((program.hours, -_INFINITE, hours + HAIR))
    best = least(program, turned(program.able), limits)
    return _cheapest(program, summed(program.able, best), best, limits)


def enough_able(program: Program, people: float) -> tuple[int, ...]:
    """Return the cheapest measures that make so many people able, or raise `NoSolutionError`."""
    return _cheapest(program, people, None, [])


def _cheapest(program: Program, able: float, best: list[float] | None, limits: Limits) -> tuple[int, ...]:
    limits = [*limits, (program.able, able - HAIR, _INFINITE)]
    done = [*range(len(program.kinds)), *program.dissolved.values()]
    for cost, worth in ((program.euro, GAP), (program.hours, GAP), (dict.fromkeys(done, 1.0), _FEWER)):
        best = least(program, cost, limits, known=best, worth=worth)
        limits = [*limits, (cost, -_INFINITE, summed(cost, best) + HAIR)]
    return tuple(round(value) for value in (best or [])[: len(program.kinds)])


def turned(row: Row) -> Row:
    """Return a row to make great what is made small."""
    return {column: -each for column, each in row.items()}
