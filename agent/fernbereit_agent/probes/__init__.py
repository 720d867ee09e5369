"""Which probes exist? `PROBES` is the whole list; the runner looks at nothing else."""

from fernbereit_agent.probe import Probe
from fernbereit_agent.probes import (
    agent,
    battery,
    boot_security,
    conferencing,
    disk_encryption,
    firewall,
    machine,
    malware_protection,
    management,
    network,
    operating_system,
    remote_access,
    screen_lock,
    smart_card,
    storage,
    targets,
)

PROBES: tuple[Probe, ...] = (
    machine.PROBE,
    battery.PROBE,
    storage.PROBE,
    operating_system.PROBE,
    disk_encryption.PROBE,
    boot_security.PROBE,
    malware_protection.PROBE,
    firewall.PROBE,
    screen_lock.PROBE,
    management.PROBE,
    remote_access.PROBE,
    network.PROBE,
    targets.PROBE,
    conferencing.PROBE,
    smart_card.PROBE,
    agent.PROBE,
)

__all__ = ["PROBES"]
