"""Is every message answered as the table of answers says?"""

import hashlib
import uuid
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fernbereit import topics
from fernbereit.delivery import CHAIN_START, Ack, Mark
from fernbereit.record import Outcome
from fernbereit_server.ingest.days import Days
from fernbereit_server.ingest.handlers import ACTIVE, QUARANTINED, Decision, Word, admit, coalesce, decide
from fernbereit_server.ingest.rates import Buckets
from fernbereit_server.store.changes import Change, Standing
from sending import BODY, UNREADABLE, Laptop

NOW = datetime(2026, 3, 10, 9, 30, tzinfo=UTC)
TODAY = date(2026, 3, 10)
DAYS = Days(NOW, ZoneInfo("Europe/Berlin"))
GENERATION = "00000000-0000-4000-8000-000000000001"


def hear(laptop: Laptop, payload: bytes, standing: Standing | None = None) -> Decision:
    return decide(
        laptop.device_id,
        payload,
        standing=standing,
        days=DAYS,
        now_s=NOW.timestamp(),
        generation=GENERATION,
    )


def changed(decision: Decision) -> Change:
    assert decision.change is not None
    return decision.change


def after(decision: Decision) -> Standing:
    return changed(decision).after


def taken_in(laptop: Laptop) -> Standing:
    """Return what the collector knows once it took in everything the laptop wrote."""
    return after(hear(laptop, laptop.envelope()))


def say(sections: str, **more: str) -> bytes:
    rest = "".join(f',"{name}":{value}' for name, value in more.items())
    return f'{{"sections":{{{sections}}}{rest}}}'.encode()


# --- the rows of the table, in its order


def test_a_new_record_is_applied_and_answered() -> None:
    """Mark, count and chain move, facts are kept, the answer names the mark and the store's generation."""
    laptop = Laptop()
    laptop.write()
    decision = hear(laptop, laptop.envelope())

    assert decision.word is Word.APPLIED
    chain = laptop.expected_mark().chain.hex()
    assert decision.ack == Ack(epoch=laptop.epoch, mark=1, generation=GENERATION, chain=chain)
    assert after(decision).mark == laptop.expected_mark()
    assert changed(decision).reported_at == NOW.timestamp()
    assert changed(decision).sections["machine"].outcome is Outcome.OK


def test_a_duplicate_changes_nothing_and_is_answered() -> None:
    """A lost answer is given again."""
    laptop = Laptop()
    laptop.write()
    decision = hear(laptop, laptop.envelope(), taken_in(laptop))

    assert decision.word is Word.DUPLICATE
    assert decision.change is None
    chain = laptop.expected_mark().chain.hex()
    assert decision.ack == Ack(epoch=laptop.epoch, mark=1, generation=GENERATION, chain=chain)


def test_a_gap_is_answered_with_the_old_mark() -> None:
    """The laptop learns from where to send again."""
    laptop = Laptop()
    laptop.write()
    standing = taken_in(laptop)
    laptop.write()
    laptop.write()
    decision = hear(laptop, laptop.envelope(3, oldest=2), standing)

    assert decision.word is Word.GAP
    assert decision.change is None
    assert decision.ack is not None
    assert decision.ack.mark == 1


def test_records_behind_the_oldest_of_the_outbox_are_not_waited_for() -> None:
    """What was merged or dropped never comes: the oldest held record is applied over the gap."""
    laptop = Laptop()
    for _ in range(4):
        laptop.write()
    decision = hear(laptop, laptop.envelope(3, 4, oldest=3, merged=1, dropped=1))

    mark = after(decision).mark
    assert mark is not None
    assert (mark.mark, mark.applied_count) == (4, 2)
    assert decision.counts["records_merged"] == 1
    assert decision.counts["records_dropped"] == 1


def test_a_bad_record_is_passed_over_named_and_kept_as_a_hash() -> None:
    """It does not block those behind it; reason, size and hash are kept, never the bytes."""
    laptop = Laptop()
    laptop.write()
    laptop.write(UNREADABLE)
    laptop.write()
    decision = hear(laptop, laptop.envelope())

    assert decision.word is Word.APPLIED
    assert decision.ack is not None
    assert decision.ack.mark == 3
    assert decision.ack.refused == ((2, "json"),)
    (letter,) = changed(decision).dead_letters
    assert (letter.reason, letter.size) == ("json", len(UNREADABLE))
    assert letter.sha256 == hashlib.sha256(UNREADABLE).hexdigest()
    mark = after(decision).mark
    assert mark is not None
    assert mark.applied_count == 2


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"[]", "json"),
        (b'{"sections":{"battery":{"outcome":7}}}', "section_battery"),
        (b'{"sections":7}', "sections"),
        ('{"sections":{},"unchanged":{"Stra\u00dfe":1}}'.encode(), "unchanged"),
        (b'{"sections":{},"complete":"maybe"}', "complete"),
    ],
    ids=["a list", "a wrong outcome", "sections as a number", "a section named by nobody", "a wrong flag"],
)
def test_the_reason_of_a_refusal_is_made_of_our_own_words(body: bytes, reason: str) -> None:
    """Nothing a laptop wrote becomes a reason."""
    laptop = Laptop()
    laptop.write(body)
    decision = hear(laptop, laptop.envelope())

    assert decision.word is Word.REFUSED
    assert decision.ack is not None
    assert decision.ack.refused == ((1, reason),)


def test_a_future_dated_record_is_of_today() -> None:
    """A clock that was set back makes negative ages; they are counted."""
    laptop = Laptop()
    laptop.write(age_ms=-86_400_000)
    decision = hear(laptop, laptop.envelope())

    assert decision.word is Word.APPLIED
    assert decision.counts["records_future_dated"] == 1
    assert changed(decision).sections["machine"].observed_on == TODAY


def test_a_retained_message_is_not_opened() -> None:
    """Old reports kept by a broker are nobody's report of now."""
    assert admit(Laptop().topic, retained=True, now_s=0, buckets=buckets()) is Word.RETAINED


@pytest.mark.parametrize(
    "topic",
    [
        "",
        "$SYS/broker/clients",
        "fernbereit/1/up/03/not-a-device/report",
        "fernbereit/2/up/03/x/report",
        "a\x00b",
    ],
)
def test_a_foreign_topic_is_not_opened(topic: str) -> None:
    """Only report topics of this version are heard."""
    assert admit(topic, retained=False, now_s=0, buckets=buckets()) is Word.FOREIGN_TOPIC


def test_a_wrong_lane_is_not_opened() -> None:
    """The lane follows from the device, so another one is somebody else's doing."""
    device_id = str(uuid.uuid4())
    lane = (topics.lane_of(device_id) + 1) % topics.LANES
    topic = f"fernbereit/1/up/{lane:02d}/{device_id}/report"
    assert admit(topic, retained=False, now_s=0, buckets=buckets()) is Word.WRONG_LANE


def test_a_flood_is_not_opened_but_others_are() -> None:
    """A bucket belongs to one device; an empty one fills again."""
    few = Buckets(rate_per_s=1, burst=2)
    noisy, quiet = Laptop(), Laptop()
    heard = [admit(noisy.topic, retained=False, now_s=0, buckets=few) for _ in range(3)]

    assert heard == [noisy.device_id, noisy.device_id, Word.RATE_LIMITED]
    assert admit(quiet.topic, retained=False, now_s=0, buckets=few) == quiet.device_id
    assert admit(noisy.topic, retained=False, now_s=1.5, buckets=few) == noisy.device_id


def test_an_envelope_of_another_device_is_not_answered() -> None:
    """Who may publish for one device cannot speak for another."""
    laptop, other = Laptop(), Laptop()
    other.write()
    decision = hear(laptop, other.envelope())

    assert (decision.word, decision.change, decision.ack) == (Word.MISMATCHED_ID, None, None)


@pytest.mark.parametrize("status", ["quarantined", "retired", "revoked"])
def test_a_device_that_is_not_active_is_not_answered(status: str) -> None:
    """Its records stay with it."""
    laptop = Laptop()
    laptop.write()
    decision = hear(laptop, laptop.envelope(), Standing(status=status, mark=None))

    assert (decision.word, decision.change, decision.ack) == (Word.NOT_ACTIVE, None, None)


@pytest.mark.parametrize(
    ("payload", "reason"),
    [(b"", "header"), (b"x" * 70_000, "too_large"), (b"\xff" * 10, "header")],
    ids=["nothing", "too large", "binary"],
)
def test_an_undecodable_envelope_is_not_answered(payload: bytes, reason: str) -> None:
    """It is counted by reason, and its sender tries smaller ones."""
    decision = hear(Laptop(), payload)

    assert (decision.word, decision.detail) == (Word.UNDECODABLE, reason)
    assert decision.change is None
    assert decision.ack is None


# --- epochs


def test_an_unknown_epoch_is_newer_and_closes_the_current_one() -> None:
    """The old one is kept with its final mark."""
    laptop = Laptop()
    laptop.write()
    laptop.write()
    standing, old = taken_in(laptop), laptop.epoch
    laptop.begin_anew()
    laptop.write()
    decision = hear(laptop, laptop.envelope(), standing)

    assert decision.word is Word.APPLIED
    assert after(decision).closed == ((old, 2),)
    assert after(decision).mark == laptop.expected_mark()


def test_only_the_last_eight_closed_epochs_are_kept() -> None:
    """The oldest makes room."""
    laptop = Laptop()
    laptop.write()
    standing = taken_in(laptop)
    epochs = []
    for _ in range(10):
        epochs.append(laptop.epoch)
        laptop.begin_anew()
        laptop.write()
        standing = after(hear(laptop, laptop.envelope(), standing))

    assert [epoch for epoch, _ in standing.closed] == epochs[-8:]


def test_old_records_of_a_closed_epoch_are_a_late_copy() -> None:
    """They were taken in before; there is nothing to answer."""
    laptop = Laptop()
    laptop.write()
    standing, late = taken_in(laptop), laptop.envelope()
    laptop.begin_anew()
    laptop.write()
    decision = hear(laptop, late, after(hear(laptop, laptop.envelope(), standing)))

    assert (decision.word, decision.change, decision.ack) == (Word.CLOSED_EPOCH, None, None)


def test_new_records_of_a_closed_epoch_are_a_clone() -> None:
    """Two laptops share an identity: it is quarantined, nothing is applied or answered."""
    laptop = Laptop()
    laptop.write()
    standing, epoch = taken_in(laptop), laptop.epoch
    laptop.begin_anew()
    laptop.write()
    standing = after(hear(laptop, laptop.envelope(), standing))
    clone = Laptop(device_id=laptop.device_id, epoch=epoch)
    clone.write()
    clone.write()
    decision = hear(laptop, clone.envelope(), standing)

    assert decision.word is Word.CLONE
    assert decision.ack is None
    assert after(decision) == replace(standing, status=QUARANTINED)
    assert changed(decision).reported_at is None


# --- lives of the store


OTHER_LIFE = "00000000-0000-4000-8000-000000000002"


@pytest.mark.parametrize("named", ["-", OTHER_LIFE], ids=["a laptop that is new", "one of a former life"])
def test_what_was_meant_for_another_life_is_not_taken_in(named: str) -> None:
    """The laptop hears how far this one is, and what is counted as missing; nothing changes."""
    laptop = Laptop()
    laptop.write()
    standing = replace(taken_in(laptop), closed=((OTHER_LIFE, 9),), missing_total=4)
    laptop.write()
    decision = hear(laptop, laptop.envelope(2, generation=named), standing)

    mark = standing.mark
    assert mark is not None
    assert (decision.word, decision.change) == (Word.OTHER_LIFE, None)
    assert decision.ack == Ack(
        epoch=laptop.epoch,
        mark=1,
        generation=GENERATION,
        chain=mark.chain.hex(),
        instead_of=named,
        held=((OTHER_LIFE, 9), (laptop.epoch, 1)),
        missing=4,
    )


def test_a_device_that_another_life_knew_is_told_that_nothing_is_here() -> None:
    """A store that is older than the laptop holds nothing of it, and keeps nothing yet."""
    laptop = Laptop()
    laptop.write()
    decision = hear(laptop, laptop.envelope(generation=OTHER_LIFE))

    assert decision.ack is not None
    assert (decision.ack.mark, decision.ack.held, decision.change) == (0, (), None)


def test_of_a_closed_epoch_nothing_is_confirmed_to_who_comes_from_another_life() -> None:
    """Its outbox may have been put back: the same numbers are other records then. Nor is it a clone yet."""
    laptop = Laptop()
    laptop.write()
    standing = replace(taken_in(laptop), closed=((OTHER_LIFE, 1),))
    old = Laptop(device_id=laptop.device_id, epoch=OTHER_LIFE)
    old.write()
    old.write()
    decision = hear(laptop, old.envelope(generation=OTHER_LIFE), standing)

    assert (decision.word, decision.change) == (Word.OTHER_LIFE, None)
    assert decision.ack is not None
    assert (decision.ack.epoch, decision.ack.mark, decision.ack.chain) == (OTHER_LIFE, 0, CHAIN_START.hex())
    assert hear(laptop, old.envelope(generation=GENERATION), standing).word is Word.CLONE


def test_what_a_laptop_misses_is_counted_once() -> None:
    """With the first records it sends to this life; an outbox put back that says less changes nothing."""
    laptop = Laptop()
    standing: Standing | None = None
    counted = []
    for missing in (3, 3, 0, 5):
        laptop.write()
        payload = laptop.envelope(len(laptop.written), generation=GENERATION, missing=missing)
        decision = hear(laptop, payload, standing)
        standing = after(decision)
        counted.append(decision.counts.get("records_missing", 0))

    assert counted == [3, 0, 0, 2]
    assert standing is not None
    assert standing.missing_total == 5


def test_no_laptop_alone_fills_the_sum_of_what_is_missing() -> None:
    """Ten thousand of them could say so many that the store has no such number, and refuse everybody's."""
    laptop = Laptop()
    laptop.write()
    decision = hear(laptop, laptop.envelope(generation=GENERATION, missing=10**15 - 1))

    assert decision.word is Word.APPLIED
    assert after(decision).missing_total == decision.counts["records_missing"] == 10**9


def test_an_older_laptop_is_taken_in_without_a_question() -> None:
    """It does not say what life of the store it means."""
    laptop = Laptop()
    laptop.write()
    assert b" - " not in laptop.envelope().splitlines()[0]
    assert hear(laptop, laptop.envelope()).word is Word.APPLIED


# --- what is kept of a record


@pytest.mark.parametrize(
    ("age_s", "day"),
    [(0, TODAY), (10 * 3600, TODAY), (11 * 3600, date(2026, 3, 9)), (10**11, date(2016, 3, 2))],
    ids=["just now", "since midnight in Berlin", "before midnight in Berlin", "by a broken clock"],
)
def test_the_day_is_the_local_one_of_the_look(age_s: int, day: date) -> None:
    """Record age and age of the look count together, in the authority's time zone."""
    laptop = Laptop()
    half = age_s // 2
    laptop.write(
        say(f'"machine":{{"outcome":"ok","observed_age_s":{half},"facts":{{}}}}'), age_ms=half * 1000
    )
    assert changed(hear(laptop, laptop.envelope())).sections["machine"].observed_on == day


def test_a_section_that_did_not_change_moves_its_day_only() -> None:
    """Its facts are not sent again, and a day moves forward once."""
    laptop = Laptop()
    laptop.write(age_ms=2 * 86_400_000)
    standing = taken_in(laptop)
    laptop.write(say("", unchanged='{"machine":5,"firewall":5}'))
    decision = hear(laptop, laptop.envelope(2), standing)

    assert dict(changed(decision).looked_at) == {"machine": TODAY}
    assert not changed(decision).sections
    laptop.write(say("", unchanged='{"machine":5}'))
    assert not changed(hear(laptop, laptop.envelope(3), after(decision))).looked_at


def test_a_day_that_is_still_to_come_gives_way_to_today() -> None:
    """The collector's clock was ahead; facts must not look fresh until that day."""
    laptop = Laptop()
    laptop.write(age_ms=2 * 86_400_000)
    taken = taken_in(laptop)
    standing = replace(taken, observed=dict.fromkeys(taken.observed, TODAY + timedelta(days=365)))
    laptop.write(say("", unchanged='{"machine":5}'))

    assert changed(hear(laptop, laptop.envelope(2), standing)).looked_at == {"machine": TODAY}


@pytest.mark.parametrize(
    ("said", "outcome"),
    [
        ('"battery":{"outcome":"absent","facts":{}}', Outcome.ABSENT),
        ('"battery":{"outcome":"ok"}', Outcome.FAILED),
    ],
    ids=["facts of what is absent", "no facts of what is fine"],
)
def test_facts_are_kept_only_where_the_outcome_is_ok(said: str, outcome: Outcome) -> None:
    """A contradiction is counted and never read as a fact."""
    laptop = Laptop()
    laptop.write(say(said))
    decision = hear(laptop, laptop.envelope())

    assert changed(decision).sections["battery"].facts is None
    assert changed(decision).sections["battery"].outcome is outcome
    assert decision.counts["observations_inconsistent"] == 1


def test_what_a_newer_agent_says_is_counted_and_dropped() -> None:
    """Unknown fields and values never make a record unreadable."""
    laptop = Laptop()
    laptop.write(say('"machine":{"outcome":"ok","facts":{"chassis":"hologram","aura":1}},"mood":{}'))
    decision = hear(laptop, laptop.envelope())

    assert decision.word is Word.APPLIED
    assert (decision.counts["unknown_values"], decision.counts["unknown_fields"]) == (1, 2)
    facts = changed(decision).sections["machine"].facts
    assert facts is not None
    assert facts.model_dump(mode="json", exclude_none=True) == {"chassis": "other"}


# --- properties


def buckets() -> Buckets:
    return Buckets(rate_per_s=1000, burst=1000)


@given(topic=st.text(max_size=80), retained=st.booleans())
def test_any_topic_gets_a_word_or_is_exactly_a_devices_own(topic: str, *, retained: bool) -> None:
    """Nothing but the topic of a device, in its lane, is heard."""
    admitted = admit(topic, retained=retained, now_s=0, buckets=buckets())
    assert isinstance(admitted, Word) or topic == topics.report(admitted)


_bodies = st.one_of(
    st.binary(max_size=200).filter(lambda body: body and b"\n" not in body),
    st.sampled_from([BODY, UNREADABLE, say('"battery":{"outcome":"absent"}'), b"[" * 5000]),
)


@given(payload=st.one_of(st.binary(max_size=300), st.text(max_size=300).map(str.encode)))
def test_any_bytes_get_a_decision_that_changes_nothing(payload: bytes) -> None:
    """Whatever is no envelope leaves no trace but a count."""
    decision = hear(Laptop(), payload, Standing(status=ACTIVE, mark=Mark("e", 3)))
    assert decision.word is Word.UNDECODABLE
    assert decision.change is None


@given(
    bodies=st.lists(_bodies, min_size=1, max_size=8),
    ages=st.lists(st.integers(-(10**14), 10**14), min_size=8, max_size=8),
    order=st.lists(st.tuples(st.integers(1, 8), st.integers(1, 8)), max_size=12),
)
def test_any_order_of_sending_gives_the_same_mark_in_the_end(
    bodies: list[bytes], ages: list[int], order: list[tuple[int, int]]
) -> None:
    """Copies, gaps and old envelopes change nothing: count and chain are those of the readable records."""
    laptop = Laptop()
    for body, age in zip(bodies, ages, strict=False):
        laptop.write(body, age_ms=age)
    standing: Standing | None = None
    for first, last in [*order, (1, 8)]:
        seqs = [r.seq for r in laptop.written if first <= r.seq <= last]
        if seqs:
            decision = hear(laptop, laptop.envelope(*seqs), standing)
            assert decision.word in {Word.APPLIED, Word.REFUSED, Word.DUPLICATE, Word.GAP}
            standing = decision.change.after if decision.change else standing
    assert standing is not None
    refused = {seq for seq, _ in _refused(laptop)}
    expected = Mark(laptop.epoch)
    for record in laptop.written:
        expected = expected.past(record.seq) if record.seq in refused else expected.after(record)
    assert standing.mark == expected


def _refused(laptop: Laptop) -> tuple[tuple[int, str], ...]:
    ack = hear(laptop, laptop.envelope()).ack
    assert ack is not None
    return ack.refused


def test_one_answer_covers_all_a_device_sent_in_a_batch() -> None:
    """Refusals of the same epoch add up; a later epoch stands alone."""
    first = Ack(epoch=GENERATION, mark=1, generation=GENERATION, refused=((1, "json"),))
    second = Ack(epoch=GENERATION, mark=3, generation=GENERATION, refused=((3, "json"),))
    earlier: Mapping[str, Ack] = {"d": first}

    assert coalesce(earlier, "d", second).refused == ((1, "json"), (3, "json"))
    assert coalesce(earlier, "d", second.model_copy(update={"epoch": str(uuid.uuid4())})).refused == (
        (3, "json"),
    )
    assert coalesce({}, "d", second) == second


def test_what_this_life_holds_is_not_lost_among_the_answers_of_a_batch() -> None:
    """A letter of this life behind the question of an outbox that was put back: both are answered at once."""
    asked = Ack(
        epoch=GENERATION, mark=1, generation=GENERATION, instead_of="-", held=((GENERATION, 1),), missing=2
    )
    later = Ack(epoch=GENERATION, mark=3, generation=GENERATION)

    assert coalesce({"d": asked}, "d", later) == asked.model_copy(update={"mark": 3})
