"""Are the words of the demonstration complete in both languages?"""

import json
import re
from importlib.resources import files
from pathlib import Path
from string import Formatter

import pytest

from fernbereit_server.demo.telling import ready
from fernbereit_server.demo.wording import words
from fernbereit_server.metrics.family import NO_SITE, NO_UNIT, OTHER_SITES, OTHER_UNITS

FOLDER = files("fernbereit_server.demo") / "words"
TEXTS = {lang: json.loads((FOLDER / f"{lang}.json").read_text(encoding="utf-8")) for lang in ("de", "en")}


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def test_both_languages_say_the_same_things() -> None:
    """Every text exists in both, with the same numbers and names in it."""
    assert list(TEXTS["de"]) == list(TEXTS["en"])
    assert {k: placeholders(v) for k, v in TEXTS["de"].items()} == {
        k: placeholders(v) for k, v in TEXTS["en"].items()
    }


def test_every_text_is_said_somewhere() -> None:
    """A text nobody uses any more is removed."""
    package = Path(str(FOLDER)).parents[1]
    code = "".join(
        path.read_text(encoding="utf-8")
        for path in (*(package / "demo").glob("*.py"), package / "commands" / "demo.py")
    )
    computed = re.compile(r"^(step|address|place)\.")

    said = [key for key in TEXTS["de"] if computed.match(key) or re.search(rf"""["']{key}["']""", code)]

    assert said == list(TEXTS["de"])


def test_places_that_are_no_names_are_said_in_the_readers_language() -> None:
    """What the publication calls other units is translated for people."""
    assert {f"place.{name}" for name in (NO_UNIT, OTHER_UNITS, NO_SITE, OTHER_SITES)} <= set(TEXTS["de"])


@pytest.mark.parametrize(
    ("lang", "text"), [("de", "Bereit nach 6,8 Sekunden."), ("en", "Ready after 6.8 seconds.")]
)
def test_numbers_are_written_as_the_language_does(lang: str, text: str) -> None:
    """A comma in German, a point in English."""
    assert ready(6.84, words(lang)) == text
