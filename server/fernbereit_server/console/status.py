"""What does a status look like? Always a word, a symbol and a colour, never a colour alone.

Unknown is grey and nothing else: no freshness, outcome or value that is not known can get the look of a
good or a bad one. Colours are Okabe and Ito's, told apart by everyone; `static/console.css` names them.
"""

from dataclasses import dataclass
from typing import Final

LOOKS: Final = ("good", "late", "warning", "critical", "neutral", "unknown")
"""Class names in the style sheet; each has its own symbol in `templates/parts.html`."""

_FRESHNESS: Final = {
    "recent": "good",
    "stale": "late",
    "silent": "unknown",
    "never": "unknown",
}
_READING: Final = {"complete": "good", "partial": "warning", "none": "unknown"}
_OUTCOMES: Final = {"ok": "good", "absent": "neutral"}
_STATES: Final = {
    "encrypted": "good",
    "third_party": "good",
    "partly": "warning",
    "suspended": "warning",
    "not_encrypted": "critical",
}
_VERDICTS: Final = {"ready": "good", "limited": "warning", "not_ready": "critical"}
_COMPLIANCE: Final = {"compliant": "good", "in_grace": "late", "non_compliant": "critical"}
_RESULTS: Final = {"pass": "good", "fail": "critical", "waived": "neutral", "not_applicable": "neutral"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """A word with the look that goes with it."""

    word: str
    look: str


def freshness_look(word: str) -> str:
    """Return the look of how long ago a device reported; after a weekend nobody is warned."""
    return _FRESHNESS.get(word, "unknown")


def reading_look(word: str) -> str:
    """Return the look of how much of a device could be read."""
    return _READING.get(word, "unknown")


def outcome_look(word: str) -> str:
    """Return the look of how an observation ended; denied, failed and timed out are unknown, not bad."""
    return _OUTCOMES.get(word, "unknown")


def encryption_look(word: str) -> str:
    """Return the look of an encryption state."""
    return _STATES.get(word, "unknown")


def verdict_look(word: str) -> str:
    """Return the look of a verdict; limited is not able to work, but not far from it."""
    return _VERDICTS.get(word, "unknown")


def compliance_look(word: str) -> str:
    """Return the look of compliance; what could not be evaluated or is outdated is unknown."""
    return _COMPLIANCE.get(word, "unknown")


def result_look(word: str) -> str:
    """Return the look of a check's result; a waiver is neither good nor bad."""
    return _RESULTS.get(word, "unknown")
