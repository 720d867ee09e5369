"""Which known word did somebody mean who wrote another?"""

from collections.abc import Iterable


def nearest(word: str, known: Iterable[str]) -> str:
    """Return the known word that differs in capitals only, else the nearest one, else an empty text.

    >>> nearest("BAUAMT", ["Jugendamt", "Bauamt"]), nearest("Bauampt", ["Jugendamt", "Bauamt"])
    ('Bauamt', 'Bauamt')
    """
    import difflib  # for who misspells; an agent that runs for years never does

    names = list(known)
    same = [name for name in names if name.casefold() == word.casefold()]
    return next(iter(same or difflib.get_close_matches(word, names, n=1, cutoff=0.6)), "")
