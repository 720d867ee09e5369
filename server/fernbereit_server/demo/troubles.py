"""What is in trouble on a synthetic laptop today, and how was it before that began?"""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from fernbereit.facts.battery import Battery
from fernbereit.facts.boot_security import BootSecurity, CertificateUpdate
from fernbereit.facts.conferencing import Conferencing
from fernbereit.facts.disk_encryption import DiskEncryption, EncryptionState
from fernbereit.facts.firewall import Firewall
from fernbereit.facts.malware_protection import MalwareProtection
from fernbereit.facts.management import Management
from fernbereit.facts.operating_system import OperatingSystem
from fernbereit.facts.screen_lock import ScreenLock
from fernbereit.facts.storage import Storage, StorageHealth
from fernbereit.tolerance import OpenModel
from fernbereit_server.demo.authority import Observations

_Better = dict[str, Any]
"""Fields and what they were; empty where nothing is wrong."""

_LATE_UPDATE, _LATE_SYNC = timedelta(days=30), timedelta(days=7)
_WEAK = 0.65
_ROOM = 40 * 2**30


def without_trouble(seen: Observations, today: date) -> Iterator[tuple[str, OpenModel]]:
    """Yield every section that is in trouble today, with its facts of before."""
    for section, observation in seen.items():
        facts = observation.facts
        better = _BETTER[section](facts, today) if facts is not None and section in _BETTER else {}
        if facts is not None and better:
            yield section, facts.model_copy(update=better)


def _operating_system(facts: OperatingSystem, today: date) -> _Better:
    late = facts.last_update_on is not None and facts.last_update_on < today - _LATE_UPDATE
    if not (late or facts.restart_pending):
        return {}
    return {"restart_pending": False, "last_update_on": today - timedelta(days=7)}


def _disk_encryption(facts: DiskEncryption, _today: date) -> _Better:
    return {"state": EncryptionState.ENCRYPTED} if facts.state is EncryptionState.SUSPENDED else {}


def _malware_protection(facts: MalwareProtection, _today: date) -> _Better:
    old = facts.signatures_age_days is not None and facts.signatures_age_days > 1
    return {} if facts.realtime_on and not old else {"realtime_on": True, "signatures_age_days": 0}


def _firewall(facts: Firewall, _today: date) -> _Better:
    return {"enabled": True} if facts.enabled is False else {}


def _screen_lock(facts: ScreenLock, _today: date) -> _Better:
    return {} if facts.enabled else {"enabled": True, "timeout_s": 600.0, "asks_password": True}


def _battery(facts: Battery, _today: date) -> _Better:
    return {"health_ratio": _WEAK} if facts.health_ratio is not None and facts.health_ratio < _WEAK else {}


def _storage(facts: Storage, _today: date) -> _Better:
    free = facts.free_bytes or 0
    if free >= _ROOM and facts.health is StorageHealth.OK:
        return {}
    return {"free_bytes": max(free, _ROOM), "health": StorageHealth.OK}


def _boot_security(facts: BootSecurity, _today: date) -> _Better:
    waits = facts.certificates_2023 is CertificateUpdate.NOT_STARTED
    return {"certificates_2023": CertificateUpdate.IN_PROGRESS} if waits else {}


def _management(facts: Management, today: date) -> _Better:
    clients = facts.clients or ()
    if all(one.last_sync_on is None or one.last_sync_on >= today - _LATE_SYNC for one in clients):
        return {}
    in_touch = {"last_sync_on": today - timedelta(days=1), "local_policy_result": None}
    return {"clients": tuple(one.model_copy(update=in_touch) for one in clients)}


def _conferencing(facts: Conferencing, _today: date) -> _Better:
    return {} if facts.camera and facts.microphone else {"camera": True, "microphone": True}


_BETTER: Mapping[str, Callable[[Any, date], _Better]] = {
    "operating_system": _operating_system,
    "disk_encryption": _disk_encryption,
    "malware_protection": _malware_protection,
    "firewall": _firewall,
    "screen_lock": _screen_lock,
    "battery": _battery,
    "storage": _storage,
    "boot_security": _boot_security,
    "management": _management,
    "conferencing": _conferencing,
}
