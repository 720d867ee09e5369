"""What did the simulated laptops write and have acknowledged? JSON lines for an independent oracle.

    {"device": ..., "epoch": ..., "seq": 1, "prev": 0, "sha256": ..., "body": "{...}"}    a record was written
    {"device": ..., "epoch": ..., "acked": 1}                          an answer let records be forgotten
    {"device": ..., "epoch": ..., "held": {"...": 1}}         another life of the store said what it holds

A line is written before its record is sent, so the log never knows less than the collector.
"""

import json
from hashlib import sha256
from pathlib import Path
from typing import TextIO

from fernbereit.delivery import Ack, RecordLine


class SenderLog:
    """An append-only file; without a path it writes nothing."""

    def __init__(self, path: Path | None = None) -> None:
        self._file: TextIO | None = path.open("a", encoding="utf-8", buffering=1) if path else None

    def wrote(self, device_id: str, epoch: str, record: RecordLine) -> None:
        """Note a record before it can be sent."""
        self._line(
            {
                "device": device_id,
                "epoch": epoch,
                "seq": record.seq,
                "prev": record.prev,
                "sha256": sha256(record.body).hexdigest(),
                "body": record.body.decode(),
            }
        )

    def acknowledged(self, device_id: str, epoch: str, mark: int) -> None:
        """Note an answer that let records be forgotten."""
        self._line({"device": device_id, "epoch": epoch, "acked": mark})

    def met(self, device_id: str, ack: Ack) -> None:
        """Note how far another life of the store is with each epoch; those it does not name it lacks."""
        self._line({"device": device_id, "epoch": ack.epoch, "held": dict(ack.held)})

    def close(self) -> None:
        """Close the file."""
        if self._file:
            self._file.close()

    def _line(self, entry: dict[str, object]) -> None:
        if self._file:
            self._file.write(json.dumps(entry, ensure_ascii=False) + "\n")
