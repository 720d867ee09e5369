"""What does a collector do that follows `fernbereit.delivery` to the letter? Pure, and live on a broker."""

import threading
import uuid
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.subscribeoptions import SubscribeOptions

from fernbereit import topics
from fernbereit.delivery import CLOSED_EPOCHS_KEPT, Ack, Envelope, Mark, RecordLine, Step, decode
from fernbereit.facts.battery import Battery
from fernbereit.record import Record, RecordError, decode_record


@dataclass
class ModelCollector:
    """The marks of all devices, and every record that was applied, in order."""

    generation: str = field(default_factory=lambda: str(uuid.uuid4()))
    marks: dict[str, Mark] = field(default_factory=dict)
    closed: dict[str, dict[str, int]] = field(default_factory=dict)
    applied: list[tuple[str, RecordLine, Record]] = field(default_factory=list)
    totals: tuple[int, int] = (0, 0)
    """Merged and dropped, as the latest envelope says."""
    missing: int = 0
    """Records acknowledged by an earlier life and not here, as the laptop says."""
    quarantined: bool = False

    def take(self, payload: bytes) -> Ack | None:
        """Take in one envelope; the answer, or None where a collector gives none."""
        envelope = decode(payload)
        mark = self.marks.get(envelope.device_id)
        closed = self.closed.setdefault(envelope.device_id, {})
        if self.quarantined:
            return None
        if envelope.generation is not None and envelope.generation != self.generation:
            return self._met(envelope, mark, closed)
        if envelope.epoch in closed:
            self.quarantined = envelope.records[-1].seq > closed[envelope.epoch]
            return None
        before = mark
        if mark is None or mark.epoch != envelope.epoch:
            closed.update({mark.epoch: mark.mark} if mark else {})
            self.closed[envelope.device_id] = dict(list(closed.items())[-CLOSED_EPOCHS_KEPT:])
            mark = Mark(envelope.epoch)
        refused: list[tuple[int, str]] = []
        for line in envelope.records:
            if mark.step(line, envelope.oldest) is not Step.APPLY:
                continue
            try:
                record, _ = decode_record(line.body)
            except RecordError:
                refused.append((line.seq, "schema"))
                mark = mark.past(line.seq)
                continue
            self.applied.append((envelope.epoch, line, record))
            mark = mark.after(line)
        if mark != before:
            self.marks[envelope.device_id] = mark
            self.totals = (envelope.merged_total, envelope.dropped_total)
            self.missing = max(self.missing, envelope.missing_total)
        return Ack(
            epoch=mark.epoch,
            mark=mark.mark,
            generation=self.generation,
            refused=tuple(refused),
            chain=mark.chain.hex(),
        )

    def _met(self, envelope: Envelope, mark: Mark | None, closed: dict[str, int]) -> Ack:
        """Take nothing in that was meant for another life, and say how far this one is."""
        held = {**closed, **({mark.epoch: mark.mark} if mark else {})}
        at = mark if mark is not None and mark.epoch == envelope.epoch else Mark(envelope.epoch)
        return Ack(
            epoch=at.epoch,
            mark=at.mark,
            generation=self.generation,
            chain=at.chain.hex(),
            instead_of=envelope.generation,
            held=tuple(held.items()),
            missing=self.missing,
        )

    def places(self) -> set[tuple[str, int]]:
        """Return epoch and seq of every applied record."""
        return {(epoch, line.seq) for epoch, line, _ in self.applied}

    def counters(self) -> list[int]:
        """Return the battery's cycle count of every applied record that carries one; tests number with it."""
        return [
            seen.facts.cycle_count
            for _, _, record in self.applied
            if (seen := record.sections.present().get("battery"))
            and isinstance(seen.facts, Battery)
            and seen.facts.cycle_count is not None
        ]


class LiveCollector:
    """The model behind a real broker; answers unless told to be silent."""

    def __init__(self, port: int) -> None:
        self.model = ModelCollector()
        self.silent = False
        self.refuse = False
        self.envelopes: list[bytes] = []
        self._subscribed = threading.Event()
        self._client = mqtt.Client(CallbackAPIVersion.VERSION2, protocol=mqtt.MQTTv5)
        self._client.on_connect = self._on_connect
        self._client.on_subscribe = lambda *_: self._subscribed.set()
        self._client.on_message = self._on_message
        self._client.reconnect_delay_set(1, 1)
        self._client.connect("127.0.0.1", port)

    def __enter__(self) -> Self:
        self._client.loop_start()
        assert self._subscribed.wait(10), "the collector of the test could not subscribe"
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._client.disconnect()
        self._client.loop_stop()

    def publish(self, topic: str, payload: bytes) -> None:
        """Publish something of one's own."""
        self._client.publish(topic, payload, qos=1).wait_for_publish(5)

    def _on_connect(self, client: mqtt.Client, *_: Any) -> None:
        client.subscribe(topics.ALL_REPORTS, options=SubscribeOptions(qos=1))

    def _on_message(self, client: mqtt.Client, _: Any, message: mqtt.MQTTMessage) -> None:
        self.envelopes.append(bytes(message.payload))
        if self.silent:
            return
        report = topics.parse_report(message.topic)
        answer = self.model.take(bytes(message.payload))
        if answer is not None and self.refuse:
            answer = answer.model_copy(update={"refused": ((answer.mark, "schema"),), "chain": ""})
        if report is not None and answer is not None:
            client.publish(topics.ack(report.device_id), answer.encode(), qos=1)
