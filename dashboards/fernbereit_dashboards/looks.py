"""What does a status look like? Always a word, a symbol and a colour, never a colour alone.

The hues are Okabe and Ito's (*Color Universal Design*, 2008), told apart by people who are colour-blind.
Orange and vermilion are darkened until they keep a contrast of 3:1 (WCAG 2.1, 1.4.11) on dark panels
and on white ones. Unknown is grey and nothing else: it never gets the look of something good or bad.
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """Colour as `#rrggbb`, and the symbol that says the same without it."""

    name: str
    colour: str
    symbol: str

    def label(self, word: str) -> str:
        """Return a word with its symbol in front."""
        return f"{self.symbol} {word}"


GOOD: Final = Look(name="good", colour="#0072B2", symbol="✔")
WARNING: Final = Look(name="warning", colour="#C28500", symbol="▲")
CRITICAL: Final = Look(name="critical", colour="#C23F00", symbol="✖")
UNKNOWN: Final = Look(name="unknown", colour="#8C8C8C", symbol="?")
KIND: Final = Look(name="kind", colour="#B04E8F", symbol="■")
"""A kind is no status: a platform, or a laptop that rests over a weekend, is neither good nor bad."""

LOOKS: Final = (GOOD, WARNING, CRITICAL, UNKNOWN, KIND)
TO_DO: Final = (WARNING, CRITICAL)
"""The looks of what somebody can put right."""
