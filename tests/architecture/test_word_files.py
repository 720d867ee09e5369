"""Are all files of words equal in both languages, asked for, and easy to read?"""

import pytest

from fernbereit.words import LANGUAGES
from word_files import (
    CATALOGUES,
    OTHER_WORDS,
    ROOT,
    SETTINGS_DE,
    STAFF_WORDS,
    Catalogue,
    asked,
    long_sentences,
    missing,
    place,
    placeholders,
    read,
    texts_of,
)

each_catalogue = pytest.mark.parametrize("catalogue", CATALOGUES, ids=[one.folder for one in CATALOGUES])
each_language = pytest.mark.parametrize("lang", LANGUAGES)


def test_every_folder_of_words_is_looked_at() -> None:
    """A new one stands in `CATALOGUES` of `tests/word_files.py`."""
    found = {
        place(file.parent)
        for top in ("agent", "server", "dashboards")
        for file in (ROOT / top).rglob("words/*.json")
    }
    assert found == {one.folder for one in CATALOGUES}


def test_no_text_is_missing() -> None:
    """What `make write` stops at; each line says what to write, and where."""
    lines = list(missing())
    assert not lines, "\n".join(lines)


@each_catalogue
def test_both_languages_fill_in_the_same(catalogue: Catalogue) -> None:
    """A value that one language names and the other forgets is a sentence with less in it."""
    german, english = texts_of(catalogue)["de"], texts_of(catalogue)["en"]
    odd = [
        f"{catalogue.folder}: {key!r} fills in {sorted(placeholders(german[key]))} in German, "
        f"{sorted(placeholders(english[key]))} in English"
        for key in english.keys() & german.keys()
        if placeholders(german[key]) != placeholders(english[key])
    ]
    assert not odd, "\n".join(odd)


@each_catalogue
def test_nothing_is_written_that_nobody_asks_for(catalogue: Catalogue) -> None:
    """A text that is no longer said is deleted; one that nobody says yet was forgotten in the code."""
    if catalogue.own_test:
        assert (ROOT / catalogue.own_test).is_file()
        return
    keys, sources = texts_of(catalogue)["de"], asked(catalogue.askers)
    unused = [key for key in keys if not sources.asks_for(key)]
    assert not unused, f"{catalogue.folder}: nothing in {', '.join(catalogue.askers)} asks for {unused}"


@each_catalogue
@each_language
def test_sentences_are_short(catalogue: Catalogue, lang: str) -> None:
    """What everybody reads has at most 15 words a sentence, all else 20."""
    long = [
        f"{place(catalogue.file(lang))}: {key!r} has a sentence of {len(sentence.split())} words, "
        f"at most {most}: {sentence}"
        for key, text in texts_of(catalogue)[lang].items()
        for most in (STAFF_WORDS if key.startswith(catalogue.for_staff) else OTHER_WORDS,)
        for sentence in long_sentences(text, most)
    ]
    assert not long, "\n".join(long)


def test_what_a_setting_is_takes_one_short_clause() -> None:
    """In German as in English, where it is the description in the code."""
    long = [key for key, text in read(SETTINGS_DE).items() if any(long_sentences(text, OTHER_WORDS))]
    assert not long, f"{place(SETTINGS_DE)}: more than {OTHER_WORDS} words: {long}"


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("self_check.title", True),
        ("self_check.answer.not_ready", True),
        ("self_check.because.essential.many", True),
        ("self_check.title.nobody_says_this", False),
        ("self_check.answer.nobody_says_this", False),
    ],
    ids=["whole", "a word of a model", "words of the code", "no pattern", "a pattern without its word"],
)
def test_what_is_asked_for_is_found(key: str, *, said: bool) -> None:
    """In one piece, or put together from words that the code says; so a forgotten text shows."""
    assert asked(("agent/fernbereit_agent",)).asks_for(key) is said
