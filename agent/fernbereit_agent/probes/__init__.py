"""Which probes exist? `PROBES` is the whole list; the runner looks at nothing else."""

from fernbereit_agent.probe import Probe
from fernbereit_agent.probes import battery

PROBES: tuple[Probe, ...] = (battery.PROBE,)

__all__ = ["PROBES"]
