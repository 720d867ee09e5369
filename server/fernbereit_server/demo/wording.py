"""Which words does the demonstration say?"""

from functools import cache
from importlib.resources import files

from fernbereit.words import Words, read


@cache
def words(language: str) -> Words:
    """Return the demonstration's catalogue in `de` or `en`."""
    return read(files("fernbereit_server.demo") / "words", language)
