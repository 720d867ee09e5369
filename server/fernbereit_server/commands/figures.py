"""How are numbers, days and lists said in a sentence? As the language writes them."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from fernbereit.words import Words


def number(value: float, say: Words) -> str:
    """Return a number with its thousands and decimals as the language marks them.

    >>> from fernbereit.words import load
    >>> number(1234.5, load("de"))
    '1.234,5'
    """
    text = f"{value:,}" if isinstance(value, int) else f"{value:,.10g}"
    return text.translate(str.maketrans(",.", ".,")) if say.lang == "de" else text


def day(value: date, say: Words) -> str:
    """Return a day, German ones as 22.11.2026."""
    return f"{value:%d.%m.%Y}" if say.lang == "de" else value.isoformat()


def counted(key: str, value: int, say: Words, **values: object) -> str:
    """Return the text of a key about a number, which has a form `<key>.one` for one."""
    return say(f"{key}.one" if value == 1 else key, number=number(value, say), **values)


def plain(value: Any, say: Words) -> str:
    """Return any value of a file as people write it; nothing stated is said, not left out."""
    if value is None:
        return say("figures.not_stated")
    if isinstance(value, bool):
        return say("figures.yes" if value else "figures.no")
    if isinstance(value, int | float):
        return number(value, say)
    if isinstance(value, Mapping):
        return _listed((f"{key} {plain(part, say)}" for key, part in value.items()), say)
    if isinstance(value, tuple | list):
        return _listed((plain(part, say) for part in value), say)
    return str(value)


def _listed(parts: Iterable[str], say: Words) -> str:
    return ", ".join(parts) or say("figures.nothing")
