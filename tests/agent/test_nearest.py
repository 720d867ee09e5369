"""Is the word found that somebody meant, and none where there is none?"""

import pytest

from fernbereit.nearest import nearest


@pytest.mark.parametrize(
    ("written", "meant"),
    [("Bauamt", "Bauamt"), ("BAUAMT", "Bauamt"), ("Bauampt", "Bauamt"), ("Kantine", ""), ("", "")],
    ids=["itself", "other capitals", "a slip", "something else", "nothing"],
)
def test_the_nearest_word_is_suggested(written: str, meant: str) -> None:
    """A wrong suggestion is worse than none."""
    assert nearest(written, ["Jugendamt", "Bauamt"]) == meant
