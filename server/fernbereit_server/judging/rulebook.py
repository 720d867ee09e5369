"""What of a policy is asked again for every laptop that is judged? Made ready once a policy."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from fernbereit.policy import Expectation
from fernbereit.readiness import CompiledPolicy, Look, compile_policy


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Rulebook:
    """A compiled policy and what judging over days needs of it; tuples in the order of `compiled.judged`."""

    compiled: CompiledPolicy
    ids: tuple[str, ...]
    essential: tuple[bool, ...]
    grace_days: tuple[int, ...]
    dated: CompiledPolicy
    """Only the checks whose result the day alone can change."""
    dated_places: tuple[int, ...]
    """Where those checks stand in `compiled.judged`."""
    sections: frozenset[str]
    """The sections whose facts it asks for."""
    _days: tuple[tuple[str, str, Expectation], ...]

    @property
    def version(self) -> int:
        """Return the version of the policy."""
        return self.compiled.policy.version

    @property
    def setup_grace_days(self) -> int:
        """Return for how long nothing is held against a new laptop."""
        return self.compiled.policy.setup_grace_days

    def turns(self, looks: Mapping[str, Look]) -> set[int]:
        """Return the days (ordinals) on which a result can change although no fact does.

        Between two of them every result stays what it is.
        """
        found: set[int] = set()
        for section, name, expectation in self._days:
            look = looks.get(section)
            if look is None or look.facts is None:
                continue
            value = look.facts.get(name)
            if value is not None:
                found.update(_turns(expectation, value))
        return found


def rulebook(compiled: CompiledPolicy) -> Rulebook:
    """Make a compiled policy ready to judge laptops day after day."""
    days: dict[tuple[str, str, str], tuple[str, str, Expectation]] = {}
    places = []
    for place, check in enumerate(compiled.judged):
        asked = [(check.fact, check.expect), *check.applies.items()]
        dated = [(path, expectation) for path, expectation in asked if is_dated(expectation)]
        for path, expectation in dated:
            section, name = path.split(".")
            days[section, name, expectation.model_dump_json()] = (section, name, expectation)
        if dated:
            places.append(place)
    chosen = tuple(compiled.judged[place] for place in places)
    return Rulebook(
        compiled=compiled,
        ids=tuple(check.id for check in compiled.judged),
        essential=tuple(check.essential for check in compiled.judged),
        grace_days=tuple(check.grace_days for check in compiled.judged),
        dated=compile_policy(compiled.policy.model_copy(update={"checks": chosen})),
        dated_places=tuple(places),
        sections=frozenset().union(*(row.sections for row in (*compiled.rows, *compiled.counted_rows))),
        _days=tuple(days.values()),
    )


def is_dated(expectation: Expectation) -> bool:
    """Tell whether what is expected of a value depends on the day."""
    inner = [expectation.contains, expectation.negated, *(expectation.properties or {}).values()]
    return (
        expectation.max_age is not None
        or expectation.min_days_left is not None
        or any(part is not None and is_dated(part) for part in inner)
    )


def _turns(expectation: Expectation, value: Any) -> Iterator[int]:
    """Yield the days of one value; what has another shape than an expectation asks for has none."""
    if expectation.max_age is not None or expectation.min_days_left is not None:
        day = _ordinal(value)
        if day is not None and expectation.max_age is not None:
            yield day - 1  # a day further ahead is a wrong clock
            yield day + expectation.max_age + 1
        if day is not None and expectation.min_days_left is not None:
            yield day - expectation.min_days_left + 1
    if expectation.negated is not None:
        yield from _turns(expectation.negated, value)
    if expectation.contains is not None and isinstance(value, list | tuple):
        for item in value:
            yield from _turns(expectation.contains, item)
    if expectation.properties is not None and isinstance(value, Mapping):
        for name, part in expectation.properties.items():
            yield from _turns(part, value.get(name))


def _ordinal(value: Any) -> int | None:
    try:
        return date.fromisoformat(value).toordinal()
    except (TypeError, ValueError):
        return None
