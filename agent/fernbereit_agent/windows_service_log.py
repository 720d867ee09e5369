"""Where does a service write to, that has no terminal? Into a file of bounded size beside its data.

Not into the event log: authorities collect that centrally, and when a laptop connects is nobody's business.
"""

import io
from pathlib import Path

LARGEST = 256 * 1024
"""Bytes; with the one older file kept, twice that."""

KEPT = 2000
"""Characters of the end that `LogFile.last` remembers."""


class LogFile(io.TextIOBase):
    """A stream that appends to a file, moves it aside when it is full, and is silent without a disk."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._path = path
        self.last = ""
        """The end of what was written."""

    def writable(self) -> bool:
        """Say that this stream can be written to."""
        return True

    def write(self, text: str) -> int:
        """Append a text."""
        self.last = (self.last + text)[-KEPT:]
        try:
            if self._path.exists() and self._path.stat().st_size > LARGEST:
                self._path.replace(self._path.with_suffix(".log.old"))
            with self._path.open("a", encoding="utf-8", errors="replace", newline="\n") as file:
                file.write(text)
        except OSError:
            return len(text)
        return len(text)
