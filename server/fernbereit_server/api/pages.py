"""How is a list with ids told a page at a time?"""

from collections.abc import Callable, Sequence
from typing import Annotated, TypeVar

from fastapi import Query

MOST = 200
Limit = Annotated[int, Query(ge=1, le=MOST)]
After = Annotated[int, Query(ge=0, description="`next` of the page before.")]

One = TypeVar("One")


def page_of(
    found: Sequence[One], id_of: Callable[[One], int], limit: int, after: int
) -> tuple[tuple[One, ...], int | None]:
    """Return the next `limit` of a list whose ids ascend, and what goes into `after` for more.

    >>> page_of([1, 2, 3], lambda one: one, 2, 0)
    ((1, 2), 2)
    """
    left = [one for one in found if id_of(one) > after]
    shown = tuple(left[:limit])
    return shown, id_of(shown[-1]) if len(left) > limit else None
