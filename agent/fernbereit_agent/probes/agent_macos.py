"""What does macOS say this process has cost?"""

import fernbereit
from fernbereit.facts.agent import Agent
from fernbereit_agent.host import Host
from fernbereit_agent.probes.agent_linux import YOUNGEST_S
from fernbereit_agent.settings import ProbeSettings

_MEBIBYTE = 1 << 20


def read(host: Host, _settings: ProbeSettings) -> Agent:
    """Return version, processor seconds per hour of life, and memory in steps of 1 MiB."""
    cost = host.own_cost()
    return Agent(
        version=fernbereit.__version__,
        privileged_helper=host.helped().word,
        cpu_seconds_per_hour=cpu_per_hour(cost.cpu_s, cost.age_s),
        memory_bytes=round(cost.memory_bytes / _MEBIBYTE) * _MEBIBYTE or None,
    )


def cpu_per_hour(cpu_s: float, age_s: float) -> float | None:
    """Return processor seconds per hour of a process; None for a young one, which mostly paid for its start.

    >>> cpu_per_hour(2.0, 1800.0)
    4.0
    """
    return round(cpu_s / age_s * 3600, 1) if cpu_s >= 0 and age_s >= YOUNGEST_S else None
