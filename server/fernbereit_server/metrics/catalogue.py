"""Which traits are kept and which families published? Two tuples and one function are the whole list."""

from fernbereit.readiness import CompiledPolicy
from fernbereit_server.metrics.families.devices import (
    DEVICES,
    FRESHNESS,
    LIFECYCLE,
    READING,
    SECTION_OUTCOMES,
)
from fernbereit_server.metrics.families.equipment import (
    CHASSIS,
    CHASSIS_TRAIT,
    CONFERENCING,
    CONFERENCING_TRAIT,
    PLATFORM,
    PLATFORM_TRAIT,
)
from fernbereit_server.metrics.families.own_cost import AGENT_COST, AGENT_COST_TRAIT
from fernbereit_server.metrics.families.protection import (
    ENCRYPTION,
    ENCRYPTION_TRAIT,
    FIREWALL,
    FIREWALL_TRAIT,
    OS_SUPPORT,
    OS_SUPPORT_TRAIT,
    SECURE_BOOT,
    SECURE_BOOT_TRAIT,
)
from fernbereit_server.metrics.families.readiness import (
    CAPABILITY,
    COMPLIANCE,
    CONTESTED_TRAIT,
    DIRECT_TRAIT,
    PILLARS,
    READY_UNTIL,
    VERDICT,
    check_families,
    fix_families,
)
from fernbereit_server.metrics.families.remote_access import VPN_CLIENT, VPN_CLIENT_TRAIT
from fernbereit_server.metrics.family import Family, Trait

TRAITS: tuple[Trait, ...] = (
    PLATFORM_TRAIT,
    OS_SUPPORT_TRAIT,
    CHASSIS_TRAIT,
    CONFERENCING_TRAIT,
    ENCRYPTION_TRAIT,
    FIREWALL_TRAIT,
    SECURE_BOOT_TRAIT,
    VPN_CLIENT_TRAIT,
    DIRECT_TRAIT,
    CONTESTED_TRAIT,
    AGENT_COST_TRAIT,
)
"""The fleet keeps one word a device for each, in this order."""

FAMILIES: tuple[Family, ...] = (
    DEVICES,
    FRESHNESS,
    READING,
    LIFECYCLE,
    PLATFORM,
    CHASSIS,
    ENCRYPTION,
    FIREWALL,
    SECURE_BOOT,
    OS_SUPPORT,
    VPN_CLIENT,
    CONFERENCING,
    CAPABILITY,
    VERDICT,
    COMPLIANCE,
    *PILLARS,
    READY_UNTIL,
    AGENT_COST,
    *SECTION_OUTCOMES,
)
"""What is published whatever the policy says."""


def families(policy: CompiledPolicy) -> tuple[Family, ...]:
    """Return everything that is published under a policy, in its order."""
    return (*FAMILIES, *fix_families(policy), *check_families(policy))
