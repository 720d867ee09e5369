"""What has a program cost, with everything it started? The kernel's own counts, the same for every program.

/proc/<pid>/smaps_rollup   Pss: memory, pages shared with others divided among them; Private_*: its own alone
/proc/<pid>/stat           utime, stime, and cutime, cstime of children that ended, in hundredths of a second
/proc/<pid>/task/*/status  voluntary_ctxt_switches: each is a sleep, so each is followed by a wake-up
"""

from dataclasses import dataclass
from pathlib import Path

import psutil

TICKS_PER_S = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """What a program took from its start on; `by_task` counts sleeps by thread."""

    cpu_s: float
    by_task: dict[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """Bytes at this moment."""

    pss: int
    private: int


def family(pid: int) -> list[int]:
    """Return the process and everything it started that runs."""
    try:
        own = psutil.Process(pid)
        return [pid, *(child.pid for child in own.children(recursive=True))]
    except psutil.NoSuchProcess:
        raise SystemExit(f"process {pid} has ended while it was measured") from None


def spent(pid: int) -> Spent:
    """Return processor time and sleeps so far."""
    ticks, by_task = 0, {}
    for member in family(pid):
        for place, text in _read(member, "stat", "task/*/status").items():
            if place.name == "stat":
                ticks += sum(map(int, text.rpartition(")")[2].split()[11:15]))
            else:
                by_task[int(place.parent.name)] = _line(text, "voluntary_ctxt_switches:")
    return Spent(cpu_s=ticks / TICKS_PER_S, by_task=by_task)


def sleeps_between(before: Spent, after: Spent) -> int:
    """Return how often its threads went to sleep; threads that were born and ended in between are missed."""
    return sum(max(0, count - before.by_task.get(task, 0)) for task, count in after.by_task.items())


def memory(pid: int) -> Memory:
    """Return the memory of the whole family."""
    pss = private = 0
    for member in family(pid):
        for text in _read(member, "smaps_rollup").values():
            pss += _line(text, "Pss:") * 1024
            private += (_line(text, "Private_Clean:") + _line(text, "Private_Dirty:")) * 1024
    return Memory(pss=pss, private=private)


def _read(pid: int, *patterns: str) -> dict[Path, str]:
    found = {}
    for pattern in patterns:
        for place in sorted(Path(f"/proc/{pid}").glob(pattern)):
            try:
                found[place] = place.read_text(encoding="ascii", errors="replace")
            except OSError:
                continue  # a thread or child that ended while it was looked at
    return found


def _line(text: str, name: str) -> int:
    return next((int(line.split()[1]) for line in text.splitlines() if line.startswith(name)), 0)
