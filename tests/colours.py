"""Which colours does a style sheet name, and how well do they stand out from each other?"""

import re

_HEX = r"#[0-9a-f]{6}"
_PAIR = re.compile(rf"--([a-z-]+): (?:light-dark\(({_HEX}), ({_HEX})\)|({_HEX}));")


def tokens(sheet: str) -> dict[str, tuple[str, str]]:
    """Return the colours of a sheet by name, in the light and in the dark."""
    return {name: (light or both, dark or both) for name, light, dark, both in _PAIR.findall(sheet)}


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of WCAG 2.2, 1.4.3."""
    darker, lighter = sorted((_light(one), _light(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _light(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
