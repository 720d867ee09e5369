"""Which call of Windows answers which question of the port `Native`?"""

import sys

assert sys.platform == "win32"

import ctypes
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from ctypes import c_int32, c_uint16, c_uint32, c_uint64, c_void_p

from fernbereit.record import Reason
from fernbereit_agent import host_windows_com as com
from fernbereit_agent.errors import NotHere, ProbeError, Unreadable
from fernbereit_agent.host_windows_calls import (
    Handle,
    check,
    check_result,
    controlled,
    device_paths,
    error_of,
    function,
    guid,
    last_error,
    opened,
    table,
)
from fernbereit_agent.windows_layouts import (
    BatteryQueryInformation,
    ForwardRow,
    Guid,
    InterfaceRow,
    RasConnection,
    StoragePropertyQuery,
    TpmDeviceInfo,
)
from fernbereit_agent.windows_ports import POWER_SETTINGS, Blocks, Number

BATTERY = "72631e54-78a4-11d0-bcf7-00aa00b7b32a"
CAMERA = "e5323777-f976-4f5b-9b55-b94699c46e44"
GENERIC_READ = 0x80000000
BATTERY_TAG, BATTERY_INFORMATION = 0x294040, 0x294044
STORAGE_PROPERTY, DISK_EXTENTS = 0x2D1400, 0x560000
SEEK_PENALTY_PROPERTY = 7
DEVICE_NAME_LEVEL = 4
REALTIME_QUALITY, RSSI = 19, 0x10000102


class LocalNative:
    """The libraries of this machine."""

    def number(self, what: Number, of: str = "") -> int:
        """Return one whole number."""
        return _NUMBERS[what](of)

    def blocks(self, what: Blocks, of: str = "") -> tuple[bytes, ...]:
        """Return blocks of bytes."""
        return _BLOCKS[what](of)


def _smbios(_of: str) -> tuple[bytes, ...]:
    ask = function("kernel32", "GetSystemFirmwareTable", c_uint32, c_uint32, c_uint32, c_void_p, c_uint32)
    provider = int.from_bytes(b"RSMB", "big")
    size = ask(provider, 0, None, 0)
    answer = ctypes.create_string_buffer(max(1, size))
    read = ask(provider, 0, answer, size)
    if not 0 < read <= size:
        raise last_error("GetSystemFirmwareTable")
    return (answer.raw[:read],)


def _batteries(_of: str) -> tuple[bytes, ...]:
    return tuple(block for path in device_paths(BATTERY) for block in _battery(path))


def _battery(path: str) -> Iterator[bytes]:
    with opened(path, GENERIC_READ) as handle:
        try:
            tag = int.from_bytes(controlled(handle, BATTERY_TAG, bytes(4), 4), "little")
        except NotHere:
            return  # an empty bay
        information = _battery_answer(handle, tag, 0, 64)
        try:
            name = _battery_answer(handle, tag, DEVICE_NAME_LEVEL, 256)
        except ProbeError:
            name = b""
        yield information[:36].ljust(36, b"\0") + name


def _battery_answer(handle: int, tag: int, level: int, longest: int) -> bytes:
    question = bytes(BatteryQueryInformation(BatteryTag=tag, InformationLevel=level, AtRate=0))
    return controlled(handle, BATTERY_INFORMATION, question, longest)


def _dial_up(_of: str) -> tuple[bytes, ...]:
    ask = function("rasapi32", "RasEnumConnectionsW", c_uint32, c_void_p, c_void_p, c_void_p)
    found = (RasConnection * 16)()
    found[0].dwSize = ctypes.sizeof(RasConnection)
    size, count = c_uint32(ctypes.sizeof(found)), c_uint32(0)
    check(ask(found, ctypes.byref(size), ctypes.byref(count)), "RasEnumConnectionsW")
    told = []
    for one in found[: count.value]:
        kept = RasConnection(dwSize=one.dwSize, DeviceType=one.DeviceType, DeviceName=one.DeviceName)
        told.append(bytes(kept))
    return tuple(told)


def _seek_penalty(drive: str) -> tuple[bytes, ...]:
    question = bytes(StoragePropertyQuery(PropertyId=SEEK_PENALTY_PROPERTY, QueryType=0))
    with opened(f"\\\\.\\{drive}", 0) as handle:
        return (controlled(handle, STORAGE_PROPERTY, question, 12),)


def _disk_extents(drive: str) -> tuple[bytes, ...]:
    with opened(f"\\\\.\\{drive}", 0) as handle:
        return (controlled(handle, DISK_EXTENTS, b"", 8 + 24 * 16),)


def _tpm(_of: str) -> tuple[bytes, ...]:
    told = TpmDeviceInfo(structure=1)
    ask = function("tbs", "Tbsi_GetDeviceInfo", c_uint32, c_uint32, c_void_p)
    check(ask(ctypes.sizeof(told), ctypes.byref(told)), "Tbsi_GetDeviceInfo")
    return (bytes(told),)


@contextmanager
def _wlan() -> Iterator[int]:
    handle, version = c_void_p(), c_uint32(0)
    ask = function("wlanapi", "WlanOpenHandle", c_uint32, c_uint32, c_void_p, c_void_p, c_void_p)
    check(ask(2, None, ctypes.byref(version), ctypes.byref(handle)), "WlanOpenHandle")
    try:
        yield handle.value or 0
    finally:
        function("wlanapi", "WlanCloseHandle", c_uint32, Handle, c_void_p)(handle, None)


def _wlan_answer(interface: str, opcode: int) -> bytes:
    """Ask an opcode that needs no consent to location; the ones that need it are never asked."""
    ask = function(
        "wlanapi", "WlanQueryInterface", c_uint32,
        Handle, c_void_p, c_uint32, c_void_p, c_void_p, c_void_p, c_void_p,
    )  # fmt: skip
    which, size, place = guid(interface), c_uint32(0), c_void_p()
    with _wlan() as handle:
        code = ask(handle, ctypes.byref(which), opcode, None, ctypes.byref(size), ctypes.byref(place), None)
        check(code, f"WlanQueryInterface {opcode:#x}")
        try:
            return ctypes.string_at(place.value or 0, size.value)
        finally:
            function("wlanapi", "WlanFreeMemory", None, c_void_p)(place)


def _rssi(interface: str) -> int:
    answer = _wlan_answer(interface, RSSI)
    if len(answer) != 4:
        raise Unreadable(detail="rssi")
    return int.from_bytes(answer, "little", signed=True)


def _aad_join(_of: str) -> int:
    place = c_void_p()
    ask = function("netapi32", "NetGetAadJoinInformation", c_int32, c_void_p, c_void_p)
    check_result(ask(None, ctypes.byref(place)), "NetGetAadJoinInformation")
    if not place.value:
        return 0
    try:
        return int(ctypes.cast(place, ctypes.POINTER(c_uint32))[0])
    finally:
        function("netapi32", "NetFreeAadJoinInformation", None, c_void_p)(place)


def _domain_join(_of: str) -> int:
    place, status = c_void_p(), c_uint32(0)
    ask = function("netapi32", "NetGetJoinInformation", c_uint32, c_void_p, c_void_p, c_void_p)
    check(ask(None, ctypes.byref(place), ctypes.byref(status)), "NetGetJoinInformation")
    function("netapi32", "NetApiBufferFree", c_uint32, c_void_p)(place)
    return status.value


def _managed(_of: str) -> int:
    managed, account = c_int32(0), ctypes.create_unicode_buffer(512)
    ask = function(
        "mdmregistration", "IsDeviceRegisteredWithManagement", c_int32, c_void_p, c_uint32, c_void_p
    )
    check_result(ask(ctypes.byref(managed), 512, account), "IsDeviceRegisteredWithManagement")
    return int(bool(managed.value))


def _card_readers(_of: str) -> int:
    context, size = c_uint64(0), c_uint32(0)
    establish = function(
        "winscard", "SCardEstablishContext", c_uint32, c_uint32, c_void_p, c_void_p, c_void_p
    )
    check(establish(0, None, None, ctypes.byref(context)), "SCardEstablishContext")
    try:
        ask = function("winscard", "SCardListReadersW", c_uint32, c_uint64, c_void_p, c_void_p, c_void_p)
        code = ask(context, None, None, ctypes.byref(size))
        if code == 0x8010002E:  # SCARD_E_NO_READERS_AVAILABLE
            return 0
        check(code, "SCardListReadersW")
        names = ctypes.create_unicode_buffer(size.value + 2)
        check(ask(context, None, names, ctypes.byref(size)), "SCardListReadersW")
        return len([name for name in "".join(names[: size.value]).split("\0") if name])
    finally:
        function("winscard", "SCardReleaseContext", c_uint32, c_uint64)(context)


def _firmware_type(_of: str) -> int:
    kind = c_uint32(0)
    if not function("kernel32", "GetFirmwareType", c_int32, c_void_p)(ctypes.byref(kind)):
        raise last_error("GetFirmwareType")
    return kind.value


def _native_machine(_of: str) -> int:
    emulated, native = c_uint16(0), c_uint16(0)
    ask = function("kernel32", "IsWow64Process2", c_int32, Handle, c_void_p, c_void_p)
    own = function("kernel32", "GetCurrentProcess", Handle)()
    if not ask(own, ctypes.byref(emulated), ctypes.byref(native)):
        raise last_error("IsWow64Process2")
    return native.value


def _power_setting(of: str) -> int:
    source, _, name = of.partition(" ")
    group, setting = map(guid, POWER_SETTINGS[name])
    place, value = c_void_p(), c_uint32(0)
    active = function("powrprof", "PowerGetActiveScheme", c_uint32, c_void_p, c_void_p)
    check(active(None, ctypes.byref(place)), "PowerGetActiveScheme")
    scheme = Guid.from_buffer_copy(ctypes.string_at(place.value or 0, ctypes.sizeof(Guid)))
    function("kernel32", "LocalFree", c_void_p, c_void_p)(place)
    call = "PowerReadACValueIndex" if source == "ac" else "PowerReadDCValueIndex"
    ask = function("powrprof", call, c_uint32, *([c_void_p] * 5))
    where = (ctypes.byref(each) for each in (scheme, group, setting))
    check(ask(None, *where, ctypes.byref(value)), call)
    return value.value


def _security_health(provider: str) -> int:
    health = c_int32(0)
    ask = function("wscapi", "WscGetSecurityProviderHealth", c_int32, c_uint32, c_void_p)
    check_result(ask(int(provider), ctypes.byref(health)), "WscGetSecurityProviderHealth")
    return health.value


def _service_state(name: str) -> int:
    manager = function("advapi32", "OpenSCManagerW", Handle, c_void_p, c_void_p, c_uint32)(None, None, 1)
    if not manager:
        raise last_error("OpenSCManagerW")
    close = function("advapi32", "CloseServiceHandle", c_int32, Handle)
    try:
        service = function("advapi32", "OpenServiceW", Handle, Handle, ctypes.c_wchar_p, c_uint32)(
            manager, name, 4
        )
        if not service:
            error = error_of(ctypes.get_last_error(), name)
            raise NotHere(Reason.NOT_INSTALLED, name) if isinstance(error, NotHere) else error
        try:
            status = (c_uint32 * 7)()
            if not function("advapi32", "QueryServiceStatus", c_int32, Handle, c_void_p)(service, status):
                raise last_error("QueryServiceStatus")
            return int(status[1])
        finally:
            close(service)
    finally:
        close(manager)


_NUMBERS: Mapping[Number, Callable[[str], int]] = {
    Number.AAD_JOIN: _aad_join,
    Number.BITLOCKER: com.bitlocker,
    Number.CAMERAS: lambda _of: len(device_paths(CAMERA)),
    Number.CARD_READERS: _card_readers,
    Number.DOMAIN_JOIN: _domain_join,
    Number.FIREWALL_PROFILES: com.firewall_profiles,
    Number.FIREWALL_ENABLED: com.firewall_enabled,
    Number.FIRMWARE_TYPE: _firmware_type,
    Number.MANAGED: _managed,
    Number.NATIVE_MACHINE: _native_machine,
    Number.NETWORK_COST: com.network_cost,
    Number.POWER_SETTING: _power_setting,
    Number.SECURITY_HEALTH: _security_health,
    Number.SERVICE_STATE: _service_state,
    Number.WLAN_RSSI: _rssi,
}

_BLOCKS: Mapping[Blocks, Callable[[str], tuple[bytes, ...]]] = {
    Blocks.BATTERIES: _batteries,
    Blocks.DIAL_UP: _dial_up,
    Blocks.DISK_EXTENTS: _disk_extents,
    Blocks.INTERFACES: lambda _of: table("GetIfTable2", ctypes.sizeof(InterfaceRow)),
    Blocks.NETWORK_DOMAINS: com.network_domains,
    Blocks.ROUTES: lambda _of: table("GetIpForwardTable2", ctypes.sizeof(ForwardRow), 0),
    Blocks.SEEK_PENALTY: _seek_penalty,
    Blocks.SMBIOS: _smbios,
    Blocks.TPM: _tpm,
    Blocks.UPDATE_HISTORY: com.update_history,
    Blocks.WLAN_QUALITY: lambda of: (_wlan_answer(of, REALTIME_QUALITY),),
}
