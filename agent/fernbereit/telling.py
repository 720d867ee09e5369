"""How are a fact and what is expected of it told to people? In words and units, never in names of fields.

Used wherever a check is explained: by the desk, in the console, to the owner of a laptop.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from typing import Any

from fernbereit.fields import FieldEntry, enum_key, fields
from fernbereit.words import Words

_SECONDS_IN_WORDS = 120
"""From here on a length of time is told in minutes."""


def told_value(path: str, value: Any, words: Words) -> str:
    """Tell one value as JSON has it; `path` is section and field, nested fields included.

    >>> from fernbereit.words import load
    >>> told_value("machine.memory_bytes", 8_123_456_789, load("de"))
    '8,1 GB'
    """
    if value is None:
        return words("told.unknown")
    if isinstance(value, bool):
        return words("told.yes" if value else "told.no")
    if isinstance(value, int | float):
        return _quantity(path.rpartition(".")[2], value, words)
    if isinstance(value, Mapping):
        return ", ".join(
            f"{told_name(f'{path}.{name}', words)}: {told_value(f'{path}.{name}', part, words)}"
            for name, part in value.items()
            if part is not None
        )
    if isinstance(value, list | tuple):
        return "; ".join(told_value(path, part, words) for part in value) or words("told.nothing")
    return _text(path, str(value), words)


def told_expectation(path: str, expected: Mapping[str, Any], words: Words) -> str:
    """Tell what is expected of a value, in the keywords of a policy.

    >>> from fernbereit.words import load
    >>> told_expectation("battery.health_ratio", {"minimum": 0.6}, load("en"))
    'at least 60%'
    """
    return ", ".join(_phrases(path, expected, words))


def told_name(path: str, words: Words) -> str:
    """Return the label of a field."""
    entry = _entries().get(path)
    return words.label(entry) if entry is not None else path


@cache
def _entries() -> Mapping[str, FieldEntry]:
    return {f"{entry.section}.{entry.path}": entry for entry in fields()}


def _phrases(path: str, expected: Mapping[str, Any], words: Words) -> Iterator[str]:
    for keyword, value in expected.items():
        if keyword == "properties":
            for name, part in value.items():
                inner = f"{path}.{name}"
                yield f"{told_name(inner, words)}: {told_expectation(inner, part, words)}"
        elif keyword in {"contains", "not"}:
            yield words(
                f"told.expect.{_entry_wise(keyword, value)}", what=_inner(path, keyword, value, words)
            )
        elif keyword == "enum":
            yield _either([told_value(path, one, words) for one in value], words)
        elif keyword in {"minItems", "max_age", "min_days_left"}:
            amount = {0: "zero", 1: "one"}.get(value, "many")
            yield words(f"told.expect.{keyword}.{amount}", what=_number(value, words))
        else:
            yield words(f"told.expect.{keyword}", what=told_value(path, value, words))


def _entry_wise(keyword: str, value: Mapping[str, Any]) -> str:
    """Say `not` of an entry as one sentence: none of them is so."""
    return "contains_no" if keyword == "not" and set(value) == {"contains"} else keyword


def _inner(path: str, keyword: str, value: Mapping[str, Any], words: Words) -> str:
    if keyword == "not" and set(value) == {"contains"}:
        value = value["contains"]
    return told_expectation(path, value, words)


def _either(parts: Sequence[str], words: Words) -> str:
    if len(parts) < 2:
        return "".join(parts)
    return words("told.or", first=", ".join(parts[:-1]), last=parts[-1])


def _text(path: str, text: str, words: Words) -> str:
    entry = _entries().get(path)
    if entry is not None and entry.words is not None:
        return words(f"word.{enum_key(entry.words)}.{entry.words(text).value}")
    if path.endswith("_on"):
        try:
            return told_day(date.fromisoformat(text), words)
        except ValueError:
            return text
    return text


def told_day(day: date, words: Words) -> str:
    """Write a day: 05.11.2026 in German, 2026-11-05 in English."""
    return f"{day:%d.%m.%Y}" if words.lang == "de" else day.isoformat()


def _quantity(name: str, value: float, words: Words) -> str:
    if name.endswith("_bytes"):
        return words("told.unit.gb", n=_number(value / 1e9, words))
    if name.endswith("_ratio"):
        return words("told.unit.percent", n=_number(value * 100, words))
    if name.endswith("_s"):
        if value < _SECONDS_IN_WORDS:
            return words("told.unit.seconds", n=_number(value, words))
        return words("told.unit.minutes", n=_number(value / 60, words))
    for ending in ("_days", "_ms", "_mbps"):
        if name.endswith(ending):
            return words(f"told.unit{ending.replace('_', '.')}", n=_number(value, words))
    return _number(value, words)


def _number(value: float, words: Words) -> str:
    text = f"{value:,.1f}".removesuffix(".0")
    return text.translate(str.maketrans(",.", ".,")) if words.lang == "de" else text
