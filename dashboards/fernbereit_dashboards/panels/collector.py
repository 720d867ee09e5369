"""Is the collector itself well, so that the numbers above can be believed?"""

from fernbereit_dashboards import house, sdk
from fernbereit_dashboards.looks import CRITICAL, GOOD, UNKNOWN, Look
from fernbereit_dashboards.queries import collector
from fernbereit_dashboards.words import Words


def up(words: Words) -> sdk.stat.Panel:
    """Return whether every collector chosen answers, as symbol and word."""
    panel = house.stat(words, "collector.up", collector.up(), "none")
    panel.color_mode(sdk.common_model.BigValueColorMode.VALUE)
    return panel.mappings(
        [
            sdk.model.ValueMap(
                options={
                    "1": _result(GOOD, words("word.up.yes"), 0),
                    "0": _result(CRITICAL, words("word.up.no"), 1),
                }
            ),
            sdk.model.SpecialValueMap(
                options=sdk.model.DashboardSpecialValueMapOptions(
                    match=sdk.model.SpecialValueMatch.NULL_AND_NAN,
                    result=_result(UNKNOWN, words("word.up.unknown"), 2),
                )
            ),
        ]
    )


def scrape(words: Words) -> sdk.stat.Panel:
    """Return how long Prometheus waits for the numbers."""
    return house.stat(words, "collector.scrape", collector.scrape_seconds(), "s").decimals(2)


def _result(look: Look, word: str, index: int) -> sdk.model.ValueMappingResult:
    return sdk.model.ValueMappingResult(text=look.label(word), color=look.colour, index=index)
