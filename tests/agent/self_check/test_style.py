"""Can every text of the self-check be read, in light and in dark, and is it of the console's family?"""

import re
from pathlib import Path

import pytest

import fernbereit_server.console
from fernbereit_agent.self_check.markup import script, style

HEX = r"#[0-9a-f]{6}"
PAIR = re.compile(rf"--([a-z-]+): (?:light-dark\(({HEX}), ({HEX})\)|({HEX}));")
TEXTS = [
    *((text, ground) for text in ("ink", "soft", "link") for ground in ("paper", "card", "well")),
    *(
        (f"on-{one}", one)
        for one in ("link", "accent", "notice", "good", "warning", "critical", "unknown", "neutral")
    ),
]


def tokens(sheet: str) -> dict[str, tuple[str, str]]:
    """Return the colours of a sheet by name, in the light and in the dark."""
    return {name: (light or both, dark or both) for name, light, dark, both in PAIR.findall(sheet)}


OURS = tokens(style())
THEIRS = tokens(
    (Path(fernbereit_server.console.__file__).parent / "static" / "console.css").read_text("utf-8")
)


def _light(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one: str, other: str) -> float:
    """Return the contrast ratio of WCAG 2.2, 1.4.3."""
    darker, lighter = sorted((_light(one), _light(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("dark", [0, 1], ids=["in the light", "in the dark"])
@pytest.mark.parametrize(("text", "ground"), TEXTS, ids=[f"{t} on {g}" for t, g in TEXTS])
def test_text_stands_out_from_its_ground(text: str, ground: str, dark: int) -> None:
    """At least 4.5 to 1 (WCAG 1.4.3)."""
    assert _contrast(OURS[text][dark], OURS[ground][dark]) >= 4.5


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
