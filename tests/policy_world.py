"""Which policies and laptops can there be? Generated ones, and values on either side of every check."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from itertools import product
from typing import Any

from hypothesis import strategies as st

from fernbereit.fact_kinds import FactKind, Kind, facts
from fernbereit.field import Visibility
from fernbereit.policy import Expectation, Policy
from fernbereit.readiness import Look
from fernbereit.record import Outcome
from judged_laptops import TODAY

TEXT = {"de": "Ein Text", "en": "A text"}
VISIBLE = sorted(
    path
    for path, kind in facts().items()
    if kind.visibility is Visibility.DEVICE and kind.kind not in {Kind.LIST, Kind.TEXT}
)


IN_ORDER: dict[str, Any] = {
    "machine.chassis": "laptop",
    "machine.memory_bytes": 16_000_000_000,
    "battery.health_ratio": 0.9,
    "storage.free_bytes": 200 * 2**30,
    "storage.health": "ok",
    "disk_encryption.state": "encrypted",
    "disk_encryption.home_encrypted": True,
    "boot_security.secure_boot": "on",
    "boot_security.tpm_present": True,
    "boot_security.certificates_2023": "updated",
    "operating_system.platform": "windows",
    "operating_system.support_ends_on": "2027-10-12",
    "operating_system.last_update_on": "2026-11-10",
    "operating_system.restart_pending": False,
    "malware_protection.realtime_on": True,
    "malware_protection.signatures_age_days": 1,
    "firewall.enabled": True,
    "screen_lock.enabled": True,
    "screen_lock.timeout_s": 600,
    "screen_lock.asks_password": True,
    "management.clients": [
        {"enrolled": True, "last_sync_on": "2026-11-20", "local_policy_result": "met"},
    ],
    "remote_access.clients": ["openvpn"],
    "smart_card.reader_present": True,
    "smart_card.service_installed": True,
    "targets.results": [{"essential": True, "reachable": True, "failure": None}],
    "conferencing.camera": True,
    "conferencing.microphone": True,
    "conferencing.speakers": True,
}
"""What a laptop in order says, by path."""


def check(name: str, fact: str, expect: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    """Return one check as it stands in a file."""
    return {
        "id": name,
        "pillar": "protection",
        "fact": fact,
        "expect": expect,
        "grace_days": 0,
        "audience": "it",
        "title": TEXT,
        "remedy": {"staff": TEXT, "it": TEXT},
        **more,
    }


def policy_of(*checks: dict[str, Any], ready_at: float = 0.8) -> Policy:
    """Return a policy of some checks."""
    return Policy.model_validate(
        {
            "version": 1,
            "title": TEXT,
            "ready_at": ready_at,
            "facts_max_age_days": 14,
            "catalogues": {"kompendium": 2023, "plus_plus": "2026-07-29"},
            "checks": list(checks),
        },
        strict=False,
    )


def looks_with(values: Mapping[str, Any], age_days: int = 0) -> dict[str, Look]:
    """Return looks at the facts given by path; every other fact of their sections is not known."""
    sections: dict[str, dict[str, Any]] = {}
    for path, value in values.items():
        section, name = path.split(".")
        sections.setdefault(section, {})[name] = value
    return {
        section: Look(outcome=Outcome.OK, facts=found, age_days=age_days)
        for section, found in sections.items()
    }


def values_of(kind: FactKind, expectation: Expectation | None) -> Iterator[Any]:
    """Yield values of a kind, among them one on either side of every limit of an expectation."""
    one = expectation or Expectation()
    if one.negated is not None:
        yield from values_of(kind, one.negated)
    elif kind.kind is Kind.TRUTH:
        yield from (True, False)
    elif kind.kind is Kind.WORD:
        yield from (word for word in kind.words if word != "other")
    elif kind.kind is Kind.TEXT:
        yield from (*(one.enum or ()), one.const or "text", one.version_at_least or "1.0", "0.0.1")
    elif kind.kind is Kind.DAY:
        yield from ((TODAY + timedelta(days=days)).isoformat() for days in (-4000, -1, 0))
    elif kind.kind is Kind.NUMBER:
        limits = (one.minimum, one.maximum, one.exclusive_minimum, one.exclusive_maximum)
        yield from (limit + step for limit in limits if limit is not None for step in (-1, 0, 1))
    elif kind.kind is Kind.LIST and kind.items is not None:
        yield []
        yield from ([item] for item in values_of(kind.items, one.contains))
    elif kind.kind is Kind.GROUP and one.properties is not None:
        names = tuple(one.properties)
        choices = [tuple(values_of(kind.parts[name], one.properties[name])) for name in names]
        yield from (dict(zip(names, chosen, strict=True)) for chosen in product(*choices))


@st.composite
def expectations(draw: st.DrawFn, kind: FactKind) -> dict[str, Any]:
    """Draw what a check can expect of a kind."""
    if kind.kind is Kind.TRUTH:
        found: dict[str, Any] = {"const": draw(st.booleans())}
    elif kind.kind is Kind.WORD:
        words = [word for word in kind.words if word != "other"]
        found = {"enum": draw(st.lists(st.sampled_from(words), min_size=1, max_size=2))}
    elif kind.kind is Kind.DAY:
        found = {draw(st.sampled_from(["max_age", "min_days_left"])): draw(st.integers(0, 500))}
    else:
        found = {draw(st.sampled_from(["minimum", "exclusiveMaximum"])): draw(st.integers(0, 9))}
    return {"not": found} if draw(st.booleans()) else found


@st.composite
def policies(draw: st.DrawFn) -> Policy:
    """Draw a policy of one to eight checks, some of them essential, some with a condition."""
    checks = []
    for number in range(draw(st.integers(1, 8))):
        path = draw(st.sampled_from(VISIBLE))
        applies = {}
        if draw(st.booleans()):
            condition = draw(st.sampled_from(VISIBLE))
            applies[condition] = draw(expectations(facts()[condition]))
        checks.append(
            check(
                f"check_{number}",
                path,
                draw(expectations(facts()[path])),
                applies=applies,
                essential=draw(st.integers(0, 3)) == 0,
                weight=draw(st.integers(1, 9)),
            )
        )
    return policy_of(*checks, ready_at=draw(st.sampled_from([0.1, 0.5, 0.8, 1.0])))


@st.composite
def known_facts(draw: st.DrawFn, policy: Policy) -> dict[str, Any]:
    """Draw a value for every fact that a policy names."""
    values: dict[str, Any] = {}
    for one in policy.checks:
        for path in (one.fact, *one.applies):
            if path not in values:
                kind = facts()[path]
                numbers = kind.kind is Kind.NUMBER
                choices = range(-1, 11) if numbers else tuple(values_of(kind, None))
                values[path] = draw(st.sampled_from(choices))
    return values
