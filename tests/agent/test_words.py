"""Are the word catalogues complete, equal and plain?"""

import json
import re
from pathlib import Path

import pytest

import fernbereit.words
from fernbereit.facts.boot_security import TpmVersion
from fernbereit.words import LANGUAGES, load, read
from word_files import derived_keys

FOLDER = Path(fernbereit.words.__file__).parent
ROOT = Path(__file__).resolve().parents[2]
TABLE_HEADS = {f"manifest.{head}" for head in ("field", "why", "purpose", "retention", "visibility")}
TEXTS = {lang: json.loads((FOLDER / f"{lang}.json").read_text(encoding="utf-8")) for lang in LANGUAGES}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_nothing_a_person_can_see_lacks_its_word(lang: str) -> None:
    """Every field has its label and its reason, every word of an enumeration its text."""
    assert derived_keys() - set(TEXTS[lang]) == set()


TOLD = ("told.expect.", "told.unit.")
"""Made from keywords and endings of names in `fernbereit.telling`; its own tests ask for every keyword."""


def test_no_text_is_left_over() -> None:
    """A text that no model asks for is named somewhere in the source."""
    sources = [path.read_text(encoding="utf-8") for top in ("agent", "server") for path in source_files(top)]
    source = "\n".join(sources)
    unused = {
        key
        for key in set(TEXTS["en"]) - derived_keys()
        if f'"{key}"' not in source and key not in TABLE_HEADS and not key.startswith(TOLD)
    }
    assert unused == set()


def source_files(top: str) -> list[Path]:
    """Return the Python files and templates of a source root."""
    return [path for path in (ROOT / top).rglob("*") if path.suffix in {".py", ".html"}]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_texts_are_plain(lang: str) -> None:
    """No mark-up, no line breaks, no blanks at the ends, no empty text."""
    odd = {key for key, text in TEXTS[lang].items() if re.search(r"[<>\n]|&\w+;|^\s|\s$|^$", text)}
    assert odd == set()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_reason_is_one_sentence(lang: str) -> None:
    """A person reads one sentence that ends with a full stop."""
    odd = {
        key: text
        for key, text in TEXTS[lang].items()
        if key.startswith("field.")
        and key.endswith(".why")
        and (not text.endswith(".") or ". " in text or not text[0].isupper())
    }
    assert odd == {}


def test_german_is_written_with_umlauts() -> None:
    """No text falls back to ae, oe, ue for an umlaut (words that really hold them excepted)."""
    real = re.compile(
        r"aktuell|neue|steuer|dauer|manuell|virtuell|genaue|treue|vertrauensw|zuerst|\btrue\b", re.IGNORECASE
    )
    odd = {
        key for key, text in TEXTS["de"].items() if re.search(r"[aou]e", real.sub("", text), re.IGNORECASE)
    }
    assert odd == set()


def test_a_missing_german_text_reads_in_english(tmp_path: Path) -> None:
    """One untranslated text does not take the page down."""
    (tmp_path / "en.json").write_text('{"a": "one {n}", "b": "two"}', encoding="utf-8")
    (tmp_path / "de.json").write_text('{"a": "eins {n}"}', encoding="utf-8")
    words = read(tmp_path, "de")
    assert (words("a", n=1), words("b")) == ("eins 1", "two")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_word_nobody_wrote_is_named_with_its_file(lang: str) -> None:
    """Whoever adds a field learns which line to write, and where."""
    with pytest.raises(KeyError, match=rf"fernbereit/words/{lang}.json has no 'field.x'; add it"):
        load(lang)("field.x")


def test_an_unknown_language_is_refused_by_name() -> None:
    """The message says which languages there are."""
    with pytest.raises(ValueError, match="de, en"):
        load("fr")


def test_words_with_dots_are_found() -> None:
    """The version of the security chip is a word with a dot."""
    assert load("de").word(TpmVersion.V2_0) == "2.0"
