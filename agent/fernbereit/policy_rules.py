"""What must hold in a policy beyond the shape of each field? Every broken rule with its place.

Works on the plain values of a file and passes over parts of a wrong shape, so that all faults of a file can
be told at once; `fernbereit.policy` applies the same rules to every policy it makes.
"""

from collections.abc import Iterator, Mapping
from typing import Any, TypeGuard

from fernbereit.client_rules import broken_client_rules
from fernbereit.fact_kinds import FactKind, Kind, facts
from fernbereit.field import Visibility
from fernbereit.policy_broken import Broken, Loc

__all__ = ["KEYWORDS", "Broken", "Loc", "broken_rules", "counted"]

KEYWORDS: Mapping[Kind, tuple[str, ...]] = {
    Kind.TRUTH: ("const", "not"),
    Kind.NUMBER: ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "not"),
    Kind.TEXT: ("version_at_least", "enum", "const", "not"),
    Kind.WORD: ("enum", "const", "not"),
    Kind.DAY: ("max_age", "min_days_left", "not"),
    Kind.LIST: ("minItems", "contains", "not"),
    Kind.GROUP: ("properties", "not"),
}
_ALL_KEYWORDS = {keyword for keywords in KEYWORDS.values() for keyword in keywords}


def broken_rules(policy: Mapping[str, Any]) -> Iterator[Broken]:
    """Yield every rule that the plain values of a policy break, in their order."""
    seen: set[str] = set()
    checks = policy.get("checks")
    for number, check in enumerate(checks if isinstance(checks, list) else ()):
        if not isinstance(check, dict):
            continue
        loc: Loc = ("checks", number)
        name = check.get("id")
        if isinstance(name, str):
            if name in seen:
                yield Broken(loc=(*loc, "id"), word="id_twice", found=name)
            seen.add(name)
        yield from _check(check, loc)
    yield from broken_client_rules(policy)


def counted(check: Mapping[str, Any]) -> bool:
    """Tell whether a check rests on a fact that may only be counted over groups of devices."""
    return any(kind.visibility is Visibility.COUNTED for kind in _used(check))


def _check(check: Mapping[str, Any], loc: Loc) -> Iterator[Broken]:
    yield from _judged(check.get("fact"), check.get("expect"), (*loc, "fact"), (*loc, "expect"))
    applies = check.get("applies")
    for path, expectation in (applies if isinstance(applies, dict) else {}).items():
        yield from _judged(path, expectation, (*loc, "applies", path), (*loc, "applies", path))
    weight = check.get("weight", 1)
    if counted(check):
        if check.get("essential") is True:
            yield Broken(loc=(*loc, "essential"), word="counted_essential")
        if weight != 0:
            yield Broken(loc=(*loc, "weight") if "weight" in check else loc, word="counted_weight")
    elif weight == 0:
        yield Broken(loc=(*loc, "weight"), word="no_weight")


def _judged(path: Any, expectation: Any, at_path: Loc, at_expectation: Loc) -> Iterator[Broken]:
    if not isinstance(path, str):
        return
    kind = facts().get(path)
    if kind is None:
        yield Broken(loc=at_path, word="unknown_fact", found=path, known=tuple(facts()))
    elif kind.visibility is Visibility.INTERNAL:
        yield Broken(loc=at_path, word="internal_fact", found=path)
    else:
        yield from _expectation(expectation, kind, at_expectation)


def _expectation(expectation: Any, kind: FactKind, loc: Loc) -> Iterator[Broken]:
    if not isinstance(expectation, dict):
        return
    allowed = KEYWORDS[kind.kind]
    if all(value is None for value in expectation.values()):
        yield Broken(loc=loc, word="expects_nothing", known=allowed)
    if against := _contradiction(expectation):
        yield Broken(loc=(*loc, against[1]), word="never_met", known=against)
    for keyword, value in expectation.items():
        if keyword in allowed:
            yield from _keyword(keyword, value, kind, (*loc, keyword))
        elif keyword in _ALL_KEYWORDS:  # any other is named by the model
            yield Broken(loc=(*loc, keyword), word=f"keyword_for_{kind.kind}", found=keyword, known=allowed)


def _contradiction(expectation: Mapping[str, Any]) -> tuple[str, str] | None:
    """Return two keywords that no value meets together."""
    lower = [(expectation.get(word), word) for word in ("minimum", "exclusiveMinimum")]
    upper = [(expectation.get(word), word) for word in ("maximum", "exclusiveMaximum")]
    for low, over in lower:
        for high, under in upper:
            if _number(low) and _number(high):
                touching = low == high and (over, under) != ("minimum", "maximum")
                if low > high or touching:
                    return over, under
    const, enum = expectation.get("const"), expectation.get("enum")
    if const is not None and isinstance(enum, list) and const not in enum:
        return "enum", "const"
    age, left = expectation.get("max_age"), expectation.get("min_days_left")
    if _number(age) and _number(left) and left > 1:  # a day further ahead than tomorrow has no age
        return "max_age", "min_days_left"
    return None


def _number(value: Any) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _keyword(keyword: str, value: Any, kind: FactKind, loc: Loc) -> Iterator[Broken]:
    if keyword == "const":
        yield from _value(value, kind, loc)
    elif keyword == "enum" and isinstance(value, list):
        for number, word in enumerate(value):
            yield from _value(word, kind, (*loc, number))
    elif keyword == "not":
        yield from _expectation(value, kind, loc)
    elif keyword == "contains" and kind.items is not None:
        yield from _expectation(value, kind.items, loc)
    elif keyword == "properties" and isinstance(value, dict):
        for name, inner in value.items():
            if name in kind.parts:
                yield from _expectation(inner, kind.parts[name], (*loc, name))
            else:
                yield Broken(loc=(*loc, name), word="unknown_part", found=str(name), known=tuple(kind.parts))


def _value(value: Any, kind: FactKind, loc: Loc) -> Iterator[Broken]:
    if kind.kind is Kind.TRUTH:
        if isinstance(value, str):
            yield Broken(loc=loc, word="not_a_truth", found=value, known=("true", "false"))
    elif isinstance(value, bool):
        yield Broken(loc=loc, word="not_a_text", found=str(value).lower(), known=kind.words)
    elif kind.words and isinstance(value, str) and value not in kind.words:
        yield Broken(loc=loc, word="unknown_word", found=value, known=kind.words)


def _used(check: Mapping[str, Any]) -> Iterator[FactKind]:
    applies = check.get("applies")
    judged = list(applies.items()) if isinstance(applies, dict) else []
    for path, expectation in [(check.get("fact"), check.get("expect")), *judged]:
        kind = facts().get(path) if isinstance(path, str) else None
        if kind is not None:
            yield from _inside(kind, expectation)


def _inside(kind: FactKind, expectation: Any) -> Iterator[FactKind]:
    yield kind
    if not isinstance(expectation, dict):
        return
    if "not" in expectation:
        yield from _inside(kind, expectation["not"])
    if "contains" in expectation and kind.items is not None:
        yield from _inside(kind.items, expectation["contains"])
    properties = expectation.get("properties")
    for name, inner in (properties if isinstance(properties, dict) else {}).items():
        if name in kind.parts:
            yield from _inside(kind.parts[name], inner)
