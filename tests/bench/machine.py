"""On what was measured, and what else went on there meanwhile?"""

import os
import platform
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Self

import psutil

VERSIONS = ("fernbereit", "pydantic", "msgspec", "gmqtt", "sqlalchemy")
_LOOPS, _TRIES, _WRITES = 400_000, 12, 20


@dataclass(frozen=True, slots=True)
class Moment:
    """How the machine is at one moment; seconds, and shares of 1."""

    load: float
    loop_s: tuple[float, ...]
    """Processor time of a fixed piece of work, again and again; others on the same core may double it."""
    waited: float
    """Which part of the time that work took it had to wait for a core."""
    sync_s: float
    """Until 4 kB are on the disk, in the folder for temporary files."""
    stolen_s: float
    """For so long a virtual machine was kept from running, since its start."""
    at_s: float

    @classmethod
    def now(cls) -> Self:
        """Look, which takes half a second."""
        load, stolen = psutil.getloadavg()[0], float(getattr(psutil.cpu_times(), "steal", 0.0))
        began = time.monotonic()
        taken = [_work() for _ in range(_TRIES)]
        waited = 1 - sum(taken) / (time.monotonic() - began)
        return cls(load, tuple(taken), waited, _synced(), stolen, time.monotonic())


def _work() -> float:
    began, number = time.process_time(), 1
    for _ in range(_LOOPS):
        number = number * 1103515245 + 12345 & 0x7FFFFFFF
    return time.process_time() - began


def _synced() -> float:
    """Return the median time to write and synchronise 4 kB."""
    taken = []
    with tempfile.NamedTemporaryFile() as file:
        for _ in range(_WRITES):
            file.write(bytes(4096))
            file.flush()
            began = time.monotonic()
            os.fsync(file.fileno())
            taken.append(time.monotonic() - began)
    return sorted(taken)[_WRITES // 2]


def said(before: Moment, after: Moment) -> str:
    """Say on what and when was measured, and how quiet it was."""
    cores = os.cpu_count() or 1
    stolen = (after.stolen_s - before.stolen_s) / ((after.at_s - before.at_s) * cores)
    versions = ", ".join(f"{name} {version(name)}" for name in VERSIONS)
    return (
        f"Measured on {datetime.now(UTC).date()}: {cores} cores, {platform.system()} "
        f"{platform.machine()}, Python {platform.python_version()}, {_file_system()}; {versions}. "
        f"Load average {before.load:.1f} before and {after.load:.1f} after, {stolen:.1%} stolen by other "
        f"machines; a fixed loop took {_range(before.loop_s)} ms of processor time before and "
        f"{_range(after.loop_s)} ms after, and waited {_share(before.waited)} and {_share(after.waited)} of "
        "the time for a core; "
        f"4 kB were on the disk in {before.sync_s * 1000:.1f} and {after.sync_s * 1000:.1f} ms."
    )


def _range(seconds: Sequence[float]) -> str:
    return f"{min(seconds) * 1000:.0f} to {max(seconds) * 1000:.0f}"


def _share(waited: float) -> str:
    return f"{max(0.0, waited):.0%}"


def _file_system() -> str:
    """Name the file system of temporary files, where databases lie while measured."""
    folder = Path(tempfile.gettempdir()).resolve()
    mounts: Sequence[tuple[str, str]] = [
        (one.mountpoint, one.fstype) for one in psutil.disk_partitions(all=True)
    ]
    above = [(len(point), kind) for point, kind in mounts if folder.is_relative_to(point)]
    return f"databases on {max(above)[1]}" if above else "file system unknown"
