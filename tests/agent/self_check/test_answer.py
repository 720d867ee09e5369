"""Is what a self-check says short, plain, in order of importance, and never a guess?"""

import json
import re
from dataclasses import replace

import pytest

from fernbereit.code import check_codes, read_check_code
from fernbereit.facts.readiness import Verdict
from fernbereit.policy import Audience, shipped_policy
from fernbereit.readiness import Result
from fernbereit.words import LANGUAGES, load
from fernbereit_agent.self_check.answer import MOST, Answer, answer, as_plain
from fernbereit_agent.self_check.as_text import WIDTH, as_text
from fernbereit_agent.self_check.page import answer_page
from fernbereit_agent.self_check.wording import about_sentences, further, how_many
from plain_language import DENGLISH, FALLEN_UMLAUT, INFORMAL, REAL, TERMS_OF_ART, sentences
from self_check_world import CONTACT, LAPTOPS, checked, told, words

each_laptop = pytest.mark.parametrize("name", LAPTOPS)
each_language = pytest.mark.parametrize("lang", LANGUAGES)
CHECKS = {check.id: check for check in shipped_policy().checks}
NAMES_IN_USE = re.compile(r"Code|Browser", re.IGNORECASE)
"""Words of English origin that German has no other word for in use."""


def said(of: Answer) -> list[str]:
    """Return every sentence for staff, without what was read from the machine."""
    texts = [of.sentence, *of.because, *of.notes, *about_sentences(of, words(of.lang))]
    texts += [text for point in of.points for text in (point.title, point.remedy, point.whom)]
    return [one for text in texts for one in sentences(text)]


@each_language
@each_laptop
def test_staff_read_at_most_ten_points_in_short_sentences(name: str, lang: str) -> None:
    """Every sentence has at most fifteen words."""
    answered = told(name, lang)

    assert len(answered.points) <= MOST
    assert [one for one in said(answered) if len(one.split()) > 15] == []


@each_laptop
def test_german_is_plain_and_formal(name: str) -> None:
    """No denglish, no terms of art, no fallen umlauts, nobody is addressed as du."""
    for one in said(told(name, "de")):
        text = NAMES_IN_USE.sub("", one)
        assert DENGLISH.findall(text) == TERMS_OF_ART.findall(text) == INFORMAL.findall(text) == []
        assert FALLEN_UMLAUT.findall(REAL.sub("", text)) == []


@each_language
def test_what_fails_since_there_is_none_is_not_called_unknown(lang: str) -> None:
    """On a computer without anything the page says that there is none of it; that is known."""
    shared = load(lang)
    none = {shared("outcome.absent"), shared("reason.no_hardware")}
    answered = told("windows-nothing-at-all", lang)
    failed = {one.check: one.seen for one in (*answered.points, *answered.further) if one.result == "fail"}

    assert {failed[check] for check in ("disk_encryption", "home_encryption", "vpn_client")} <= none


@each_language
@each_laptop
def test_every_point_has_a_code_a_remedy_and_somebody_to_ask(name: str, lang: str) -> None:
    """And says what was seen and what is expected, in words."""
    codes = check_codes(CHECKS)
    for point in told(name, lang).points:
        assert point.code == codes[point.check]
        assert point.title
        assert point.seen
        assert point.expected
        assert point.remedy.endswith(".")
        by_oneself = point.result == "fail" and CHECKS[point.check].audience is Audience.STAFF
        assert (point.whom == CONTACT) is not by_oneself
        shown = f"{point.field} {point.seen} {point.expected}"
        assert re.search(r"[_{}\[\]]|\btrue\b|\bfalse\b|\bnull\b", shown) is None


@each_laptop
def test_both_languages_say_the_same(name: str) -> None:
    """The same points in the same order, as many sentences."""
    german, english = told(name, "de"), told(name, "en")

    assert [point.code for point in german.points] == [point.code for point in english.points]
    assert len(said(german)) == len(said(english))
    assert (german.verdict, len(german.further), len(german.open)) == (
        english.verdict,
        len(english.further),
        len(english.open),
    )


@each_laptop
def test_points_come_in_order_of_importance(name: str) -> None:
    """Essential ones first, then what failed, then what is not known; the heavier before the lighter."""
    points = told(name, "de").points
    order = [(not p.essential, p.result != "fail", -CHECKS[p.check].weight) for p in points]
    assert order == sorted(order)


@each_laptop
def test_nothing_is_passed_over_and_nothing_counted_is_told(name: str) -> None:
    """Every check is in order, a point, open, or does not apply; those for groups alone are none of it."""
    judged, of = checked(name), told(name, "en")
    results = judged.judgement.evaluation.results
    applying = sum(result is not Result.NOT_APPLICABLE for result in results)

    passed = sum(len(works.titles) for works in of.works)
    assert passed + len(of.points) + len(of.further) + len(of.open) == applying
    counted = {check.title.en for check in judged.policy.counted}
    shown = {title for works in of.works for title in works.titles} | {p.title for p in of.points}
    assert counted.isdisjoint(shown | {one.title for one in of.open})


@each_laptop
def test_what_is_not_known_is_no_part_of_what_works_and_none_of_what_does_not(name: str) -> None:
    """Only where two failed it says "0 von 2"; what is not known stands beside that."""
    judged, of = checked(name), told(name, "de")
    results = [
        result for result in judged.judgement.evaluation.results if result is not Result.NOT_APPLICABLE
    ]

    assert sum(works.unknown for works in of.works) == results.count(Result.UNKNOWN)
    assert sum(works.of - len(works.titles) for works in of.works) == results.count(Result.FAIL)
    for works in of.works:
        said = how_many((works,), words("de"))
        assert (f"{works.unknown} nicht bekannt" in said) == bool(works.unknown)
        assert (f"{len(works.titles)} von {works.of}" in said) == bool(works.of)


@each_language
def test_points_beyond_the_tenth_can_be_looked_at(lang: str) -> None:
    """On a terminal each in a line with its number, on the page folded up, and whole."""
    of = told("windows-everything-denied", lang)
    text, page = (
        as_text(of, words(lang), first=False, colour=False),
        answer_page(of, words(lang), first=False),
    )

    assert len(of.points) == MOST
    assert len(of.further) > 1
    for point in of.further:
        assert re.search(rf"^ +{point.code}  \? {re.escape(point.title)}$", text, re.MULTILINE)
        assert f"fernbereit-agent contest {point.code}" in page
    assert further(of, words(lang)) in page


@each_laptop
def test_unknown_is_never_told_as_a_failure(name: str) -> None:
    """What could not be read asks nobody to repair anything."""
    for point in told(name, "de").points:
        assert (point.remedy == CHECKS[point.check].remedy.staff.de) is (point.result == "fail")


def test_every_verdict_is_answered_somewhere_and_has_its_exit_code() -> None:
    """Recorded laptops come out every way but one; that one is told as well."""
    codes = {told(name, "de").verdict: told(name, "de").exit_code for name in LAPTOPS}
    codes[Verdict.LIMITED] = replace(told(LAPTOPS[0], "de"), verdict=Verdict.LIMITED).exit_code

    assert codes == {Verdict.READY: 0, Verdict.LIMITED: 1, Verdict.NOT_READY: 1, Verdict.UNKNOWN: 3}


@each_language
def test_an_answer_that_is_not_known_says_why_that_is_not_bad(lang: str) -> None:
    """In a sentence of its own."""
    name = next(name for name in LAPTOPS if told(name, lang).verdict is Verdict.UNKNOWN)
    assert words(lang)("self_check.because.not_bad") in told(name, lang).because


@each_language
@pytest.mark.parametrize("colour", [False, True], ids=["plain", "in colour"])
@each_laptop
def test_a_terminal_of_eighty_columns_is_wide_enough(name: str, lang: str, *, colour: bool) -> None:
    """The answer stands above everything else; without colour there is no escape sequence."""
    text = as_text(told(name, lang), words(lang), first=True, colour=colour)
    bare = re.sub(r"\x1b\[[0-9;]*m", "", text)

    assert [line for line in bare.splitlines() if len(line) > WIDTH] == []
    assert ("\x1b" in text) is colour
    assert told(name, lang).sentence in bare.splitlines()[2]
    assert set(re.findall(r"[^ -~\n]", bare)) <= set("äöüÄÖÜß✓✗")


def test_codes_stay_whatever_else_a_policy_holds() -> None:
    """They follow from the name of the check alone; two checks never share one."""
    assert len(set(check_codes(CHECKS).values())) == len(CHECKS)
    assert check_codes(["firewall"])["firewall"] == check_codes(CHECKS)["firewall"] == "F-1814"
    many = check_codes(f"check_{number}" for number in range(2000))
    assert len(set(many.values())) == 2000


@pytest.mark.parametrize(
    ("text", "code"),
    [("F-1814", "F-1814"), ("f1814", "F-1814"), ("18 14", "F-1814"), ("F-181", None), ("firewall", None)],
    ids=["as written", "without hyphen", "digits alone", "too short", "a name"],
)
def test_a_code_is_read_as_people_type_it(text: str, code: str | None) -> None:
    """Anything else is no code."""
    assert read_check_code(text) == code


def test_what_was_contested_is_marked() -> None:
    """Only that point."""
    name = next(name for name in LAPTOPS if len(told(name, "de").points) > 1)
    wrong = told(name, "de").points[1].check
    of = answer(replace(checked(name), contested=frozenset({wrong})), words("de"))
    assert [point.check for point in of.points if point.contested] == [wrong]


@each_laptop
def test_a_script_reads_the_same(name: str) -> None:
    """As JSON, exit code included."""
    plain = json.loads(json.dumps(as_plain(told(name, "en"))))
    assert plain["verdict"] == told(name, "en").verdict
    assert plain["exit_code"] in {0, 1, 3}
