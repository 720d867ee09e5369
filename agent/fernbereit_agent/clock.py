"""How old is a record, although the laptop slept, restarted or had its clock set?

Ages come from a clock that counts sleep as long as the machine has not been restarted since, from the wall
clock otherwise.
"""

import sys
import time
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Moment:
    """A point in time on both clocks, in milliseconds; `boot` names the life of the first."""

    boot: str
    mono_ms: int
    wall_ms: int


class Clock(Protocol):
    """Time as the agent needs it; tests bring their own."""

    def monotonic(self) -> float:
        """Return seconds on a clock that counts sleep and is never set."""

    def wall(self) -> float:
        """Return Unix seconds."""

    def now(self) -> Moment:
        """Return both with the name of the current boot."""

    def uptime_ms(self) -> int:
        """Return how long at least the current boot lasts."""


def age_ms(then: Moment, now: Moment, uptime_ms: int) -> int:
    """Return the milliseconds between two moments.

    Over a restart the wall clock decides, but a moment before the restart is at least as old as the uptime:
    so a clock that was set back, by however much, dates nothing into the future.
    """
    if then.boot == now.boot:
        return max(0, now.mono_ms - then.mono_ms)
    return max(now.wall_ms - then.wall_ms, uptime_ms)


class SystemClock:
    """The clocks of this machine.

    Linux: CLOCK_BOOTTIME. macOS: CLOCK_MONOTONIC_RAW, which is mach_continuous_time. Windows:
    GetTickCount64, which counts sleep as well; the life of the process stands for the boot there.
    """

    def __init__(self) -> None:
        self._boot, self._first_ms = _boot_id(), 0
        if not self._boot:
            self._boot, self._first_ms = str(uuid.uuid4()), int(self.monotonic() * 1000)

    def monotonic(self) -> float:
        """Return seconds on a clock that counts sleep."""
        if sys.platform == "linux":
            return time.clock_gettime(time.CLOCK_BOOTTIME)
        if sys.platform == "darwin":
            return time.clock_gettime(time.CLOCK_MONOTONIC_RAW)
        if sys.platform == "win32":
            import ctypes

            ticks = ctypes.WinDLL("kernel32", winmode=0x800).GetTickCount64
            ticks.restype = ctypes.c_uint64
            return int(ticks()) / 1000
        return time.monotonic()

    def wall(self) -> float:
        """Return Unix seconds."""
        return time.time()

    def now(self) -> Moment:
        """Return both clocks."""
        return Moment(self._boot, int(self.monotonic() * 1000), int(self.wall() * 1000))

    def uptime_ms(self) -> int:
        """Return milliseconds since the boot, or since this process began to watch."""
        return int(self.monotonic() * 1000) - self._first_ms


def _boot_id() -> str:
    """Return the kernel's name for the current boot, or nothing where there is none."""
    if sys.platform == "linux":
        try:
            return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
        except OSError:
            return ""
    if sys.platform == "darwin":
        import ctypes

        size = ctypes.c_size_t(64)
        text = ctypes.create_string_buffer(size.value)
        failed = ctypes.CDLL(None).sysctlbyname(b"kern.bootsessionuuid", text, ctypes.byref(size), None, 0)
        return "" if failed else text.value.decode("ascii", "replace")
    return ""
