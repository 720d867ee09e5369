"""Which words do people see on the boards? Those of `words/{de,en}.json`, by key."""

import json
from importlib.resources import files
from typing import Final

LANGUAGES: Final = ("de", "en")


class Words:
    """The catalogue of one language; remembers what was asked, so that a test names what nobody needs."""

    def __init__(self, language: str) -> None:
        self.language = language
        self.texts = read(language)
        self.asked: set[str] = set()

    def __call__(self, key: str) -> str:
        """Return the text of `key`; raises `KeyError` naming key and file when nobody wrote it."""
        if key not in self.texts:
            raise KeyError(f"words/{self.language}.json has no {key!r}")
        self.asked.add(key)
        return self.texts[key]


def read(language: str) -> dict[str, str]:
    """Read the catalogue of one of `LANGUAGES` as key and text."""
    if language not in LANGUAGES:
        raise ValueError(f"no catalogue for {language!r}, only for {', '.join(LANGUAGES)}")
    source = files("fernbereit_dashboards.words") / f"{language}.json"
    texts: dict[str, str] = json.loads(source.read_text(encoding="utf-8"))
    return texts
