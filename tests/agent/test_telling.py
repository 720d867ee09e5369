"""Are facts and expectations told in words, with no name of a field left over?"""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from fernbereit.policy import Check, as_json, shipped_policy
from fernbereit.telling import told_expectation, told_name, told_value
from fernbereit.words import LANGUAGES, load


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("check", shipped_policy().checks, ids=lambda check: check.id)
def test_every_shipped_check_is_told_in_words(check: Check, lang: str) -> None:
    """No underscore, no bracket, no keyword of JSON Schema."""
    words = load(lang)
    told = f"{told_name(check.fact, words)}: {told_expectation(check.fact, as_json(check.expect), words)}"

    assert re.search(r"[_{}\[\]]|true|false|null|minimum|contains", told) is None
    assert told.split(": ", 1)[1]


@pytest.mark.parametrize(
    ("path", "value", "german", "english"),
    [
        ("machine.memory_bytes", 16_000_000_000, "16 GB", "16 GB"),
        ("battery.health_ratio", 0.485, "48,5 %", "48.5%"),
        ("screen_lock.timeout_s", 600, "10 Minuten", "10 minutes"),
        ("disk_encryption.state", "not_encrypted", "nicht verschlüsselt", "not encrypted"),
        ("operating_system.support_ends_on", "2025-10-14", "14.10.2025", "2025-10-14"),
        ("firewall.enabled", False, "nein", "no"),
        ("firewall.enabled", None, "nicht bekannt", "not known"),
        ("remote_access.clients", [], "keine", "none"),
        ("remote_access.clients", ["openvpn", "wireguard"], "OpenVPN; WireGuard", "OpenVPN; WireGuard"),
        (
            "targets.results",
            [{"name": "e-akte", "reachable": False, "failure": None}],
            "Name des Dienstes: e-akte, Erreichbar: nein",
            "Name of the service: e-akte, Reachable: no",
        ),
    ],
    ids=lambda value: json.dumps(value) if not isinstance(value, str) else value,
)
def test_values_have_units_and_words(path: str, value: Any, german: str, english: str) -> None:
    """The same value in both languages."""
    assert told_value(path, value, load("de")) == german
    assert told_value(path, value, load("en")) == english


@pytest.mark.parametrize("text", ["yesterday", "2025-13-40", ""])
def test_a_day_that_is_none_is_told_as_it_stands(text: str) -> None:
    """Stored facts of another version are shown, not lost."""
    assert told_value("operating_system.last_update_on", text, load("de")) == text


def test_one_and_many_are_told_apart() -> None:
    """Nobody reads "1 Einträge"."""
    words = load("de")

    def told(expected: Mapping[str, Any]) -> str:
        return told_expectation("remote_access.clients", expected, words)

    assert told({"minItems": 1}) == "mindestens ein Eintrag"
    assert told({"minItems": 3}) == "mindestens 3 Einträge"
    assert (
        told_expectation("operating_system.last_update_on", {"max_age": 1}, words)
        == "höchstens einen Tag alt"
    )


def test_none_is_told_in_words_of_its_own() -> None:
    """Nobody reads "noch mindestens 0 Tage"."""
    ends = "operating_system.support_ends_on"
    assert told_expectation(ends, {"min_days_left": 0}, load("de")) == "heute oder später"
    assert told_expectation(ends, {"min_days_left": 0}, load("en")) == "today or later"


def test_every_keyword_has_words() -> None:
    """A keyword that policies gain must be told as well."""
    samples: dict[str, Any] = {
        "const": True,
        "enum": ["a"],
        "minimum": 1,
        "maximum": 2,
        "exclusiveMinimum": 1,
        "exclusiveMaximum": 2,
        "minItems": 2,
        "contains": {"const": "x"},
        "properties": {"enrolled": {"const": True}},
        "not": {"const": "x"},
        "max_age": 3,
        "min_days_left": 4,
        "version_at_least": "1.2",
    }
    assert set(samples) == set(_keywords())
    for keyword, value in samples.items():
        assert told_expectation("management.clients", {keyword: value}, load("de"))


def _keywords() -> Iterator[str]:
    from fernbereit.policy import Expectation

    for name, info in Expectation.model_fields.items():
        yield info.alias or name
