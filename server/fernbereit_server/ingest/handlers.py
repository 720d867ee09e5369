"""What is done with a message? Pure: topic, bytes and what is known of the device in, a decision out.

`admit` looks at the topic before anything is decoded; `decide` opens the envelope. Neither changes anything:
the collector commits `Decision.change`, then tells the fleet, the broker and the laptop.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum

from fernbereit.delivery import (
    CLOSED_EPOCHS_KEPT,
    Ack,
    Envelope,
    EnvelopeError,
    Mark,
    RecordLine,
    Step,
    decode,
)
from fernbereit.facts import SECTIONS
from fernbereit.topics import lane_of, parse_report
from fernbereit_server.ingest.days import Days
from fernbereit_server.ingest.opening import NOTHING_SAID, Opened, RecordError, Said, open_record
from fernbereit_server.ingest.rates import Buckets
from fernbereit_server.store.changes import Change, DeadLetter, SectionChange, Standing

ACTIVE = "active"
QUARANTINED = "quarantined"
_MOST_MISSING = 10**9
"""So many are believed of one laptop: more than it sends in its life, and the sum of all stays a number."""


class Word(StrEnum):
    """What became of a message. Only the first five are answered to the laptop."""

    APPLIED = "applied"
    REFUSED = "refused"
    """Every new record of it was unreadable; the mark passed them."""
    DUPLICATE = "duplicate"
    GAP = "gap"
    OTHER_LIFE = "other_life"
    """It was meant for another life of the store, or for none yet; the laptop is told what this one holds."""
    RETAINED = "retained"
    FOREIGN_TOPIC = "foreign_topic"
    WRONG_LANE = "wrong_lane"
    RATE_LIMITED = "rate_limited"
    UNDECODABLE = "undecodable"
    MISMATCHED_ID = "mismatched_id"
    NOT_ACTIVE = "not_active"
    CLOSED_EPOCH = "closed_epoch"
    CLONE = "clone"
    UNSTORABLE = "unstorable"
    """The database refused it for what it holds, alone in its transaction."""
    INTERNAL_ERROR = "internal_error"


@dataclass(slots=True, kw_only=True)
class Decision:
    """What to commit (`change`), what to answer after it (`ack`), and what to count."""

    word: Word
    change: Change | None = None
    ack: Ack | None = None
    detail: str = ""
    counts: Mapping[str, int] = field(default_factory=dict)
    """By how much counters of `Tally` grow, by their names."""


@dataclass(slots=True)
class _Taken:
    """What the records of one envelope add up to."""

    mark: Mark
    said: Said
    counts: dict[str, int] = field(default_factory=dict)
    gap: bool = False
    refused: list[tuple[int, str]] = field(default_factory=list)
    dead_letters: list[DeadLetter] = field(default_factory=list)
    sections: dict[str, SectionChange] = field(default_factory=dict)
    looked_at: dict[str, date] = field(default_factory=dict)
    observed: Mapping[str, date] = field(default_factory=dict)

    def saw(self, name: str, day: date, known: Mapping[str, date]) -> None:
        """Note the day of a look; `known`, the days before this envelope, stay as they are."""
        observed = self.observed
        if observed is known or not isinstance(observed, dict):
            observed = self.observed = dict(observed)
        observed[name] = day

    def count(self, name: str, more: int = 1) -> None:
        if more:
            self.counts[name] = self.counts.get(name, 0) + more


def admit(topic: str, *, retained: bool, now_s: float, buckets: Buckets) -> str | Word:
    """Return the id of the device that may be heard, or the word why this message is not opened.

    `now_s` is Unix time.
    """
    if retained:
        return Word.RETAINED
    found = parse_report(topic)
    if found is None:
        return Word.FOREIGN_TOPIC
    if found.lane != lane_of(found.device_id):
        return Word.WRONG_LANE
    if not buckets.take(found.device_id, now_s):
        return Word.RATE_LIMITED
    return found.device_id


def decide(
    device_id: str, payload: bytes, *, standing: Standing | None, days: Days, now_s: float, generation: str
) -> Decision:
    """Open the envelope of an admitted message; `standing` is None for a device never met."""
    try:
        envelope = decode(payload)
    except EnvelopeError as error:
        return Decision(word=Word.UNDECODABLE, detail=error.reason)
    if envelope.device_id != device_id:
        return Decision(word=Word.MISMATCHED_ID)
    if standing is not None and standing.status != ACTIVE:
        return Decision(word=Word.NOT_ACTIVE)
    if envelope.generation is not None and envelope.generation != generation:
        return _met(envelope, standing, generation)
    final = dict(standing.closed).get(envelope.epoch) if standing else None
    if standing is not None and final is not None:
        return _closed(envelope, standing, final, days.today)
    return _open(envelope, standing, days=days, now_s=now_s, generation=generation)


def _met(envelope: Envelope, standing: Standing | None, generation: str) -> Decision:
    """Take nothing in that was meant for another life of the store, and say how far this one is.

    Of a closed epoch nothing is confirmed: the laptop says the same again, and is judged in this life.
    """
    known = standing or Standing(status=ACTIVE, mark=None)
    mark, held = Mark(envelope.epoch), known.closed
    if known.mark is not None:
        held = (*held, (known.mark.epoch, known.mark.mark))
        if known.mark.epoch == envelope.epoch:
            mark = known.mark
    ack = Ack(
        epoch=mark.epoch,
        mark=mark.mark,
        generation=generation,
        chain=mark.chain.hex(),
        instead_of=envelope.generation,
        held=held,
        missing=known.missing_total,
    )
    return Decision(word=Word.OTHER_LIFE, ack=ack)


def _open(
    envelope: Envelope, standing: Standing | None, *, days: Days, now_s: float, generation: str
) -> Decision:
    """Take in what is new of the current epoch, or of one never heard of, which closes the current one."""
    known = standing or Standing(status=ACTIVE, mark=None)
    mark, closed = known.mark, known.closed
    if mark is None or mark.epoch != envelope.epoch:
        if mark is not None:
            closed = (*closed, (mark.epoch, mark.mark))[-CLOSED_EPOCHS_KEPT:]
        mark = Mark(envelope.epoch)
    taken = _Taken(mark=mark, observed=known.observed, said=known.said or NOTHING_SAID)
    for line in envelope.records:
        step = mark.step(line, envelope.oldest)
        if step is Step.GAP:
            taken.gap = True
            break
        if step is Step.DUPLICATE:
            taken.count("records_duplicate")
        else:
            _record(line, taken, days, known.observed)
            mark = taken.mark
    word = _word(taken)
    ack = Ack(
        epoch=mark.epoch,
        mark=mark.mark,
        generation=generation,
        refused=tuple(taken.refused),
        chain=mark.chain.hex(),
    )
    if mark == known.mark:
        return Decision(word=word, ack=ack, counts=taken.counts)
    taken.count("records_merged", _growth(known.merged_total, envelope.merged_total))
    taken.count("records_dropped", _growth(known.dropped_total, envelope.dropped_total))
    missing_total = max(known.missing_total, min(envelope.missing_total, _MOST_MISSING))
    taken.count("records_missing", missing_total - known.missing_total)
    after = Standing(
        status=ACTIVE,
        mark=mark,
        closed=closed,
        merged_total=envelope.merged_total,
        dropped_total=envelope.dropped_total,
        missing_total=missing_total,
        observed=taken.observed,
        said=taken.said,
    )
    change = Change(
        device_id=envelope.device_id,
        before=standing,
        after=after,
        day=days.today,
        reported_at=now_s,
        sections=taken.sections,
        looked_at=taken.looked_at,
        dead_letters=tuple(taken.dead_letters),
    )
    return Decision(word=word, change=change, ack=ack, counts=taken.counts)


def _word(taken: _Taken) -> Word:
    if taken.counts.get("records_applied"):
        return Word.APPLIED
    if taken.refused:
        return Word.REFUSED
    return Word.GAP if taken.gap else Word.DUPLICATE


def _growth(before: int, now: int) -> int:
    """Return by how much a laptop's counter grew; one that fell began anew with its outbox."""
    return now - before if now >= before else now


def _closed(envelope: Envelope, known: Standing, final: int, today: date) -> Decision:
    """Answer a closed epoch: old records are late copies, new ones mean that two laptops share an id."""
    if envelope.records[-1].seq <= final:
        return Decision(word=Word.CLOSED_EPOCH)
    after = replace(known, status=QUARANTINED)
    change = Change(device_id=envelope.device_id, before=known, after=after, day=today)
    return Decision(word=Word.CLONE, change=change)


def _record(line: RecordLine, taken: _Taken, days: Days, known: Mapping[str, date]) -> None:
    try:
        opened = open_record(line.body, taken.said)
    except RecordError as error:
        reason = _reason(error.where)
        digest = hashlib.sha256(line.body).hexdigest()
        taken.mark = taken.mark.past(line.seq)
        taken.refused.append((line.seq, reason))
        taken.dead_letters.append(DeadLetter(reason=reason, size=len(line.body), sha256=digest))
        return
    taken.mark = taken.mark.after(line)
    taken.said = opened.said
    taken.count("records_applied")
    taken.count("records_future_dated", int(line.age_ms < 0))
    taken.count("unknown_values", opened.values)
    taken.count("unknown_fields", opened.fields)
    taken.count("observations_inconsistent", opened.inconsistent)
    _sections(opened, max(line.age_ms / 1000, 0), taken, days, known)


def _sections(opened: Opened, age_s: float, taken: _Taken, days: Days, known: Mapping[str, date]) -> None:
    for name, (outcome, reason, look_age_s, facts, text) in opened.new.items():
        day = days.ago(age_s + look_age_s)
        taken.sections[name] = SectionChange(
            outcome=outcome, reason=reason, observed_on=day, facts=facts, text=text
        )
        taken.looked_at.pop(name, None)
        if taken.observed.get(name) != day:
            taken.saw(name, day, known)
    today = days.today
    for name in [name for name, last in taken.observed.items() if last != today]:
        for looks in (opened.again, opened.unchanged):
            if name in looks:
                day, last = days.ago(age_s + looks[name]), taken.observed[name]
                if day > last or last > today:  # of a clock that was ahead
                    taken.looked_at[name] = day
                    taken.saw(name, day, known)


def _reason(where: str) -> str:
    """Return one bounded word for the place of a fault, made of names of ours alone.

    >>> _reason("sections.battery.facts.charge"), _reason("unchanged.Straße"), _reason("json")
    ('section_battery', 'unchanged', 'json')
    """
    top, _, rest = where.partition(".")
    section = rest.partition(".")[0]
    if top == "sections":
        return f"section_{section}" if section in SECTIONS else "sections"
    return top if top in {"unchanged", "complete", "json"} else "record"


def coalesce(acks: Mapping[str, Ack], device_id: str, ack: Ack) -> Ack:
    """Return one answer for all that a device sent in this batch; a later epoch replaces an earlier one."""
    earlier = acks.get(device_id)
    if earlier is None or earlier.epoch != ack.epoch:
        return ack
    update: dict[str, object] = {}
    if earlier.refused:
        update["refused"] = earlier.refused + ack.refused
    if earlier.instead_of is not None and ack.instead_of is None:
        update |= {name: getattr(earlier, name) for name in ("instead_of", "held", "missing")}
    return ack.model_copy(update=update) if update else ack
