"""Which words does the console say? Its own catalogue in `words/`, read like the shared one."""

from functools import cache
from importlib.resources import files

from fernbereit.words import Words, read


@cache
def words(language: str) -> Words:
    """Return the console's catalogue in `de` or `en`."""
    return read(files("fernbereit_server.console") / "words", language)


def pick(texts: Words, group: str, word: str) -> str:
    """Return the text of `group.word`; a word nobody wrote a text for reads as `group.other`.

    >>> pick(words("de"), "freshness", "silent")
    'still'
    """
    return texts.texts.get(f"{group}.{word}") or texts(f"{group}.other")


def plural(texts: Words, key: str, number: float, shown: str) -> str:
    """Return `key.one` for exactly 1, else `key.many`, with the digits as `shown`."""
    return texts(f"{key}.{'one' if number == 1 else 'many'}", n=shown)
