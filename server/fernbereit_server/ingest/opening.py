"""What does a record say that is new? The answer of `decode_record`, for a fraction of the work.

Reports repeat themselves, and this makes use of it twice. A complete record says again what was said before:
an observation whose bytes are those of the last one is not opened (`said`). And many laptops say the same:
facts that are short and not a laptop's own are read once and held, as long as they are asked for.

msgspec reads the outline (which sections, how they ended, how old) and passes the facts on as bytes, which
the section's pydantic model reads. Whatever the outline does not know, a newer laptop's words as much as
nonsense, goes the long way through `decode_record`, which counts it or says why it is refused.
"""

from array import array
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Annotated, NamedTuple, TypeAlias

import msgspec
from pydantic import TypeAdapter

from fernbereit.facts import SECTIONS
from fernbereit.record import Outcome, Reason, Record, RecordError, decode_record
from fernbereit.tolerance import OpenModel, counting, drop_unknown_fields

__all__ = ["Look", "Opened", "RecordError", "Said", "open_record"]

Said: TypeAlias = "array[int]"
"""One number a section: a digest of what a device last said of it, 0 for nothing that is known.

Made by `hash`, which nobody outside this process can foresee; kept in memory only.
"""

_HELD, _HELD_BYTES = 4096, 512
_OWN = frozenset({"machine", "battery", "storage", "targets", "agent"})
"""Sections in which hardly two laptops say the same."""

_Age = Annotated[float, msgspec.Meta(ge=0, le=1e12)]
_Unchanged = Annotated[dict[str, _Age], msgspec.Meta(max_length=64)]


class _Seen(msgspec.Struct, forbid_unknown_fields=True, gc=False):
    outcome: str
    reason: str | None = None
    observed_age_s: _Age = 0.0
    facts: msgspec.Raw = msgspec.Raw()


class _Outline(msgspec.Struct, forbid_unknown_fields=True):
    sections: dict[str, _Seen | None]
    unchanged: _Unchanged = msgspec.field(default_factory=dict)
    complete: bool = False


class _UnusualError(ValueError):
    """Not what a laptop of this version says."""


class _Facts(NamedTuple):
    model: OpenModel
    text: str
    values: int
    fields: int


class Look(NamedTuple):
    """One observation; `text` is the JSON of its facts, and both are None unless the outcome is ok."""

    outcome: Outcome
    reason: str | None
    age_s: float
    facts: OpenModel | None
    text: str | None


@dataclass(slots=True)
class Opened:
    """What one record says; ages in seconds when the record was made."""

    said: Said
    """What the device has said now; the same object if nothing is new."""
    new: dict[str, Look] = field(default_factory=dict)
    again: dict[str, float] = field(default_factory=dict)
    """Age of the looks that found what was said last."""
    unchanged: Mapping[str, float] = field(default_factory=dict)
    values: int = 0
    fields: int = 0
    inconsistent: int = 0

    def note(self, place: int, digest: int, before: Said) -> None:
        """Remember what was said; what the device said before stays as it is, should this not be stored."""
        if self.said is before:
            self.said = before[:]
        self.said[place] = digest


_PLACES = {name: place for place, name in enumerate(SECTIONS)}
_NO_FACTS = frozenset({b"", b"null"})
_OUTCOMES = {outcome.value: outcome for outcome in Outcome}
_REASONS = frozenset(reason.value for reason in Reason)
_read_outline = msgspec.json.Decoder(_Outline).decode
_readers = {name: TypeAdapter(model) for name, model in SECTIONS.items()}

NOTHING_SAID: Said = array("q", bytes(8 * len(SECTIONS)))


def open_record(body: bytes, said: Said) -> Opened:
    """Read one record of a device that last said `said`; raises `RecordError`."""
    try:
        return _shortly(_read_outline(body), said)
    except (msgspec.MsgspecError, ValueError, RecursionError):  # pydantic's errors are values' errors
        return _at_length(body, said)


def _shortly(outline: _Outline, said: Said) -> Opened:
    opened = Opened(said=said, unchanged=outline.unchanged)
    if not (outline.sections.keys() <= _PLACES.keys() and outline.unchanged.keys() <= _PLACES.keys()):
        raise _UnusualError
    for name, seen in outline.sections.items():
        if seen is None:
            continue
        place, raw = _PLACES[name], bytes(seen.facts)
        digest = hash(raw) if seen.outcome == "ok" else hash((seen.outcome, seen.reason, raw))
        if digest == said[place] and digest:
            opened.again[name] = seen.observed_age_s
            continue
        outcome = _OUTCOMES.get(seen.outcome)
        if outcome is None or (outcome is Outcome.OK) is not (raw not in _NO_FACTS):
            raise _UnusualError
        if seen.reason is not None and seen.reason not in _REASONS:
            raise _UnusualError
        model = text = None
        if outcome is Outcome.OK:
            short = len(raw) <= _HELD_BYTES and name not in _OWN
            model, text, values, fields = (_held_facts if short else _facts)(name, raw)
            if values or fields:  # to be counted each time
                opened.values, opened.fields, digest = opened.values + values, opened.fields + fields, 0
        opened.note(place, digest, said)
        opened.new[name] = Look(outcome, seen.reason, seen.observed_age_s, model, text)
    return opened


def _facts(name: str, raw: bytes) -> _Facts:
    reader = _readers[name]
    with counting() as tolerated:
        model = reader.validator.validate_json(raw)
    fields = drop_unknown_fields(model)
    text = reader.serializer.to_json(model, exclude_none=True).decode()
    return _Facts(model, text, tolerated.values, fields)


_held_facts = lru_cache(maxsize=_HELD)(_facts)


def _at_length(body: bytes, said: Said) -> Opened:
    record, tolerated = decode_record(body)
    opened = _opened(record, said)
    opened.values, opened.fields = tolerated.values, tolerated.fields
    return opened


def _opened(record: Record, said: Said) -> Opened:
    opened = Opened(said=said, unchanged=record.unchanged)
    for name, seen in record.sections.present().items():
        outcome, reason, facts, text = seen.outcome, seen.reason, seen.facts, None
        if (outcome is Outcome.OK) != (facts is not None):
            opened.inconsistent += 1
            if outcome is Outcome.OK:
                outcome, reason = Outcome.FAILED, Reason.UNREADABLE_ANSWER
            facts = None
        if facts is not None:
            text = _readers[name].serializer.to_json(facts, exclude_none=True).decode()
        opened.note(_PLACES[name], 0, said)
        opened.new[name] = Look(outcome, reason.value if reason else None, seen.observed_age_s, facts, text)
    return opened
