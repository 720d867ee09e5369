"""Which words do people see? German and English catalogues; a key missing in one language reads in English.

Labels and reasons of fields are `field.<section>.<path>` and `field.<section>.<path>.why`, sections
`section.<name>`, words of enumerations `word.<enumeration>.<word>`; placeholders are those of `str.format`.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from types import MappingProxyType

from fernbereit.fields import FieldEntry, enum_key

LANGUAGES = ("de", "en")
FALLBACK = "en"


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one language."""

    lang: str
    texts: Mapping[str, str]
    folder: Traversable

    def __call__(self, key: str, **values: object) -> str:
        """Return a text with its placeholders filled; raises `KeyError` naming a key no language has."""
        try:
            text = self.texts[key]
        except KeyError:
            missing = f"{self.folder / f'{self.lang}.json'} has no {key!r}; add it, in every language"
            raise KeyError(missing) from None
        return text.format(**values) if values else text

    def label(self, field: FieldEntry) -> str:
        """Return the label of a field."""
        return self(field.key)

    def why(self, field: FieldEntry) -> str:
        """Return the sentence that says why a field is read."""
        return self(f"{field.key}.why")

    def word(self, value: StrEnum) -> str:
        """Return how a word of an enumeration is shown.

        >>> from fernbereit.facts.network import LinkType
        >>> load("de").word(LinkType.MOBILE)
        'Mobilfunk'
        """
        return self(f"word.{enum_key(type(value))}.{value.value}")


def read(folder: Traversable, lang: str) -> Words:
    """Read the catalogue of one language from a folder that also holds `en.json`.

    Other packages keep catalogues of their own in the same form. Raises `ValueError` for a language that is
    not in `LANGUAGES`.
    """
    if lang not in LANGUAGES:
        raise ValueError(f"no words in the language {lang!r}; there are {', '.join(LANGUAGES)}")
    return Words(lang, MappingProxyType(_texts(folder, FALLBACK) | _texts(folder, lang)), folder)


@cache
def load(lang: str) -> Words:
    """Return the words of the shared language in `de` or `en`."""
    return read(files(__name__), lang)


def _texts(folder: Traversable, lang: str) -> dict[str, str]:
    texts: dict[str, str] = json.loads((folder / f"{lang}.json").read_text(encoding="utf-8"))
    return texts
