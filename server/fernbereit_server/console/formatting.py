"""How is a value written in German and in English? Pure functions; `Words` brings the language."""

from datetime import date, datetime

from fernbereit.words import Words
from fernbereit_server.console.wording import plural

GIBIBYTE = 2**30
_LEAST, _MOST = 0.05, 0.95


def number(value: float, words: Words, decimals: int = 0) -> str:
    """Write a number with the separators of the language.

    >>> from fernbereit_server.console.wording import words
    >>> number(12345.678, words("de"), 1)
    '12.345,7'
    """
    text = f"{value:,.{decimals}f}"
    return text.translate(str.maketrans(",.", ".,")) if words.lang == "de" else text


def trimmed(value: float, words: Words) -> str:
    """Write a number with one decimal only where it says something."""
    return number(value, words, 0 if abs(value - round(value)) < 0.05 else 1)


def percent(ratio: float, words: Words) -> str:
    """Write a ratio of 0 to 1 as whole percent."""
    return words("value.percent", n=number(100 * ratio, words))


def share(count: int, base: int, words: Words) -> str:
    """Write the share of a published group; its ends stay open, for all and none would tell of everybody.

    >>> from fernbereit_server.console.wording import words
    >>> share(55, 55, words("en"))
    'over 95%'
    """
    ratio = count / base
    if ratio > _MOST:
        return words("value.over", share=percent(_MOST, words))
    if ratio < _LEAST:
        return words("value.under", share=percent(_LEAST, words))
    return percent(ratio, words)


def day(value: date, words: Words) -> str:
    """Write a day: 05.11.2026 in German, 5 Nov 2026 in English."""
    if words.lang == "de":
        return f"{value:%d.%m.%Y}"
    return f"{value.day} {words(f'month_short.{value.month}')} {value.year}"


def moment(value: datetime, words: Words) -> str:
    """Write a time of the collector itself, to the minute; never used for a device."""
    return words("value.moment", day=day(value.date(), words), time=f"{value:%H:%M}")


def month(value: date, words: Words) -> str:
    """Write a month and its year in full."""
    return f"{words(f'month.{value.month}')} {value.year}"


def days_ago(days: int, words: Words) -> str:
    """Write an age in whole days: today, yesterday, 12 days ago."""
    if days <= 0:
        return words("age.today")
    return words("age.yesterday") if days == 1 else words("age.days", n=number(days, words))


def lasted(seconds: float, words: Words) -> str:
    """Write how long ago something of the collector's own happened: minutes, then hours, then days."""
    minutes = round(seconds / 60)
    if minutes < 1:
        return words("age.now")
    if minutes < 90:
        return plural(words, "age.minutes", minutes, number(minutes, words))
    if minutes < 2880:
        return words("age.hours", n=number(minutes / 60, words))
    return words("age.days", n=number(minutes / 1440, words))


def dated(value: date, today: date, words: Words) -> str:
    """Write a day with its distance from today."""
    ahead = (value - today).days
    distance = words("age.ahead", n=number(ahead, words)) if ahead > 1 else None
    if ahead == 1:
        distance = words("age.tomorrow")
    return words("value.dated", day=day(value, words), distance=distance or days_ago(-ahead, words))


def duration(seconds: float, words: Words) -> str:
    """Write a length of time in the largest unit that stays exact enough."""
    if seconds < 120:
        return plural(words, "unit.seconds", round(seconds), number(seconds, words))
    if seconds < 7200:
        return plural(words, "unit.minutes", seconds / 60, trimmed(seconds / 60, words))
    return plural(words, "unit.hours", seconds / 3600, trimmed(seconds / 3600, words))


def size(count: float, words: Words) -> str:
    """Write bytes as MiB or GiB."""
    if count < GIBIBYTE:
        return words("unit.mib", n=number(count / 2**20, words))
    return words("unit.gib", n=trimmed(count / GIBIBYTE, words))
