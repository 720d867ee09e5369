"""How long does a collector's event loop let others wait, and which of its threads takes the processor?

python tests/bench/watched.py FILE serve --settings ...        a collector that writes a line a second to FILE
"""

import asyncio
import json
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from fernbereit_server.cli import app
from fernbereit_server.collector import Collector
from fernbereit_server.ingest.intake import Intake
from fernbereit_server.judging.panel import Judge

SHORT_S, LINE_S = 0.001, 1.0
BOUND_MS = 20
"""Nobody is to wait for longer than that."""
THREADS = (("committing", Intake, "_decide_and_commit"), ("judging", Judge, "_rule"))
"""What runs in threads, and by which method; of one that is not there any more nothing is told."""

_spent: dict[str, float] = {}


@dataclass(frozen=True, slots=True)
class Seen:
    """What was seen between two moments; seconds of processor time, None for what cannot be told."""

    seconds: float
    long_ms: tuple[float, ...]
    """Turns of the loop that took a millisecond or more, the shortest first."""
    turns: int
    """All of them."""
    loop_s: float
    committing_s: float | None
    judging_s: float | None

    @classmethod
    def between(cls, file: Path, began: float, ended: float) -> Self:
        """Read what a watched collector wrote; `began` and `ended` are of `time.monotonic`.

        Up to a second after `began` is left out, rather than anything before it told.
        """
        lines = [line for line in _lines(file) if began <= line["at"] <= ended + LINE_S]
        if len(lines) < 2:
            raise SystemExit("watched for less than two seconds")
        first, last = lines[0], lines[-1]
        long = sorted(turn for line in lines[1:] for turn in line["long_ms"])
        turns = len(long) + sum(line["short"] for line in lines[1:])
        spent = [last[name] - first[name] if name in last else None for name, _, _ in THREADS]
        return cls(last["at"] - first["at"], tuple(long), turns, last["loop"] - first["loop"], *spent)

    @property
    def longest_ms(self) -> float:
        """The longest turn, 0 for one below a millisecond."""
        return self.long_ms[-1] if self.long_ms else 0.0

    def told(self) -> str:
        """Say the longest turn, and what 99 of 100 do not exceed, in milliseconds."""
        beyond = self.turns // 100
        most = f"{self.long_ms[-1 - beyond]:.0f}" if beyond < len(self.long_ms) else "< 1"
        return f"{self.longest_ms:.0f} / {most}"


def _lines(file: Path) -> Iterator[dict[str, Any]]:
    for line in file.read_text(encoding="utf-8").splitlines():
        yield json.loads(line)


def _watch(file: Path) -> None:
    """Note every turn of the running loop: from the end of one wait for something to do to the next wait."""
    selector = asyncio.get_running_loop()._selector  # type: ignore[attr-defined]
    select = selector.select
    long: list[float] = []
    short, began, told = 0, time.monotonic(), time.monotonic()

    def watched(timeout: float | None = None) -> Any:
        nonlocal short, began, told, long
        now = time.monotonic()
        if now - began >= SHORT_S:
            long.append(round((now - began) * 1000, 2))
        else:
            short += 1
        if now - told >= LINE_S:
            line = {"at": now, "loop": time.thread_time(), **_spent, "long_ms": long, "short": short}
            with file.open("a", encoding="utf-8") as lines:
                lines.write(json.dumps(line) + "\n")
            told, long, short = now, [], 0
        found = select(timeout)
        began = time.monotonic()
        return found

    selector.select = watched


def _timed(name: str, owner: type, method: str) -> None:
    work: Callable[..., Any] | None = getattr(owner, method, None)
    if work is None:
        return

    def timed(*args: Any, **kwargs: Any) -> Any:
        began = time.thread_time()
        try:
            return work(*args, **kwargs)
        finally:
            _spent[name] += time.thread_time() - began

    _spent[name] = 0.0
    setattr(owner, method, timed)


def main(file: Path) -> None:
    """Serve as always, and watch."""
    start = Collector.start

    async def started(self: Collector) -> None:
        _watch(file)
        await start(self)

    Collector.start = started  # type: ignore[method-assign]
    for thread in THREADS:
        _timed(*thread)
    app()


if __name__ == "__main__":
    watch = Path(sys.argv.pop(1))
    main(watch)
