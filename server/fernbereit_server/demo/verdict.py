"""What would the agent of a synthetic laptop think of its own readiness?

A few plain conditions, enough to fill the section; the policy and its evaluator judge real machines.
"""

from collections.abc import Mapping
from datetime import date

from fernbereit.facts.conferencing import Conferencing
from fernbereit.facts.disk_encryption import DiskEncryption, EncryptionState
from fernbereit.facts.operating_system import OperatingSystem
from fernbereit.facts.readiness import Readiness, Verdict
from fernbereit.facts.remote_access import RemoteAccess
from fernbereit.facts.targets import Targets
from fernbereit.record import Observation
from fernbereit.tolerance import OpenModel


def own_verdict(seen: Mapping[str, Observation[OpenModel]], today: date) -> Readiness:
    """Judge by encryption, support, tunnel client, targets and conferencing."""
    facts = {section: observation.facts for section, observation in seen.items()}
    encryption, system = facts.get("disk_encryption"), facts.get("operating_system")
    remote, conference, targets = facts.get("remote_access"), facts.get("conferencing"), facts.get("targets")
    assert isinstance(system, OperatingSystem)
    ended = system.support_ends_on is not None and system.support_ends_on < today
    able = isinstance(remote, RemoteAccess) and bool(remote.clients)
    reached = isinstance(targets, Targets) and all(
        result.reachable for result in targets.results or () if result.essential
    )
    state = encryption.state if isinstance(encryption, DiskEncryption) else None
    if ended or not able or state is EncryptionState.NOT_ENCRYPTED:
        verdict = Verdict.NOT_READY
    elif state is None:
        verdict = Verdict.UNKNOWN
    elif isinstance(conference, Conferencing) and conference.camera and conference.microphone:
        verdict = Verdict.READY
    else:
        verdict = Verdict.LIMITED
    return Readiness(verdict=verdict, policy_version=1, proven=able and reached)
