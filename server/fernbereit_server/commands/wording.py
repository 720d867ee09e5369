"""Which words do the commands say?"""

from functools import cache
from importlib.resources import files

from fernbereit.words import Words, read


@cache
def words(language: str) -> Words:
    """Return the commands' catalogue in `de` or `en`."""
    return read(files("fernbereit_server.commands") / "words", language)
