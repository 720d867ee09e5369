"""Does one simulated laptop keep what is not acknowledged, and forget only what is?"""

import uuid
from datetime import date
from pathlib import Path

import pytest

from fernbereit.delivery import NOBODY, Ack, decode
from fernbereit.record import decode_record
from fernbereit_server.demo.sender_log import SenderLog
from fernbereit_server.simulate.device import MOST_WAITING, Device
from fernbereit_server.simulate.figures import Figures
from fernbereit_server.simulate.laptops import laptops

GENERATION = "9a8b7c6d-5e4f-4a3b-8c2d-1e0f9a8b7c6d"
OTHER_GENERATION = "8a8b7c6d-5e4f-4a3b-8c2d-1e0f9a8b7c6d"


@pytest.fixture
def device(tmp_path: Path) -> Device:
    (source,) = laptops(1, seed=3, today=date(2026, 11, 22), different=1)
    return Device(source, seed=3, figures=Figures(), log=SenderLog(tmp_path / "log"))


def ack(device: Device, mark: int, *, epoch: str = "", generation: str = GENERATION) -> Ack:
    return Ack(epoch=epoch or device.sender.epoch, mark=mark, generation=generation)


def test_a_record_is_waiting_until_it_is_acknowledged(device: Device) -> None:
    """And the times are those from sending and from writing."""
    device.report(0.0)
    device.batch(2.0)
    assert device._figures.waiting == 1

    device.answered(ack(device, 1), 5.0)

    assert device._figures.waiting == 0
    assert device._figures.to_ack.longest_s == 3
    assert device._figures.delay.longest_s == 5


def test_an_answer_of_another_epoch_is_not_heard(device: Device) -> None:
    """Nothing is forgotten."""
    device.report(0.0)
    device.answered(ack(device, 1, epoch=str(uuid.uuid4())), 1.0)

    assert device._figures.waiting == 1


def test_one_batch_is_in_flight_and_a_new_connection_sends_it_again(device: Device) -> None:
    """Not before: what waits is sent after the answer or after a minute."""
    device.report(0.0)
    device.batch(0.0)
    device.report(1.0)
    assert device.batch(2.0) is None
    device.connected(3.0)

    again = device.batch(3.0)

    assert again is not None
    assert [record.seq for record in decode(again).records] == [1, 2]
    assert device._figures.resent == 1


def test_an_acknowledged_record_never_written_begins_a_new_epoch(device: Device) -> None:
    """With everything that waits, after a complete record."""
    device.report(0.0)
    former = device.sender.epoch
    device.answered(ack(device, 9), 1.0)

    assert device.sender.epoch != former
    assert device._figures.waiting == len(device.sender) == 2


def test_whom_nobody_answers_stops_writing_and_counts_it(device: Device) -> None:
    """The simulation stays small."""
    for second in range(MOST_WAITING + 3):
        device.report(float(second))

    assert device._figures.waiting == MOST_WAITING
    assert device._figures.held_back == 3


def test_meeting_a_life_of_the_store_is_an_answer_and_no_second_try(device: Device) -> None:
    """Nothing is acknowledged by it; each sending has its own time to the answer."""
    device.report(0.0)
    device.batch(0.0)
    device.answered(ack(device, 0).model_copy(update={"instead_of": NOBODY}), 3.0)
    assert device._figures.waiting == 1
    again = device.batch(5.0)
    device.answered(ack(device, 1), 6.0)

    assert again is not None
    assert decode(again).generation == GENERATION
    figures = device._figures
    assert (figures.resent, figures.to_ack.count, figures.to_ack.longest_s, figures.waiting) == (0, 2, 3, 0)


def test_what_a_restored_store_lacks_is_counted_and_everything_said_anew(device: Device) -> None:
    """Acknowledged it was; the next record is complete."""
    device.report(0.0)
    device.batch(0.0)
    device.answered(ack(device, 0).model_copy(update={"instead_of": NOBODY}), 1.0)
    device.answered(ack(device, 1), 1.0)
    device.report(2.0)
    device.batch(2.0)
    greeting = {"instead_of": GENERATION, "generation": OTHER_GENERATION}
    device.answered(ack(device, 0).model_copy(update=greeting), 3.0)
    device.report(4.0)
    payload = device.batch(4.0)

    assert (device._figures.missing, device._figures.waiting) == (1, 2)
    assert payload is not None
    envelope = decode(payload)
    assert (envelope.generation, envelope.missing_total) == (OTHER_GENERATION, 1)
    assert [decode_record(line.body)[0].complete for line in envelope.records] == [False, True]
