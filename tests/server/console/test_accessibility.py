"""Can everybody use every page? What WCAG 2.2 AA asks and a program can check (BITV 2.0, EN 301 549)."""

import re
from itertools import pairwise

import pytest

from console_house import House
from html_tree import Element, parse

PAGES = [
    "/",
    "/about",
    "/resilience",
    "/drill",
    "/drill?scenario=storm-day",
    "/drill?scenario=no-such-scenario",
    "/plan",
    "/plan?target=90",
    "/blockers",
    "/trend",
    "/goals",
    "/devices",
    "/devices?q=no-such-device",
    "/devices/no-such-device",
    "device",
    "expected",
]


@pytest.fixture(params=PAGES, scope="module")
def page(request: pytest.FixtureRequest, house: House) -> Element:
    """Read every kind of page as a tree, which also shows that its elements are closed in order."""
    address = {"device": house.page(house.reported()), "expected": house.expected_page()}
    return parse(house.get(address.get(request.param, request.param)).text)


def test_a_page_has_one_first_heading_and_skips_no_level(page: Element) -> None:
    """One h1, and no heading is more than one level below the one before it."""
    levels = [int(heading.tag[1]) for heading in page.all("h1", "h2", "h3", "h4", "h5", "h6")]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_a_page_has_a_language_a_title_and_landmarks(page: Element) -> None:
    """Language, title, header, main and footer are there once; every navigation has a name of its own."""
    assert next(page.all("html")).attributes["lang"] in {"de", "en"}
    assert next(page.all("title")).text.removesuffix("Fernbereit").count(" ") >= 2
    for landmark in ("header", "main", "footer"):
        assert len(list(page.all(landmark))) == 1
    names = [nav.attributes["aria-label"] for nav in page.all("nav")]
    assert len(names) == len(set(names)) in {3, 4}


def test_the_first_link_skips_to_the_content(page: Element) -> None:
    """The first thing a keyboard reaches leads to the main element."""
    assert next(page.all("a")).attributes["href"] == "#" + next(page.all("main")).attributes["id"]


def test_every_id_is_given_once_and_every_reference_meets_one(page: Element) -> None:
    """Labels, descriptions and links within the page lead to an element that exists once."""
    ids = [element.attributes["id"] for element in page.every() if "id" in element.attributes]
    assert len(ids) == len(set(ids))
    for element in page.every():
        for name in ("aria-labelledby", "aria-describedby", "for"):
            assert set(element.attributes.get(name, "").split()) <= set(ids)
        target = element.attributes.get("href", "")
        assert not target.startswith("#") or target[1:] in ids


def test_every_field_has_a_label(page: Element) -> None:
    """No input, selection or text area is without a visible or spoken name."""
    labelled = {label.attributes["for"] for label in page.all("label")}
    for element in page.all("input", "select", "textarea"):
        assert element.attributes.get("type") == "hidden" or element.attributes["id"] in labelled


def test_every_table_has_a_caption_and_every_heading_cell_a_scope(page: Element) -> None:
    """A table says what it is; a heading says whether it heads a column, a row or a group."""
    for table in page.all("table"):
        assert next(table.all("caption")).text.strip()
        assert {cell.attributes.get("scope") for cell in table.all("th")} <= {"col", "row", "rowgroup"}
        columns = len(list(next(table.all("thead")).all("th")))
        for row in next(table.all("tbody")).all("tr"):
            width = sum(int(cell.attributes.get("colspan", "1")) for cell in row.all("th", "td"))
            assert width == columns


def test_every_picture_is_named_or_hidden(page: Element) -> None:
    """Images have an alternative text; drawings are named or, where words say the same, hidden."""
    for image in page.all("img"):
        assert "alt" in image.attributes
    for drawing in page.all("svg"):
        hidden = drawing.attributes.get("aria-hidden") == "true"
        assert hidden != ("aria-labelledby" in drawing.attributes)


def test_a_status_is_never_a_colour_alone(page: Element) -> None:
    """Beside every coloured symbol stands a word."""
    for status in page.all("span"):
        if "status" in status.classes():
            assert re.search(r"\w", status.text)
            assert next(status.all("svg"), None)


def test_links_say_where_they_lead(page: Element) -> None:
    """No link is without text."""
    assert all(link.text.strip() for link in page.all("a"))


def test_nothing_runs_and_nothing_is_loaded_from_elsewhere(page: Element) -> None:
    """No script, no inline style, no handler, no address outside the collector."""
    assert not list(page.all("script", "style", "iframe", "object", "base"))
    for element in page.every():
        assert "style" not in element.attributes
        assert not any(name.startswith("on") for name in element.attributes)
        for name in ("href", "src", "action"):
            assert element.attributes.get(name, "/").startswith(("/", "#"))
            assert not element.attributes.get(name, "/").startswith("//")
