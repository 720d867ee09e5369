"""Which power supplies does the kernel list, and which of them are batteries of the machine itself?"""

from collections.abc import Mapping

from fernbereit_agent.host import Host
from fernbereit_agent.probes.texts import line_of

FOLDER = "/sys/class/power_supply"
KIND_FILES = ("type", "scope", "present")


def supplies(host: Host, files: tuple[str, ...]) -> list[dict[str, str]]:
    """Return the named files of each power supply; a missing file is empty text."""
    return [
        {file: line_of(host, f"{FOLDER}/{supply}/{file}") for file in files}
        for supply in host.list_dir(FOLDER)
    ]


def is_own_battery(supply: Mapping[str, str]) -> bool:
    """Tell whether it is a battery, in its bay, and not that of a mouse or headset."""
    return (
        supply.get("type", "") == "Battery"
        and supply.get("scope", "").casefold() != "device"
        and supply.get("present", "") != "0"
    )


def has_battery(host: Host) -> bool:
    """Tell whether the machine has a battery of its own."""
    return any(is_own_battery(supply) for supply in supplies(host, KIND_FILES))
