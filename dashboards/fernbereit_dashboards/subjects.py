"""Which of a family's words are good, to be put right, or not known? One `Subject` per family shown."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from fernbereit_dashboards.looks import CRITICAL, GOOD, KIND, TO_DO, UNKNOWN, WARNING, Look
from fernbereit_server.metrics.families import (
    devices,
    equipment,
    own_cost,
    protection,
    readiness,
    remote_access,
)
from fernbereit_server.metrics.family import Family


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """A family with the look of each of its words."""

    family: Family
    looks: Mapping[str, Look]

    @property
    def label(self) -> str:
        """Return the label that carries the word."""
        if self.family.label is None:
            raise ValueError(f"{self.family.name} has no words")
        return self.family.label

    @property
    def groups(self) -> dict[str, tuple[str, ...]]:
        """Return the words that are `good`, `to_do`, `neutral` and `unknown`, as far as there are any."""
        groups = {
            "good": tuple(word for word, look in self.looks.items() if look is GOOD),
            "to_do": tuple(word for word, look in self.looks.items() if look in TO_DO),
            "neutral": tuple(word for word, look in self.looks.items() if look is KIND),
            "unknown": tuple(word for word, look in self.looks.items() if look is UNKNOWN),
        }
        return {name: words for name, words in groups.items() if words}


FRESHNESS: Final = Subject(
    family=devices.FRESHNESS,
    looks={"recent": GOOD, "stale": KIND, "silent": UNKNOWN, "never": UNKNOWN},
)
READING: Final = Subject(
    family=devices.READING,
    looks={"complete": GOOD, "partial": WARNING, "none": UNKNOWN, "unknown": UNKNOWN},
)
PLATFORM: Final = Subject(
    family=equipment.PLATFORM,
    looks={"windows": KIND, "macos": KIND, "linux": KIND, "other": KIND, "unknown": UNKNOWN},
)
AGENT_COST: Final = Subject(
    family=own_cost.AGENT_COST, looks={"low": GOOD, "high": WARNING, "unknown": UNKNOWN}
)
CHASSIS: Final = Subject(
    family=equipment.CHASSIS,
    looks={
        "laptop": KIND,
        "convertible": KIND,
        "tablet": KIND,
        "desktop": KIND,
        "server": KIND,
        "virtual": KIND,
        "other": KIND,
        "unknown": UNKNOWN,
    },
)
OS_SUPPORT: Final = Subject(
    family=protection.OS_SUPPORT, looks={"supported": GOOD, "ended": CRITICAL, "unknown": UNKNOWN}
)
ENCRYPTION: Final = Subject(
    family=protection.ENCRYPTION,
    looks={
        "encrypted": GOOD,
        "third_party": GOOD,
        "partly": WARNING,
        "suspended": WARNING,
        "not_encrypted": CRITICAL,
        "other": UNKNOWN,
        "unknown": UNKNOWN,
    },
)
FIREWALL: Final = Subject(family=protection.FIREWALL, looks={"on": GOOD, "off": CRITICAL, "unknown": UNKNOWN})
SECURE_BOOT: Final = Subject(
    family=protection.SECURE_BOOT,
    looks={"on": GOOD, "off": WARNING, "unsupported": WARNING, "other": UNKNOWN, "unknown": UNKNOWN},
)
VPN_CLIENT: Final = Subject(
    family=remote_access.VPN_CLIENT, looks={"yes": GOOD, "no": WARNING, "unknown": UNKNOWN}
)
CONFERENCING: Final = Subject(
    family=equipment.CONFERENCING, looks={"yes": GOOD, "no": WARNING, "unknown": UNKNOWN}
)
VERDICT: Final = Subject(
    family=readiness.VERDICT,
    looks={"ready": GOOD, "limited": WARNING, "not_ready": CRITICAL, "unknown": UNKNOWN},
)
CAPABILITY: Final = Subject(
    family=readiness.CAPABILITY,
    looks={
        "ready_direct": GOOD,
        "ready_vpn": GOOD,
        "ready_unknown": GOOD,
        "limited": WARNING,
        "not_ready": CRITICAL,
        "unknown": UNKNOWN,
    },
)
COMPLIANCE: Final = Subject(
    family=readiness.COMPLIANCE,
    looks={
        "compliant": GOOD,
        "in_grace": WARNING,
        "non_compliant": CRITICAL,
        "outdated": UNKNOWN,
        "not_evaluated": UNKNOWN,
    },
)
READY_UNTIL: Final = Subject(
    family=readiness.READY_UNTIL,
    looks={
        "30_days": WARNING,
        "90_days": WARNING,
        "180_days": KIND,
        "365_days": KIND,
        "later": GOOD,
        "not_ready": CRITICAL,
        "unknown": UNKNOWN,
    },
)
LIFECYCLE: Final = Subject(
    family=devices.LIFECYCLE,
    looks={
        "active": GOOD,
        "inactive": KIND,
        "missing": UNKNOWN,
        "pending": UNKNOWN,
        "in_stock": KIND,
        "retired": KIND,
        "quarantined": WARNING,
        "revoked": KIND,
    },
)

SUBJECTS: Final = (
    VERDICT,
    CAPABILITY,
    COMPLIANCE,
    READY_UNTIL,
    LIFECYCLE,
    FRESHNESS,
    READING,
    PLATFORM,
    CHASSIS,
    OS_SUPPORT,
    ENCRYPTION,
    FIREWALL,
    SECURE_BOOT,
    VPN_CLIENT,
    CONFERENCING,
    AGENT_COST,
)
TO_PUT_RIGHT: Final = (OS_SUPPORT, ENCRYPTION, FIREWALL, VPN_CLIENT, CONFERENCING)
"""What the table of units counts, each by its words that are to be put right."""
