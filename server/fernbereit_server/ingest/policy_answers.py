"""Which laptops are sent the policy in force, and when? Those that just reported and do not hold it.

At most once an hour each, after their ack, and ever less often, down to once a day, where it changes nothing:
a laptop without the key, or with an agent that cannot read it, is not worth more. What was sent when is kept
in memory only. The shipped policy is not sent: every laptop has one, and without an adopted policy none could
tell it from an older one.
"""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from fernbereit import crash, topics
from fernbereit.policy import Policy
from fernbereit_server.decisions import Decisions
from fernbereit_server.fleet import Fleet
from fernbereit_server.ingest.tally import Tally

_log = logging.getLogger(__name__)

FIRST_WAIT_S = 3600.0
LONGEST_WAIT_S = 86_400.0
MOST_AT_ONCE = 50
"""So many leave between two batches of reports; the others report again soon enough."""
MOST_WAITING = 100_000
"""So many laptops are remembered; beyond it new ones wait until earlier ones hold the policy."""


@dataclass(frozen=True, slots=True)
class _Sent:
    version: int
    at_s: float
    wait_s: float

    def may_repeat(self, version: int, now_s: float) -> bool:
        """Tell whether the wait is over; a clock that was set back does not prolong it."""
        wait_s = self.wait_s if version == self.version else FIRST_WAIT_S
        return not self.at_s <= now_s < self.at_s + wait_s


class PolicyAnswers:
    """Sends the policy in force to the laptops that need it; never raises."""

    def __init__(
        self,
        fleet: Fleet,
        *,
        decisions: Callable[[], Decisions],
        sign: Callable[[Policy], bytes],
        publish: Callable[[str, bytes], bool],
        tally: Tally,
        clock: Callable[[], datetime],
    ) -> None:
        self._fleet, self._decisions, self._sign, self._publish = fleet, decisions, sign, publish
        self._tally, self._clock = tally, clock
        self._sent: dict[str, _Sent] = {}
        self._signed: tuple[int, bytes] | None = None
        self._failed_at_s: float | None = None

    def __len__(self) -> int:
        return len(self._sent)

    def after_acks(self, device_ids: Iterable[str]) -> None:
        """Send the policy to those of these laptops that do not hold it."""
        try:
            self._answer(device_ids, self._clock().timestamp())
        except Exception as error:  # noqa: BLE001 - the fence: whatever fails here, reports are taken in
            self._tally.policies_failed += 1
            self._failed_at_s = self._clock().timestamp()
            _log.error("the policy could not be sent: %s", type(error).__name__)

    def _answer(self, device_ids: Iterable[str], now_s: float) -> None:
        decisions = self._decisions()
        if decisions.policy_adopted_on is None or self._failed_lately(now_s):
            return
        version = decisions.policy.policy.version
        sent = 0
        for device_id in device_ids:
            if not self._needs(device_id, version):
                self._sent.pop(device_id, None)
            elif sent < MOST_AT_ONCE and self._may_be_sent(device_id, version, now_s):
                if not self._publish(topics.policy(device_id), self._payload(decisions.policy.policy)):
                    return
                crash.point("policy.sent")
                sent += 1
                self._tally.policies_sent += 1
                self._note(device_id, version, now_s)

    def _needs(self, device_id: str, version: int) -> bool:
        """Tell whether the laptop judges itself by anything but this policy of the authority."""
        device = self._fleet.devices.get(device_id)
        own = device.own if device else None
        return own is None or not own.adopted or own.policy_version != version

    def _may_be_sent(self, device_id: str, version: int, now_s: float) -> bool:
        before = self._sent.get(device_id)
        return self._has_room(now_s) if before is None else before.may_repeat(version, now_s)

    def _has_room(self, now_s: float) -> bool:
        if len(self._sent) >= MOST_WAITING:
            self._sent = {
                device_id: sent
                for device_id, sent in self._sent.items()
                if sent.at_s <= now_s < sent.at_s + 2 * LONGEST_WAIT_S
            }
        return len(self._sent) < MOST_WAITING

    def _note(self, device_id: str, version: int, now_s: float) -> None:
        before = self._sent.get(device_id)
        repeated = before is not None and before.version == version
        wait_s = min(2 * before.wait_s, LONGEST_WAIT_S) if before is not None and repeated else FIRST_WAIT_S
        self._sent[device_id] = _Sent(version, now_s, wait_s)

    def _payload(self, policy: Policy) -> bytes:
        """Return the signed bytes, made once a version."""
        if self._signed is None or self._signed[0] != policy.version:
            self._signed = (policy.version, self._sign(policy))
        return self._signed[1]

    def _failed_lately(self, now_s: float) -> bool:
        """Tell whether signing failed less than a minute ago; every batch would fail alike."""
        return self._failed_at_s is not None and 0 <= now_s - self._failed_at_s < 60
