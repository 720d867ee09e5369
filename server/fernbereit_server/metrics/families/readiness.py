"""Could their owners work from outside tomorrow, what stops the others, and what would put it right?

Families that depend on the policy in force are made by functions; `metrics.catalogue.families` calls them.
A capability is a verdict and a way in, in one word, so that nobody can play two counts against each other.
"""

from fernbereit.facts.readiness import Readiness
from fernbereit.policy import Check, Pillar
from fernbereit.readiness import CompiledPolicy
from fernbereit_server.judging.judged import Compliance
from fernbereit_server.metrics.family import UNKNOWN, Family, Trait, known, yes_no

READY = ("ready_direct", "ready_vpn", "ready_unknown")
"""Ready, by the way in: without a tunnel, through one, nobody knows."""
LIMITED = "limited"
"""Also what is never able: a shared device stays in the office, ready or not."""
NOT_READY = "not_ready"

SETTINGS = "settings"
"""Fix of a check that nothing need be bought for."""
SEVERAL = "several"
NO_FIX = "none"

NEAR_BEHAVIOUR = 10
"""The smallest group for what depends on where somebody works; in every tier."""


def _direct(facts: Readiness) -> str | None:
    return yes_no(facts.direct)


def _contested(facts: Readiness) -> str | None:
    return None if facts.contested is None else ",".join(sorted(facts.contested))


DIRECT_TRAIT = Trait(name="direct", section="readiness", words=("yes", "no"), of=_direct)
"""Whether it was proven from outside without a tunnel."""
CONTESTED_TRAIT = Trait(name="contested", section="readiness", words=(), of=_contested)
"""Ids of the checks that the owner calls wrong, with commas between; only ids of the policy are counted."""

CAPABILITY = Family(
    name="fernbereit_devices_by_capability",
    help="Devices by whether somebody could work with them from outside, and how they would get in.",
    level="unit",
    source="capability",
    label="capability",
    words=known((*READY, LIMITED, NOT_READY)),
    cells_only=True,
)
VERDICT = Family(
    name="fernbereit_devices_by_verdict",
    help="Devices by verdict, added up from those by capability.",
    level="unit",
    source="verdict",
    label="verdict",
    words=known(("ready", LIMITED, NOT_READY)),
    summed_from=CAPABILITY.key,
    sums=(
        ("ready", READY),
        (LIMITED, (LIMITED,)),
        (NOT_READY, (NOT_READY,)),
        (UNKNOWN, (UNKNOWN,)),
    ),
)
COMPLIANCE = Family(
    name="fernbereit_devices_by_compliance",
    help="Devices by whether they are as the policy wants them, grace and waivers granted.",
    level="unit",
    source="compliance",
    label="compliance",
    words=(
        Compliance.COMPLIANT.value,
        Compliance.IN_GRACE.value,
        Compliance.NON_COMPLIANT.value,
        Compliance.OUTDATED.value,
        Compliance.NOT_EVALUATED.value,
    ),
    cells_only=True,
)
PILLARS = tuple(
    Family(
        name="fernbereit_pillar_devices",
        help="Devices by pillar of readiness and whether all its checks pass.",
        level="fleet",
        source="pillar",
        label="result",
        words=known(("pass", "fail")),
        part_label="pillar",
        part=pillar.value,
    )
    for pillar in Pillar
)
READY_UNTIL = Family(
    name="fernbereit_devices_by_ready_until",
    help="Ready devices by when that ends if nothing is done, and those that are not ready.",
    level="fleet",
    source="ready_until",
    label="ready_until",
    words=known(("30_days", "90_days", "180_days", "365_days", "later", "not_ready")),
)


def fix_families(policy: CompiledPolicy) -> tuple[Family, ...]:
    """Return the family of what would make a device ready, by what has to be bought or done."""
    items = dict.fromkeys(fix_of(check) for check in policy.judged)
    return (
        Family(
            name="fernbereit_devices_by_fix",
            help="Devices by the one thing that would make them ready, where one thing would.",
            level="unit",
            source="fix",
            label="fix",
            words=known((NO_FIX, *items, SEVERAL)),
            cells_only=True,
            summed_from=CAPABILITY.key,
            sums=((NO_FIX, READY), (UNKNOWN, (UNKNOWN,))),
        ),
    )


def fix_of(check: Check) -> str:
    """Return what a failing check is put right with; an item that is a word of ours gets an underscore."""
    item = check.cost_item or SETTINGS
    return f"{item}_" if item in {NO_FIX, SEVERAL, UNKNOWN} else item


def check_families(policy: CompiledPolicy) -> tuple[Family, ...]:
    """Return what is counted of each check: its results, whether it is the last blocker, who contests it."""
    return (
        *(_results(check, counted=False) for check in policy.judged),
        *(_results(check, counted=True) for check in policy.counted),
        *(_last_blocker(check) for check in policy.judged),
        *(_contested_devices(check) for check in policy.judged),
    )


def _last_blocker(check: Check) -> Family:
    return Family(
        name="fernbereit_check_last_blocker_devices",
        help="Devices that would be ready if this check passed.",
        level="fleet",
        source="last_blocker",
        words=("yes",),
        part_label="check",
        part=check.id,
        leaves_rest=True,
    )


def _contested_devices(check: Check) -> Family:
    return Family(
        name="fernbereit_check_contested_devices",
        help="Devices whose owner or desk says that this check is wrong about them.",
        level="fleet",
        source="contested",
        words=("yes",),
        part_label="check",
        part=check.id,
        leaves_rest=True,
    )


def _results(check: Check, *, counted: bool) -> Family:
    return Family(
        name="fernbereit_check_devices",
        help="Devices by check and result.",
        level="fleet",
        source="counted_check" if counted else "check",
        label="result",
        words=known(("pass", "waived", "not_applicable", "fail")),
        part_label="check",
        part=check.id,
        smallest=NEAR_BEHAVIOUR if counted else 0,
    )
