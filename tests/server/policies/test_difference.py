"""Is it found in what one policy differs from another, and which checks that touches?"""

from typing import Any

import pytest

from fernbereit.policy import Policy, as_json, shipped_policy
from fernbereit_server.policies.difference import difference

BASE = as_json(shipped_policy())


def changed(name: str, **fields: Any) -> Policy:
    """Return the shipped policy with some fields of one check changed."""
    checks = [{**check, **fields} if check["id"] == name else check for check in BASE["checks"]]
    return Policy.model_validate({**BASE, "checks": checks}, strict=False)


def without(*names: str) -> Policy:
    """Return the shipped policy without some checks."""
    checks = [check for check in BASE["checks"] if check["id"] not in names]
    return Policy.model_validate({**BASE, "checks": checks}, strict=False)


def test_another_version_alone_is_no_difference() -> None:
    """Nor is another order of the checks."""
    same = Policy.model_validate({**BASE, "version": 9, "checks": BASE["checks"][::-1]}, strict=False)

    assert not difference(shipped_policy(), same)


def test_checks_that_come_and_go_are_named() -> None:
    """Both ways; their results are others, and what went was crossed before."""
    gone = difference(shipped_policy(), without("camera"))
    new = difference(without("camera"), shipped_policy())

    assert [check.id for check in gone.removed] == ["camera"]
    assert [check.id for check in new.added] == ["camera"]
    assert gone.results == new.results == ("camera",)
    assert (gone.crossed, new.crossed) == (("camera",), ())


@pytest.mark.parametrize(
    ("fields", "results", "crossed"),
    [
        ({"expect": {"minimum": 0.7}}, ("battery_health",), ("battery_health",)),
        ({"when_absent": "fail"}, ("battery_health",), ("battery_health",)),
        ({"weight": 9}, (), ("battery_health",)),
        ({"essential": True}, (), ("battery_health",)),
        ({"grace_days": 1}, (), ()),
        ({"title": {"de": "Akku", "en": "Battery"}}, (), ()),
    ],
    ids=["another limit", "what absence means", "weight", "essential", "grace", "a title"],
)
def test_a_changed_field_touches_what_depends_on_it(
    fields: dict[str, Any], results: tuple[str, ...], crossed: tuple[str, ...]
) -> None:
    """Results of a check, or its part in the verdict, or neither."""
    found = difference(shipped_policy(), changed("battery_health", **fields))

    assert [(one.after.id, one.fields) for one in found.changed] == [("battery_health", tuple(fields))]
    assert (found.results, found.crossed) == (results, crossed)


def test_fields_of_the_policy_itself_are_told() -> None:
    """From what to what."""
    stricter = Policy.model_validate({**BASE, "ready_at": 0.9}, strict=False)

    assert difference(shipped_policy(), stricter).own == {"ready_at": (0.8, 0.9)}
