"""What are the devices, and can their owners take part in a video conference?"""

from fernbereit.facts.conferencing import Conferencing
from fernbereit.facts.machine import Chassis, Machine
from fernbereit.facts.operating_system import OperatingSystem, Platform
from fernbereit_server.metrics.family import Family, Trait, known, yes_no


def _platform(facts: OperatingSystem) -> str | None:
    return facts.platform.value if facts.platform else None


def _chassis(facts: Machine) -> str | None:
    return facts.chassis.value if facts.chassis else None


def _conferencing(facts: Conferencing) -> str | None:
    """Camera and microphone: `no` as soon as one is known to be missing."""
    both = (facts.camera, facts.microphone)
    return "no" if False in both else None if None in both else yes_no(True)


PLATFORM_TRAIT = Trait(
    name="platform", section="operating_system", words=tuple(word.value for word in Platform), of=_platform
)
CHASSIS_TRAIT = Trait(
    name="chassis", section="machine", words=tuple(word.value for word in Chassis), of=_chassis
)
CONFERENCING_TRAIT = Trait(
    name="conferencing", section="conferencing", words=("yes", "no"), of=_conferencing, absent="no"
)

PLATFORM = Family(
    name="fernbereit_devices_by_platform",
    help="Devices of the whole fleet by family of operating system.",
    level="fleet",
    source="trait",
    label="platform",
    words=known(PLATFORM_TRAIT.words),
    trait=PLATFORM_TRAIT.name,
)
CHASSIS = Family(
    name="fernbereit_devices_by_chassis",
    help="Devices of the whole fleet by kind of machine.",
    level="fleet",
    source="trait",
    label="chassis",
    words=known(CHASSIS_TRAIT.words),
    trait=CHASSIS_TRAIT.name,
)
CONFERENCING = Family(
    name="fernbereit_devices_by_conferencing",
    help="Devices by whether they have both camera and microphone.",
    level="unit",
    source="trait",
    label="conferencing",
    words=known(CONFERENCING_TRAIT.words),
    trait=CONFERENCING_TRAIT.name,
)
