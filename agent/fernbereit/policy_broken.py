"""What is told of a rule that a policy breaks?"""

from dataclasses import dataclass

Loc = tuple[str | int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Broken:
    """One broken rule: where, which, what was found there and what could stand there instead."""

    loc: Loc
    word: str
    found: str = ""
    known: tuple[str, ...] = ()
