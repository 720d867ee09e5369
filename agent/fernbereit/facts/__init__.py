"""Which sections exist? `SECTIONS` is the whole list; adding one starts here."""

from collections.abc import Mapping
from types import MappingProxyType

from fernbereit.facts.agent import Agent
from fernbereit.facts.battery import Battery
from fernbereit.facts.boot_security import BootSecurity
from fernbereit.facts.conferencing import Conferencing
from fernbereit.facts.disk_encryption import DiskEncryption
from fernbereit.facts.firewall import Firewall
from fernbereit.facts.machine import Machine
from fernbereit.facts.malware_protection import MalwareProtection
from fernbereit.facts.management import Management
from fernbereit.facts.network import Network
from fernbereit.facts.operating_system import OperatingSystem
from fernbereit.facts.readiness import Readiness
from fernbereit.facts.remote_access import RemoteAccess
from fernbereit.facts.screen_lock import ScreenLock
from fernbereit.facts.smart_card import SmartCard
from fernbereit.facts.storage import Storage
from fernbereit.facts.targets import Targets
from fernbereit.tolerance import OpenModel

SECTIONS: Mapping[str, type[OpenModel]] = MappingProxyType(
    {
        "machine": Machine,
        "battery": Battery,
        "storage": Storage,
        "operating_system": OperatingSystem,
        "disk_encryption": DiskEncryption,
        "boot_security": BootSecurity,
        "malware_protection": MalwareProtection,
        "firewall": Firewall,
        "screen_lock": ScreenLock,
        "management": Management,
        "remote_access": RemoteAccess,
        "network": Network,
        "targets": Targets,
        "conferencing": Conferencing,
        "smart_card": SmartCard,
        "readiness": Readiness,
        "agent": Agent,
    }
)

__all__ = ["SECTIONS"]
