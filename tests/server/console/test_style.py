"""Can every text and every status be read, in light and in dark, by everybody?"""

import re
from pathlib import Path

import pytest

import fernbereit_server.console
from colours import contrast, tokens

SHEET = (Path(fernbereit_server.console.__file__).parent / "static" / "console.css").read_text("utf-8")
TOKENS = tokens(SHEET)
LOOKS = ("good", "late", "warning", "critical", "neutral", "unknown")
TEXTS = [
    *((text, ground) for text in ("ink", "soft", "link") for ground in ("paper", "card", "well")),
    ("on-link", "link"),
    ("on-accent", "accent"),
    ("on-notice", "notice"),
]


@pytest.mark.parametrize("dark", [0, 1], ids=["in the light", "in the dark"])
@pytest.mark.parametrize(("text", "ground"), TEXTS, ids=[f"{t} on {g}" for t, g in TEXTS])
def test_text_stands_out_from_its_ground(text: str, ground: str, dark: int) -> None:
    """At least 4.5 to 1 (WCAG 1.4.3)."""
    assert contrast(TOKENS[text][dark], TOKENS[ground][dark]) >= 4.5


@pytest.mark.parametrize("dark", [0, 1], ids=["in the light", "in the dark"])
@pytest.mark.parametrize("look", LOOKS)
def test_a_symbol_stands_out_from_its_colour(look: str, dark: int) -> None:
    """At least 4.5 to 1: the shape can be told without the colour."""
    assert contrast(TOKENS[f"on-{look}"][dark], TOKENS[look][dark]) >= 4.5


@pytest.mark.parametrize("dark", [0, 1], ids=["in the light", "in the dark"])
def test_edges_of_fields_stand_out(dark: int) -> None:
    """At least 3 to 1 for what shows where to type (WCAG 1.4.11)."""
    assert contrast(TOKENS["edge"][dark], TOKENS["card"][dark]) >= 3


def test_the_status_colours_are_okabe_and_itos() -> None:
    """The same in both themes, and the same as on the boards."""
    named = {look: TOKENS[look] for look in ("good", "late", "warning", "critical")}
    assert named == {
        "good": ("#0072b2",) * 2,
        "late": ("#56b4e9",) * 2,
        "warning": ("#e69f00",) * 2,
        "critical": ("#d55e00",) * 2,
    }


def test_unknown_is_grey() -> None:
    """No more red than green than blue."""
    colour = TOKENS["unknown"][0]
    assert colour[1:3] == colour[3:5] == colour[5:7]


def test_every_colour_is_a_token() -> None:
    """Colours stand in one place, where their contrast is computed."""
    rest = SHEET.split("/* Ground", 1)[1]
    assert set(re.findall(r"#[0-9a-f]{6}", rest)) <= {"#ffffff"}


def test_the_style_sheet_loads_nothing() -> None:
    """No font, picture or sheet from anywhere."""
    assert not re.search(r"url\(|@import|@font-face|//[a-z]", SHEET)


def test_the_style_sheet_is_balanced() -> None:
    """A missing brace would end the sheet silently."""
    assert SHEET.count("{") == SHEET.count("}")
    assert set(re.findall(r"var\(--([a-z-]+)\)", SHEET)) <= {*TOKENS, "shade"}


@pytest.mark.parametrize("where", [".facts dd", ".stack tbody"])
def test_the_longest_name_breaks_instead_of_widening_the_page(where: str) -> None:
    """A name of 128 letters without a space, on a telephone."""
    assert re.search(rf"{re.escape(where)} \{{[^}}]*overflow-wrap: anywhere;", SHEET)


def test_nothing_widens_what_is_only_for_screen_readers() -> None:
    """A caption of one unseen line made every German list on a telephone scroll sideways."""
    assert not re.search(r"caption[^{}]*\{[^}]*width: auto", SHEET)
