"""Which files hold the words people see, and what is wrong with them? For tests and for `make write`."""

import ast
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from string import Formatter

from fernbereit.facts import SECTIONS
from fernbereit.field import Purpose, Retention, Visibility
from fernbereit.fields import enum_key, enums, fields
from fernbereit.record import Outcome, Reason
from fernbereit.settings_model import SettingsModel, table_of
from fernbereit.words import LANGUAGES
from fernbereit_agent.settings import Settings

ROOT = Path(__file__).resolve().parent.parent
SETTINGS_DE = ROOT / "agent" / "fernbereit_agent" / "words" / "settings_de.json"
STAFF_WORDS, OTHER_WORDS = 15, 20
"""Longest sentence, in words: of what is written for everybody, and for people who run this."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """One folder of words, one file a language."""

    folder: str
    """Below the repository."""
    askers: tuple[str, ...]
    """Folders whose code and templates ask for these words."""
    for_staff: tuple[str, ...] = ()
    """Beginnings of keys that everybody reads."""
    own_test: str = ""
    """The test that already holds, more exactly than here, that every word is asked for."""

    def file(self, lang: str) -> Path:
        """Return the file of one language."""
        return ROOT / self.folder / f"{lang}.json"


CATALOGUES: tuple[Catalogue, ...] = (
    Catalogue(folder="agent/fernbereit/words", askers=("agent",), own_test="tests/agent/test_words.py"),
    Catalogue(
        folder="agent/fernbereit_agent/words",
        askers=("agent/fernbereit_agent",),
        for_staff=("self_check.", "contest."),
    ),
    Catalogue(
        folder="server/fernbereit_server/console/words",
        askers=("server",),
        own_test="tests/server/console/test_words.py",
    ),
    Catalogue(folder="server/fernbereit_server/commands/words", askers=("server", "agent/fernbereit")),
    Catalogue(folder="server/fernbereit_server/resilience/words", askers=("server", "agent/fernbereit")),
    Catalogue(folder="server/fernbereit_server/demo/words", askers=("server",)),
    Catalogue(
        folder="dashboards/fernbereit_dashboards/words",
        askers=("dashboards",),
        own_test="tests/dashboards/test_languages.py",
    ),
)


def read(file: Path) -> dict[str, str]:
    """Return the texts of a file by their keys."""
    texts: dict[str, str] = json.loads(file.read_text(encoding="utf-8"))
    return texts


def place(file: Path) -> str:
    """Return a file as it is named to people."""
    return file.relative_to(ROOT).as_posix()


def missing() -> Iterator[str]:
    """Yield a sentence for every text that something asks for and nobody wrote yet."""
    shared = CATALOGUES[0]
    for lang in LANGUAGES:
        held = read(shared.file(lang))
        for key in sorted(derived_keys() - set(held)):
            yield f"{place(shared.file(lang))} has no {key!r}; add it, in every language"
    for catalogue in CATALOGUES:
        yield from without_partner(catalogue)
    for key in sorted(settings_keys() - set(read(SETTINGS_DE))):
        yield f"{place(SETTINGS_DE)} has no {key!r}; say there in German what the setting is"


def without_partner(catalogue: Catalogue) -> Iterator[str]:
    """Yield a sentence for every key that one language has and another has not."""
    texts = {lang: read(catalogue.file(lang)) for lang in LANGUAGES}
    every = {key for held in texts.values() for key in held}
    for lang, held in texts.items():
        for key in sorted(every - set(held)):
            yield f"{place(catalogue.file(lang))} has no {key!r}, another language has; add it or delete that"


def derived_keys() -> set[str]:
    """Return every key of the shared words that follows from the models."""
    keys = {f"section.{name}" for name in SECTIONS}
    keys |= {key for field in fields() for key in (field.key, f"{field.key}.why")}
    keys |= {f"word.{enum_key(kind)}.{word.value}" for kind in enums() for word in kind}
    for kind in (Outcome, Reason, Purpose, Retention, Visibility):
        keys |= {f"{enum_key(kind)}.{word.value}" for word in kind}
    return keys


def settings_keys(model: type[SettingsModel] = Settings, above: tuple[str, ...] = ()) -> set[str]:
    """Return every setting of the agent by its key, tables included."""
    found: set[str] = set()
    for key, info in model.model_fields.items():
        inner = table_of(info)
        found |= {".".join((*above, key))} | (settings_keys(inner, (*above, key)) if inner else set())
    return found


def placeholders(text: str) -> set[str]:
    """Return the names of the placeholders in a text."""
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def long_sentences(text: str, longest: int) -> Iterator[str]:
    """Yield the sentences of more words than that; what stands after a colon or on a new line is one more."""
    for sentence in re.split(r"(?<=[.!?;:])\s+|\n", text):
        if len(sentence.split()) > longest:
            yield sentence


@dataclass(frozen=True, slots=True)
class Asked:
    """What code and templates say that may be a key, whole or put together."""

    words: frozenset[str]
    """Texts and names."""
    patterns: tuple[re.Pattern[str], ...]
    """Texts with values in them, each value a group."""

    def asks_for(self, key: str) -> bool:
        """Tell whether a key is said as a whole, or put together of words that are said."""
        if key in self.words or key.isdigit():
            return True
        found = (pattern.fullmatch(key) for pattern in self.patterns)
        return any(match and self._all_said(match.groups()) for match in found)

    def _all_said(self, values: Iterable[str]) -> bool:
        return all(self.asks_for(word) for value in values for word in value.split("."))


@cache
def asked(askers: tuple[str, ...]) -> Asked:
    """Return what the sources below these folders ask for."""
    words: set[str] = set(_words_of_models())
    patterns: set[str] = set()
    for file in {file for asker in askers for file in (ROOT / asker).rglob("*.py")}:
        said, built = _said_in(file)
        words |= said
        patterns |= built
    return Asked(frozenset(words), tuple(re.compile(one) for one in sorted(patterns)))


@cache
def _said_in(file: Path) -> tuple[set[str], set[str]]:
    """Return the texts and names of one file, and what its texts with values can become."""
    words: set[str] = set()
    patterns: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            words |= {node.value, node.value.replace(" ", "_")}
        elif isinstance(node, ast.Name | ast.arg):
            words.add(node.id if isinstance(node, ast.Name) else node.arg)
        elif isinstance(node, ast.JoinedStr) and re.search("[a-z]{2}", pattern := _pattern(node)):
            patterns.add(pattern)
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            words.add(node.target.id)
    return words, patterns


def _words_of_models() -> Iterator[str]:
    yield from SECTIONS
    kinds: tuple[type[StrEnum], ...] = (*enums(), Outcome, Reason, Purpose, Retention, Visibility)
    for kind in kinds:
        yield from (word.value for word in kind)
    yield from (field.path for field in fields())


def _pattern(said: ast.JoinedStr) -> str:
    """Return what a text with values in it can become, each value a group."""
    parts = (
        re.escape(part.value) if isinstance(part, ast.Constant) and isinstance(part.value, str) else "(.+)"
        for part in said.values
    )
    return "".join(parts)


def texts_of(catalogue: Catalogue) -> Mapping[str, Mapping[str, str]]:
    """Return the texts of a catalogue by language and key."""
    return {lang: read(catalogue.file(lang)) for lang in LANGUAGES}
