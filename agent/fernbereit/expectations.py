"""Does a value meet an expectation? Yes, no, or not known: made into one function a policy's checks call.

Three-valued after Kleene: all keywords must hold; one that does not decides, else one that is not known does.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date
from itertools import zip_longest
from typing import Any

from fernbereit.fact_kinds import FactKind, Kind
from fernbereit.policy import Expectation

Test = Callable[[Any, int], bool | None]
"""Takes a value as it stands in JSON (never null) and today's ordinal; None is "not known"."""

OTHER = "other"
"""A word that this version does not know; it may be anything unless an expectation names it."""

_NUMBERS = re.compile(r"\d+(?:\.\d+)*")


def compiled(expectation: Expectation, kind: FactKind) -> Test:
    """Return the test of an expectation on values of a kind; the policy's rules hold for both."""
    tests = list(_tests(expectation, kind))
    if len(tests) == 1:
        return tests[0]

    def every(value: Any, today: int) -> bool | None:
        answer: bool | None = True
        for test in tests:
            one = test(value, today)
            if one is False:
                return False
            if one is None:
                answer = None
        return answer

    return every


def _tests(expectation: Expectation, kind: FactKind) -> list[Test]:
    tests: list[Test] = []
    if expectation.const is not None:
        tests.append(_one_of(frozenset({expectation.const}), kind))
    if expectation.enum is not None:
        tests.append(_one_of(frozenset(expectation.enum), kind))
    for limit, make in (
        (expectation.minimum, _minimum),
        (expectation.maximum, _maximum),
        (expectation.exclusive_minimum, _exclusive_minimum),
        (expectation.exclusive_maximum, _exclusive_maximum),
        (expectation.min_items, _min_items),
        (expectation.max_age, _max_age),
        (expectation.min_days_left, _min_days_left),
    ):
        if limit is not None:
            tests.append(make(limit))
    if expectation.version_at_least is not None:
        tests.append(_version_at_least(_version(expectation.version_at_least)))
    if expectation.contains is not None and kind.items is not None:
        tests.append(_contains(compiled(expectation.contains, kind.items)))
    if expectation.properties is not None:
        inner = {name: compiled(part, kind.parts[name]) for name, part in expectation.properties.items()}
        tests.append(_properties(inner))
    if expectation.negated is not None:
        tests.append(_not(compiled(expectation.negated, kind)))
    return tests


def _one_of(wanted: frozenset[bool | str], kind: FactKind) -> Test:
    if kind.kind is Kind.WORD and OTHER not in wanted:
        return lambda value, _: True if value in wanted else None if value == OTHER else False
    return lambda value, _: value in wanted


def _minimum(limit: float) -> Test:
    return lambda value, _: bool(value >= limit)


def _maximum(limit: float) -> Test:
    return lambda value, _: bool(value <= limit)


def _exclusive_minimum(limit: float) -> Test:
    return lambda value, _: bool(value > limit)


def _exclusive_maximum(limit: float) -> Test:
    return lambda value, _: bool(value < limit)


def _min_items(limit: float) -> Test:
    return lambda value, _: len(value) >= limit


def _max_age(limit: float) -> Test:
    def test(value: Any, today: int) -> bool | None:
        age = today - date.fromisoformat(value).toordinal()
        return None if age < -1 else age <= limit  # a day in the future is a wrong clock, not a fresh fact

    return test


def _min_days_left(limit: float) -> Test:
    return lambda value, today: date.fromisoformat(value).toordinal() - today >= limit


def _version(text: str) -> tuple[int, ...]:
    return tuple(map(int, text.split(".")))


def _version_at_least(wanted: tuple[int, ...]) -> Test:
    def test(value: Any, _: int) -> bool | None:
        found = _NUMBERS.match(value)
        if found is None:
            return None
        pairs = zip_longest(_version(found[0]), wanted, fillvalue=0)
        return next((mine > other for mine, other in pairs if mine != other), True)

    return test


def _contains(inner: Test) -> Test:
    def test(value: Any, today: int) -> bool | None:
        answer: bool | None = False
        for item in value:
            one = None if item is None else inner(item, today)
            if one:
                return True
            if one is None:
                answer = None
        return answer

    return test


def _properties(inner: Mapping[str, Test]) -> Test:
    rows = tuple(inner.items())

    def test(value: Any, today: int) -> bool | None:
        answer: bool | None = True
        for name, part in rows:
            found = value.get(name)
            one = None if found is None else part(found, today)
            if one is False:
                return False
            if one is None:
                answer = None
        return answer

    return test


def _not(inner: Test) -> Test:
    def test(value: Any, today: int) -> bool | None:
        answer = inner(value, today)
        return None if answer is None else not answer

    return test
