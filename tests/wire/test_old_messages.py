"""Are the messages of version 1 accepted for ever, and do they still mean the same?"""

import hashlib
import json
from datetime import date

import pytest
from jsonschema_rs import validator_for

import frozen
from fernbereit import schema
from fernbereit.delivery import MAX_RECORDS, decode
from fernbereit.facts import SECTIONS
from fernbereit.facts.battery import Battery
from fernbereit.facts.machine import Machine
from fernbereit.record import Outcome, Reason, Record, decode_record
from fernbereit.tolerance import Tolerated

OLD = frozen.names("v1")
RECORD_SCHEMA = validator_for(json.loads(schema.render()["record-v1.schema.json"]))


def records(name: str) -> list[Record]:
    """Return the records of one message."""
    return [decode_record(line.body)[0] for line in decode(frozen.message("v1", name)).records]


def test_no_message_was_changed_or_taken_away() -> None:
    """A message that was ever accepted stays as it was; `SHA256SUMS` only grows."""
    sums = (frozen.FOLDER / "SHA256SUMS").read_text(encoding="ascii").splitlines()
    known = {path: digest for digest, path in (line.split("  ") for line in sums)}
    found = {
        path.relative_to(frozen.FOLDER).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in frozen.FOLDER.glob("*/*.envelope")
    }
    assert found == known


@pytest.mark.parametrize("name", OLD)
def test_an_old_envelope_is_written_again_to_the_byte(name: str) -> None:
    """Reading an envelope loses nothing of it."""
    payload = frozen.message("v1", name)
    assert decode(payload).encode() == payload


@pytest.mark.parametrize("name", OLD)
def test_an_old_record_is_known_completely(name: str) -> None:
    """Nothing in it counts as unknown, and it survives being written and read."""
    for line in decode(frozen.message("v1", name)).records:
        record, tolerated = decode_record(line.body)
        assert tolerated == Tolerated(values=0, fields=0)
        assert decode_record(record.encode())[0] == record


@pytest.mark.parametrize("name", OLD)
def test_an_old_record_agrees_with_the_published_schema(name: str) -> None:
    """What other programs are told is what is accepted."""
    for line in decode(frozen.message("v1", name)).records:
        RECORD_SCHEMA.validate(json.loads(line.body))


def test_a_complete_record_holds_every_section() -> None:
    """The ThinkPad says something about everything, and both batteries are there."""
    (record,) = records("complete-thinkpad")
    present = record.sections.present()
    assert (tuple(present), record.complete) == (tuple(SECTIONS), True)
    battery = present["battery"].facts
    assert isinstance(battery, Battery)
    assert [pack.model for pack in battery.packs or ()] == ["5B10W51867", "01AV430"]
    machine = present["machine"].facts
    assert isinstance(machine, Machine)
    assert machine.firmware_date == date(2026, 3, 18)


def test_a_partial_record_says_how_old_the_rest_is() -> None:
    """Two sections changed, two were only looked at."""
    (record,) = records("partial-record")
    assert set(record.sections.present()) == {"network", "remote_access"}
    assert record.unchanged == {"targets": 812.4, "agent": 15.0}


def test_an_absent_battery_is_absent_and_not_empty() -> None:
    """A desktop has none, with the reason, and no facts."""
    (record,) = records("absent-battery")
    battery = record.sections.present()["battery"]
    assert (battery.outcome, battery.reason, battery.facts) == (Outcome.ABSENT, Reason.NO_HARDWARE, None)


def test_null_zero_and_empty_are_three_things() -> None:
    """Asked but not known is null, no memory is zero, nobody manages it is an empty list."""
    (record,) = records("nulls")
    facts = {name: seen.facts.model_dump() for name, seen in record.sections.present().items() if seen.facts}
    assert (facts["machine"]["maker"], facts["machine"]["memory_bytes"]) == (None, 0)
    assert (facts["firewall"]["enabled"], facts["management"]["clients"]) == (None, ())


def test_merged_records_leave_a_gap_that_is_told() -> None:
    """The oldest record names what came before it, and the totals say how much is gone."""
    envelope = decode(frozen.message("v1", "merged"))
    assert [(line.seq, line.prev) for line in envelope.records] == [(40, 31), (44, 43)]
    assert (envelope.merged_total, envelope.dropped_total) == (9, 3)


def test_a_clock_set_back_gives_a_negative_age() -> None:
    """A record from the future travels; the collector decides what to make of it."""
    assert decode(frozen.message("v1", "negative-age")).records[0].age_ms == -7_200_000


def test_the_largest_values_fit() -> None:
    """A full batch of the highest numbers and the longest texts is accepted."""
    envelope = decode(frozen.message("v1", "maximal"))
    assert len(envelope.records) == MAX_RECORDS
    assert len(records("maximal")[-1].unchanged) == 64


def test_every_reason_is_understood() -> None:
    """The reasons of version 1 stay words of their own."""
    (record,) = records("every-reason")
    assert {seen.reason for seen in record.sections.present().values()} == set(Reason)
