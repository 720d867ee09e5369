"""Is the collector itself well, so that the numbers above can be believed?"""

from fernbereit_dashboards import house, sdk
from fernbereit_dashboards.looks import CRITICAL, GOOD, KIND, UNKNOWN, WARNING, Look
from fernbereit_dashboards.queries import collector
from fernbereit_dashboards.words import Words


def up(words: Words) -> sdk.stat.Panel:
    """Return whether every collector chosen answers Prometheus."""
    return _state(words, "collector.up", collector.up(), yes=GOOD, no=CRITICAL)


def connected(words: Words) -> sdk.stat.Panel:
    """Return whether every collector chosen is connected to its broker."""
    return _state(words, "collector.connected", collector.connected(), yes=GOOD, no=CRITICAL)


def paused(words: Words) -> sdk.stat.Panel:
    """Return whether a collector pauses because it cannot store anything."""
    return _state(words, "collector.paused", collector.paused(), yes=CRITICAL, no=GOOD)


def age(words: Words) -> sdk.stat.Panel:
    """Return how old the published counts are."""
    return house.stat(words, "collector.age", collector.age_seconds(), "s").decimals(0)


def scrape(words: Words) -> sdk.stat.Panel:
    """Return how long Prometheus waits for the numbers."""
    return house.stat(words, "collector.scrape", collector.scrape_seconds(), "s").decimals(2)


def queue(words: Words) -> sdk.stat.Panel:
    """Return how many messages wait."""
    return house.stat(words, "collector.queue", collector.queue())


def dropped(words: Words) -> sdk.stat.Panel:
    """Return how many records laptops dropped in the time range."""
    return house.stat(words, "collector.dropped", collector.dropped()).decimals(0)


def messages(words: Words) -> sdk.timeseries.Panel:
    """Return messages a second by what became of them."""
    looks = zip(collector.MESSAGE_GROUPS, (GOOD, KIND, WARNING), strict=True)
    labels = {group: (look, words(f"group.{group}")) for group, look in looks}
    return house.lines(words, "collector.messages", collector.messages(), "group", labels, "mps")


def _state(words: Words, key: str, expr: str, *, yes: Look, no: Look) -> sdk.stat.Panel:
    """Show 1 and 0 as a word with symbol and colour, and nothing at all as not known."""
    known = {
        "1": _result(yes, words(f"{key}.yes"), 0),
        "0": _result(no, words(f"{key}.no"), 1),
    }
    unknown = sdk.model.DashboardSpecialValueMapOptions(
        match=sdk.model.SpecialValueMatch.NULL_AND_NAN,
        result=_result(UNKNOWN, words("word.not_known"), 2),
    )
    panel = house.stat(words, key, expr, "none").color_mode(sdk.common_model.BigValueColorMode.VALUE)
    return panel.mappings([sdk.model.ValueMap(options=known), sdk.model.SpecialValueMap(options=unknown)])


def _result(look: Look, word: str, index: int) -> sdk.model.ValueMappingResult:
    return sdk.model.ValueMappingResult(text=look.label(word), color=look.colour, index=index)
