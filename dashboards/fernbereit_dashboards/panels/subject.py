"""How does a board show a subject? The fleet by word on the left, the units by what is to do on the right."""

from fernbereit_dashboards import house, sdk
from fernbereit_dashboards.looks import GOOD, KIND, UNKNOWN, WARNING
from fernbereit_dashboards.panels.units import names
from fernbereit_dashboards.queries import fleet, units
from fernbereit_dashboards.subjects import Subject
from fernbereit_dashboards.words import Words

_GROUP_LOOKS = {"good": GOOD, "to_do": WARNING, "neutral": KIND, "unknown": UNKNOWN}


def by_word(words: Words, subject: Subject) -> sdk.bargauge.Panel:
    """Return the panel `<label>.fleet`: one bar per word."""
    labels = {word: (look, words(f"word.{subject.label}.{word}")) for word, look in subject.looks.items()}
    key = f"{subject.label}.fleet"
    return house.bars(words, key, fleet.words(subject), subject.label, labels).span(8).height(9)


def by_unit(words: Words, subject: Subject) -> sdk.barchart.Panel:
    """Return the panel `<label>.units`: one stacked bar per unit, most to do or else unknown on top."""
    rows = ("unit", "group", names(words))
    panel = house.stacked(
        words,
        f"{subject.label}.units",
        units.groups(subject),
        rows,
        "to_do" if "to_do" in subject.groups else "unknown",
        groups(words, subject),
    )
    return panel.span(16).height(9)


def over_time(words: Words, subject: Subject) -> sdk.timeseries.Panel:
    """Return the panel `<label>.time`: one line per group of words."""
    return house.lines(words, f"{subject.label}.time", fleet.groups(subject), "group", groups(words, subject))


def groups(words: Words, subject: Subject) -> house.Labels:
    """Return look and word of each group that the subject has; what is neutral has a word of its own."""
    return {
        name: (_GROUP_LOOKS[name], words(f"group.{subject.label if name == 'neutral' else name}"))
        for name in subject.groups
    }
