"""Is a record read quickly with the result of the long way, and is what is said again not opened?"""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fernbereit.delivery import decode
from fernbereit.record import Outcome, RecordError, decode_record
from fernbereit_server.ingest.opening import NOTHING_SAID, open_record

MESSAGES = Path(__file__).parents[2] / "wire" / "messages"
BODIES = [
    line.body for file in sorted(MESSAGES.glob("*/*.envelope")) for line in decode(file.read_bytes()).records
]
TREES: list[Any] = [json.loads(body) for body in BODIES]
CAMERA = b'{"sections":{"conferencing":{"outcome":"ok","facts":{"camera":true}}}}'


def long_way(body: bytes) -> tuple[Any, ...]:
    """Return what `decode_record` makes of it, in the words of `short_way`."""
    try:
        record, tolerated = decode_record(body)
    except RecordError as error:
        return (error.where,)
    looks, inconsistent = {}, 0
    for name, seen in record.sections.present().items():
        outcome, reason = seen.outcome.value, seen.reason.value if seen.reason else None
        facts = seen.facts if seen.outcome is Outcome.OK else None
        if (seen.outcome is Outcome.OK) != (seen.facts is not None):
            inconsistent += 1
            if seen.outcome is Outcome.OK:
                outcome, reason = "failed", "unreadable_answer"
        text = None if facts is None else facts.model_dump_json(exclude_none=True)
        looks[name] = (outcome, reason, seen.observed_age_s, facts, text)
    return looks, dict(record.unchanged), tolerated.values, tolerated.fields, inconsistent


def short_way(body: bytes) -> tuple[Any, ...]:
    """Return what is made of it here, for a device nothing is known of."""
    try:
        opened = open_record(body, NOTHING_SAID)
    except RecordError as error:
        return (error.where,)
    assert not opened.again
    looks = {name: (look[0].value, *look[1:]) for name, look in opened.new.items()}
    return looks, dict(opened.unchanged), opened.values, opened.fields, opened.inconsistent


@pytest.mark.parametrize("body", BODIES, ids=range(len(BODIES)))
def test_every_message_there_is_reads_as_the_long_way(body: bytes) -> None:
    """Those of today, of yesterday and of a newer laptop."""
    assert short_way(body) == long_way(body)


_words = st.sampled_from(["ok", "failed", "other", "no_hardware", "telepathic", "true", "1", "", "NaN"])
_values: Any = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**70), 2**70),
    st.floats(allow_nan=True, allow_infinity=True),
    _words,
    st.just({}),
    st.just([]),
    st.just({"facts": {"camera": True}, "outcome": "ok"}),
)


def places(tree: Any) -> list[tuple[Any, Any]]:
    """Every container of a record with every key in it, and an unknown one in each dictionary."""
    found: list[tuple[Any, Any]] = []
    if isinstance(tree, dict):
        found += [(tree, key) for key in (*tree, "new", "facts", "sections", "reason")]
        found += [place for value in tree.values() for place in places(value)]
    elif isinstance(tree, list):
        found += [(tree, at) for at in range(len(tree))]
        found += [place for value in tree for place in places(value)]
    return found


@given(data=st.data(), changes=st.integers(1, 3))
def test_a_record_changed_anywhere_reads_as_the_long_way(data: st.DataObject, changes: int) -> None:
    """Other types, words nobody knows, fields too many, numbers out of range."""
    tree = json.loads(json.dumps(data.draw(st.sampled_from(TREES))))
    for _ in range(changes):
        where, key = data.draw(st.sampled_from(places(tree)))
        where[key] = json.loads(json.dumps(data.draw(_values)))
    body = json.dumps(tree, ensure_ascii=data.draw(st.booleans())).encode()
    assert short_way(body) == long_way(body)


@given(body=st.sampled_from(BODIES), at=st.floats(0, 1), to=st.binary(max_size=3))
def test_a_record_with_foreign_bytes_reads_as_the_long_way(body: bytes, at: float, to: bytes) -> None:
    """Cut short, not UTF-8, twice the same key."""
    place = int(at * len(body))
    body = body[:place] + to + body[place + 1 :]
    assert short_way(body) == long_way(body)


@pytest.mark.parametrize(
    "body",
    [
        CAMERA[:-2] + b',"conferencing":{"outcome":"absent"}}}',
        b'{"sections":{"battery":{"outcome":"ok","outcome":"failed","facts":null}}}',
        b'{"sections":{"battery":{"outcome":"ok","facts":{"cycle_count":1,"cycle_count":2}}}}',
        b'{"sections":{"battery":{"outcome":"failed"}},"sections":{}}',
        b'{"sections":{"battery":{"outcome":"ok","facts":{"cycle_count":"\xff"}}}}',
        b'{"sections":{"machine":{"outcome":"ok","facts":{"maker":"\\ud800"}}}}',
        b'{"sections":{"machine":{"outcome":"ok","observed_age_s":1e999,"facts":{}}}}',
        b'{"sections":{"machine":{"outcome":"ok","observed_age_s":-0.0,"facts":{}}}}',
        b'{"sections":{},"unchanged":{"' + b"x" * 40 + b'":1}}',
        b'{"sections":{},"unchanged":{"battery":1e13}}',
        b'{"sections":{},"unchanged":null}',
        b'\xef\xbb\xbf{"sections":{}}',
        b'{"sections":{"machine":' + b"[" * 5000 + b"]" * 5000 + b"}}",
    ],
    ids=[
        "a section twice",
        "an outcome twice",
        "a fact twice",
        "all sections twice",
        "no UTF-8",
        "half a surrogate",
        "an infinite age",
        "less than nothing",
        "an endless name",
        "older than everything",
        "nothing unchanged",
        "a byte order mark",
        "too deep",
    ],
)
def test_a_hostile_record_reads_as_the_long_way(body: bytes) -> None:
    """Whatever it is, both readers say the same."""
    assert short_way(body) == long_way(body)


def test_what_was_said_before_is_not_opened_again() -> None:
    """Only its age; what else is said is new, and what the device had said stays as it is."""
    first = open_record(CAMERA, NOTHING_SAID)
    older = CAMERA.replace(b'"ok",', b'"ok","observed_age_s":7,')
    again = open_record(older, first.said)
    other = open_record(CAMERA.replace(b"true", b"false"), first.said)

    assert first.new.keys() == {"conferencing"}
    assert (again.new, again.again) == ({}, {"conferencing": 7.0})
    assert again.said is first.said
    assert (set(other.new), other.again) == ({"conferencing"}, {})
    assert open_record(CAMERA, other.said).new.keys() == {"conferencing"}
    assert not any(NOTHING_SAID)


def test_a_failure_is_said_again_only_with_its_reason() -> None:
    """Another reason is news, and so are facts after it."""
    failed = b'{"sections":{"conferencing":{"outcome":"failed","reason":"deadline"}}}'
    first = open_record(failed, NOTHING_SAID)

    assert open_record(failed, first.said).again == {"conferencing": 0.0}
    assert open_record(failed.replace(b"deadline", b"internal_error"), first.said).new
    assert open_record(CAMERA, first.said).new


def test_what_a_newer_laptop_says_is_counted_each_time() -> None:
    """An unknown word and an unknown field, although nothing changed."""
    newer = CAMERA.replace(b"true", b'true,"browser":"netscape","mind_reader":true')
    first = open_record(newer, NOTHING_SAID)
    again = open_record(newer, first.said)

    assert (first.values, first.fields) == (again.values, again.fields) == (1, 1)
    assert again.new.keys() == {"conferencing"}
    assert "mind_reader" not in (again.new["conferencing"].text or "")
    assert "netscape" not in (again.new["conferencing"].text or "")
