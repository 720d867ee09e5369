"""On which pillar of readiness do how many devices stand firmly?"""

from typing import Final

from fernbereit_dashboards.selectors import COLLECTOR, narrowed
from fernbereit_server.metrics.families.readiness import PILLARS

_FAMILY: Final = PILLARS[0]


def results() -> str:
    """Return the count by pillar and result, under the labels `pillar` and `result`."""
    return " or ".join(
        f"sum by (pillar, result) ({_FAMILY.fleet_name}{narrowed(COLLECTOR, 'result', word)})"
        for word in _FAMILY.words
    )
