"""What is held in memory of one device? A few hundred bytes; its facts stay in the store."""

from array import array
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Any, Literal

from fernbereit.delivery import Mark
from fernbereit.record import Outcome
from fernbereit_server.judging.asked import Answers
from fernbereit_server.judging.judged import Judged
from fernbereit_server.judging.own_verdict import OwnVerdict
from fernbereit_server.metrics.catalogue import TRAITS
from fernbereit_server.metrics.families.readiness import DIRECT_TRAIT
from fernbereit_server.metrics.families.remote_access import VPN_CLIENT_TRAIT
from fernbereit_server.store.changes import Standing

_NOTHING: Mapping[str, Any] = MappingProxyType({})

Path = Literal["direct", "vpn", "unknown"]
"""How a device would get in from outside: without a tunnel, through one, or nobody knows."""

Twin = Literal["replaced", "conflict"]
"""Set up anew since, under another identity; or beside another identity that goes on reporting."""

_DIRECT, _VPN_CLIENT = TRAITS.index(DIRECT_TRAIT), TRAITS.index(VPN_CLIENT_TRAIT)


@dataclass(slots=True)
class Device:
    """One device; `unit`, `site`, `label` and `kind` come from the inventory, None where it is not in it."""

    device_id: str
    status: str
    mark: Mark | None
    closed: tuple[tuple[str, int], ...]
    last_report_at: float | None
    first_seen_on: date
    unit: str | None
    site: str | None
    label: str | None
    kind: str | None
    outcomes: Mapping[str, Outcome]
    words: tuple[str | None, ...]
    observed: Mapping[str, date] = field(default_factory=lambda: _NOTHING)
    merged_total: int = 0
    dropped_total: int = 0
    missing_total: int = 0
    said: "array[int] | None" = None
    """Digests of what it last said, so that what it says again costs nothing; lost with the process."""
    answers: "Answers | None" = None
    """What it answers to the checks in play, so that it is judged only for something else; lost as well."""
    inventory_id: int | None = None
    serial_hash: bytes | None = None
    host_name_hash: bytes | None = None
    judged: Judged | None = None
    """None until it is judged; that counts as unknown."""
    own: OwnVerdict | None = None
    """What it thinks of itself."""
    twin: Twin | None = None
    """What it is to another device with its serial number, as `judging.lifecycle` finds once a day."""

    @property
    def path(self) -> Path:
        """Return how it would get in from outside; only what was proven without a tunnel is `direct`."""
        if self.words[_DIRECT] == "yes":
            return "direct"
        return "vpn" if self.words[_VPN_CLIENT] == "yes" else "unknown"

    def standing(self) -> Standing:
        """Return what a decision needs to know."""
        return Standing(
            status=self.status,
            mark=self.mark,
            closed=self.closed,
            merged_total=self.merged_total,
            dropped_total=self.dropped_total,
            missing_total=self.missing_total,
            observed=self.observed,
            said=self.said,
        )
