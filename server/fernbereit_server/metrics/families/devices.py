"""How many devices are there, how fresh is what is known of them, how completely could they be read?"""

from fernbereit.facts import SECTIONS
from fernbereit.record import Outcome
from fernbereit_server.metrics.family import Family, known

DEVICES = Family(
    name="fernbereit_devices",
    help="Devices in use, known from their reports or from the inventory, without stock.",
    level="unit",
    source="devices",
)

FRESHNESS = Family(
    name="fernbereit_devices_by_freshness",
    help="Devices by the age of their last report, recounted once a day.",
    level="unit",
    source="freshness",
    label="freshness",
    words=("recent", "stale", "silent", "never"),
)

LIFECYCLE = Family(
    name="fernbereit_devices_by_lifecycle",
    help="Every known device by where it is in its life, stock and retired ones too, recounted once a day.",
    level="fleet",
    source="lifecycle",
    label="lifecycle",
    words=("active", "inactive", "missing", "pending", "in_stock", "retired", "quarantined", "revoked"),
)

READING = Family(
    name="fernbereit_devices_by_reading",
    help="Devices by whether everything they have and their agent knows could be read.",
    level="unit",
    source="reading",
    label="reading",
    words=known(("complete", "partial", "none")),
    cells_only=True,
)

SECTION_OUTCOMES = tuple(
    Family(
        name="fernbereit_section_devices",
        help="Devices by section and outcome of its latest observation.",
        level="fleet",
        source="outcome",
        label="outcome",
        words=known(tuple(outcome.value for outcome in Outcome)),
        part_label="section",
        part=section,
    )
    for section in SECTIONS
)
