"""Does the outbox forget only what the collector has, and count all else it gives up?"""

import copy
import shutil
import uuid
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from fernbereit.delivery import MAX_BATCH_BYTES, MAX_PAYLOAD_BYTES, MAX_RECORDS, Ack, Mark, decode
from fernbereit.lives import RANGES_KEPT
from fernbereit_agent.outbox import Outbox
from model_collector import ModelCollector
from outbox_world import DEVICE, HandClock, numbered, outbox_in

GENERATION = "99999999-2222-4333-8444-555555555555"


def _filled(folder: Path, clock: HandClock, count: int, *, padding: int = 0, **bounds: int) -> Outbox:
    outbox = outbox_in(folder, clock, **bounds)
    for number in range(1, count + 1):
        outbox.append(numbered(number, clock, padding=padding))
        clock.seconds += 900
    return outbox


def _ack(outbox: Outbox, mark: int, **others: object) -> Ack:
    envelope = outbox.batch()
    assert envelope is not None
    given = {"epoch": envelope.epoch, "mark": mark, "generation": GENERATION, **others}
    return Ack.model_validate(given)


def _drain(outbox: Outbox, collector: ModelCollector, *, at_most: int = 500) -> None:
    for _ in range(at_most):
        envelope = outbox.batch()
        if envelope is None:
            return
        answer = collector.take(envelope.encode())
        assert answer is not None
        outbox.acknowledge(answer)
    raise AssertionError("the outbox does not get empty")


def _meet(outbox: Outbox, collector: ModelCollector) -> None:
    """Let the outbox hear which life of the store it speaks with; nothing is taken in."""
    envelope = outbox.batch()
    assert envelope is not None
    answer = collector.take(envelope.encode())
    assert answer is not None
    assert answer.instead_of is not None
    outbox.acknowledge(answer)


def test_an_envelope_comes_back_as_it_was_sent(tmp_path: Path) -> None:
    """What the collector decodes is what the outbox said."""
    envelope = _filled(tmp_path, HandClock(), 3).batch()
    assert envelope is not None
    assert decode(envelope.encode()) == envelope
    assert [(line.seq, line.prev) for line in envelope.records] == [(1, 0), (2, 1), (3, 2)]


def test_ages_count_from_the_making_of_each_record(tmp_path: Path) -> None:
    """In milliseconds, at the moment of the batch."""
    envelope = _filled(tmp_path, HandClock(), 3).batch()
    assert envelope is not None
    assert [line.age_ms for line in envelope.records] == [2_700_000, 1_800_000, 900_000]


@pytest.mark.parametrize(
    ("set_back_s", "age_ms"),
    [(0, 900_000 + 60_000), (900 + 30, 60_000), (5_000, 60_000)],
    ids=[
        "clock kept",
        "clock set back a little: the uptime is the least",
        "clock set back before the record: the uptime as well",
    ],
)
def test_over_a_restart_the_wall_clock_decides(tmp_path: Path, set_back_s: int, age_ms: int) -> None:
    """A record from before the restart is at least as old as the uptime, whatever the clock says."""
    clock = HandClock()
    outbox = _filled(tmp_path, clock, 1)
    clock.restart()
    clock.seconds += 60
    clock.wall_ahead -= set_back_s
    envelope = outbox.batch()
    assert envelope is not None
    assert envelope.records[0].age_ms == age_ms


def test_only_what_changed_travels_again(tmp_path: Path) -> None:
    """The first record says all; the next one says the battery anew and the age of the look at the rest."""
    collector = ModelCollector()
    _drain(_filled(tmp_path, HandClock(), 2), collector)
    first, second = (record for _, _, record in collector.applied)
    assert (first.complete, sorted(first.sections.present())) == (True, ["battery", "firewall"])
    assert (second.complete, sorted(second.sections.present())) == (False, ["battery"])
    assert second.unchanged == {"firewall": 0.0}


def test_batches_stay_within_the_limits(tmp_path: Path) -> None:
    """At most 32 records, and never more bytes than an envelope may have."""
    many, long = (
        _filled(tmp_path / "a", HandClock(), 40),
        _filled(tmp_path / "b", HandClock(), 9, padding=9_000),
    )
    sizes = []
    for outbox in (many, long):
        envelope = outbox.batch()
        assert envelope is not None
        assert len(envelope.encode()) <= MAX_BATCH_BYTES + 200 < MAX_PAYLOAD_BYTES
        sizes.append(len(envelope.records))
    assert sizes == [MAX_RECORDS, 5]


def test_a_record_that_fits_no_envelope_is_given_up_at_once(tmp_path: Path) -> None:
    """It is counted, and does not stand in the way."""
    clock = HandClock()
    outbox = outbox_in(tmp_path, clock)
    outbox.append(numbered(1, clock, padding=MAX_BATCH_BYTES))
    assert (outbox.depth().records, outbox.depth().dropped_total) == (0, 1)
    outbox.append(numbered(2, clock))
    collector = ModelCollector()
    _drain(outbox, collector)
    assert collector.counters() == [2]


def test_an_answer_of_another_epoch_changes_nothing(tmp_path: Path) -> None:
    """Neither its mark nor its generation is taken over."""
    outbox = _filled(tmp_path, HandClock(), 2)
    receipt = outbox.acknowledge(_ack(outbox, 2, epoch=str(uuid.uuid4())))
    assert (receipt.answered, receipt.forgotten, outbox.depth().records) == (False, 0, 2)


def test_an_older_answer_does_not_answer_the_batch_in_flight(tmp_path: Path) -> None:
    """What it confirms is forgotten; the batch keeps waiting for its own answer."""
    outbox = _filled(tmp_path, HandClock(), 3)
    receipt = outbox.acknowledge(_ack(outbox, 2))
    assert (receipt.answered, receipt.forgotten, outbox.depth().records) == (False, 2, 1)


def test_an_outbox_from_a_backup_begins_a_new_epoch(tmp_path: Path) -> None:
    """A mark above the last number shows it; what waits gets new numbers, and all is said again."""
    clock = HandClock()
    outbox = _filled(tmp_path, clock, 2)
    old = outbox.batch()
    assert old is not None
    assert outbox.acknowledge(_ack(outbox, 7)).rolled_back
    outbox.append(numbered(3, clock))
    new = outbox.batch()
    assert new is not None
    assert new.epoch != old.epoch
    assert [line.seq for line in new.records] == [1, 2, 3]
    collector = ModelCollector()
    _drain(outbox, collector)
    assert collector.counters() == [1, 2, 3]
    assert collector.applied[-1][2].complete


def test_a_collector_from_a_backup_takes_what_is_left(tmp_path: Path) -> None:
    """What it lost is gone from here too; the oldest record an envelope names is taken all the same."""
    clock = HandClock()
    outbox = _filled(tmp_path, clock, 2)
    collector = ModelCollector()
    _drain(outbox, collector)
    restored = ModelCollector(marks={DEVICE: Mark(collector.marks[DEVICE].epoch, mark=1, applied_count=1)})
    outbox.append(numbered(3, clock))
    outbox.append(numbered(4, clock))
    _drain(outbox, restored)
    assert restored.counters() == [3, 4]


def test_another_device_id_begins_a_new_epoch(tmp_path: Path) -> None:
    """The collector knows nothing of the new device, so all is said again."""
    clock = HandClock()
    outbox = _filled(tmp_path, clock, 1)
    before = outbox.batch()
    outbox.close()
    other = Outbox(tmp_path, DEVICE.replace("1", "2"), clock)
    other.append(numbered(1, clock))
    after = other.batch()
    assert before is not None
    assert after is not None
    assert after.epoch != before.epoch
    assert b'"complete":true' in after.records[-1].body


def test_a_new_generation_asks_for_a_complete_record(tmp_path: Path) -> None:
    """The first generation heard of does not: the first record was complete already."""
    clock = HandClock()
    outbox = _filled(tmp_path, clock, 1)
    collector = ModelCollector()
    complete = []
    for number in (2, 3, 4):
        _drain(outbox, collector)
        complete.append(collector.applied[-1][2].complete)
        collector.generation = GENERATION if number == 3 else collector.generation
        outbox.append(numbered(number, clock))
    _drain(outbox, collector)
    outbox.append(numbered(5, clock))
    _drain(outbox, collector)
    complete += [record.complete for _, _, record in collector.applied[3:]]
    assert complete == [True, False, False, True, False]


def test_the_sections_of_a_refused_record_are_said_again_each_alone(tmp_path: Path) -> None:
    """One section the collector cannot read spoils no other; alone and refused again, it waits."""
    outbox = _filled(tmp_path, HandClock(), 1)
    outbox.acknowledge(_ack(outbox, 1, refused=[(1, "schema")]))
    envelope = outbox.batch()
    assert envelope is not None
    assert [line.body.split(b'"')[3] for line in envelope.records] == [b"battery", b"firewall"]
    assert [line.age_ms for line in envelope.records] == [900_000, 900_000]
    outbox.acknowledge(_ack(outbox, 3, refused=[(2, "schema")]))
    depth = outbox.depth()
    assert (depth.records, depth.refused_total, depth.dropped_total) == (0, 2, 0)


def test_what_a_refusal_lists_twice_is_counted_once(tmp_path: Path) -> None:
    """A repeated answer finds nothing left to refuse."""
    outbox = _filled(tmp_path, HandClock(), 1)
    ack = _ack(outbox, 1, refused=[(1, "schema")])
    assert [outbox.acknowledge(ack).refused for _ in range(2)] == [1, 0]


def test_too_many_bytes_are_merged_before_anything_is_dropped(tmp_path: Path) -> None:
    """The newest of every section stays; the count of merged records travels."""
    clock = HandClock()
    outbox = _filled(tmp_path, clock, 400, padding=400, max_file_bytes=150_000)
    depth = outbox.depth()
    assert depth.records + depth.merged_total == 400
    assert depth.merged_total > 100
    collector = ModelCollector()
    _drain(outbox, collector)
    assert collector.totals == (depth.merged_total, 0)
    assert collector.counters()[-1] == 400
    assert collector.counters() == sorted(set(collector.counters()))


def test_where_merging_makes_no_room_the_oldest_is_dropped(tmp_path: Path) -> None:
    """A file with no room for one record loses each, counted; its sections are said again once it fits."""
    clock = HandClock()
    outbox = _filled(tmp_path, clock, 6, padding=30_000, max_file_bytes=40_000)
    assert (outbox.depth().records, outbox.depth().dropped_total) == (0, 6)
    outbox.append(numbered(7, clock))
    collector = ModelCollector()
    _drain(outbox, collector)
    assert collector.applied[-1][2].complete
    assert collector.totals == (0, 6)


def test_records_older_than_the_bound_go_into_the_next_younger_one(tmp_path: Path) -> None:
    """Fourteen days without a collector keep every section, at its true age."""
    clock = HandClock()
    outbox = outbox_in(tmp_path, clock)
    outbox.append(numbered(1, clock))
    clock.seconds += 13 * 86_400
    outbox.append(numbered(2, clock))
    clock.seconds += 2 * 86_400
    outbox.append(numbered(3, clock))
    collector = ModelCollector()
    _drain(outbox, collector)
    assert collector.counters() == [2, 3]
    merged = collector.applied[0][2]
    assert merged.complete
    ages = {name: seen.observed_age_s for name, seen in merged.sections.present().items()}
    assert ages == {"firewall": 0.0, "battery": 0.0}
    assert collector.totals == (1, 0)


def test_what_is_in_flight_is_neither_merged_nor_dropped(tmp_path: Path) -> None:
    """The collector may have it already."""
    clock = HandClock()
    outbox = _filled(tmp_path, clock, 40, padding=300, max_file_bytes=90_000)
    in_flight = outbox.batch()
    assert in_flight is not None
    for number in range(41, 400):
        outbox.append(numbered(number, clock, padding=300))
    assert outbox.depth().merged_total > 0
    again = outbox.batch()
    assert again is not None
    assert again.records[: len(in_flight.records)] == in_flight.records


def test_an_unanswered_batch_is_halved_until_one_record_is_left(tmp_path: Path) -> None:
    """After three tries each."""
    outbox = _filled(tmp_path, HandClock(), 9)
    sizes = []
    for _ in range(12):
        envelope = outbox.batch()
        assert envelope is not None
        sizes.append(len(envelope.records))
        outbox.unanswered()
    assert sizes == [9, 9, 9, 4, 4, 4, 2, 2, 2, 1, 1, 1]


def test_an_outbox_that_was_rolled_back_and_grew_past_the_mark_loses_nothing(tmp_path: Path) -> None:
    """Its numbers are taken for duplicates, but the chain of the answer tells, and all is sent anew."""
    clock, collector = HandClock(), ModelCollector()
    outbox = _filled(tmp_path / "outbox", clock, 2)
    _drain(outbox, collector)
    outbox.close()
    shutil.copytree(tmp_path / "outbox", tmp_path / "backup")
    later = outbox_in(tmp_path / "outbox", clock)
    for number in (3, 4):
        later.append(numbered(number, clock))
    _drain(later, collector)
    restored = outbox_in(tmp_path / "backup", clock)
    for number in (5, 6, 7):
        restored.append(numbered(number, clock))
    _drain(restored, collector)
    assert {5, 6, 7} <= set(collector.counters())
    assert restored.depth().records == 0


def test_a_lost_answer_with_refusals_does_not_pass_for_delivered(tmp_path: Path) -> None:
    """The repeated answer names no refusals; the sections are said again all the same."""
    clock, collector = HandClock(), ModelCollector()
    outbox = _filled(tmp_path, clock, 1)
    envelope = outbox.batch()
    assert envelope is not None
    assert collector.take(envelope.encode().replace(b'"cycle_count":1', b'"cycle_count":-1')) is not None
    assert collector.counters() == []
    outbox.unanswered()
    _drain(outbox, collector)
    assert collector.counters() == [1]


def test_what_was_sent_is_neither_merged_nor_dropped_after_a_restart_either(tmp_path: Path) -> None:
    """The collector may have it as it is; of what was merged nobody could tell any more what it took."""
    clock, collector = HandClock(), ModelCollector()
    outbox = _filled(tmp_path, clock, 3)
    _meet(outbox, collector)
    envelope = outbox.batch()
    assert envelope is not None
    collector.take(envelope.encode())
    outbox.close()
    clock.seconds += 15 * 86_400
    again = outbox_in(tmp_path, clock)
    again.append(numbered(4, clock))
    _drain(again, collector)
    assert (again.depth().merged_total, collector.counters()) == (0, [1, 2, 3, 4])
    assert len({epoch for epoch, _, _ in collector.applied}) == 1


def test_what_a_restored_store_lacks_is_counted_and_the_rest_goes_on(tmp_path: Path) -> None:
    """Of eight acknowledged records it holds two; what was merged or refused was never there."""
    clock, collector = HandClock(), ModelCollector()
    outbox = _filled(tmp_path, clock, 2)
    _drain(outbox, collector)
    kept = copy.deepcopy(collector)
    for number in range(3, 9):
        outbox.append(numbered(number, clock))
    _drain(outbox, collector)
    outbox.append(numbered(9, clock))
    kept.generation = GENERATION
    _drain(outbox, kept)
    assert (kept.missing, kept.counters()) == (6, [1, 2, 9])
    outbox.append(numbered(10, clock))
    _drain(outbox, kept)
    assert (kept.missing, kept.applied[-1][2].complete) == (6, True)
    assert len({epoch for epoch, _, _ in kept.applied}) == 1


def test_a_store_restored_twice_is_told_what_is_missing_now(tmp_path: Path) -> None:
    """The second life lacks what the first lacked, and what the first took in."""
    clock, collector = HandClock(), ModelCollector()
    outbox = _filled(tmp_path, clock, 2)
    _drain(outbox, collector)
    kept = copy.deepcopy(collector)
    for generation in (None, GENERATION, GENERATION.replace("9", "8")):
        if generation:
            collector = copy.deepcopy(kept)
            collector.generation = generation
        for number in (3, 4, 5):
            outbox.append(numbered(number, clock))
        _drain(outbox, collector)
    assert collector.missing == 6


def test_what_was_said_to_a_former_life_is_not_taken_by_the_next(tmp_path: Path) -> None:
    """An outbox put back and a store put back, and between them a letter that both forgot."""
    clock, collector = HandClock(), ModelCollector()
    outbox = _filled(tmp_path / "outbox", clock, 2)
    _drain(outbox, collector)
    restored = copy.deepcopy(collector)
    restored.generation = GENERATION
    outbox.close()
    shutil.copytree(tmp_path / "outbox", tmp_path / "image")
    later = _filled(tmp_path / "outbox", clock, 3, padding=7)
    letter = later.batch()
    assert letter is not None
    back = outbox_in(tmp_path / "image", clock)
    for number in (11, 12, 13):
        back.append(numbered(number, clock))
    restored.take(letter.encode())
    _drain(back, restored)
    assert restored.counters() == [1, 2, 11, 12, 13]


def test_a_late_answer_of_a_former_life_is_not_listened_to(tmp_path: Path) -> None:
    """It confirms what the present life does not have."""
    clock, collector = HandClock(), ModelCollector()
    outbox = _filled(tmp_path, clock, 1)
    _drain(outbox, collector)
    restored = copy.deepcopy(collector)
    restored.generation = GENERATION
    outbox.append(numbered(2, clock))
    envelope = outbox.batch()
    assert envelope is not None
    late, greeting = collector.take(envelope.encode()), restored.take(envelope.encode())
    assert late is not None
    assert greeting is not None
    outbox.acknowledge(greeting)
    assert outbox.acknowledge(late).forgotten == 0
    _drain(outbox, restored)
    assert (restored.counters(), restored.missing) == ([1, 2], 0)


def test_a_greeting_to_somebody_else_is_not_listened_to(tmp_path: Path) -> None:
    """Only the answer to what was asked begins with another life; a late one is of a life that is over."""
    clock, former = HandClock(), ModelCollector()
    outbox = _filled(tmp_path, clock, 1)
    asked = outbox.batch()
    assert asked is not None
    late, present = former.take(asked.encode()), ModelCollector()
    assert late is not None
    _meet(outbox, present)
    outbox.acknowledge(late)
    again = outbox.batch()
    assert again is not None
    assert again.generation == present.generation


def test_what_is_known_to_be_taken_stays_small(tmp_path: Path) -> None:
    """A laptop whose every other record is refused remembers the newest alone."""
    clock = HandClock()
    outbox = outbox_in(tmp_path, clock)
    for number in range(1, 2 * RANGES_KEPT + 20):
        outbox.append(numbered(number, clock))
        refused = [] if number % 2 else [(number, "schema")]
        with outbox._changing() as (database, _):
            database.execute("DELETE FROM said")  # so that a refused record has one section and is not split
            database.execute("INSERT INTO said VALUES ('battery', '', ?)", (number,))
        outbox.acknowledge(_ack(outbox, number, refused=refused))
    with outbox._changing() as (_, state):
        assert sum(map(len, state.taken.values())) == RANGES_KEPT


def _unanswered(outbox: Outbox, times: int) -> None:
    for _ in range(times):
        outbox.batch()
        outbox.unanswered()


def test_a_record_nobody_can_read_is_set_aside_once_the_next_is_answered(tmp_path: Path) -> None:
    """It is counted, its sections are said again, and those behind it get through."""
    clock = HandClock()
    outbox, collector = _filled(tmp_path, clock, 3), ModelCollector()
    _meet(outbox, collector)
    _unanswered(outbox, 6)
    envelope = outbox.batch()
    assert envelope is not None
    assert [line.seq for line in envelope.records] == [2]
    _drain(outbox, collector)
    assert collector.counters() == [2, 3]
    assert outbox.depth().dropped_total == 1
    outbox.append(numbered(4, clock))
    _drain(outbox, collector)
    assert collector.totals == (0, 1)
    assert "firewall" in collector.applied[-1][2].sections.present()


def test_a_collector_that_is_away_costs_no_record(tmp_path: Path) -> None:
    """When the one behind is not answered either, the oldest has its turn again."""
    outbox = _filled(tmp_path, HandClock(), 3)
    _unanswered(outbox, 9)
    collector = ModelCollector()
    _drain(outbox, collector)
    assert collector.counters() == [1, 2, 3]
    assert outbox.depth().dropped_total == 0


def test_numbers_go_on_after_the_file_was_closed(tmp_path: Path) -> None:
    """A restart begins no new epoch and says nothing twice."""
    clock = HandClock()
    outbox = _filled(tmp_path, clock, 2)
    collector = ModelCollector()
    _drain(outbox, collector)
    outbox.close()
    again = outbox_in(tmp_path, clock)
    assert again.begun()
    again.append(numbered(3, clock))
    _drain(again, collector)
    assert [line.seq for _, line, _ in collector.applied] == [1, 2, 3]
    assert len(collector.closed[DEVICE]) == 0
    assert not collector.applied[-1][2].complete


class Delivering(RuleBasedStateMachine):
    """An outbox with little room, and a channel that loses, repeats and reorders in both directions."""

    folders: list[Path] = []  # noqa: RUF012 - filled by the test below

    def __init__(self) -> None:
        super().__init__()
        self.folder = self.folders[0] / uuid.uuid4().hex
        self.clock = HandClock()
        self.collector = ModelCollector()
        self.up: list[bytes] = []
        self.down: list[Ack] = []
        self.made: dict[int, float] = {}
        self.disturbed = False

    @initialize(room=st.sampled_from([60_000, 16 * 2**20]))
    def begin(self, room: int) -> None:
        self.room = room
        self.outbox = outbox_in(self.folder, self.clock, max_file_bytes=room)

    @rule(count=st.integers(1, 12), pause=st.integers(1, 100_000))
    def append(self, count: int, pause: int) -> None:
        for _ in range(count):
            self.clock.seconds += pause
            number = len(self.made) + 1
            self.made[number] = self.clock.seconds
            self.outbox.append(numbered(number, self.clock, padding=300))

    @rule()
    def send(self) -> None:
        envelope = self.outbox.batch()
        if envelope is not None:
            self.up.append(envelope.encode())

    @precondition(lambda self: self.up)
    @rule(data=st.data(), keep=st.booleans())
    def arrive(self, data: st.DataObject, keep: bool) -> None:  # noqa: FBT001
        place = data.draw(st.integers(0, len(self.up) - 1))
        payload = self.up[place] if keep else self.up.pop(place)
        answer = self.collector.take(payload)
        if answer is not None:
            self.down.append(answer)

    @precondition(lambda self: self.down)
    @rule(data=st.data(), keep=st.booleans())
    def answer(self, data: st.DataObject, keep: bool) -> None:  # noqa: FBT001
        place = data.draw(st.integers(0, len(self.down) - 1))
        self.outbox.acknowledge(self.down[place] if keep else self.down.pop(place))

    @rule()
    def lose_everything_on_the_way(self) -> None:
        self.up.clear()
        self.down.clear()

    @rule(times=st.integers(1, 8))
    def hear_nothing(self, times: int) -> None:
        for _ in range(times):
            self.send()
            self.outbox.unanswered()
        self.disturbed = True

    @rule(boot=st.booleans())
    def restart(self, boot: bool) -> None:  # noqa: FBT001
        self.outbox.close()
        if boot:
            self.clock.restart()
        self.outbox = outbox_in(self.folder, self.clock, max_file_bytes=self.room)
        self.disturbed = True

    @invariant()
    def nothing_is_applied_twice_or_out_of_order(self) -> None:
        numbers = self.collector.counters()
        assert numbers == sorted(set(numbers))

    def teardown(self) -> None:
        _drain(self.outbox, self.collector)
        depth = self.outbox.depth()
        given_up = depth.merged_total + depth.dropped_total
        missing = set(self.made) - set(self.collector.counters())
        assert depth.records == 0
        assert len(missing) <= given_up
        if not self.disturbed:
            assert len(missing) == given_up
        if self.made and depth.dropped_total == 0:
            assert self.collector.counters()[-1] == len(self.made)
        self.outbox.close()


def test_whatever_the_channel_does_nothing_is_lost_uncounted(tmp_path: Path) -> None:
    """Every record is applied once or counted as merged or dropped, in any order of events."""
    Delivering.folders = [tmp_path]
    run_state_machine_as_test(
        Delivering,
        settings=settings(
            max_examples=25,
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert list(tmp_path.iterdir())
