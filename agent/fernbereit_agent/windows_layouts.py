"""How do the structures of Windows lie in memory?

Fixed-width types only: the names of `ctypes.wintypes` have other sizes on 64-bit Linux, where the decoders
are tested. Pure: nothing here calls the system. `tests/agent/windows/win64_struct_layout.txt` holds sizes and
offsets as a compiler for Windows sees them; x64 and ARM64 share them.
"""

import ctypes
from ctypes import c_int32, c_int64, c_uint8, c_uint16, c_uint32, c_uint64
from typing import TypeVar

Layout = TypeVar("Layout", bound=ctypes.Structure)


def laid_out(kind: type[Layout], block: bytes, at: int = 0) -> Layout | None:
    """Return the structure that lies in a block, or None where the block is too short for it."""
    if at < 0 or len(block) - at < ctypes.sizeof(kind):
        return None
    return kind.from_buffer_copy(block, at)


def utf16(block: bytes) -> str:
    r"""Return UTF-16 text up to its first zero; a last odd byte is dropped, broken pairs are replaced.

    >>> utf16("WLAN\0rest".encode("utf-16-le"))
    'WLAN'
    """
    return block[: len(block) & ~1].decode("utf-16-le", errors="replace").partition("\0")[0]


class Guid(ctypes.Structure):
    """GUID, 16 bytes."""

    _fields_ = (("data1", c_uint32), ("data2", c_uint16), ("data3", c_uint16), ("data4", c_uint8 * 8))


class BatteryQueryInformation(ctypes.Structure):
    """BATTERY_QUERY_INFORMATION."""

    _fields_ = (("BatteryTag", c_uint32), ("InformationLevel", c_uint32), ("AtRate", c_uint32))


class BatteryInformation(ctypes.Structure):
    """BATTERY_INFORMATION; capacities in mWh unless the capabilities say relative."""

    Capabilities: int
    DesignedCapacity: int
    FullChargedCapacity: int
    CycleCount: int
    _fields_ = (
        ("Capabilities", c_uint32),
        ("Technology", c_uint8),
        ("Reserved", c_uint8 * 3),
        ("Chemistry", c_uint8 * 4),
        ("DesignedCapacity", c_uint32),
        ("FullChargedCapacity", c_uint32),
        ("DefaultAlert1", c_uint32),
        ("DefaultAlert2", c_uint32),
        ("CriticalBias", c_uint32),
        ("CycleCount", c_uint32),
    )


class InterfaceRow(ctypes.Structure):
    """MIB_IF_ROW2 up to the speeds; the counters behind them only fill it up."""

    InterfaceIndex: int
    Mtu: int
    Type: int
    TunnelType: int
    PhysicalMediumType: int
    InterfaceAndOperStatusFlags: int
    OperStatus: int
    MediaConnectState: int
    ConnectionType: int
    TransmitLinkSpeed: int
    ReceiveLinkSpeed: int
    _fields_ = (
        ("InterfaceLuid", c_uint64),
        ("InterfaceIndex", c_uint32),
        ("InterfaceGuid", Guid),
        ("Alias", c_uint16 * 257),
        ("Description", c_uint16 * 257),
        ("PhysicalAddressLength", c_uint32),
        ("PhysicalAddress", c_uint8 * 32),
        ("PermanentPhysicalAddress", c_uint8 * 32),
        ("Mtu", c_uint32),
        ("Type", c_uint32),
        ("TunnelType", c_uint32),
        ("MediaType", c_uint32),
        ("PhysicalMediumType", c_uint32),
        ("AccessType", c_uint32),
        ("DirectionType", c_uint32),
        ("InterfaceAndOperStatusFlags", c_uint8),
        ("OperStatus", c_uint32),
        ("AdminStatus", c_uint32),
        ("MediaConnectState", c_uint32),
        ("NetworkGuid", Guid),
        ("ConnectionType", c_uint32),
        ("TransmitLinkSpeed", c_uint64),
        ("ReceiveLinkSpeed", c_uint64),
        ("InOctets", c_uint64),
        ("InUcastPkts", c_uint64),
        ("InNUcastPkts", c_uint64),
        ("InDiscards", c_uint64),
        ("InErrors", c_uint64),
        ("InUnknownProtos", c_uint64),
        ("InUcastOctets", c_uint64),
        ("InMulticastOctets", c_uint64),
        ("InBroadcastOctets", c_uint64),
        ("OutOctets", c_uint64),
        ("OutUcastPkts", c_uint64),
        ("OutNUcastPkts", c_uint64),
        ("OutDiscards", c_uint64),
        ("OutErrors", c_uint64),
        ("OutUcastOctets", c_uint64),
        ("OutMulticastOctets", c_uint64),
        ("OutBroadcastOctets", c_uint64),
        ("OutQLen", c_uint64),
    )


class SocketAddress(ctypes.Structure):
    """SOCKADDR_INET: family (2 IPv4, 23 IPv6), then an IPv4 address at 4 or an IPv6 address at 8."""

    family: int
    _fields_ = (("family", c_uint16), ("port", c_uint16), ("data", c_uint32 * 6))


class AddressPrefix(ctypes.Structure):
    """IP_ADDRESS_PREFIX."""

    Prefix: SocketAddress
    PrefixLength: int
    _fields_ = (("Prefix", SocketAddress), ("PrefixLength", c_uint8))


class ForwardRow(ctypes.Structure):
    """MIB_IPFORWARD_ROW2."""

    InterfaceIndex: int
    DestinationPrefix: AddressPrefix
    NextHop: SocketAddress
    Metric: int
    _fields_ = (
        ("InterfaceLuid", c_uint64),
        ("InterfaceIndex", c_uint32),
        ("DestinationPrefix", AddressPrefix),
        ("NextHop", SocketAddress),
        ("SitePrefixLength", c_uint8),
        ("ValidLifetime", c_uint32),
        ("PreferredLifetime", c_uint32),
        ("Metric", c_uint32),
        ("Protocol", c_uint32),
        ("Loopback", c_uint8),
        ("AutoconfigureAddress", c_uint8),
        ("Publish", c_uint8),
        ("Immortal", c_uint8),
        ("Age", c_uint32),
        ("Origin", c_uint32),
    )


class RasConnection(ctypes.Structure):
    """RASCONNW, packed to 4; `DeviceType` is "vpn", "PPPoE", "modem" in every language."""

    _pack_ = 4
    _layout_ = "ms"
    _fields_ = (
        ("dwSize", c_uint32),
        ("hrasconn", c_uint64),
        ("EntryName", c_uint16 * 257),
        ("DeviceType", c_uint16 * 17),
        ("DeviceName", c_uint16 * 129),
        ("Phonebook", c_uint16 * 260),
        ("dwSubEntry", c_uint32),
        ("guidEntry", Guid),
        ("dwFlags", c_uint32),
        ("luid", c_uint32 * 2),
    )


class TpmDeviceInfo(ctypes.Structure):
    """TPM_DEVICE_INFO; version 1 is TPM 1.2, 2 is TPM 2.0."""

    version: int
    _fields_ = (
        ("structure", c_uint32),
        ("version", c_uint32),
        ("interface", c_uint32),
        ("revision", c_uint32),
    )


class StoragePropertyQuery(ctypes.Structure):
    """STORAGE_PROPERTY_QUERY."""

    _fields_ = (("PropertyId", c_uint32), ("QueryType", c_uint32), ("AdditionalParameters", c_uint8 * 4))


class SeekPenalty(ctypes.Structure):
    """DEVICE_SEEK_PENALTY_DESCRIPTOR."""

    Version: int
    IncursSeekPenalty: int
    _fields_ = (("Version", c_uint32), ("Size", c_uint32), ("IncursSeekPenalty", c_uint8))


class DiskExtent(ctypes.Structure):
    """DISK_EXTENT."""

    DiskNumber: int
    _fields_ = (("DiskNumber", c_uint32), ("StartingOffset", c_int64), ("ExtentLength", c_int64))


class DiskExtentsHead(ctypes.Structure):
    """VOLUME_DISK_EXTENTS before its first extent, which lies at 8."""

    NumberOfDiskExtents: int
    _fields_ = (("NumberOfDiskExtents", c_uint32), ("Padding", c_uint32))


class ConnectionQuality(ctypes.Structure):
    """WLAN_REALTIME_CONNECTION_QUALITY without its links; rates in kbit/s."""

    LinkQuality: int
    RxRate: int
    TxRate: int
    LinkCount: int
    _fields_ = (
        ("PhyType", c_uint32),
        ("LinkQuality", c_uint32),
        ("RxRate", c_uint32),
        ("TxRate", c_uint32),
        ("IsMultiLink", c_uint32),
        ("LinkCount", c_uint32),
    )


class ConnectionDomain(ctypes.Structure):
    """Block of `Blocks.NETWORK_DOMAINS`: NLM_DOMAIN_TYPE is 2 where a domain controller was authenticated."""

    domain: int
    _fields_ = (("adapter", Guid), ("domain", c_uint32))


class UpdateEntry(ctypes.Structure):
    """Block of `Blocks.UPDATE_HISTORY`; operation 1 installs, result 2 succeeded (wuapi.h)."""

    day: float
    operation: int
    result: int
    article: int
    _pack_ = 4
    _layout_ = "ms"
    _fields_ = (
        ("day", ctypes.c_double),
        ("operation", c_int32),
        ("result", c_int32),
        ("article", c_uint32),
    )
