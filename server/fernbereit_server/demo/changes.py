"""How do the facts of a synthetic laptop change from one record to the next?"""

from collections.abc import Callable
from datetime import date
from random import Random

from fernbereit.facts import SECTIONS
from fernbereit.facts.disk_encryption import DiskEncryption, EncryptionState
from fernbereit.facts.management import Management
from fernbereit.facts.operating_system import OperatingSystem
from fernbereit.record import Observation, Outcome, Record, Sections
from fernbereit.tolerance import OpenModel
from fernbereit_server.demo.authority import SyntheticDevice
from fernbereit_server.demo.state import again
from fernbereit_server.demo.verdict import own_readiness

_EVERY_RECORD = ("network", "agent")
_NOW_AND_THEN = (("targets", 0.25), ("remote_access", 0.3))
_REPAIRS, _BREAKAGES = 0.004, 0.002
"""Probability, per record, that somebody took care of the laptop or that something came undone."""


class LiveLaptop:
    """A device whose facts move on; what the sender engine asks for records."""

    def __init__(self, device: SyntheticDevice, *, seed: int, today: date) -> None:
        self.device_id = device.device_id
        self.label = device.label
        self._device = device
        self._observed = dict(device.observed)
        self._rng = Random(f"{seed}/{device.device_id}")
        self._today = today

    def complete(self) -> bytes:
        """Return a record of all sections as they are now."""
        return Record(sections=Sections(**self._observed), complete=True).encode()

    def partial(self) -> bytes:
        """Look again at what changes, and return a record of what did."""
        looked_at = [*_EVERY_RECORD, *(name for name, share in _NOW_AND_THEN if self._rng.random() < share)]
        seen: dict[str, Observation[OpenModel]] = {
            name: again(self._rng, name, self._device.specimen, self._today)
            for name in looked_at
            if self._observed[name].outcome is Outcome.OK
        }
        chance = self._rng.random()
        if chance < _REPAIRS:
            seen |= self._moved(self._rng.choice(_REPAIRED))
        elif chance < _REPAIRS + _BREAKAGES:
            seen |= self._moved(self._rng.choice(_BROKEN))
        changed = {name: new for name, new in seen.items() if new.facts != self._observed[name].facts}
        self._observed |= changed
        changed |= self._judged_anew() if changed else {}
        self._observed |= changed
        unchanged = {
            name: round(self._rng.uniform(1, 3600), 1)
            for name in SECTIONS
            if name not in changed and self._observed[name].outcome is Outcome.OK
        }
        return Record(sections=Sections(**changed), unchanged=unchanged).encode()

    def _judged_anew(self) -> dict[str, Observation[OpenModel]]:
        facts = own_readiness(self._device.specimen, self._observed, self._today)
        if facts == self._observed["readiness"].facts:
            return {}
        return {"readiness": Observation(outcome=Outcome.OK, observed_age_s=5.0, facts=facts)}

    def _moved(
        self, move: Callable[[OpenModel, date], tuple[str, OpenModel] | None]
    ) -> dict[str, Observation[OpenModel]]:
        for observation in self._observed.values():
            moved = move(observation.facts, self._today) if observation.facts else None
            if moved:
                name, facts = moved
                return {name: Observation(outcome=Outcome.OK, observed_age_s=5.0, facts=facts)}
        return {}


def _updated(facts: OpenModel, today: date) -> tuple[str, OpenModel] | None:
    if not isinstance(facts, OperatingSystem):
        return None
    return "operating_system", facts.model_copy(update={"last_update_on": today, "restart_pending": False})


def _waits_for_restart(facts: OpenModel, _today: date) -> tuple[str, OpenModel] | None:
    if not isinstance(facts, OperatingSystem):
        return None
    return "operating_system", facts.model_copy(update={"restart_pending": True})


def _encrypted(facts: OpenModel, _today: date) -> tuple[str, OpenModel] | None:
    if not isinstance(facts, DiskEncryption):
        return None
    return "disk_encryption", facts.model_copy(
        update={"state": EncryptionState.ENCRYPTED, "home_encrypted": True}
    )


def _suspended(facts: OpenModel, _today: date) -> tuple[str, OpenModel] | None:
    if not isinstance(facts, DiskEncryption) or facts.state is not EncryptionState.ENCRYPTED:
        return None
    return "disk_encryption", facts.model_copy(update={"state": EncryptionState.SUSPENDED})


def _synchronised(facts: OpenModel, today: date) -> tuple[str, OpenModel] | None:
    if not isinstance(facts, Management) or not facts.clients:
        return None
    clients = tuple(client.model_copy(update={"last_sync_on": today}) for client in facts.clients)
    return "management", facts.model_copy(update={"clients": clients})


_REPAIRED = (_updated, _encrypted, _synchronised)
_BROKEN = (_waits_for_restart, _suspended)
