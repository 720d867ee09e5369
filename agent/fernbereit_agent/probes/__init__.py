"""Which probes exist? `PROBES` is the whole list; the runner looks at nothing else."""

from dataclasses import replace
from datetime import timedelta

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
from fernbereit_agent.probes.targets_tried import seconds_between
from fernbereit_agent.settings import ProbeSettings

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


def probes_for(settings: ProbeSettings) -> tuple[Probe, ...]:
    """Return all probes; the more targets there are, the further apart the looks at them."""
    every_s = seconds_between(settings, targets.PROBE.every.total_seconds())
    paced = replace(targets.PROBE, every=timedelta(seconds=every_s))
    return tuple(paced if probe is targets.PROBE else probe for probe in PROBES)


__all__ = ["PROBES", "probes_for"]
