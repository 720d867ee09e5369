"""What would an import change in the organisation that is in force? Parts are recognised by their names."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from fernbereit.nearest import nearest
from fernbereit_server.organisation.model import Organisation, Part

LISTS = (
    "units",
    "services",
    "gateways",
    "licence_pools",
    "uplinks",
    "targets",
    "device_pools",
    "scenarios",
)
TABLES = ("stock", "prices")
OWN = ("name", "sites", "concurrency", "reservation")

Pair = tuple[Any, Any]
"""Before and after; None for what nobody stated."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """One part that changes: which fields, from what to what."""

    name: str
    fields: Mapping[str, Pair]


@dataclass(frozen=True, slots=True, kw_only=True)
class PartComparison:
    """What changes in one list or table of the file; `renamed` are guesses, old name and new."""

    part: str
    added: tuple[tuple[str, Mapping[str, Any]], ...] = ()
    removed: tuple[str, ...] = ()
    renamed: tuple[tuple[str, str], ...] = ()
    changed: tuple[Changed, ...] = ()

    def __bool__(self) -> bool:
        """Tell whether anything changes."""
        return bool(self.added or self.removed or self.renamed or self.changed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What changes; `own` are the fields of the organisation itself. All empty: nothing does."""

    own: Mapping[str, Pair] = field(default_factory=dict)
    parts: tuple[PartComparison, ...] = ()
    headcount: Pair = (0, 0)
    staff: Pair = (0, 0)

    def __bool__(self) -> bool:
        """Tell whether anything changes; the order in which parts stand says nothing."""
        return bool(self.own or self.parts)


def compare(before: Organisation | None, after: Organisation) -> Comparison:
    """Compare the organisation in force, None if there is none yet, with the one of a file."""
    parts = [_named(part, _list(before, part), _list(after, part)) for part in LISTS]
    parts += [_named(part, _table(before, part), _table(after, part)) for part in TABLES]
    own = {name: (getattr(before, name, None), getattr(after, name)) for name in OWN}
    own["gateways"] = (_stated(before), _stated(after))
    if before is None:
        own = {name: pair for name, pair in own.items() if pair[1] is not None and name in OWN}
    return Comparison(
        own={name: pair for name, pair in own.items() if pair[0] != pair[1]},
        parts=tuple(part for part in parts if part),
        headcount=(_people(before, "headcount"), _people(after, "headcount")),
        staff=(_people(before, "staff"), _people(after, "staff")),
    )


def _list(organisation: Organisation | None, part: str) -> dict[str, Mapping[str, Any]]:
    items: Sequence[Part] = getattr(organisation, part, None) or ()
    fields = [(item, dict(item)) for item in items]
    return {
        values["name"]: {key: value for key, value in values.items() if key != "name"} for _, values in fields
    }


def _table(organisation: Organisation | None, part: str) -> dict[str, Mapping[str, Any]]:
    items: Mapping[str, Any] = getattr(organisation, part, {})
    return {name: dict(item) if isinstance(item, Part) else {"number": item} for name, item in items.items()}


def _stated(organisation: Organisation | None) -> bool:
    """Tell whether the ways in are stated at all; none and not stated are two answers."""
    return organisation is not None and organisation.gateways is not None


def _people(organisation: Organisation | None, name: str) -> int:
    return sum(getattr(unit, name) for unit in organisation.units) if organisation else 0


def _named(
    part: str, before: Mapping[str, Mapping[str, Any]], after: Mapping[str, Mapping[str, Any]]
) -> PartComparison:
    added = [name for name in after if name not in before]
    removed = [name for name in before if name not in after]
    renamed = _renamed({name: before[name] for name in removed}, {name: after[name] for name in added})
    changed = [(name, name) for name in after if name in before] + list(renamed)
    fields = {new: _fields(before[old], after[new]) for old, new in changed}
    return PartComparison(
        part=part,
        added=tuple((name, after[name]) for name in added if name not in {new for _, new in renamed}),
        removed=tuple(name for name in removed if name not in {old for old, _ in renamed}),
        renamed=renamed,
        changed=tuple(Changed(name=name, fields=pairs) for name, pairs in fields.items() if pairs),
    )


def _fields(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Pair]:
    return {name: (before.get(name), value) for name, value in after.items() if before.get(name) != value}


def _renamed(
    removed: Mapping[str, Mapping[str, Any]], added: Mapping[str, Mapping[str, Any]]
) -> tuple[tuple[str, str], ...]:
    """Guess which parts only got another name: one much alike, or the only part with all else the same."""
    pairs = []
    left = dict(added)
    for old, content in removed.items():
        same = [new for new, other in left.items() if other == content]
        alike = sum(other == content for other in removed.values())
        new = nearest(old, left) or (same[0] if len(same) == 1 and alike == 1 else "")
        if new:
            pairs.append((old, new))
            del left[new]
    return tuple(pairs)
