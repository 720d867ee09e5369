"""How do tests get a real broker? mosquitto on a free port, to be killed and started again."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from processes import Program, free_port, listening, running, wait_for
from realparts import need


class Mosquitto(Program):
    """One broker without persistence: what it has not delivered when it is killed is gone."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        file = folder / "mosquitto.conf"
        file.write_text(f"listener {self.port} 127.0.0.1\nallow_anonymous true\nconnection_messages false\n")
        super().__init__("mosquitto", [need("mosquitto"), "-c", str(file)], folder)

    def start(self) -> None:
        """Start it and wait until it listens."""
        super().start()
        wait_for("a listening mosquitto", lambda: listening(self.port))


@contextmanager
def mosquitto(folder: Path) -> Iterator[Mosquitto]:
    """Yield a started broker."""
    broker = Mosquitto(folder)
    with running(broker):
        yield broker
