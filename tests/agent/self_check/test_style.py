"""Can every text of the self-check be read, in light and in dark, and is it of the console's family?"""

import re
from pathlib import Path

import pytest

import fernbereit_server.console
from colours import contrast, tokens
from fernbereit_agent.self_check.markup import script, style

TEXTS = [
    *((text, ground) for text in ("ink", "soft", "link") for ground in ("paper", "card", "well")),
    *(
        (f"on-{one}", one)
        for one in ("link", "accent", "notice", "good", "warning", "critical", "unknown", "neutral")
    ),
]


OURS = tokens(style())
THEIRS = tokens(
    (Path(fernbereit_server.console.__file__).parent / "static" / "console.css").read_text("utf-8")
)


@pytest.mark.parametrize("dark", [0, 1], ids=["in the light", "in the dark"])
@pytest.mark.parametrize(("text", "ground"), TEXTS, ids=[f"{t} on {g}" for t, g in TEXTS])
def test_text_stands_out_from_its_ground(text: str, ground: str, dark: int) -> None:
    """At least 4.5 to 1 (WCAG 1.4.3)."""
    assert contrast(OURS[text][dark], OURS[ground][dark]) >= 4.5


def test_colours_are_those_of_the_console() -> None:
    """A laptop and its desk look alike."""
    assert {name: THEIRS[name] for name in OURS} == OURS


def test_the_sheet_is_balanced_and_loads_nothing() -> None:
    """A missing brace would end it silently."""
    assert style().count("{") == style().count("}")
    assert not re.search(r"url\(|@import|@font-face|//[a-z]", style())
    assert set(re.findall(r"var\(--([a-z-]+)\)", style())) <= set(OURS)


@pytest.mark.parametrize("text", [style(), script()], ids=["the style", "the script"])
def test_nothing_in_the_two_files_ends_their_element(text: str) -> None:
    """They are written into the page as they are."""
    assert not re.search(r"</|<!--|]]>", text)
