"""What was one synthetic laptop like before somebody improved it, or before something came undone?"""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from fernbereit.facts.boot_security import BootSecurity, SecureBoot
from fernbereit.facts.conferencing import Conferencing
from fernbereit.facts.disk_encryption import DiskEncryption, EncryptionState
from fernbereit.facts.firewall import Firewall
from fernbereit.facts.operating_system import OperatingSystem, Platform
from fernbereit.facts.remote_access import RemoteAccess, Route, Tunnel
from fernbereit.record import Observation, Outcome, Reason
from fernbereit.tolerance import OpenModel
from fernbereit_server.demo.authority import Observations, SyntheticDevice
from fernbereit_server.demo.systems import WINDOWS_10
from fernbereit_server.demo.troubles import without_trouble

ROLLOUT_DAYS = 396
ALREADY_THERE = 0.45
RIGHTS_GRANTED_DAYS_AGO = 150
"""The day on which the agent was given the right to read the state of encryption everywhere."""
RECENT = 0.5
"""Share of today's troubles that began within the last weeks, so that their grace is not over everywhere."""
_HEARD_DAYS = 30
"""For how long a laptop that is silent today reported, at least."""
_BEGAN_DAYS_AGO = (range(1, 12), range(12, 120), range(12, 120))


@dataclass(frozen=True, slots=True)
class Turn:
    """Before `on` the section was observed as `before`."""

    on: date
    section: str
    before: Observation[OpenModel]


@dataclass(frozen=True, slots=True)
class Past:
    """When a laptop reported first, and what turned since, in the order of the days."""

    first_seen_on: date
    turns: tuple[Turn, ...]

    def step(self, day: date) -> int:
        """Return how many turns had been taken by `day`."""
        return sum(turn.on <= day for turn in self.turns)

    def observed(self, device: SyntheticDevice, step: int) -> Observations:
        """Return what the device would have reported after `step` turns."""
        seen = dict(device.observed)
        for turn in reversed(self.turns[step:]):
            seen[turn.section] = turn.before
        return seen


def past_of(device: SyntheticDevice, *, seed: int, today: date) -> Past:
    """Draw the past of one device; the same seed gives the same past."""
    rng = Random(f"{seed}/{device.device_id}/past")
    joined = ROLLOUT_DAYS if rng.random() < ALREADY_THERE else int(rng.betavariate(1.6, 1.2) * ROLLOUT_DAYS)
    first_seen_on = today - timedelta(days=max(1, joined, device.silent_days + _HEARD_DAYS))
    drawn = [
        Turn(today - timedelta(days=rng.randrange(1, ROLLOUT_DAYS)), section, _seen(before))
        for section, share, before in _worse(device)
        if rng.random() < share
    ]
    drawn += [
        Turn(
            today - timedelta(days=device.silent_days + rng.choice(rng.choice(_BEGAN_DAYS_AGO))),
            section,
            _seen(before),
        )
        for section, before in without_trouble(device.observed, today)
        if rng.random() < RECENT
    ]
    if device.observed["disk_encryption"].outcome is Outcome.OK and rng.random() < 0.15:
        denied: Observation[OpenModel] = Observation(outcome=Outcome.DENIED, reason=Reason.ACCESS_DENIED)
        drawn.append(Turn(today - timedelta(days=RIGHTS_GRANTED_DAYS_AGO), "disk_encryption", denied))
    return Past(first_seen_on, tuple(sorted(drawn, key=lambda turn: turn.on)))


def _seen(facts: OpenModel) -> Observation[OpenModel]:
    return Observation(outcome=Outcome.OK, facts=facts)


def _worse(device: SyntheticDevice) -> list[tuple[str, float, OpenModel]]:
    """Name what may have been worse: section, how probable that is, and the facts of that time."""
    worse: list[tuple[str, float, OpenModel]] = []
    for section, seen in device.observed.items():
        match seen.facts:
            case DiskEncryption(state=EncryptionState.ENCRYPTED):
                worse.append((section, 0.25, DiskEncryption(state=EncryptionState.NOT_ENCRYPTED)))
            case OperatingSystem(platform=Platform.WINDOWS, version="24H2" | "25H2") as system:
                old = WINDOWS_10[0]
                update = {"name": old.name, "version": old.version, "build": old.build}
                before = system.model_copy(update={**update, "support_ends_on": old.support_ends_on})
                worse.append((section, 0.45, before))
            case RemoteAccess(clients=clients) if clients:
                without = RemoteAccess(clients=(), tunnel=Tunnel.DOWN, route=Route.NONE)
                worse.append((section, 0.22, without))
            case Conferencing(camera=True) as equipment:
                worse.append((section, 0.12, equipment.model_copy(update={"camera": False})))
            case Firewall(enabled=True) as firewall:
                worse.append((section, 0.08, firewall.model_copy(update={"enabled": False})))
            case BootSecurity(secure_boot=SecureBoot.ON) as boot:
                worse.append((section, 0.12, boot.model_copy(update={"secure_boot": SecureBoot.OFF})))
            case _:
                pass
    return worse
