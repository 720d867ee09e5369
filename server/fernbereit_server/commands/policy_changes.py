"""How is it said in what one policy differs from another?"""

from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel

from fernbereit.policy import Check
from fernbereit.words import Words
from fernbereit_server.commands import figures
from fernbereit_server.commands.policy_page import counts, expected, in_language
from fernbereit_server.policies.difference import PolicyDifference

_TOLD_IN_FULL = {"expect", "weight", "essential", "grace_days"}


def sentences(differs: PolicyDifference, say: Words) -> Iterator[str]:
    """Yield a line a difference; texts that were reworded are named, not shown."""
    if not differs:
        yield say("policy.no_difference")
    for name, (before, after) in differs.own.items():
        if isinstance(before, BaseModel) or (isinstance(before, tuple) and _names(before) == _names(after)):
            yield say("policy.own_reworded", name=say(f"policy.field.{name}"))
        else:
            was, now = (_figure(name, value, say) for value in (before, after))
            yield say("policy.own_changed", name=say(f"policy.field.{name}"), before=was, after=now)
    for check in differs.added:
        yield say("policy.check_added", title=in_language(check.title, say), expected=expected(check, say))
    for check in differs.removed:
        yield say("policy.check_removed", title=in_language(check.title, say))
    for one in differs.changed:
        told = [_field(name, one.before, one.after, say) for name in _told(one.fields)]
        yield say("policy.check_changed", title=in_language(one.after.title, say), fields="; ".join(told))


def _figure(name: str, value: Any, say: Words) -> str:
    if name == "ready_at":
        return say("policy.percent", number=figures.number(round(value * 100, 1), say))
    return (_names(value) or "-") if isinstance(value, tuple) else figures.plain(value, say)


def _names(rows: tuple[Any, ...]) -> str:
    """Return how the clients of a table are called."""
    return ", ".join(row.name for row in rows)


def as_json(differs: PolicyDifference) -> dict[str, Any]:
    """Return what differs, for scripts."""
    return {
        "own": {name: [_plain(before), _plain(after)] for name, (before, after) in differs.own.items()},
        "added": [check.id for check in differs.added],
        "removed": [check.id for check in differs.removed],
        "changed": {one.after.id: list(one.fields) for one in differs.changed},
    }


def _told(fields: tuple[str, ...]) -> Iterator[str]:
    """Weight and essential are one thing to people: how much a check counts."""
    for name in fields:
        if name != "essential" or "weight" not in fields:
            yield name


def _field(name: str, before: Check, after: Check, say: Words) -> str:
    label = say(f"policy.field.{name}")
    if name not in _TOLD_IN_FULL:
        return label
    was, now = (_said(name, check, say) for check in (before, after))
    return say("policy.from_to", name=label, before=was, after=now)


def _said(name: str, check: Check, say: Words) -> str:
    if name == "expect":
        return expected(check, say)
    return (
        figures.counted("policy.days", check.grace_days, say) if name == "grace_days" else counts(check, say)
    )


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    return value.model_dump(mode="json", exclude_unset=True) if isinstance(value, BaseModel) else value
