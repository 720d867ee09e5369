"""Which pillar of readiness fails most often?"""

from fernbereit.policy import Pillar
from fernbereit_dashboards import house, sdk
from fernbereit_dashboards.looks import GOOD, UNKNOWN, WARNING
from fernbereit_dashboards.queries import pillars
from fernbereit_dashboards.words import Words


def results(words: Words) -> sdk.barchart.Panel:
    """Return one stacked bar per pillar, the one that fails most often on top."""
    labels = {
        "pass": (GOOD, words("group.pass")),
        "fail": (WARNING, words("group.fail")),
        "unknown": (UNKNOWN, words("group.unknown")),
    }
    names = {pillar.value: words(f"pillar.{pillar.value}") for pillar in Pillar}
    panel = house.stacked(
        words, "pillars.results", pillars.results(), ("pillar", "result", names), "fail", labels
    )
    return panel.span(16).height(9)
