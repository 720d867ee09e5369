"""By which policy does this laptop judge itself? The last one its authority signed, else the shipped one.

Bytes from the wire are taken only if they were signed with the key of the settings and are younger than what
is held; they are kept as they came and verified again at every start. Without a key in the settings nothing
is taken. The only file of the agent that knows PyNaCl; it loads it when there is something to verify.
"""

import logging
from collections import Counter
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from fernbereit import crash
from fernbereit.client_tables import ClientTables
from fernbereit.policy import Policy, shipped_policy
from fernbereit.readiness import CompiledPolicy, compile_policy
from fernbereit.signed_policy import SignedPolicyError, key_id, read_signed
from fernbereit_agent.owner import POLICY, publish
from fernbereit_agent.settings import ProbeSettings

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Held:
    """The policy in use, and whether the authority adopted it."""

    policy: CompiledPolicy
    adopted: bool

    @property
    def version(self) -> int:
        """Return the version of the policy."""
        return self.policy.policy.version

    def beside(self, settings: ProbeSettings) -> ProbeSettings:
        """Return settings with the clients that this policy has recognised."""
        policy = self.policy.policy
        return settings.with_clients(
            ClientTables(vpn=policy.vpn_clients, management=policy.management_clients)
        )


@cache
def shipped() -> Held:
    """Return the policy that is shipped."""
    return Held(compile_policy(shipped_policy()), adopted=False)


class PolicyStore:
    """The policy in use; used from one thread."""

    def __init__(self, folder: Path, public_key: str | None) -> None:
        self._folder, self._file = folder, folder / POLICY
        self._key = bytes.fromhex(public_key) if public_key is not None else None
        self.refused: Counter[str] = Counter()
        """How often something that came was not taken, by reason."""
        self.held = self._read() or shipped()

    def tell(self) -> None:
        """Say in the log by which policy this laptop is judged, and whether another one could be taken."""
        whose = "the authority's policy" if self.held.adopted else "the shipped policy"
        logger.info("judged by version %d of %s", self.held.version, whose)
        if self._key is None:
            logger.info("no policy is taken from the collector: the settings name no policy.public_key")

    def take(self, written: bytes) -> bool:
        """Take what came over the wire and tell whether it is now the policy in use."""
        if self._key is None:
            return self._refuse("no_key")
        try:
            policy = _verified(written, self._key)
        except SignedPolicyError as error:
            return self._refuse(error.fault)
        if self.held.adopted and policy.version <= self.held.version:
            return policy.version < self.held.version and self._refuse("older")
        crash.point("policy.received")
        try:
            publish(self._folder, POLICY, written, durable=True)
        except OSError as error:
            return self._refuse(f"not kept: {error.strerror}")
        crash.point("policy.written")
        self.held = Held(compile_policy(policy), adopted=True)
        logger.info("this laptop is now judged by version %d of the authority's policy", policy.version)
        return True

    def _read(self) -> Held | None:
        """Return the policy that was kept, or None; a damaged file is said, and replaced by the next one."""
        if self._key is None:
            return None
        try:
            policy = _verified(self._file.read_bytes(), self._key)
        except FileNotFoundError:
            return None
        except (OSError, SignedPolicyError) as error:
            logger.warning("%s cannot be used, the shipped policy is: %s", self._file, error)
            return None
        return Held(compile_policy(policy), adopted=True)

    def _refuse(self, reason: str) -> bool:
        """Count a refusal and say the first one of its kind."""
        self.refused[reason] += 1
        if self.refused[reason] == 1:
            logger.warning("a policy that came is not taken (%s); the one held stays", reason)
        return False


def _verified(written: bytes, key: bytes) -> Policy:
    """Return the policy of bytes signed with a key; raises `SignedPolicyError`."""
    from nacl.exceptions import CryptoError
    from nacl.signing import VerifyKey

    def verify(message: bytes, signature: bytes) -> bool:
        try:
            VerifyKey(key).verify(message, signature)
        except CryptoError:
            return False
        return True

    return read_signed(written, key_id(key), verify)
