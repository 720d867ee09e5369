"""What would the agent of one synthetic machine observe, section by section?"""

from collections.abc import Callable, Mapping
from datetime import date
from random import Random

from fernbereit.record import Observation, Outcome, Reason
from fernbereit.tolerance import OpenModel
from fernbereit_server.demo.connection import agent, conferencing, network, remote_access, smart_card, targets
from fernbereit_server.demo.equipment import battery, machine, operating_system, storage
from fernbereit_server.demo.protection import (
    boot_security,
    disk_encryption,
    firewall,
    malware_protection,
    management,
    screen_lock,
)
from fernbereit_server.demo.specimen import Specimen
from fernbereit_server.demo.verdict import own_readiness

HOUR, DAY = 3600.0, 86400.0

_Reader = Callable[[Random, Specimen, date], OpenModel | Reason]
"""Returns facts, or why there are none."""

_READERS: Mapping[str, tuple[_Reader, float]] = {
    "battery": (battery, DAY),
    "storage": (storage, DAY),
    "operating_system": (operating_system, DAY),
    "disk_encryption": (disk_encryption, HOUR),
    "boot_security": (boot_security, HOUR),
    "malware_protection": (malware_protection, HOUR),
    "firewall": (firewall, HOUR),
    "screen_lock": (screen_lock, HOUR),
    "management": (management, HOUR),
    "remote_access": (remote_access, 900.0),
    "network": (network, 900.0),
    "targets": (targets, HOUR),
    "conferencing": (conferencing, DAY),
    "smart_card": (smart_card, DAY),
    "agent": (agent, 900.0),
}

_OUTCOME_OF = {
    Reason.NO_HARDWARE: Outcome.ABSENT,
    Reason.NOT_INSTALLED: Outcome.ABSENT,
    Reason.NOT_IMPLEMENTED: Outcome.UNSUPPORTED,
}


def observations(
    rng: Random, specimen: Specimen, today: date, *, serial_hash: str | None, host_name_hash: str | None
) -> Mapping[str, Observation[OpenModel]]:
    """Observe every section of one machine that works as it should, except its own verdict."""
    facts = machine(rng, specimen, today, serial_hash=serial_hash, host_name_hash=host_name_hash)
    seen = {"machine": _seen(rng, facts, DAY)}
    for section, (reader, every_s) in _READERS.items():
        seen[section] = _seen(rng, reader(rng, specimen, today), every_s)
    return seen


def judged(
    rng: Random, specimen: Specimen, seen: Mapping[str, Observation[OpenModel]], today: date
) -> Observation[OpenModel]:
    """Observe what the agent itself makes of everything it saw."""
    return _seen(rng, own_readiness(specimen, seen, today), 900.0)


def again(rng: Random, section: str, specimen: Specimen, today: date) -> Observation[OpenModel]:
    """Look once more at a section that changes from hour to hour."""
    return _seen(rng, _READERS[section][0](rng, specimen, today), 5.0)


def _seen(rng: Random, answer: OpenModel | Reason, every_s: float) -> Observation[OpenModel]:
    age_s = round(rng.random() * every_s, 1)
    if isinstance(answer, Reason):
        return Observation(outcome=_OUTCOME_OF[answer], reason=answer, observed_age_s=age_s)
    return Observation(outcome=Outcome.OK, observed_age_s=age_s, facts=answer)
