"""Which sections could be read, and on how many devices not?"""

from fernbereit.facts import SECTIONS
from fernbereit_dashboards import house, sdk
from fernbereit_dashboards.looks import GOOD, KIND, UNKNOWN
from fernbereit_dashboards.queries import sections
from fernbereit_dashboards.words import Words


def outcomes(words: Words) -> sdk.barchart.Panel:
    """Return one stacked bar per section, the least readable on top."""
    labels = {
        "read": (GOOD, words("group.read")),
        "absent": (KIND, words("group.absent")),
        "not_read": (UNKNOWN, words("group.not_read")),
    }
    names = {section: words(f"section.{section}") for section in SECTIONS}
    panel = house.stacked(
        words, "sections.outcomes", sections.outcomes(), ("section", "group", names), "not_read", labels
    )
    return panel.span(16).height(9)
