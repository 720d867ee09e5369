"""Do the commands say the same in both languages?"""

import re
from collections.abc import Callable

import pytest

from fernbereit.words import Words
from fernbereit_server.commands.wording import words
from fernbereit_server.console.wording import words as console_words
from fernbereit_server.demo.wording import words as demo_words
from fernbereit_server.resilience.telling import words as drill_words

PLACEHOLDER = re.compile(r"\{(\w+)\}")


@pytest.mark.parametrize("words_of", [words, demo_words, console_words], ids=["commands", "demo", "console"])
def test_a_unit_is_called_the_same_everywhere(words_of: Callable[[str], Words]) -> None:
    """An Einheit, as on the pages and on the boards; not every one is an Amt."""
    texts = "\n".join(words_of("de").texts.values())

    assert "Einheit" in texts
    assert not re.search(r"\b(Amt|Amte?s|Ämtern?)\b|Organisationseinheit", texts)


def test_every_text_is_in_both_languages_with_the_same_placeholders() -> None:
    """A text that is missing in German would be shown in English."""
    german, english = words("de").texts, words("en").texts

    assert set(german) == set(english)
    for key, text in english.items():
        assert sorted(PLACEHOLDER.findall(german[key])) == sorted(PLACEHOLDER.findall(text)), key
        assert german[key] != text or not re.search("[a-z]{4}", re.sub(PLACEHOLDER, "", text)), key


@pytest.mark.parametrize("lang", ["de", "en"])
def test_no_word_of_the_drill_is_said_twice(lang: str) -> None:
    """What a drill calls something stands in its own catalogue, and commands say that."""
    assert not set(words(lang).texts) & set(drill_words(lang).texts)
