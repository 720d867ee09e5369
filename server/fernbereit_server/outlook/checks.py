"""What stops devices, check by check, and when do ready ones stop being ready? Read off a published page."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from fernbereit.policy import Check
from fernbereit.readiness import CompiledPolicy
from fernbereit_server.metrics.families.readiness import READY_UNTIL
from fernbereit_server.publication.cells import Page

RESULTS = "fernbereit_check_devices"
LAST_BLOCKER = "fernbereit_check_last_blocker_devices"
CONTESTED = "fernbereit_check_contested_devices"
WITHIN = (30, 90, 180, 365)
"""Days ahead that cliffs are told for; `READY_UNTIL` has a word for each."""


@dataclass(frozen=True, kw_only=True)
class Blocker:
    """One check over the whole fleet: devices by result, and those it alone keeps from being ready.

    `judged` is False for a check that is counted over groups only and stops nobody.
    """

    check: str
    title: Mapping[str, str]
    pillar: str
    audience: str
    essential: bool
    judged: bool
    devices: Mapping[str, int]
    last_blocker: int
    contested: int

    @property
    def failing(self) -> int:
        """Return the devices that fail it, waived ones not among them."""
        return self.devices.get("fail", 0)


@dataclass(frozen=True, kw_only=True)
class Blockers:
    """Every check of the policy that the page was made under, the one that stops most devices first."""

    as_of: date
    rounded_to: int
    policy_version: int
    checks: tuple[Blocker, ...]


@dataclass(frozen=True, kw_only=True)
class Cliff:
    """Ready devices that stop being ready within so many days; `devices` are those since the cliff before."""

    within_days: int
    until: date
    devices: int
    together: int


@dataclass(frozen=True, kw_only=True)
class Cliffs:
    """Expiry of certificates, support and the like, over the fleet; `later` end afterwards or never."""

    as_of: date
    rounded_to: int
    cliffs: tuple[Cliff, ...]
    later: int
    not_ready: int
    unknown: int


def blockers_of(page: Page, day: date, policy: CompiledPolicy) -> Blockers:
    """Return what the page says of the checks of a policy; one that has no cells is left out."""
    counted: dict[str, Counter[str]] = {}
    for cell in page.cells:
        if not cell.unit:
            counted.setdefault(cell.family, Counter())[cell.word] += cell.count
    judged = {check.id for check in policy.judged}
    checks = [
        _blocker(check, counted, judged=check.id in judged)
        for check in (*policy.judged, *policy.counted)
        if f"{RESULTS}:{check.id}" in counted
    ]
    checks.sort(key=lambda one: (-one.last_blocker, -one.failing))
    return Blockers(as_of=day, rounded_to=page.k, policy_version=page.policy_version, checks=tuple(checks))


def _blocker(check: Check, counted: Mapping[str, Counter[str]], *, judged: bool) -> Blocker:
    return Blocker(
        check=check.id,
        title={"de": check.title.de, "en": check.title.en},
        pillar=check.pillar.value,
        audience=check.audience.value,
        essential=check.essential,
        judged=judged,
        devices=dict(counted[f"{RESULTS}:{check.id}"]),
        last_blocker=counted.get(f"{LAST_BLOCKER}:{check.id}", Counter()).total(),
        contested=counted.get(f"{CONTESTED}:{check.id}", Counter()).total(),
    )


def cliffs_of(page: Page, day: date) -> Cliffs | None:
    """Return what ends when; None on a page that does not say."""
    words = Counter[str]()
    for cell in page.cells:
        if cell.family == READY_UNTIL.key and not cell.unit:
            words[cell.word] += cell.count
    if not words:
        return None
    cliffs: list[Cliff] = []
    together = 0
    for days in WITHIN:
        here = words[f"{days}_days"]
        together += here
        until = day + timedelta(days=days)
        cliffs.append(Cliff(within_days=days, until=until, devices=here, together=together))
    return Cliffs(
        as_of=day,
        rounded_to=page.k,
        cliffs=tuple(cliffs),
        later=words["later"],
        not_ready=words["not_ready"],
        unknown=words["unknown"],
    )
