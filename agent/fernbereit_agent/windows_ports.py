"""What may a probe ask of Windows? Three small ports; the fourth, a command, is `Host.run`.

`host_windows.py` answers from the machine, `windows_recorded.py` from a recorded laptop. Order of preference:
registry, native call, WMI, command; the first two cost milliseconds and speak no language.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Protocol

from fernbereit.record import Reason
from fernbereit_agent.errors import Unsupported

RegistryValue = str | int | bytes | tuple[str, ...]
WmiValue = str | int | bool | None
WmiRow = Mapping[str, WmiValue]


class Number(StrEnum):
    """A question that one whole number answers; `of` in the comment is its argument."""

    AAD_JOIN = "aad_join"
    """NetGetAadJoinInformation: 0 not joined, 1 device joined, 2 registered with an account."""
    BITLOCKER = "bitlocker"
    """Shell property System.Volume.BitLockerProtection; of: a drive such as `C:`."""
    CAMERAS = "cameras"
    """Present device interfaces of KSCATEGORY_VIDEO_CAMERA; none is opened."""
    CARD_READERS = "card_readers"
    """SCardListReaders: how many; names are not kept."""
    DOMAIN_JOIN = "domain_join"
    """NetGetJoinInformation: 1 none, 2 workgroup, 3 domain."""
    FIREWALL_PROFILES = "firewall_profiles"
    """INetFwPolicy2.CurrentProfileTypes: 1 domain, 2 private, 4 public, added."""
    FIREWALL_ENABLED = "firewall_enabled"
    """INetFwPolicy2.FirewallEnabled; of: one profile as above."""
    FIRMWARE_TYPE = "firmware_type"
    """GetFirmwareType: 1 BIOS, 2 UEFI."""
    MANAGED = "managed"
    """IsDeviceRegisteredWithManagement: 0 or 1; the account it returns is not kept."""
    NATIVE_MACHINE = "native_machine"
    """IsWow64Process2: 0x8664 x64, 0xAA64 ARM64."""
    NETWORK_COST = "network_cost"
    """INetworkCostManager.GetCost (NLM_CONNECTION_COST)."""
    POWER_SETTING = "power_setting"
    """PowerReadACValueIndex or ...DC...; of: one of `POWER_SETTINGS`."""
    SECURITY_HEALTH = "security_health"
    """WscGetSecurityProviderHealth: 0 good, 1 not monitored, 2 poor, 3 snoozed; of: 1 firewall, 4 virus."""
    SERVICE_STATE = "service_state"
    """QueryServiceStatus: 4 running, 1 stopped; of: the service's name."""
    WLAN_RSSI = "wlan_rssi"
    """WlanQueryInterface 0x10000102 in dBm; of: the interface's GUID. Needs no consent to location."""


class Blocks(StrEnum):
    """A question that blocks of bytes answer, in the layouts of `windows_layouts`."""

    BATTERIES = "batteries"
    """One block a battery: BATTERY_INFORMATION, then its device name in UTF-16."""
    DIAL_UP = "dial_up"
    """RasEnumConnections: one RASCONNW a connection, entry name and phone book blanked."""
    DISK_EXTENTS = "disk_extents"
    """VOLUME_DISK_EXTENTS; of: a drive such as `C:`."""
    INTERFACES = "interfaces"
    """GetIfTable2: one MIB_IF_ROW2 an interface."""
    NETWORK_DOMAINS = "network_domains"
    """INetworkConnection: GUID of the adapter and its NLM_DOMAIN_TYPE, 20 bytes a connection."""
    ROUTES = "routes"
    """GetIpForwardTable2: one MIB_IPFORWARD_ROW2 a route."""
    SEEK_PENALTY = "seek_penalty"
    """DEVICE_SEEK_PENALTY_DESCRIPTOR; of: a drive such as `C:`."""
    SMBIOS = "smbios"
    """GetSystemFirmwareTable('RSMB')."""
    TPM = "tpm"
    """TPM_DEVICE_INFO of Tbsi_GetDeviceInfo."""
    UPDATE_HISTORY = "update_history"
    """IUpdateSearcher.QueryHistory: day (OLE), operation, result, number of the KB article; 20 bytes each."""
    WLAN_QUALITY = "wlan_quality"
    """WlanQueryInterface opcode 19, realtime_connection_quality; of: the interface's GUID."""


POWER_SETTINGS: Mapping[str, tuple[str, str]] = {
    "console_lock": ("fea3413e-7e05-4911-9a71-700331f1c294", "0e796bdb-100d-47d6-a2d5-f7d2daa51f51"),
    "sleep_after": ("238c9fa8-0aad-41ed-83f4-97be242c8f20", "29f6c1db-86da-48c5-9fdb-f2b67b1f44da"),
}
"""Subgroup and setting by name; asked as `ac console_lock`, `dc sleep_after` (winnt.h)."""


class Registry(Protocol):
    """The 64-bit registry. Keys begin with HKLM or HKCU, whatever the bits of this program.

    HKCU is the hive of whoever sits at the console, also for a service; without anybody it raises
    `Unsupported(NEEDS_USER_SESSION)`.
    """

    def value(self, key: str, name: str) -> RegistryValue:
        """Return a value; raises `NotHere`, `Denied`, or `Unreadable` for a type nobody asked about."""

    def has_value(self, key: str, name: str) -> bool:
        """Tell whether a value exists; its content is not read. Raises `Denied`."""

    def value_names(self, key: str) -> tuple[str, ...]:
        """Return the sorted names of a key's values; an absent key has none. Raises `Denied`."""

    def has_key(self, key: str) -> bool:
        """Tell whether a key exists; raises `Denied`."""

    def subkeys(self, key: str) -> tuple[str, ...]:
        """Return the sorted names below a key; an absent key has none. Raises `Denied`."""


class Wmi(Protocol):
    """Windows Management Instrumentation by COM, properties named, never `SELECT *`."""

    def rows(self, namespace: str, kind: str, *properties: str) -> tuple[WmiRow, ...]:
        """Return the named properties of each instance of a class.

        Raises `Unsupported(API_MISSING)` without namespace or class, `Denied`, `TimedOut`, `Unreadable`.
        """


class Native(Protocol):
    """Calls into the system's libraries. A missing thing is `NotHere`, a missing call `Unsupported`."""

    def number(self, what: Number, of: str = "") -> int:
        """Return one whole number; raises any `ProbeError`."""

    def blocks(self, what: Blocks, of: str = "") -> tuple[bytes, ...]:
        """Return blocks of bytes as the system laid them out; raises any `ProbeError`."""


class Windows(Protocol):
    """The ports together, as `Host.windows` hands them out."""

    @property
    def registry(self) -> Registry:
        """Return the registry."""

    @property
    def wmi(self) -> Wmi:
        """Return WMI."""

    @property
    def native(self) -> Native:
        """Return the native calls."""


class NoWindows:
    """The ports of a machine that is none: whatever is asked is not supported."""

    @property
    def registry(self) -> Registry:
        """Raise `Unsupported`."""
        raise Unsupported(Reason.API_MISSING)

    @property
    def wmi(self) -> Wmi:
        """Raise `Unsupported`."""
        raise Unsupported(Reason.API_MISSING)

    @property
    def native(self) -> Native:
        """Raise `Unsupported`."""
        raise Unsupported(Reason.API_MISSING)
