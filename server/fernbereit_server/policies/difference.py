"""How does one policy differ from another? Field by field, whatever file it came from."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fernbereit.policy import Check, Policy

_DECIDING = ("fact", "expect", "applies", "when_absent")
"""Fields on which the result of a check depends."""
_COUNTING = ("weight", "essential")
"""Fields on which a verdict depends beside the results."""

Pair = tuple[Any, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedCheck:
    """A check in both: the one before, the one after, and which fields differ."""

    before: Check
    after: Check
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyDifference:
    """What differs; `own` are fields of the policy itself, without its version."""

    own: Mapping[str, Pair]
    added: tuple[Check, ...]
    removed: tuple[Check, ...]
    changed: tuple[ChangedCheck, ...]

    def __bool__(self) -> bool:
        """Tell whether anything but the version differs."""
        return bool(self.own or self.added or self.removed or self.changed)

    @property
    def results(self) -> tuple[str, ...]:
        """Return the checks whose result can be another, those that come or go included."""
        moved = [one.after.id for one in self.changed if set(one.fields) & set(_DECIDING)]
        return (*moved, *(check.id for check in (*self.added, *self.removed)))

    @property
    def crossed(self) -> tuple[str, ...]:
        """Return the checks of before that decide otherwise now, or are gone."""
        telling = {*_DECIDING, *_COUNTING}
        moved = [one.before.id for one in self.changed if set(one.fields) & telling]
        return (*moved, *(check.id for check in self.removed))


def difference(before: Policy, after: Policy) -> PolicyDifference:
    """Compare two policies; their checks are recognised by their ids, whose order says nothing."""
    old = {check.id: check for check in before.checks}
    new = {check.id: check for check in after.checks}
    own = [name for name in Policy.model_fields if name not in {"version", "checks"}]
    both = [(old[name], check) for name, check in new.items() if name in old]
    return PolicyDifference(
        own={name: _pair(before, after, name) for name in own if _differ(before, after, name)},
        added=tuple(check for name, check in new.items() if name not in old),
        removed=tuple(check for name, check in old.items() if name not in new),
        changed=tuple(
            ChangedCheck(before=was, after=now, fields=fields)
            for was, now in both
            if (fields := tuple(name for name in Check.model_fields if _differ(was, now, name)))
        ),
    )


def _pair(before: Policy, after: Policy, name: str) -> Pair:
    return getattr(before, name), getattr(after, name)


def _differ(before: Policy | Check, after: Policy | Check, name: str) -> bool:
    return bool(getattr(before, name) != getattr(after, name))
