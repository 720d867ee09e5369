"""Which traits are kept and which families published? These two tuples are the whole list, in their order."""

from fernbereit_server.metrics.families.devices import DEVICES, FRESHNESS, READING, SECTION_OUTCOMES
from fernbereit_server.metrics.families.equipment import (
    CHASSIS,
    CHASSIS_TRAIT,
    CONFERENCING,
    CONFERENCING_TRAIT,
    PLATFORM,
    PLATFORM_TRAIT,
)
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
from fernbereit_server.metrics.families.readiness import DIRECT_TRAIT
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
)
"""The fleet keeps one word a device for each, in this order."""

FAMILIES: tuple[Family, ...] = (
    DEVICES,
    FRESHNESS,
    READING,
    PLATFORM,
    CHASSIS,
    ENCRYPTION,
    FIREWALL,
    SECURE_BOOT,
    OS_SUPPORT,
    VPN_CLIENT,
    CONFERENCING,
    *SECTION_OUTCOMES,
)
