"""Are packets that benches make and read those of MQTT?"""

import time
from pathlib import Path

from bench.made_laptops import identity, number_of
from bench.messages import Message, same_facts
from bench.packets import Pipe, packets, publish
from fernbereit import topics
from fernbereit.delivery import Envelope, RecordLine
from mosquitto import mosquitto


def test_packets_come_out_as_they_went_in_and_what_is_not_whole_yet_stays() -> None:
    """Sizes of one and of two bytes; a packet that is cut waits for its rest."""
    first, second = publish("a/b", b"x", 1), publish("a/b", b"y" * 300, 2, version=5)
    received = bytearray(first + second[:-1])

    assert [(kind, bytes(body)) for kind, body in packets(received)] == [(0x32, b"\0\x03a/b\0\x02x")]
    assert bytes(received) == second[:-1]
    received += second[-1:]
    assert [bytes(body) for _, body in packets(received)] == [b"\0\x03a/b\0\x03\0" + b"y" * 300]
    assert not received


def test_a_broker_takes_what_was_made_before_and_hands_it_out(tmp_path: Path) -> None:
    """Beginning anew at the end of what was made, as who sends on and on."""
    with mosquitto(tmp_path) as broker:
        pipe, heard, ends = Pipe(broker.port, "both", "a/+"), list[bytes](), time.monotonic() + 30
        pipe.send_until(3, [publish("a/1", b"one", 0), publish("a/2", b"two", 1)])
        while len(heard) < 3 and time.monotonic() < ends:
            heard += [bytes(body[5:]) for body in pipe.heard(0.1)]
        pipe.close()

    assert heard == [b"one", b"two", b"one"]


def test_the_number_of_a_laptop_is_read_from_the_topic_of_its_answer() -> None:
    """Where `steady.py` finds it."""
    topic = topics.ack(identity(99_999)[0])

    assert number_of((len(topic).to_bytes(2, "big") + topic.encode())[20:56].decode()) == 99_999


def test_the_peer_is_told_what_the_record_says_and_reads_its_numbers() -> None:
    """Names that two sections share are told apart; texts are no gauges."""
    one, other = '{"outcome":"ok","facts":{"n":1,"x":[true]}}', '{"outcome":"absent","facts":null}'
    body = f'{{"sections":{{"a":{one},"b":{other}}}}}'.encode()
    name, epoch = identity(1)
    envelope = Envelope(device_id=name, epoch=epoch, oldest=1, records=(RecordLine(1, 0, 0, body),))

    told, gauges = same_facts([Message(topics.report(name), envelope.encode())])

    assert told == [
        Message(f"bench/{name}", b'{"a_outcome":"ok","n":1,"x_0":true,"b_outcome":"absent"}'),
    ]
    assert gauges == ["n", "x_0"]
