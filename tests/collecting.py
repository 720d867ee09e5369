"""How do tests run a collector in this process and talk to it as laptops do?"""

import asyncio
import queue
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.subscribeoptions import SubscribeOptions

from fernbereit import topics
from fernbereit.delivery import Ack, decode_ack
from fernbereit_server.collector import Collector
from fernbereit_server.settings import (
    BrokerSettings,
    HttpSettings,
    IngestSettings,
    InventorySettings,
    Settings,
    StoreSettings,
)
from processes import wait_for
from sending import Laptop

KEY = "00" * 16


def settings_for(
    data: Path,
    port: int,
    *,
    embedded: bool = False,
    url: str | None = None,
    ingest: IngestSettings | None = None,
) -> Settings:
    """Return settings for a broker on `port`, with rates that tests do not reach."""
    return Settings(
        data=data,
        http=HttpSettings(port=1 if port != 1 else 2),
        broker=BrokerSettings(embedded=embedded, port=port),
        store=StoreSettings(url=url),
        inventory=InventorySettings(key=KEY),
        ingest=ingest or IngestSettings(rate_per_s=1000, burst=10_000, batch_ms=5),
    )


@contextmanager
def collecting(settings: Settings, *, until: str = "reading") -> Iterator[Collector]:
    """Run a collector on an event loop of its own and wait for its state."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="collector", daemon=True)
    thread.start()
    collector = Collector(settings)
    try:
        asyncio.run_coroutine_threadsafe(collector.start(), loop).result(timeout=30)
        wait_for(f"a collector that is {until}", lambda: collector.state == until)
        yield collector
    finally:
        asyncio.run_coroutine_threadsafe(collector.stop(), loop).result(timeout=30)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(timeout=10)
        loop.run_until_complete(loop.shutdown_default_executor())
        loop.close()


class Radio:
    """An MQTT connection of its own that hears the answers to some laptops."""

    def __init__(self, port: int, *laptops: Laptop) -> None:
        self.answers: queue.Queue[tuple[str, Ack]] = queue.Queue()
        self._client = mqtt.Client(CallbackAPIVersion.VERSION2, protocol=mqtt.MQTTv5)
        self._client.on_message = self._hear
        subscribed = threading.Event()
        self._client.on_subscribe = lambda *_: subscribed.set()
        self._client.connect("127.0.0.1", port)
        self._client.loop_start()
        self._client.subscribe([(topics.ack(laptop.device_id), SubscribeOptions(1)) for laptop in laptops])
        assert subscribed.wait(10)

    def send(self, topic: str, payload: bytes, *, retain: bool = False) -> None:
        """Publish and wait until the broker has it."""
        self._client.publish(topic, payload, qos=1, retain=retain).wait_for_publish(10)

    def report(self, laptop: Laptop, *seqs: int) -> None:
        """Send what a laptop wrote."""
        self.send(laptop.topic, laptop.envelope(*seqs))

    def answer(self, within_s: float = 15) -> tuple[str, Ack]:
        """Return the next answer: to whom, and what."""
        return self.answers.get(timeout=within_s)

    def close(self) -> None:
        """End the connection."""
        self._client.disconnect()
        self._client.loop_stop()

    def _hear(self, _client: object, _data: object, message: mqtt.MQTTMessage) -> None:
        down, ack = topics.parse_down(message.topic), decode_ack(bytes(message.payload))
        assert down is not None
        assert ack is not None
        self.answers.put((down.device_id, ack))


@contextmanager
def radio(port: int, *laptops: Laptop) -> Iterator[Radio]:
    """Yield a connected radio."""
    connected = Radio(port, *laptops)
    try:
        yield connected
    finally:
        connected.close()
