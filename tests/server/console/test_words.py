"""Are the console's catalogues complete, equal and free of what nobody says?"""

import json
import re
from pathlib import Path
from string import Formatter
from typing import get_args

import pytest

import fernbereit_server.console
from fernbereit.not_known import Gap
from fernbereit.policy import Pillar
from fernbereit.readiness import Result
from fernbereit_server.collector import State
from fernbereit_server.console import sources
from fernbereit_server.console.choice import LANGUAGES, THEMES
from fernbereit_server.console.pages.devices import FRESHNESS
from fernbereit_server.judging.judged import Compliance
from fernbereit_server.metrics.families import devices as families
from fernbereit_server.resilience.change import FACTS, NEW, POLICY, RETIRED, SEVERAL, SILENT, TIME, WAIVER
from fernbereit_server.resilience.drill_day import Phase
from fernbereit_server.resilience.forecast import Word
from fernbereit_server.resilience.goals import GoalState

FOLDER = Path(fernbereit_server.console.__file__).parent
CATALOGUES = {
    language: json.loads((FOLDER / "words" / f"{language}.json").read_text(encoding="utf-8"))
    for language in LANGUAGES
}
SAID = re.compile(r"""(?:\bt|words|own)\(\s*["']([a-z0-9_]+\.[a-z0-9_.]+)["']""")
CHOSEN = re.compile(r"""(?:\bt|words|own)\([^()]*?"([a-z0-9_.]+)" if [^()]*? else "([a-z0-9_.]+)\"""")
PLURAL = re.compile(r"""plural\((?:words|own), "([a-z.]+)\"""")
GROUPS = {
    "layout.language": LANGUAGES,
    "layout.theme": THEMES,
    "blind": (*sources.BLIND.values(), "other"),
    "freshness": (*families.FRESHNESS.words, "other", "title", "text", "caption"),
    "reading": (*families.READING.words, "other", "title", "text", "caption"),
    "platform": ("title",),
    "encryption": ("title",),
    "report": (*FRESHNESS, "other"),
    "kind": ("personal", "pool", "loan", "stock", "shared", "other"),
    "standing": ("quarantined", "retired", "revoked", "expected", "other"),
    "outcome": ("good", "neutral", "unknown"),
    "look": ("good", "warning", "critical", "unknown"),
    "place": ("other_units", "other_sites", "no_unit", "no_site"),
    "tile": ("recent", "complete", "encrypted"),
    "month": tuple(str(number) for number in range(1, 13)),
    "month_short": tuple(str(number) for number in range(1, 13)),
    "device": ("label", "code", "unit", "site", "kind", "first_seen"),
    "missing": ("title", "text"),
    "away": ("title", "text"),
    "nowhere": ("title", "text"),
    "foreign": ("title", "text"),
    "verdict": ("ready", "limited", "not_ready", "unknown", "other"),
    "verdict.sentence": (
        *("ready", "limited", "not_ready", "unknown", "outdated"),
        *("limited.because", "not_ready.because", "unknown.because"),
    ),
    "verdict.contested": ("owner", "desk"),
    "verdict.why": (Gap.NEVER, Gap.SILENT),
    "verdict.known_by": tuple(Gap),
    "verdict.grace": ("none", "over", "one", "many", "new.one", "new.many"),
    "tabs": ("resilience", "drill", "plan", "blockers", "trend", "goals"),
    "drill.holds": ("yes", "no", "unknown"),
    "headroom.forecast": get_args(Word),
    "pillar": tuple(pillar.value for pillar in Pillar),
    **{
        f"changed.{direction}": (NEW, RETIRED, POLICY, WAIVER, FACTS, TIME, SILENT, SEVERAL)
        for direction in ("gained", "lost")
    },
    "aims.state": tuple(state.value for state in GoalState),
    "aims.phase": tuple(phase.value for phase in Phase),
    "aims": ("goals", "measures", "days", "subject", "what", "held_on"),
    "compliance": (*(word.value for word in Compliance), "other"),
    "result": tuple(word.value for word in Result),
}
"""Keys that are put together while the program runs."""


def _said() -> set[str]:
    texts = [
        file.read_text(encoding="utf-8")
        for pattern in ("*.py", "pages/*.py", "templates/*.html")
        for file in FOLDER.glob(pattern)
    ]
    plain = {key for text in texts for key in SAID.findall(text)}
    chosen = {key for text in texts for pair in CHOSEN.findall(text) for key in pair}
    plural = {f"{key}.{end}" for text in texts for key in PLURAL.findall(text) for end in ("one", "many")}
    return plain | chosen | plural | {f"{group}.{word}" for group, words in GROUPS.items() for word in words}


def test_both_languages_have_the_same_keys_in_the_same_order() -> None:
    """A translator finds every key where the other language has it."""
    assert list(CATALOGUES["de"]) == list(CATALOGUES["en"])


@pytest.mark.parametrize("key", CATALOGUES["de"])
def test_both_languages_fill_the_same_placeholders(key: str) -> None:
    """A text names exactly the values it is given, in both languages."""
    german, english = (
        {name for _, name, _, _ in Formatter().parse(CATALOGUES[language][key]) if name is not None}
        for language in ("de", "en")
    )
    assert german == english


@pytest.mark.parametrize("language", LANGUAGES)
def test_texts_are_plain(language: str) -> None:
    """No markup, no address, no stray blanks, no empty text."""
    for key, text in CATALOGUES[language].items():
        assert text == text.strip() != "", key
        assert not re.search(r"[<>]|https?:|  ", text), key


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_needed_is_no_part_of_what_is_possible(language: str) -> None:
    """More sessions may be needed than there are: "116 to 132 of 93" would be no sense."""
    shown = CATALOGUES[language]["headroom.load"].format(demanded="116 to 132", capacity="93")
    assert not re.search(r" (of|von) 93", shown)


def test_no_text_is_missing_and_none_is_unused() -> None:
    """Every key the code and the templates say exists, and nothing else does."""
    assert _said() == set(CATALOGUES["de"])


def test_every_state_of_the_collector_but_reading_has_words() -> None:
    """A banner tells a broker that is away from a store that is, and both from silent laptops."""
    assert set(sources.BLIND) == set(get_args(State)) - {"reading"}
