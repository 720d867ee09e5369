"""Is the shipped policy sound, complete and plainly worded?"""

import json
import re
from collections import Counter
from itertools import product
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from fernbereit import schema
from fernbereit.fact_kinds import facts
from fernbereit.facts.readiness import Verdict
from fernbereit.policy import Check, Pillar, Policy, Texts, as_json, shipped_policy
from fernbereit.readiness import Result, compile_policy, evaluate
from judged_laptops import TODAY, shipped
from plain_language import DENGLISH, FALLEN_UMLAUT, INFORMAL, REAL, TERMS_OF_ART, sentences
from policy_world import IN_ORDER, looks_with, policy_of, values_of

CHECKS = shipped_policy().checks
ROOT = Path(__file__).resolve().parents[2]
each_check = pytest.mark.parametrize("check", CHECKS, ids=[check.id for check in CHECKS])

WEAK = ("machine.memory_bytes", "battery.health_ratio", "storage.free_bytes")


def german(check: Check) -> list[str]:
    """Return every German text of a check."""
    return [texts.de for texts in (check.title, check.remedy.staff, check.remedy.it)]


def test_about_thirty_checks_stand_on_six_pillars() -> None:
    """No pillar is forgotten."""
    counts = Counter(check.pillar for check in CHECKS)

    assert 28 <= len(CHECKS) <= 34
    assert all(counts[pillar] >= 3 for pillar in Pillar)


@each_check
def test_every_fact_of_the_policy_exists(check: Check) -> None:
    """A path that nobody reads would be unknown for ever."""
    assert {check.fact, *check.applies} <= set(facts())


@each_check
def test_every_check_can_pass_fail_and_be_unknown(check: Check) -> None:
    """A check that cannot come out one way asks nothing."""
    kind = facts()[check.fact]
    conditions = {path: facts()[path] for path in check.applies if path != check.fact}
    alone = compile_policy(policy_of(as_json(check)))
    results = set()
    for values in product(
        (None, *values_of(kind, check.expect)),
        *(tuple(values_of(one, check.applies[path])) for path, one in conditions.items()),
    ):
        known = dict(zip((check.fact, *conditions), values, strict=True))
        told = evaluate(alone, looks_with(known), TODAY)
        results |= {*told.results, *told.counted}

    assert results >= {Result.PASS, Result.FAIL, Result.UNKNOWN}
    assert (Result.NOT_APPLICABLE in results) == bool(check.applies)


@each_check
@pytest.mark.parametrize("lang", ["de", "en"])
def test_staff_read_short_sentences(check: Check, lang: str) -> None:
    """At most fifteen words each; a remedy ends each sentence, a title is a clause of its own."""
    title, remedy = (str(getattr(texts, lang)) for texts in (check.title, check.remedy.staff))

    assert [one for one in sentences(f"{title}. {remedy}") if len(one.split()) > 15] == []
    assert remedy.endswith(".")
    assert title[-1].isalnum()


@each_check
@pytest.mark.parametrize("lang", ["de", "en"])
def test_staff_read_no_terms_of_art(check: Check, lang: str) -> None:
    """Neither in the title nor in the remedy; those for IT may name products and techniques."""
    for texts in (check.title, check.remedy.staff):
        assert TERMS_OF_ART.findall(str(getattr(texts, lang))) == []


@each_check
def test_german_is_plain_and_formal(check: Check) -> None:
    """No denglish, no fallen umlauts, nobody is addressed as du."""
    for text in german(check):
        assert DENGLISH.findall(text) == []
        assert FALLEN_UMLAUT.findall(REAL.sub("", text)) == []
        assert INFORMAL.findall(text) == []


@each_check
def test_both_languages_say_as_much(check: Check) -> None:
    """The same number of sentences in German and English, and never the same text."""
    for texts in (check.title, check.remedy.staff, check.remedy.it):
        assert len(sentences(texts.de)) == len(sentences(texts.en))
        assert texts.de != texts.en


def test_titles_are_told_apart() -> None:
    """Two checks of one title would be one line in a list."""
    for lang in ("de", "en"):
        titles = [getattr(check.title, lang) for check in CHECKS]
        assert len(set(titles)) == len(titles)


def test_the_denglish_list_finds_denglish() -> None:
    """The list that guards the texts can fail."""
    assert DENGLISH.findall("Bitte das Update installieren und den Account checken.") == [
        "Update",
        "Account",
        "check",
    ]
    assert TERMS_OF_ART.findall("Schalten Sie Secure Boot in der Firmware ein.") == [
        "Secure Boot",
        "Firmware",
    ]


@pytest.mark.parametrize(
    "id_",
    sorted({id_ for check in CHECKS for id_ in check.grundschutz.plus_plus + check.grundschutz.kompendium}),
)
def test_requirements_are_named_as_their_catalogue_names_them(id_: str) -> None:
    """Kompendium ids end with A and a number, those of Grundschutz++ with numbers alone."""
    ours = [check for check in CHECKS if id_ in check.grundschutz.kompendium]

    assert bool(re.search(r"\.A\d+$", id_)) == bool(ours)


def test_every_protection_check_names_a_requirement() -> None:
    """An auditor finds the way from the check to the catalogue."""
    assert [
        check.id for check in CHECKS if check.pillar is Pillar.PROTECTION and not check.grundschutz.kompendium
    ] == []


def test_the_shipped_policy_keeps_to_the_published_schema() -> None:
    """Whoever writes a policy with another tool validates it with the same result."""
    validator = jsonschema_rs.validator_for(_schema())

    validator.validate(as_json(shipped_policy()))
    assert not validator.is_valid({**as_json(shipped_policy()), "ready_at": 2})
    assert not validator.is_valid({**as_json(shipped_policy()), "extra": 2})


def test_the_example_of_the_decision_is_a_policy() -> None:
    """What the page tells people to write is taken in."""
    from fernbereit_server.policies.file import parse_policy

    page = (ROOT / "docs" / "decisions" / "008-a-policy-is-data.md").read_text(encoding="utf-8")
    source = parse_policy(page.split("```yaml\n")[1].split("```")[0])

    assert len(source.policy.checks) == len(CHECKS) - 1
    assert source.policy.ready_at == 0.85


def test_a_policy_survives_the_way_to_a_laptop() -> None:
    """Written as JSON and read again, it is the same policy."""
    assert Policy.model_validate_json(json.dumps(as_json(shipped_policy()))) == shipped_policy()


@each_check
def test_a_laptop_in_order_passes_every_check(check: Check) -> None:
    """But those that are only counted; so that the tests below say what one missing thing does."""
    alone = compile_policy(policy_of(as_json(check)))
    told = evaluate(alone, looks_with(IN_ORDER), TODAY)
    facts_of_it = " and ".join(dict.fromkeys((check.fact, *check.applies)))

    assert set(told.results) <= {Result.PASS, Result.NOT_APPLICABLE}, (
        f"say in IN_ORDER (tests/policy_world.py) what passes {check.id}: {facts_of_it}"
    )


@pytest.mark.parametrize(
    ("changed", "verdict", "lacking"),
    [
        ({}, Verdict.READY, ""),
        (
            dict.fromkeys(("conferencing.microphone", "conferencing.camera"), False),
            Verdict.READY,
            "microphone camera",
        ),
        ({"disk_encryption.state": "suspended"}, Verdict.NOT_READY, "disk_encryption"),
        ({"disk_encryption.state": None}, Verdict.UNKNOWN, "disk_encryption"),
        ({"remote_access.clients": []}, Verdict.NOT_READY, "vpn_client"),
        (
            {"firewall.enabled": None, "screen_lock.enabled": None},
            Verdict.READY,
            "firewall screen_lock screen_lock_timeout screen_lock_password",
        ),
        (
            dict.fromkeys(WEAK, 0)
            | {"firewall.enabled": False, "management.clients": [], "conferencing.microphone": False},
            Verdict.LIMITED,
            "memory battery_health storage_free firewall managed microphone",
        ),
    ],
    ids=[
        "everything in order: ready",
        "no microphone and no camera: ready, with failures",
        "encryption suspended: not ready",
        "encryption not known: unknown",
        "no program for remote access: not ready",
        "firewall and screen lock not known: ready whatever they are",
        "weak machine, no firewall, not managed, no microphone: limited",
    ],
)
def test_a_laptop_in_order_is_ready_until_something_is_missing(
    changed: dict[str, Any], verdict: Verdict, lacking: str
) -> None:
    """Its share is that of the weights of all checks that apply and are not lacking."""
    told = evaluate(shipped(), looks_with({**IN_ORDER, **changed}), TODAY)
    results = zip(shipped().judged, told.results, strict=True)
    applying = {check.id: check.weight for check, its in results if its is not Result.NOT_APPLICABLE}
    short = sum(applying[check] for check in lacking.split())

    assert told.standing.verdict == verdict
    assert told.standing.low == round(1 - short / sum(applying.values()), 3)


def test_texts_must_stand_in_both_languages() -> None:
    """A remedy in one language is refused."""
    with pytest.raises(ValueError, match="en"):
        Texts.model_validate({"de": "Nur deutsch"})


def test_the_laptops_anyone_recorded_cover_the_verdicts() -> None:
    """The goldens beside the recordings are not all alike."""
    files = sorted((ROOT / "tests" / "laptops").glob("*/evaluation.json"))
    told: list[dict[str, Any]] = [json.loads(file.read_text(encoding="utf-8")) for file in files]

    assert len(files) == len(sorted((ROOT / "tests" / "laptops").glob("*/laptop.json")))
    assert {"not_ready", "unknown"} <= {one["verdict"] for one in told}
    assert all(len(one["results"]) == len(shipped().judged) for one in told)


def _schema() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(schema.render()["policy-v1.schema.json"])
    return found
