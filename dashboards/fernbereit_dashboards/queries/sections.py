"""Which sections of the reports could be read on how many devices?"""

from typing import Final

from fernbereit_dashboards.selectors import COLLECTOR, narrowed
from fernbereit_server.metrics.families.devices import SECTION_OUTCOMES

_FAMILY: Final = SECTION_OUTCOMES[0]
_READ: Final = ("ok", "absent")
GROUPS: Final = {
    "read": _READ[:1],
    "absent": _READ[1:],
    "not_read": tuple(word for word in _FAMILY.words if word not in _READ),
}
"""`absent` is an answer (a desktop has no battery); denied, failed, timed out and not yet asked are none."""


def outcomes() -> str:
    """Return the count by section and group of outcomes, under the labels `section` and `group`."""
    return " or ".join(
        f'label_replace(sum by (section) ({_count(words)}), "group", "{name}", "", "")'
        for name, words in GROUPS.items()
    )


def _count(words: tuple[str, ...]) -> str:
    return _FAMILY.fleet_name + narrowed(COLLECTOR, "outcome", *words)
