"""What is left of several records that become one?"""

import json
from typing import Any

import pytest

from fernbereit_agent.merging import merge, split


def _body(sections: dict[str, Any], unchanged: dict[str, float] | None = None, **others: Any) -> bytes:
    return json.dumps(
        {"sections": sections, "unchanged": unchanged or {}, "complete": False, **others}
    ).encode()


def _seen(value: int, age_s: float) -> dict[str, Any]:
    return {"outcome": "ok", "observed_age_s": age_s, "facts": {"value": value}}


def test_the_newest_observation_of_every_section_stays() -> None:
    """With its age counted from the youngest record."""
    merged = json.loads(
        merge(
            [
                (_body({"a": _seen(1, 10), "b": _seen(1, 10)}, complete=True), 3_000_000),
                (_body({"b": _seen(2, 5)}, {"c": 7.0}), 1_000_000),
            ]
        )
    )
    assert merged == {
        "sections": {"a": _seen(1, 2_010), "b": _seen(2, 5)},
        "unchanged": {"c": 7.0},
        "complete": True,
    }


def test_a_look_that_changed_nothing_makes_what_it_confirms_younger() -> None:
    """The section keeps its facts and takes the age of the later look."""
    merged = json.loads(merge([(_body({"a": _seen(1, 10)}), 60_000), (_body({}, {"a": 3.0}), 0)]))
    assert merged["sections"] == {"a": _seen(1, 3.0)}
    assert merged["unchanged"] == {}


def test_a_change_after_an_unchanged_look_is_said_once() -> None:
    """The section leaves the list of unchanged ones."""
    merged = json.loads(merge([(_body({}, {"a": 3.0}), 60_000), (_body({"a": _seen(2, 1)}), 0)]))
    assert (list(merged["sections"]), merged["unchanged"]) == (["a"], {})


def test_what_this_version_does_not_know_is_kept() -> None:
    """A record may be older or younger than the program that merges it."""
    seen = {"outcome": "ok", "observed_age_s": 0.0, "from_tomorrow": [1, 2]}
    merged = json.loads(merge([(_body({"new_section": seen}), 0), (_body({}), 0)]))
    assert merged["sections"]["new_section"]["from_tomorrow"] == [1, 2]


def test_a_clock_that_was_set_back_makes_nothing_negative() -> None:
    """An older record that seems younger adds nothing."""
    merged = json.loads(merge([(_body({"a": _seen(1, 10)}), 0), (_body({}), 60_000)]))
    assert merged["sections"]["a"]["observed_age_s"] == 10


def test_a_record_is_split_into_one_a_section() -> None:
    """Sections it does not carry are left out."""
    parts = split(_body({"a": _seen(1, 10), "b": _seen(2, 5)}), ["a", "b", "c"])
    assert {name: json.loads(part)["sections"] for name, part in parts.items()} == {
        "a": {"a": _seen(1, 10)},
        "b": {"b": _seen(2, 5)},
    }


@pytest.mark.parametrize("body", [b"[]", b'{"sections": 1}', b"{"], ids=["a list", "a number", "half of it"])
def test_a_body_that_is_no_record_is_an_error(body: bytes) -> None:
    """`ValueError` for whatever it is."""
    with pytest.raises(ValueError):  # noqa: PT011 - one type for every kind
        merge([(body, 0)])
