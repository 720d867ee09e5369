"""Can everybody use the page, does it load nothing, and does text stay text?"""

import re
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from fernbereit.fields import fields
from fernbereit.words import LANGUAGES, load
from fernbereit_agent.manifest import ENVELOPE, NEVER, LastSent
from fernbereit_agent.self_check.frame import Served
from fernbereit_agent.self_check.manifest_page import manifest_page
from fernbereit_agent.self_check.markup import content_policy, e, page_text, script, style
from fernbereit_agent.self_check.page import answer_page, busy_page, message_page
from html_tree import Element, parse
from self_check_world import LAPTOPS, told, words

SERVED = Served(token="token", minutes=15)
HOSTILE = "</pre><script>alert(1)</script>\"'&<b>"
SENT = LastSent(path=Path("/data/owner/last-sent"), text="fernbereit 1 x\n1 0 5 {}")
KINDS = ["static", "first", "served", "busy", "message", "manifest", "manifest served"]
each_language = pytest.mark.parametrize("lang", LANGUAGES)


def html(kind: str, lang: str, name: str = "windows-forticlient-down") -> str:
    """Return the text of one kind of page."""
    of, its = told(name, lang), words(lang)
    return {
        "static": lambda: answer_page(of, its, first=False),
        "first": lambda: answer_page(of, its, first=True),
        "served": lambda: answer_page(of, its, first=False, served=SERVED, said="x"),
        "busy": lambda: busy_page(its, replace(SERVED, busy=True), "x", 3, 16),
        "message": lambda: message_page(its, "x", SERVED),
        "manifest": lambda: manifest_page(its, SENT),
        "manifest served": lambda: manifest_page(its, SENT, SERVED),
    }[kind]()


@pytest.fixture(params=KINDS)
def page(request: pytest.FixtureRequest) -> Element:
    """Read every kind of page as a tree, which also shows that its elements are closed in order."""
    return parse(html(request.param, "de"))


def test_headings_skip_no_level(page: Element) -> None:
    """One h1, and no heading more than one level below the one before it."""
    levels = [int(heading.tag[1]) for heading in page.all("h1", "h2", "h3")]
    assert (levels.count(1), levels[0]) == (1, 1)
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_landmarks_and_the_first_link_help_a_keyboard(page: Element) -> None:
    """Header, main and footer once; the first link skips to the content."""
    for landmark in ("header", "main", "footer", "title"):
        assert len(list(page.all(landmark))) == 1
    assert next(page.all("a")).attributes["href"] == "#" + next(page.all("main")).attributes["id"]
    assert all(nav.attributes["aria-label"] for nav in page.all("nav"))


def test_ids_and_references_agree(page: Element) -> None:
    """Every id is given once, and every reference meets one."""
    ids = [element.attributes["id"] for element in page.every() if "id" in element.attributes]
    assert len(ids) == len(set(ids))
    for element in page.every():
        for name in ("aria-labelledby", "aria-describedby"):
            assert set(element.attributes.get(name, "").split()) <= set(ids)
    for table in page.all("table"):
        assert table.attributes["aria-labelledby"]
        assert {cell.attributes.get("scope") for cell in table.all("th")} <= {"col", "row"}


def test_nothing_is_loaded_from_anywhere(page: Element) -> None:
    """Not a font, not a picture; what runs and what styles are two files of the package, by their hashes."""
    assert not list(page.all("link", "img", "iframe", "object", "base"))
    assert [one.text for one in page.all("script")] in ([], [script()])
    assert [one.text for one in page.all("style")] == [style()]
    policies = [one.attributes["content"] for one in page.all("meta") if "http-equiv" in one.attributes]
    assert policies[0] == content_policy()
    for element in page.every():
        assert not [name for name in element.attributes if name == "style" or name.startswith("on")]
        for name in ("href", "src", "action"):
            assert "//" not in element.attributes.get(name, "")


def test_symbols_are_hidden_and_words_stand_beside_them(page: Element) -> None:
    """A status is never a colour alone."""
    for drawing in page.all("svg"):
        assert drawing.attributes["aria-hidden"] == "true"
    for status in page.all("span"):
        if "status" in status.classes():
            assert re.search(r"\w", status.text)


@each_language
@pytest.mark.parametrize("kind", KINDS)
def test_a_page_speaks_the_language_it_names(kind: str, lang: str) -> None:
    """So that it is read aloud rightly."""
    page = parse(html(kind, lang))
    assert next(page.all("html")).attributes["lang"] == lang
    chosen = [link.attributes["lang"] for link in page.all("a") if "aria-current" in link.attributes]
    assert chosen == ([lang] if kind in {"served", "busy", "manifest served"} else [])


def test_a_static_page_has_commands_where_a_served_one_has_buttons() -> None:
    """No button that cannot work, no script that has nothing to ask."""
    static, served = parse(html("static", "de")), parse(html("served", "de"))

    assert not list(static.all("form", "button", "script"))
    points = told("windows-forticlient-down", "de").points
    for point in points:
        assert f"fernbereit-agent contest {point.code}" in static.text
    assert "fernbereit-agent self-check --send" in static.text
    assert [one.text for one in served.all("button")] == [
        "Neu prüfen und senden",
        *["Das stimmt nicht"] * len(points),
    ]
    assert all(
        any(i.attributes["name"] == "token" and i.attributes["value"] == "token" for i in form.all("input"))
        for form in served.all("form")
    )
    assert "fernbereit-agent" not in served.text.replace(script(), "")


def test_progress_is_told_to_everybody() -> None:
    """In a live region, in a bar with a name, and by asking again where scripts are switched off."""
    page = parse(html("busy", "de"))
    live = next(one for one in page.every() if one.attributes.get("id") == "live")
    assert live.attributes["role"] == "status"
    assert next(page.all("progress")).attributes["aria-labelledby"] == "live"
    assert next(page.all("noscript"), None) is not None


def test_what_this_is_about_comes_in_five_sentences_on_the_first_opening() -> None:
    """Right below the answer; later at the end."""
    first, later = html("first", "de"), html("static", "de")
    about, works = "Worum es hier geht", "Was schon klappt"
    assert first.index(about) < first.index(works)
    assert later.index(about) > later.index(works)


@pytest.mark.parametrize("name", LAPTOPS)
def test_every_laptop_gets_a_sound_page(name: str) -> None:
    """Elements are closed in order, and the device code stands above the points."""
    text = html("served", "de", name)
    parse(text)
    assert text.index("SX64EC") < text.index("Was zu tun ist")


@pytest.mark.parametrize("kind", ["a contact", "a title", "what was sent"])
def test_text_stays_text_wherever_it_comes_from(kind: str) -> None:
    """Settings, a policy and a machine can say what they like."""
    of = told("windows-forticlient-down", "de")
    hostile = {
        "a contact": lambda: answer_page(replace(of, contact=HOSTILE), words("de"), first=True),
        "a title": lambda: answer_page(
            replace(of, points=(replace(of.points[0], title=HOSTILE, seen=HOSTILE),)),
            words("de"),
            first=False,
        ),
        "what was sent": lambda: manifest_page(words("de"), replace(SENT, text=HOSTILE)),
    }[kind]()
    page = parse(hostile)

    assert HOSTILE in page.text
    assert not list(page.all("script", "b"))


def test_attributes_cannot_be_left() -> None:
    """A quotation mark in a value is no end of it."""
    assert page_text(e("p", id='x" onclick="y')) == '<p id="x&quot; onclick=&quot;y"></p>'


@each_language
def test_the_manifest_names_every_field_and_the_bytes_last_sent(lang: str) -> None:
    """With why, how long and who sees it; beside it what travels along, and what is never read."""
    text, shared = parse(manifest_page(words(lang), SENT)).text, load(lang)
    for field in fields():
        assert shared.label(field) in text
        assert shared.why(field) in text
        assert f"{field.section}.{field.path}" in text
    assert all(shared(key) in text for key in (*ENVELOPE, *NEVER))
    assert SENT.text is not None
    assert SENT.text in text
