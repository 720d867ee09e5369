"""How many devices of the whole fleet say what? From the fleet-wide counts, rounded once and not per unit."""

from fernbereit_dashboards.selectors import COLLECTOR, narrowed
from fernbereit_dashboards.subjects import Subject
from fernbereit_server.metrics.families.devices import DEVICES


def devices() -> str:
    """Return how many devices are in use."""
    return f"sum({DEVICES.fleet_name}{COLLECTOR})"


def words(subject: Subject) -> str:
    """Return the count of each word, largest first."""
    return f"sort_desc(sum by ({subject.label}) ({subject.family.fleet_name}{COLLECTOR}))"


def share(subject: Subject, group: str) -> str:
    """Return the share, 0 to 1, of the words of one group such as `good`: first summed, then divided."""
    return f"sum({_count(subject, group)}) / sum({subject.family.fleet_name}{COLLECTOR})"


def groups(subject: Subject) -> str:
    """Return the count of each group of words, under the label `group`."""
    return " or ".join(
        f'label_replace(sum({_count(subject, name)}), "group", "{name}", "", "")' for name in subject.groups
    )


def _count(subject: Subject, group: str) -> str:
    return subject.family.fleet_name + narrowed(COLLECTOR, subject.label, *subject.groups[group])
