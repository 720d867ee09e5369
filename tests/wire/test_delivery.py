"""Is nothing lost and nothing applied twice, whatever the network does to the envelopes?"""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fernbereit.delivery import (
    CHAIN_START,
    MAX_PAYLOAD_BYTES,
    MAX_RECORDS,
    Ack,
    Envelope,
    EnvelopeError,
    Mark,
    RecordLine,
    Step,
    decode,
    decode_ack,
)

DEVICE = "4f6e1d0a-8c35-4b7e-9a42-d1c0b5e6f7a8"
EPOCH = "0d9c8b7a-6f5e-4d3c-8b2a-190f8e7d6c5b"
GENERATION = "9a8b7c6d-5e4f-4a3b-8c2d-1e0f9a8b7c6d"

bodies = st.binary(min_size=1, max_size=60).filter(lambda body: b"\n" not in body)
totals = st.integers(0, 10**15 - 1)


@st.composite
def envelopes(draw: st.DrawFn) -> Envelope:
    """Draw any envelope a sender may write."""
    numbers = sorted(draw(st.sets(st.integers(1, 10**15 - 1), min_size=1, max_size=MAX_RECORDS)))
    ages = st.integers(-(10**15) + 1, 10**15 - 1)
    lines = []
    generation, missing = draw(st.sampled_from([(None, 0), ("-", 0), (GENERATION, 7)]))
    for seq in numbers:
        prev = draw(st.integers(0, seq - 1))
        lines.append(RecordLine(seq, prev, draw(ages), draw(bodies)))
    return Envelope(
        device_id=str(draw(st.uuids())),
        epoch=str(draw(st.uuids())),
        oldest=draw(st.integers(0, numbers[0])),
        records=tuple(lines),
        merged_total=draw(totals),
        dropped_total=draw(totals),
        generation=generation,
        missing_total=missing,
    )


@given(envelopes())
def test_an_envelope_is_read_as_it_was_written(envelope: Envelope) -> None:
    """Every number and every byte of every record comes back."""
    assert decode(envelope.encode()) == envelope


@given(st.binary(max_size=400))
def test_any_bytes_are_an_envelope_or_a_fault(payload: bytes) -> None:
    """Nothing but `EnvelopeError` comes out of reading."""
    with pytest.raises(EnvelopeError):
        decode(payload)


@given(envelopes(), st.data())
def test_a_damaged_envelope_is_an_envelope_or_a_fault(envelope: Envelope, data: st.DataObject) -> None:
    """One byte changed anywhere never raises anything else, and what is read is in order."""
    payload = bytearray(envelope.encode())
    place = data.draw(st.integers(0, len(payload) - 1))
    payload[place] = data.draw(st.integers(0, 255))
    try:
        read = decode(bytes(payload))
    except EnvelopeError:
        return
    numbers = [line.seq for line in read.records]
    assert numbers == sorted(set(numbers))
    assert read.oldest <= numbers[0]


HEAD = f"fernbereit 1 {DEVICE} {EPOCH}"


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        pytest.param(b"", "header", id="nothing"),
        pytest.param(b"x" * (MAX_PAYLOAD_BYTES + 1), "too_large", id="too large"),
        pytest.param(f"fernbereit 2 {DEVICE} {EPOCH} 1 1 1 0 0\n1 0 0 {{}}", "header", id="another version"),
        pytest.param(f"{HEAD} 1 1 1 0\n1 0 0 {{}}", "header", id="a number missing"),
        pytest.param(f"{HEAD} 1 1 1 0 0 é\n1 0 0 {{}}", "header", id="a word that is no ASCII"),
        pytest.param(f"fernbereit 1 {'-' * 36} {EPOCH} 1 1 1 0 0\n1 0 0 {{}}", "device_id", id="no device"),
        pytest.param(f"fernbereit 1 {DEVICE} {'a' * 36} 1 1 1 0 0\n1 0 0 {{}}", "device_id", id="no epoch"),
        pytest.param(f"{HEAD} 1 1 1 0 0\n1 0 {{}}", "line", id="a line without age"),
        pytest.param(f"{HEAD} 1 1 1 0 0\n1 0 0 ", "line", id="a line without record"),
        pytest.param(f"{HEAD} 1 1 2 0 0\n2 1 0 {{}}\n1 0 0 {{}}", "order", id="backwards"),
        pytest.param(f"{HEAD} 1 1 1 0 0\n1 0 0 {{}}\n1 0 0 {{}}", "order", id="the same twice"),
        pytest.param(f"{HEAD} 1 1 1 0 0\n1 1 0 {{}}", "order", id="its own predecessor"),
        pytest.param(f"{HEAD} 0 0 0 0 0\n0 0 0 {{}}", "order", id="number zero"),
        pytest.param(f"{HEAD} 1 1 2 0 0\n1 0 0 {{}}", "range", id="another last number"),
        pytest.param(f"{HEAD} 2 1 1 0 0\n1 0 0 {{}}", "range", id="older than the oldest"),
        pytest.param(f"{HEAD} 1 1 1 0 0", "range", id="no record"),
        pytest.param(
            f"{HEAD} 1 1 {MAX_RECORDS + 1} 0 0\n"
            + "\n".join(f"{n} {n - 1} 0 {{}}" for n in range(1, MAX_RECORDS + 2)),
            "range",
            id="too many records",
        ),
    ],
)
def test_a_faulty_envelope_is_refused_for_its_reason(payload: str | bytes, reason: str) -> None:
    """Each fault has one word that can be counted."""
    with pytest.raises(EnvelopeError) as raised:
        decode(payload if isinstance(payload, bytes) else payload.encode())
    assert raised.value.reason == reason


class Outbox:
    """A sender that keeps records until they are acknowledged, and merges or drops under pressure."""

    def __init__(self) -> None:
        self.written = 0
        self.held: list[RecordLine] = []
        self.merged: set[int] = set()
        self.dropped: set[int] = set()

    def write(self) -> None:
        """Append one record."""
        self.written += 1
        self.held.append(RecordLine(self.written, self.written - 1, 0, b"%d" % self.written))

    def merge_oldest(self) -> None:
        """Merge the two oldest records into the newer number, which takes over the older predecessor."""
        if len(self.held) > 1:
            older, newer = self.held[:2]
            self.merged.add(older.seq)
            self.held[:2] = [newer._replace(prev=older.prev, body=older.body + b"+" + newer.body)]

    def drop_oldest(self) -> None:
        """Give up the oldest record."""
        if len(self.held) > 1:
            self.dropped.add(self.held.pop(0).seq)

    def envelope(self, start: int, count: int) -> Envelope | None:
        """Return any slice of what is held."""
        lines = tuple(self.held[start : start + count])
        if not lines:
            return None
        return Envelope(device_id=DEVICE, epoch=EPOCH, oldest=self.held[0].seq, records=lines)

    def acknowledged(self, mark: int) -> None:
        """Forget what the collector has."""
        self.held = [line for line in self.held if line.seq > mark]


class Collector:
    """A receiver that keeps a mark and the numbers it applied."""

    def __init__(self) -> None:
        self.mark = Mark(EPOCH)
        self.applied: list[RecordLine] = []

    def take(self, envelope: Envelope) -> int:
        """Take in one envelope and answer with the mark."""
        for line in envelope.records:
            if self.mark.step(line, envelope.oldest) is Step.APPLY:
                self.mark = self.mark.after(line)
                self.applied.append(line)
        return self.mark.mark


actions = st.lists(
    st.tuples(
        st.sampled_from(["write", "write", "send", "send", "replay", "acknowledge", "merge", "drop"]),
        st.integers(0, 6),
        st.integers(1, 6),
    ),
    max_size=60,
)


@given(actions)
def test_nothing_is_lost_and_nothing_is_applied_twice(script: list[tuple[str, int, int]]) -> None:
    """Slices, repeats, reordering, lost acks, merging and dropping: the books balance in the end."""
    outbox, collector = Outbox(), Collector()
    sent: list[Envelope] = []
    for action, start, count in script:
        if action == "write":
            outbox.write()
        elif action == "send" and (envelope := outbox.envelope(start, count)):
            sent.append(envelope)
            collector.take(envelope)
        elif action == "replay" and sent:
            collector.take(sent[start % len(sent)])
        elif action == "acknowledge":
            outbox.acknowledged(collector.mark.mark)
        elif action == "merge":
            outbox.merge_oldest()
        elif action == "drop":
            outbox.drop_oldest()
    while envelope := outbox.envelope(0, 4):
        held = len(outbox.held)
        outbox.acknowledged(collector.take(envelope))
        assert len(outbox.held) < held, "sending from the start makes progress"
    numbers = [line.seq for line in collector.applied]
    assert numbers == sorted(set(numbers))
    assert set(numbers) | outbox.merged | outbox.dropped == set(range(1, outbox.written + 1))
    assert collector.mark.applied_count == len(numbers)
    assert collector.mark.chain == recomputed(collector.applied)


def recomputed(applied: list[RecordLine]) -> bytes:
    """Compute the chain as the documentation says, without the code under test."""
    chain = CHAIN_START
    for line in applied:
        chain = hashlib.sha256(chain + str(line.seq).encode() + hashlib.sha256(line.body).digest()).digest()
    return chain


def line(seq: int, prev: int) -> RecordLine:
    """Return a record at a place of the outbox."""
    return RecordLine(seq, prev, 0, b"{}")


@pytest.mark.parametrize(
    ("record", "oldest", "step"),
    [
        pytest.param(line(6, 5), 1, Step.APPLY, id="the next one is applied"),
        pytest.param(line(9, 5), 1, Step.APPLY, id="one that took over merged ones is applied"),
        pytest.param(line(9, 3), 1, Step.APPLY, id="one whose predecessor is long known is applied"),
        pytest.param(line(5, 4), 1, Step.DUPLICATE, id="the last one again is a duplicate"),
        pytest.param(line(1, 0), 1, Step.DUPLICATE, id="an old one is a duplicate"),
        pytest.param(line(8, 7), 6, Step.GAP, id="one whose predecessor is still held waits"),
        pytest.param(line(8, 7), 8, Step.APPLY, id="the oldest that is held is applied"),
        pytest.param(line(4, 3), 4, Step.DUPLICATE, id="an old one stays a duplicate even as the oldest"),
    ],
)
def test_each_record_has_one_meaning(record: RecordLine, oldest: int, step: Step) -> None:
    """At mark 5."""
    assert Mark(EPOCH, 5).step(record, oldest) is step


def test_an_unreadable_record_is_passed_once_and_for_ever() -> None:
    """It moves the mark but neither count nor chain, and never comes back."""
    mark = Mark(EPOCH, 5, 3, b"c" * 32)
    after = mark.past(6)
    assert (after.mark, after.applied_count, after.chain) == (6, 3, mark.chain)
    assert after.step(line(6, 5), 6) is Step.DUPLICATE
    assert after.step(line(7, 6), 6) is Step.APPLY


@given(totals, st.lists(st.tuples(st.integers(0, 99), st.just("too_large")), max_size=3))
def test_an_answer_is_read_as_it_was_written(mark: int, refused: list[tuple[int, str]]) -> None:
    """Mark, generation and refusals come back; an empty list is not written."""
    chain = hashlib.sha256(b"%d" % mark).hexdigest()
    ack = Ack(epoch=EPOCH, mark=mark, generation=GENERATION, refused=tuple(refused), chain=chain)
    assert decode_ack(ack.encode()) == ack
    assert (b"refused" in ack.encode()) == bool(refused)


@given(st.binary(max_size=200))
def test_any_bytes_are_an_answer_or_none(payload: bytes) -> None:
    """A laptop is not brought down by what arrives on its topic."""
    assert decode_ack(payload) is None


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(f'{{"epoch":"{EPOCH}","mark":-1,"generation":"{GENERATION}"}}', id="a mark below zero"),
        pytest.param(f'{{"epoch":"{EPOCH}","mark":1}}', id="no generation"),
        pytest.param(f'{{"epoch":"{EPOCH.upper()}","mark":1,"generation":"{GENERATION}"}}', id="capitals"),
        pytest.param(
            f'{{"epoch":"{EPOCH}","mark":1,"generation":"{GENERATION}","refused":[[1,"Too large!"]]}}',
            id="a reason that is a sentence",
        ),
        pytest.param(
            f'{{"epoch":"{EPOCH}","mark":1,"generation":"{GENERATION}","chain":"00"}}', id="a cut chain"
        ),
        pytest.param(
            f'{{"epoch":"{EPOCH}","mark":1,"generation":"{GENERATION}","missing":1{"0" * 600}}}',
            id="more missing than the next envelope could say",
        ),
        pytest.param(
            f'{{"epoch":"{EPOCH}","mark":1,"generation":"{GENERATION}","refused":[[{2**63},"json"]]}}',
            id="a number that the outbox could not look for",
        ),
    ],
)
def test_a_faulty_answer_is_no_answer(answer: str) -> None:
    """The laptop keeps its records and sends them again."""
    assert decode_ack(answer.encode()) is None


def test_a_newer_answer_may_say_more() -> None:
    """Unknown keys of an answer are passed over."""
    said = f'{{"epoch":"{EPOCH}","mark":7,"generation":"{GENERATION}","pace_s":30}}'
    ack = decode_ack(said.encode())
    assert ack is not None
    assert ack.mark == 7
