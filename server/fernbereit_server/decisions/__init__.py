"""What have people decided: policy, organisation, waivers, goals, measures, announced drills?"""

from fernbereit_server.decisions.model import (
    NOTHING_DECIDED,
    Decisions,
    DrillDay,
    Goal,
    Measure,
    Waiver,
)
from fernbereit_server.decisions.reading import (
    organisation_as_of,
    policy_days,
    read_decisions,
    read_drill_day,
)

__all__ = [
    "NOTHING_DECIDED",
    "Decisions",
    "DrillDay",
    "Goal",
    "Measure",
    "Waiver",
    "organisation_as_of",
    "policy_days",
    "read_decisions",
    "read_drill_day",
]
