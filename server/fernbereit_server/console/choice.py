"""Which language and which theme does this reader want? Address first, then cookie, then browser."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

LANGUAGES: Final = ("de", "en")
THEMES: Final = ("auto", "light", "dark")
LANGUAGE_COOKIE: Final = "fernbereit-lang"
THEME_COOKIE: Final = "fernbereit-theme"
COOKIE_SECONDS: Final = 365 * 24 * 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """How a page is shown; `remember` holds the cookies for what this very address asked for."""

    language: str
    theme: str
    remember: tuple[tuple[str, str], ...] = ()


def choose(query: Mapping[str, str], cookies: Mapping[str, str], accept_language: str) -> Choice:
    """Decide language and theme; whatever is not known counts as not said.

    >>> choose({}, {}, "fr, en;q=0.8, de;q=0.5").language
    'en'
    >>> choose({"theme": "dark"}, {}, "").remember
    (('fernbereit-theme', 'dark'),)
    """
    asked_language = _known(query.get("lang"), LANGUAGES)
    asked_theme = _known(query.get("theme"), THEMES)
    return Choice(
        language=asked_language
        or _known(cookies.get(LANGUAGE_COOKIE), LANGUAGES)
        or _accepted(accept_language)
        or LANGUAGES[0],
        theme=asked_theme or _known(cookies.get(THEME_COOKIE), THEMES) or THEMES[0],
        remember=tuple(
            (cookie, value)
            for cookie, value in ((LANGUAGE_COOKIE, asked_language), (THEME_COOKIE, asked_theme))
            if value
        ),
    )


def _known(value: str | None, allowed: tuple[str, ...]) -> str | None:
    return value if value in allowed else None


def _accepted(header: str) -> str | None:
    """Return the best known language of an Accept-Language header (RFC 9110, 12.5.4)."""
    weighted = []
    for place, part in enumerate(header.split(",")[:20]):
        tag, _, parameter = part.strip().partition(";")
        language = tag.strip().lower().split("-")[0]
        weight = _weight(parameter)
        if language in LANGUAGES and weight > 0:
            weighted.append((-weight, place, language))
    return min(weighted)[2] if weighted else None


def _weight(parameter: str) -> float:
    name, _, value = parameter.strip().partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0
