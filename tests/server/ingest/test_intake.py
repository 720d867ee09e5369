"""Is the queue bounded, and does every message keep its place in it?"""

import asyncio
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from collecting import settings_for
from fernbereit_server.fleet import Fleet
from fernbereit_server.ingest.health import StoreHealth
from fernbereit_server.ingest.intake import Intake
from fernbereit_server.ingest.tally import Tally
from fernbereit_server.settings import IngestSettings
from fernbereit_server.store import database
from sending import Laptop


class Line:
    """Remembers which receipts it was given, in order."""

    def __init__(self) -> None:
        self.given: list[int] = []

    def give(self, numbers: Iterable[int]) -> None:
        self.given.extend(numbers)


def test_beyond_the_queue_nothing_more_is_read_and_nothing_is_dropped(tmp_path: Path) -> None:
    """What a broker that ignores the Receive Maximum had sent already is taken in, in order."""
    ingest = IngestSettings(queue=3, batch=10, batch_ms=0)
    settings = settings_for(tmp_path, 1, url=f"sqlite:///{tmp_path / 'x.sqlite3'}", ingest=ingest)
    engine = database.open_engine(settings.store_url)
    database.upgrade(engine)
    laptops = [Laptop() for _ in range(5)]
    tally, line = Tally(), Line()
    answered: list[str] = []

    def answer(answers: Sequence[tuple[str, bytes]]) -> int:
        answered.extend(topic for topic, _ in answers)
        return len(answers)

    async def scenario() -> None:
        intake = Intake(
            settings,
            engine,
            Fleet(),
            tally=tally,
            health=StoreHealth("the database"),
            clock=lambda: datetime(2026, 3, 10, tzinfo=UTC),
        )
        intake.generation = "00000000-0000-4000-8000-000000000001"
        free = []
        for number, laptop in enumerate(laptops):
            laptop.write()
            intake.receive(laptop.topic, laptop.envelope(), retained=False, receipt=(line, number))
            free.append(intake.room.free.is_set())
        running = asyncio.create_task(intake.run(answer))
        while len(line.given) < 5:  # noqa: ASYNC110 - a few milliseconds
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.01)
        running.cancel()
        assert free == [True, True, False, False, False]
        assert intake.room.free.is_set()
        assert (intake.room.messages, intake.room.bytes) == (0, 0)

    asyncio.run(scenario())
    engine.dispose()

    assert line.given == [0, 1, 2, 3, 4]
    assert (tally.pauses, tally.messages) == (1, {"applied": 5})
    assert len(answered) == 5
