"""How well are the devices protected?"""

from datetime import date

from fernbereit.facts.boot_security import BootSecurity, SecureBoot
from fernbereit.facts.disk_encryption import DiskEncryption, EncryptionState
from fernbereit.facts.firewall import Firewall
from fernbereit.facts.operating_system import OperatingSystem
from fernbereit_server.metrics.family import Family, Trait, known


def _encryption(facts: DiskEncryption) -> str | None:
    return facts.state.value if facts.state else None


def _firewall(facts: Firewall) -> str | None:
    return None if facts.enabled is None else ("on" if facts.enabled else "off")


def _secure_boot(facts: BootSecurity) -> str | None:
    return facts.secure_boot.value if facts.secure_boot else None


def _support_ends_on(facts: OperatingSystem) -> str | None:
    return facts.support_ends_on.isoformat() if facts.support_ends_on else None


def _support(ends_on: str, today: date) -> str:
    """Compare the last day of support, itself a supported one, with today."""
    return "supported" if date.fromisoformat(ends_on) >= today else "ended"


ENCRYPTION_TRAIT = Trait(
    name="encryption",
    section="disk_encryption",
    words=tuple(word.value for word in EncryptionState),
    of=_encryption,
)
FIREWALL_TRAIT = Trait(name="firewall", section="firewall", words=("on", "off"), of=_firewall, absent="off")
SECURE_BOOT_TRAIT = Trait(
    name="secure_boot",
    section="boot_security",
    words=tuple(word.value for word in SecureBoot),
    of=_secure_boot,
)
OS_SUPPORT_TRAIT = Trait(name="os_support_ends_on", section="operating_system", words=(), of=_support_ends_on)

ENCRYPTION = Family(
    name="fernbereit_devices_by_encryption",
    help="Devices by state of encryption of their system volume.",
    level="unit",
    source="trait",
    label="encryption",
    words=known(ENCRYPTION_TRAIT.words),
    trait=ENCRYPTION_TRAIT.name,
)
FIREWALL = Family(
    name="fernbereit_devices_by_firewall",
    help="Devices by whether every network profile in use is filtered.",
    level="unit",
    source="trait",
    label="firewall",
    words=known(FIREWALL_TRAIT.words),
    trait=FIREWALL_TRAIT.name,
)
SECURE_BOOT = Family(
    name="fernbereit_devices_by_secure_boot",
    help="Devices of the whole fleet by whether their firmware checks what it starts.",
    level="fleet",
    source="trait",
    label="secure_boot",
    words=known(SECURE_BOOT_TRAIT.words),
    trait=SECURE_BOOT_TRAIT.name,
)
OS_SUPPORT = Family(
    name="fernbereit_devices_by_os_support",
    help="Devices by whether their operating system is still supported today.",
    level="unit",
    source="trait",
    label="os_support",
    words=known(("supported", "ended")),
    trait=OS_SUPPORT_TRAIT.name,
    say=_support,
)
