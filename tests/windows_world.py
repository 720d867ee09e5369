"""How does one write down what Windows lays out in memory? Builders of its structures."""

import ipaddress
import struct
import uuid

from fernbereit_agent.probes.battery_windows import OF_THE_MACHINE

END = bytes((127, 4, 0, 0, 0, 0))
ETHERNET, PPP, VIRTUAL, WIFI = 6, 23, 53, 71


def structure(kind: int, fields: bytes, *texts: str) -> bytes:
    """One SMBIOS structure; `fields` begins after the handle."""
    told = b"".join(text.encode("latin-1") + b"\0" for text in texts) or b"\0"
    return bytes((kind, 4 + len(fields), kind, 0)) + fields + told + b"\0"


def smbios(
    maker: str,
    product: str,
    version: str = "",
    serial: str = "",
    day: str = "",
    chassis: tuple[int, ...] = (10,),
) -> bytes:
    """Return a table with types 0, 1, one type 3 for each chassis code, and its end."""
    firmware = structure(0, bytes((1, 2, 0, 0, 3, 0)) + bytes(12), maker or " ", "1.0", day or " ")
    system = structure(
        1, bytes((1, 2, 3, 4)) + bytes(19), maker or " ", product or " ", version or " ", serial or " "
    )
    cases = b"".join(structure(3, bytes((1, code)) + bytes(15), maker or " ") for code in chassis)
    whole = firmware + system + cases + END
    return bytes((0, 3, 2, 0)) + len(whole).to_bytes(4, "little") + whole


def battery(
    design: int, full: int, cycles: int = 0, name: str = "", capabilities: int = OF_THE_MACHINE
) -> bytes:
    """BATTERY_INFORMATION and the name behind it."""
    told = struct.pack("<IB3x4s6I", capabilities, 1, b"LION", design, full, 0, 0, 0, cycles)
    return told + (name + "\0").encode("utf-16-le") if name else told


def interface(
    index: int,
    alias: str,
    description: str,
    *,
    kind: int = ETHERNET,
    guid: str = "",
    up: bool = True,
    media: int | None = None,
    mtu: int = 1500,
    medium: int = 0,
    tunnel: int = 0,
    mbps: float = 0,
    address: str = "",
    flags: int = 0x01,
) -> bytes:
    """MIB_IF_ROW2."""
    row = bytearray(1352)
    struct.pack_into("<I", row, 8, index)
    row[12:28] = uuid.UUID(guid or f"00000000-0000-4000-8000-{index:012d}").bytes_le
    for at, text in ((28, alias), (542, description)):
        told = text.encode("utf-16-le")
        row[at : at + len(told)] = told
    hardware = bytes.fromhex(address.replace(":", ""))
    struct.pack_into("<I", row, 1056, len(hardware))
    row[1060 : 1060 + len(hardware)] = hardware
    struct.pack_into("<5I", row, 1124, mtu, kind, tunnel, 0, medium)
    row[1152] = flags
    struct.pack_into("<I", row, 1156, 1 if up else 2)
    struct.pack_into("<I", row, 1164, media if media is not None else 1 if up else 2)
    struct.pack_into("<QQ", row, 1192, int(mbps * 1_000_000), int(mbps * 1_000_000))
    return bytes(row)


def route(index: int, network: str, gateway: str = "", metric: int = 0) -> bytes:
    """MIB_IPFORWARD_ROW2."""
    row, target = bytearray(104), ipaddress.ip_network(network)
    at, family = (16, 2) if target.version == 4 else (20, 23)
    struct.pack_into("<I", row, 8, index)
    struct.pack_into("<H", row, 12, family)
    row[at : at + len(target.network_address.packed)] = target.network_address.packed
    row[40] = target.prefixlen
    struct.pack_into("<H", row, 44, family)
    hop = ipaddress.ip_address(gateway).packed if gateway else b""
    row[at + 32 : at + 32 + len(hop)] = hop
    struct.pack_into("<I", row, 84, metric)
    return bytes(row)


def wlan_quality(percent: int, receive_kbit: int, send_kbit: int) -> bytes:
    """WLAN_REALTIME_CONNECTION_QUALITY with one link, 296 bytes."""
    return struct.pack("<6I", 10, percent, receive_kbit, send_kbit, 0, 1) + bytes(272)


def update(day: float, article: int, result: int = 2, operation: int = 1) -> bytes:
    """Block of `Blocks.UPDATE_HISTORY`."""
    return struct.pack("<diiI", day, operation, result, article)


def tpm(version: int) -> bytes:
    """TPM_DEVICE_INFO."""
    return struct.pack("<4I", 1, version, 3, 0)


def seek_penalty(penalty: int) -> bytes:
    """DEVICE_SEEK_PENALTY_DESCRIPTOR."""
    return struct.pack("<IIB3x", 12, 12, penalty)


def extents(*disks: int) -> bytes:
    """VOLUME_DISK_EXTENTS."""
    return struct.pack("<II", len(disks), 0) + b"".join(
        struct.pack("<I4xqq", n, 1 << 20, 1 << 38) for n in disks
    )


def domain(index: int, kind: int) -> bytes:
    """Block of `Blocks.NETWORK_DOMAINS`."""
    return uuid.UUID(f"00000000-0000-4000-8000-{index:012d}").bytes_le + struct.pack("<I", kind)


def ras(device_type: str) -> bytes:
    """RASCONNW with nothing but the kind of its device."""
    told = bytearray(1372)
    struct.pack_into("<I", told, 0, 1372)
    text = device_type.encode("utf-16-le")
    told[526 : 526 + len(text)] = text
    return bytes(told)
