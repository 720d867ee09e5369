"""Does a simulated laptop follow the delivery rules?"""

import copy
from random import Random

import pytest

from fernbereit.delivery import MAX_BATCH_BYTES, MAX_RECORDS, NOBODY, Ack, Envelope, decode
from fernbereit_server.demo.sender import Answer, Resend, Sender
from model_collector import ModelCollector

DEVICE = "11111111-2222-4333-8444-555555555555"
EPOCH = "aaaaaaaa-2222-4333-8444-555555555555"
NEXT_EPOCH = "bbbbbbbb-2222-4333-8444-555555555555"
GENERATION = "cccccccc-2222-4333-8444-555555555555"
OTHER_GENERATION = "dddddddd-2222-4333-8444-555555555555"


def a_sender(records: int = 0) -> Sender:
    sender = Sender(DEVICE, EPOCH, Random(1), Resend(first_s=60, max_s=1800))
    for number in range(records):
        sender.put(b'{"sections":{},"n":%d}' % number, now=float(number))
    return sender


def an_ack(mark: int, epoch: str = EPOCH, generation: str = GENERATION) -> Ack:
    return Ack(epoch=epoch, mark=mark, generation=generation)


def sent(sender: Sender, now: float) -> Envelope:
    payload = sender.batch(now)
    assert payload is not None
    return decode(payload)


def deliver(sender: Sender, collector: ModelCollector, now: float = 0.0) -> list[Answer]:
    """Send until nothing waits; return what the answers meant."""
    answers = []
    while len(sender):
        payload = sender.batch(now)
        assert payload is not None
        ack = collector.take(payload)
        assert ack is not None
        answers.append(sender.answered(ack))
    return answers


def test_records_travel_oldest_first_with_their_age() -> None:
    """The envelope says what the outbox holds, and how long ago each record was made."""
    payload = a_sender(3).batch(now=10.0)
    assert payload is not None
    envelope = decode(payload)

    assert (envelope.oldest, [(r.seq, r.prev, r.age_ms) for r in envelope.records]) == (
        1,
        [(1, 0, 10_000), (2, 1, 9_000), (3, 2, 8_000)],
    )


def test_one_batch_is_in_flight_and_new_records_wait() -> None:
    """Nothing is sent beside an unanswered batch, and a new record does not bring its resending nearer."""
    sender = a_sender(1)
    sender.batch(now=0.0)
    sender.put(b"{}", now=1.0)

    assert sender.batch(now=59.0) is None
    again = sender.batch(now=60.0)
    assert again is not None
    assert [record.seq for record in decode(again).records] == [1, 2]


def test_resending_becomes_seldom_and_stays_within_half_an_hour() -> None:
    """The wait doubles with full jitter; a collector that comes back is not run over."""
    sender = a_sender(1)
    now, waits = 0.0, []
    for _ in range(40):
        assert sender.batch(now) is not None
        waits.append(sender.resend_at - now)
        now = sender.resend_at

    assert waits[0] == 60
    assert max(waits) > 900
    assert all(60 <= wait <= 1800 for wait in waits)


def test_an_answer_forgets_up_to_its_mark_and_frees_the_rest() -> None:
    """After a full answer the next batch may go at once."""
    sender = a_sender(MAX_RECORDS + 5)
    first = sender.batch(now=100.0)
    assert first is not None
    assert len(decode(first).records) == MAX_RECORDS
    assert sender.answered(an_ack(MAX_RECORDS)) is Answer.TAKEN

    second = sender.batch(now=100.0)
    assert second is not None
    assert [record.seq for record in decode(second).records] == list(range(MAX_RECORDS + 1, MAX_RECORDS + 6))
    assert len(sender) == 5


def test_a_batch_stays_below_its_size() -> None:
    """Large records are spread over several envelopes."""
    sender = a_sender()
    for _ in range(20):
        sender.put(b"x" * 5000, now=0.0)
    payload = sender.batch(now=0.0)

    assert payload is not None
    assert MAX_BATCH_BYTES - 5000 < len(payload) < MAX_BATCH_BYTES + 1000


@pytest.mark.parametrize(
    ("ack", "answer", "left"),
    [
        (an_ack(2), Answer.TAKEN, 1),
        (an_ack(0), Answer.TAKEN, 3),
        (an_ack(2, epoch=NEXT_EPOCH), Answer.IGNORED, 3),
        (an_ack(4), Answer.ROLLED_BACK, 3),
    ],
    ids=["a part", "nothing yet", "of another epoch", "of what was never written"],
)
def test_an_answer_is_taken_for_what_it_says(ack: Ack, answer: Answer, left: int) -> None:
    """Only an answer of this epoch, about records that were written, lets any of them go."""
    sender = a_sender(3)
    sender.batch(now=5.0)

    assert (sender.answered(ack), len(sender)) == (answer, left)


def test_a_store_begun_anew_asks_for_a_complete_record() -> None:
    """The first generation is only learnt; another one afterwards means that the store was replaced."""
    sender = a_sender(2)

    assert sender.answered(an_ack(1)) is Answer.TAKEN
    assert sender.answered(an_ack(1)) is Answer.TAKEN
    assert sender.answered(an_ack(2, generation=OTHER_GENERATION)) is Answer.NEW_GENERATION


def test_a_new_epoch_keeps_every_record_that_was_not_acknowledged() -> None:
    """They are numbered afresh behind a complete record."""
    sender = a_sender(2)
    sender.batch(now=1.0)
    sender.begin_epoch(NEXT_EPOCH, b'{"complete":true}', now=2.0)
    payload = sender.batch(now=2.0)
    assert payload is not None
    envelope = decode(payload)

    assert envelope.epoch == NEXT_EPOCH
    assert [(r.seq, r.prev) for r in envelope.records] == [(1, 0), (2, 1), (3, 2)]
    assert envelope.records[0].body == b'{"complete":true}'


def test_a_life_of_the_store_is_met_before_anything_is_taken_in() -> None:
    """The first envelope names no life and is sent again, at once and for the one that answered."""
    sender, collector = a_sender(2), ModelCollector(GENERATION)

    assert sent(sender, 0.0).generation == NOBODY
    assert deliver(sender, collector, 60.0) == [Answer.TAKEN, Answer.TAKEN]
    assert len(collector.applied) == 2
    sender.put(b'{"sections":{}}', now=61.0)
    assert (sent(sender, 61.0).generation, sender.lives.missing_total) == (GENERATION, 0)


def test_what_a_restored_store_lacks_is_missing_and_the_rest_goes_on() -> None:
    """Of three acknowledged records it holds one; the fourth is taken in, and a complete one is asked for."""
    sender, collector = a_sender(1), ModelCollector(GENERATION)
    deliver(sender, collector)
    backup = copy.deepcopy(collector)
    backup.generation = OTHER_GENERATION
    for _ in range(2):
        sender.put(b'{"sections":{}}', now=1.0)
    deliver(sender, collector)
    sender.put(b'{"sections":{}}', now=2.0)

    assert deliver(sender, backup) == [Answer.NEW_GENERATION, Answer.TAKEN]
    assert backup.missing == sender.lives.missing_total == 2
    assert [line.seq for _, line, _ in backup.applied] == [1, 4]


def test_a_late_answer_of_a_life_that_is_over_is_not_heard() -> None:
    """It confirms what the present life does not hold."""
    sender, collector = a_sender(1), ModelCollector(GENERATION)
    deliver(sender, collector)
    backup = copy.deepcopy(collector)
    backup.generation = OTHER_GENERATION
    sender.put(b'{"sections":{}}', now=1.0)
    payload = sender.batch(1.0)
    assert payload is not None
    late, greeting = collector.take(payload), backup.take(payload)
    assert late is not None
    assert greeting is not None
    sender.answered(greeting)

    assert (sender.answered(late), len(sender)) == (Answer.IGNORED, 1)
