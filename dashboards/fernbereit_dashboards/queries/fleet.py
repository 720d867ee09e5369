"""How many devices of the whole fleet say what? From the fleet-wide counts, rounded once and not per unit.

Where the count of the fleet would tell too much beside those of the units, it is not published
(`publication/totals.py`); then the sum of the rounded units stands in.
"""

from fernbereit_dashboards.selectors import COLLECTOR, narrowed
from fernbereit_dashboards.subjects import Subject
from fernbereit_server.metrics.families.devices import DEVICES


def devices() -> str:
    """Return how many devices are in use."""
    return f"sum({DEVICES.fleet_name}{COLLECTOR})"


def words(subject: Subject) -> str:
    """Return the count of each word, largest first."""
    return f"sort_desc({_total(subject, f'sum by ({subject.label})', COLLECTOR)})"


def share(subject: Subject, group: str) -> str:
    """Return the share, 0 to 1, of the words of one group such as `good`: first summed, then divided."""
    return f"({_group(subject, group)}) / ({_total(subject, 'sum', COLLECTOR)})"


def groups(subject: Subject) -> str:
    """Return the count of each group of words, under the label `group`."""
    return " or ".join(
        f'label_replace({_group(subject, name)}, "group", "{name}", "", "")' for name in subject.groups
    )


def _group(subject: Subject, group: str) -> str:
    return _total(subject, "sum", narrowed(COLLECTOR, subject.label, *subject.groups[group]))


def _total(subject: Subject, summed: str, selector: str) -> str:
    family = subject.family
    names = dict.fromkeys((family.fleet_name, *(() if family.cells_only else (family.name,))))
    return " or ".join(f"{summed} ({name}{selector})" for name in names)
