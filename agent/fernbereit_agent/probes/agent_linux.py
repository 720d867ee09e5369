"""What does the kernel say this process has cost?"""

import fernbereit
from fernbereit.facts.agent import Agent
from fernbereit_agent.host import Host
from fernbereit_agent.probes.texts import line_of
from fernbereit_agent.settings import ProbeSettings

TICKS_PER_S = 100
"""USER_HZ: what the kernel divides by for every program on x86 and ARM (proc(5))."""
YOUNGEST_S = 60.0
"""A younger process has mostly paid for its start; its hour cannot be told yet."""
_MEBIBYTE = 1 << 20


def read(host: Host, settings: ProbeSettings) -> Agent:  # noqa: ARG001 - a reader's arguments are fixed
    """Return version, processor seconds per hour of life, and memory in steps of 1 MiB."""
    return Agent(
        version=fernbereit.__version__,
        privileged_helper=host.helped().word,
        cpu_seconds_per_hour=cpu_per_hour(line_of(host, "/proc/self/stat"), line_of(host, "/proc/uptime")),
        memory_bytes=_memory(host),
    )


def cpu_per_hour(stat: str, uptime: str) -> float | None:
    """Return processor seconds per hour since the process started; None for a young process or odd texts.

    The name in brackets may hold blanks and brackets, so counting starts behind it.

    >>> fields = ["S", *["0"] * 10, "150", "50", *["0"] * 6, "100000"]
    >>> cpu_per_hour("1 (a) " + " ".join(fields), "2800.00 9.9")
    4.0
    """
    words = stat.rpartition(")")[2].split()
    try:
        used_s = (int(words[11]) + int(words[12])) / TICKS_PER_S
        age_s = float(uptime.split(maxsplit=1)[0]) - int(words[19]) / TICKS_PER_S
    except (IndexError, ValueError):
        return None
    return round(used_s / age_s * 3600, 1) if age_s >= YOUNGEST_S else None


def _memory(host: Host) -> int | None:
    lines = line_of(host, "/proc/self/smaps_rollup").splitlines()
    kilobytes = next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), None)
    return None if kilobytes is None else round(kilobytes * 1024 / _MEBIBYTE) * _MEBIBYTE
