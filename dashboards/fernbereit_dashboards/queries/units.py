"""How many devices of each unit are in order, to be put right, neither, or not known?

A cell of fewer devices than the smallest published group has no number of its own, so a sum over units can
differ from the count of the fleet; `publication.py` says how such cells are merged.
"""

from collections.abc import Sequence

from fernbereit_dashboards.selectors import UNITS, narrowed
from fernbereit_dashboards.subjects import FRESHNESS, Subject
from fernbereit_server.metrics.families.devices import DEVICES


def groups(subject: Subject) -> str:
    """Return the count by unit and group of words, under the labels `unit` and `group`."""
    return " or ".join(
        f'label_replace(sum by (unit) ({_count(subject, name)}), "group", "{name}", "", "")'
        for name in subject.groups
    )


def to_put_right(subjects: Sequence[Subject]) -> str:
    """Return by unit, under the label `point`: all points, the devices, the silent, each subject's points."""
    every = " or ".join(_count(subject, "to_do") for subject in subjects)
    parts = [("all", every), ("devices", f"{DEVICES.name}{UNITS}"), ("silent", _count(FRESHNESS, "unknown"))]
    parts += [(subject.label, _count(subject, "to_do")) for subject in subjects]
    return " or ".join(
        f'label_replace(sum by (unit) ({expr}), "point", "{point}", "", "")' for point, expr in parts
    )


def _count(subject: Subject, group: str) -> str:
    return subject.family.name + narrowed(UNITS, subject.label, *subject.groups[group])
