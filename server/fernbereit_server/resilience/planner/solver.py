"""What is best? Linear and mixed integer programs, solved by HiGHS through scipy."""

from collections.abc import Mapping, Sequence
from typing import Any

from fernbereit_server.resilience.planner.program import Limits, Program, Row

GAP = 1e-4
"""A solution this near to the best possible one is taken: the tenth of a person of 1,000, one of 10,000."""
_NODES = 200
_WHOLE = 1e-6


class NoSolutionError(Exception):
    """Nothing satisfies all rows."""


def least(
    program: Program,
    cost: Row,
    limits: Limits = (),
    *,
    bounds: Mapping[int, tuple[float, float]] | None = None,
    whole: Sequence[int] | None = None,
    known: list[float] | None = None,
    worth: float = GAP,
) -> list[float]:
    """Return the values of all columns for which `cost` is least.

    `limits` are more rows, `bounds` others than the program's, `whole` other columns that take whole numbers;
    `known` is a solution that is kept if none is better by more than the part `worth`. Fractions come first:
    where they are whole already, or no better than what is known, no search is needed. Raises
    `NoSolutionError`, or `ArithmeticError` where the solver gives up.
    """
    columns = program.whole if whole is None else whole
    fractions = _solved(program, cost, limits, bounds, ())
    if all(abs(fractions[n] - round(fractions[n])) < _WHOLE for n in columns):
        return fractions
    if known is not None and summed(cost, fractions) >= summed(cost, known) - worth * abs(
        summed(cost, known)
    ):
        return known
    return _solved(program, cost, limits, bounds, columns)


def _solved(
    program: Program,
    cost: Row,
    limits: Limits,
    bounds: Mapping[int, tuple[float, float]] | None,
    whole: Sequence[int],
) -> list[float]:
    import numpy as np
    from scipy.optimize import Bounds, milp

    columns = len(program.highest)
    if not columns:
        return []
    if program.solved is None:
        program.solved = _constraint(program.rows, columns)
    lowest, highest = np.zeros(columns), np.array(program.highest)
    for column, (low, high) in (bounds or {}).items():
        lowest[column], highest[column] = low, high
    integrality = np.zeros(columns, dtype=int)
    integrality[list(whole)] = 1
    rows = [program.solved, *([_constraint(limits, columns)] if limits else [])]
    answer = milp(
        _matrix([_scaled((cost, 0.0, 0.0))], columns).toarray()[0],
        integrality=integrality,
        bounds=Bounds(lowest, highest),
        constraints=rows,
        options={"mip_rel_gap": GAP, "node_limit": _NODES},
    )
    if answer.status == 2:
        raise NoSolutionError
    if answer.x is None:
        raise ArithmeticError(f"the plan was not solved: {answer.message}")
    return [float(value) for value in answer.x]


def _constraint(rows: Limits, columns: int) -> Any:
    from scipy.optimize import LinearConstraint

    scaled = [_scaled(row) for row in rows]
    return LinearConstraint(_matrix(scaled, columns), [row[1] for row in scaled], [row[2] for row in scaled])


def _matrix(rows: Limits, columns: int) -> Any:
    from scipy.sparse import csr_array

    sums = [(n, column, each) for n, (row, _, _) in enumerate(rows) for column, each in row.items()]
    places = [n for n, _, _ in sums], [column for _, column, _ in sums]
    return csr_array(([each for _, _, each in sums], places), shape=(len(rows), columns))


def _scaled(row: tuple[Row, float, float]) -> tuple[Row, float, float]:
    """Make the greatest coefficient one: a hair of a laptop must not look like a euro to the solver."""
    sums, low, high = row
    unit = max(map(abs, sums.values()), default=0.0) or 1.0
    return {column: each / unit for column, each in sums.items()}, low / unit, high / unit


def summed(sums: Row, values: Sequence[float]) -> float:
    """Return what columns add up to."""
    return sum(each * values[column] for column, each in sums.items())
