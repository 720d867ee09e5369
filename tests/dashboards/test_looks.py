"""Can everybody tell one status from another, on a dark panel and on a white one?

Colour blindness is simulated with the matrices of Machado, Oliveira and Fernandes (2009, severity 1, linear
RGB); distances are Euclidean in CIELAB (about 2 is just noticeable); contrast is WCAG 2.1's.
"""

from itertools import combinations

import pytest

from fernbereit_dashboards.looks import CRITICAL, GOOD, LOOKS, TO_DO, UNKNOWN, WARNING, Look
from fernbereit_dashboards.panels.subject import groups
from fernbereit_dashboards.subjects import FRESHNESS, SUBJECTS
from fernbereit_dashboards.words import Words

Vector = tuple[float, float, float]
SIGHTS: dict[str, tuple[Vector, Vector, Vector]] = {
    "full colour": ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)),
    "no red (protanopia)": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "no green (deuteranopia)": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "no blue (tritanopia)": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}
PANELS = {"dark panel": "#181b1f", "white panel": "#ffffff"}
LEAST_DISTANCE = 12.0
PAIRS = list(combinations(LOOKS, 2))


def linear(colour: str) -> Vector:
    """Return the light of `#rrggbb`, each 0 to 1 (IEC 61966-2-1)."""
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return red, green, blue


def luminance(colour: str) -> float:
    """Return the relative luminance, 0 to 1."""
    red, green, blue = linear(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours, 1 to 21."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def seen(colour: str, sight: tuple[Vector, Vector, Vector]) -> Vector:
    """Return a colour in CIELAB (D65) as somebody with that sight sees it."""
    light = linear(colour)
    red, green, blue = (
        min(1.0, max(0.0, sum(a * b for a, b in zip(row, light, strict=True)))) for row in sight
    )
    x, y, z = (
        part / 24389 * 27 + 4 / 29 if part <= 216 / 24389 else part ** (1 / 3)
        for part in (
            (0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.95047,
            0.2126 * red + 0.7152 * green + 0.0722 * blue,
            (0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.08883,
        )
    )
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


@pytest.mark.parametrize("sight", SIGHTS.values(), ids=SIGHTS)
@pytest.mark.parametrize(("one", "other"), PAIRS, ids=[f"{a.name} and {b.name}" for a, b in PAIRS])
def test_two_looks_stay_apart_for_every_sight(
    one: Look, other: Look, sight: tuple[Vector, Vector, Vector]
) -> None:
    """Good, warning, critical, unknown and kind differ by six times the least that is noticed."""
    apart = zip(seen(one.colour, sight), seen(other.colour, sight), strict=True)

    assert sum((a - b) ** 2 for a, b in apart) ** 0.5 >= LEAST_DISTANCE


@pytest.mark.parametrize("panel", PANELS.values(), ids=PANELS)
@pytest.mark.parametrize("look", LOOKS, ids=lambda look: look.name)
def test_a_look_stands_out_from_the_panel(look: Look, panel: str) -> None:
    """WCAG 2.1, 1.4.11: 3:1 for what is not text."""
    assert contrast(look.colour, panel) >= 3.0


def test_red_and_green_of_equal_light_would_be_found() -> None:
    """The simulation does find the pair it is there for."""
    red, green = (seen(colour, SIGHTS["no green (deuteranopia)"]) for colour in ("#B85C38", "#808030"))

    assert sum((a - b) ** 2 for a, b in zip(red, green, strict=True)) ** 0.5 < LEAST_DISTANCE


def test_every_look_has_a_symbol_of_its_own() -> None:
    """A print without colours still says which is which."""
    assert len({look.symbol for look in LOOKS}) == len(LOOKS)


def test_a_weekend_is_no_work() -> None:
    """Not heard of for some days is neither good nor to be put right, by word and by group."""
    assert FRESHNESS.looks["stale"] not in (GOOD, UNKNOWN, *TO_DO)
    assert "to_do" not in FRESHNESS.groups
    assert groups(Words("en"), FRESHNESS)["neutral"] == (FRESHNESS.looks["stale"], "1 to 14 days")


def test_unknown_is_grey() -> None:
    """Equal parts of red, green and blue: neither good nor bad."""
    assert len({UNKNOWN.colour[at : at + 2] for at in (1, 3, 5)}) == 1


@pytest.mark.parametrize("word", ["unknown", "silent", "never", "none", "other"])
def test_a_word_that_says_nothing_never_looks_good_or_bad(word: str) -> None:
    """Unknown is no verdict, whatever it is about."""
    looks = {subject.looks[word] for subject in SUBJECTS if word in subject.looks}

    assert looks
    assert not looks & {GOOD, WARNING, CRITICAL}
