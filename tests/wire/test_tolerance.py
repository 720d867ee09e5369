"""Is everything unknown counted once, where it was met, and nowhere else?"""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from fernbereit.facts.battery import Battery
from fernbereit.facts.network import LinkType, Network
from fernbereit.fields import enums
from fernbereit.record import Outcome, Reason, RecordError, decode_record
from fernbereit.tolerance import OpenEnum, Tolerated, counting, drop_unknown_fields


def test_a_block_counts_only_what_it_met() -> None:
    """An inner block keeps its count to itself, and outside of a block nobody counts."""
    LinkType("pigeon")
    with counting() as outer:
        LinkType("pigeon")
        with counting() as inner:
            LinkType("pigeon")
            LinkType("smoke")
    assert (outer, inner) == (Tolerated(values=1), Tolerated(values=2))


def test_a_count_ends_with_an_error() -> None:
    """A message that breaks does not go on counting for the next one."""
    with counting() as broken, pytest.raises(ValidationError):
        Network.model_validate({"link_type": "pigeon", "ipv6": "perhaps"})
    LinkType("pigeon")
    assert broken.values == 1


@pytest.mark.parametrize("kind", [*enums(), Outcome, Reason], ids=lambda kind: kind.__name__)
def test_every_enumeration_can_grow(kind: type[OpenEnum]) -> None:
    """A word of tomorrow reads as `other` in each of them."""
    assert kind("a word of tomorrow").value == "other"


@pytest.mark.parametrize("value", [5, None, True, ["wifi"]], ids=repr)
def test_only_words_are_tolerated(value: Any) -> None:
    """What is no text is a fault, not a word of tomorrow."""
    with pytest.raises(ValidationError):
        Battery.model_validate({"packs": value} if value is not None else {"packs": [None]})
    with pytest.raises(ValueError, match="is not a valid LinkType"):
        LinkType(value)


def test_unknown_fields_are_dropped_on_every_level() -> None:
    """What is dropped does not come back when the facts are written."""
    battery = Battery.model_validate({"cells": 4, "packs": [{"model": "A", "cells": 2}, {"smell": 1}]})
    assert drop_unknown_fields(battery) == 3
    assert drop_unknown_fields(battery) == 0
    assert battery.model_dump(exclude_none=True) == {"packs": ({"model": "A"}, {})}


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=12),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["sections", "network", "facts", "unchanged", "x"]), inner, max_size=4
        )
    ),
    max_leaves=20,
)


def place_of_fault(body: bytes) -> str | None:
    """Return where a record is at fault, or None for a record."""
    try:
        decode_record(body)
    except RecordError as error:
        return error.where
    return None


@given(st.binary(max_size=300))
def test_any_bytes_are_a_record_or_a_fault_with_a_place(body: bytes) -> None:
    """Nothing but `RecordError` comes out of reading."""
    assert place_of_fault(body) != ""


@given(json_values)
def test_any_json_is_a_record_or_a_fault_with_a_place(value: object) -> None:
    """The same for well-formed JSON in the shape of a record."""
    assert place_of_fault(json.dumps({"sections": value}).encode()) != ""


def test_deeply_nested_json_is_a_fault() -> None:
    """A message built to exhaust the reader is refused like any other."""
    with pytest.raises(RecordError):
        decode_record(b'{"sections":' * 5000 + b"{}" + b"}" * 5000)


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b'{"sections":{},"unchanged":{"Secret name":1}}', id="as a key"),
        pytest.param(
            b'{"sections":{"machine":{"outcome":"ok","facts":{"maker":["Secret name"]}}}}', id="as a value"
        ),
    ],
)
def test_a_fault_never_repeats_what_was_sent(body: bytes) -> None:
    """The place is told, the content is not: it may be about a person."""
    with pytest.raises(RecordError) as raised:
        decode_record(body)
    assert "Secret" not in str(raised.value) + raised.value.where
