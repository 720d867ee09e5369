"""What does psutil tell of interfaces, the battery, and of what this process costs?"""

import socket
import time
from dataclasses import dataclass

import psutil


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnCost:
    """What this process has cost so far: processor seconds, seconds of life, bytes of its own."""

    cpu_s: float
    age_s: float
    memory_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Interface:
    """One network interface as psutil tells it; `addresses` without prefix length or scope."""

    name: str
    up: bool
    mtu: int
    speed_mbps: int
    addresses: tuple[str, ...]


def own_cost() -> OwnCost:
    """Return what this process has cost so far."""
    own = psutil.Process()
    cpu_s, age_s = sum(own.cpu_times()[:2]), time.time() - own.create_time()
    try:
        size = own.memory_full_info().uss
    except (OSError, psutil.Error):
        size = own.memory_info().rss
    return OwnCost(cpu_s=cpu_s, age_s=age_s, memory_bytes=int(size))


LOW_BATTERY_PERCENT = 20


def low_battery() -> bool | None:
    """Tell whether the laptop lives on the last fifth of its battery; None where that is not told."""
    try:
        battery = psutil.sensors_battery()
    except (AttributeError, OSError, ValueError):  # not on every system, and drivers say strange things
        return None
    if battery is None:
        return None
    return battery.power_plugged is False and battery.percent <= LOW_BATTERY_PERCENT


def interfaces() -> tuple[Interface, ...]:
    """Return every network interface."""
    addresses = psutil.net_if_addrs()
    return tuple(
        Interface(
            name=name,
            up=bool(state.isup),
            mtu=int(state.mtu),
            speed_mbps=int(state.speed),
            addresses=tuple(
                entry.address.partition("%")[0]
                for entry in addresses.get(name, ())
                if entry.family in {socket.AF_INET, socket.AF_INET6}
            ),
        )
        for name, state in sorted(psutil.net_if_stats().items())
    )
