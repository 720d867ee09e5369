"""Do both languages show the same board, with every word translated and none left over?"""

import string
from typing import Any

import pytest

from fernbereit.facts import SECTIONS
from fernbereit.words import load
from fernbereit_dashboards import build
from fernbereit_dashboards.boards import BOARDS
from fernbereit_dashboards.words import LANGUAGES, Words, read
from fernbereit_server.console.wording import words as console_words

PEOPLE_READ = {
    "title",
    "description",
    "label",
    "tooltip",
    "noValue",
    "displayName",
    "text",
    "value",
    "url",
    "uid",
}
LONGEST_STAT_TITLE = 24
"""What fits above a number of a sixth of the width at 1,280 pixels."""
SAME_IN_BOTH = {
    "firewall.fleet.title",
    "section.firewall",
    "secure_boot.fleet.title",
    "word.platform.linux",
    "word.platform.macos",
    "word.platform.windows",
}
"""Names of products and things that are called the same."""


def structure(node: Any) -> Any:
    """Return a board without the words, so that only its shape and its questions are left."""
    if isinstance(node, dict):
        return {key: structure(value) for key, value in node.items() if key not in PEOPLE_READ | {"tags"}}
    return [structure(child) for child in node] if isinstance(node, list) else node


def test_both_boards_have_the_same_structure() -> None:
    """Only words, addresses and tags may differ between the languages."""
    german, english = (
        [structure(board.to_json_data()) for board in build.boards(lang)] for lang in ("de", "en")
    )

    assert german == english


def test_both_catalogues_have_the_same_keys_in_the_same_order() -> None:
    """A word in one language has its place in the other."""
    assert list(read("de")) == list(read("en"))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_word_is_asked_for(lang: str) -> None:
    """A key that no board needs is deleted."""
    words = Words(lang)
    for make in BOARDS:
        make(words)

    assert words.asked == set(words.texts)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_missing_word_is_named_with_its_file(lang: str) -> None:
    """Whoever adds a panel learns which line to write."""
    with pytest.raises(KeyError, match=rf"words/{lang}.json has no 'no.such.key'"):
        Words(lang)("no.such.key")


def test_a_language_nobody_wrote_is_refused() -> None:
    """The message names those there are."""
    with pytest.raises(ValueError, match="de, en"):
        read("fr")


def test_descriptions_are_sentences_in_both_languages() -> None:
    """A description begins with a capital letter and ends with a full stop."""
    for lang in LANGUAGES:
        sentences = [text for key, text in read(lang).items() if key.endswith(".description")]
        assert sentences
        assert all(text[0].isupper() and text.endswith(".") for text in sentences)


def test_words_are_translated() -> None:
    """Equal texts are names, each of them listed."""
    german, english = read("de"), read("en")

    assert {key for key in german if german[key] == english[key]} == SAME_IN_BOTH


def test_titles_of_big_numbers_fit_in_both_languages() -> None:
    """A German title is longer; it must not be cut off."""
    for lang in LANGUAGES:
        titles = [
            panel["title"]
            for board in build.boards(lang)
            for panel in board.to_json_data()["panels"]
            if panel["type"] == "stat"
        ]
        assert max(map(len, titles)) <= LONGEST_STAT_TITLE


def test_each_board_links_its_sister_and_the_console() -> None:
    """The way to the other language keeps time and choices; the way to the console keeps the language."""
    for lang, sister in (("de", "en"), ("en", "de")):
        for board in build.boards(lang):
            console, other = board.to_json_data()["links"]
            assert console["url"] == f"${{console}}/?lang={lang}"
            assert board.model.uid is not None
            assert other["url"] == f"/d/{board.model.uid.removesuffix(lang)}{sister}"
            assert other["keepTime"]
            assert other["includeVars"]


def test_addresses_are_made_of_file_name_and_language() -> None:
    """A link to a board stays valid when its title changes; Grafana takes at most 40 characters."""
    uids = [str(board.model.uid) for lang in LANGUAGES for board in build.boards(lang)]

    assert uids == ["fernbereit-fleet-overview-de", "fernbereit-fleet-overview-en"]
    assert all(set(uid) <= set(string.ascii_lowercase + "-") and len(uid) <= 40 for uid in uids)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_sections_are_called_as_everywhere(lang: str) -> None:
    """A board that says Speicher for what the console calls Datenträger sends people to the wrong place."""
    own, shared = read(lang), load(lang)

    assert {name: own[f"section.{name}"] for name in SECTIONS} == {
        name: shared(f"section.{name}") for name in SECTIONS
    }


def test_a_unit_is_called_as_in_the_console() -> None:
    """One word for one thing, on boards and pages."""
    assert read("de")["column.unit"] == console_words("de")("unit.column") == "Einheit"
    assert "Organisationseinheit" not in "".join(read("de").values())
