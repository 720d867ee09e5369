"""In which unit does one round of work help most staff?"""

from fernbereit_dashboards import house, sdk
from fernbereit_dashboards.queries import units
from fernbereit_dashboards.subjects import TO_PUT_RIGHT
from fernbereit_dashboards.words import Words


def to_put_right(words: Words) -> sdk.table.Panel:
    """Return one line per unit, most open points on top: where to go first, not who is worst."""
    columns = ["all", "devices", "silent", *(subject.label for subject in TO_PUT_RIGHT)]
    return house.table(words, "units.open", units.to_put_right(TO_PUT_RIGHT), ("unit", "point"), columns)
