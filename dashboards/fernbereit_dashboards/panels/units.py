"""In which unit does one round of work help most staff?"""

from fernbereit_dashboards import house, sdk
from fernbereit_dashboards.queries import units
from fernbereit_dashboards.subjects import TO_PUT_RIGHT
from fernbereit_dashboards.words import Words
from fernbereit_server.metrics.family import NO_UNIT, OTHER_UNITS


def to_put_right(words: Words) -> sdk.table.Panel:
    """Return one line per unit, most open points on top: where to go first, not who is worst."""
    columns = ["all", "devices", "silent", *(subject.label for subject in TO_PUT_RIGHT)]
    return house.table(
        words, "units.open", units.to_put_right(TO_PUT_RIGHT), ("unit", "point", names(words)), columns
    )


def names(words: Words) -> dict[str, str]:
    """Return what people read for the groups that are no unit of their own."""
    return {NO_UNIT: words("unit.none"), OTHER_UNITS: words("unit.others")}
