"""How are objects of Windows asked through COM, without a library of others?

Interfaces that scripts can use are asked by name (IDispatch), the others by their place in the table of
functions, counted in the headers of mingw-w64 10.0 (wbemcli.h, netlistmgr.h, shobjidl.h). Each question
enters and leaves COM on the thread it is asked on.
"""

import sys

assert sys.platform == "win32"

import ctypes
import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from ctypes import c_double, c_int16, c_int32, c_uint16, c_uint32, c_uint64, c_void_p
from typing import Any, Self

from fernbereit_agent.errors import Unreadable
from fernbereit_agent.host_windows_calls import check_result, function, guid
from fernbereit_agent.windows_layouts import ConnectionDomain, Guid, UpdateEntry

IID_DISPATCH = "00020400-0000-0000-c000-000000000046"
NETWORK_LIST = "dcb00c01-570f-4a9b-8d69-199fdba5723b"
NETWORK_LIST_MANAGER = "dcb00000-570f-4a9b-8d69-199fdba5723b"
NETWORK_COST_MANAGER = "dcb00008-570f-4a9b-8d69-199fdba5723b"
SHELL_ITEM_2 = "7e9fb0d3-919f-4307-ab2e-9b1860310c93"

APARTMENT, FREE = 2, 0
ALL_SERVERS = 0x17
EMPTY, NULL, I2, I4, DATE, BSTR, OBJECT, BOOL, UI1 = 0, 1, 2, 3, 7, 8, 9, 11, 17
GET, CALL = 2, 1
MOST_CONNECTIONS = 64
NEWEST_UPDATES = 60


class Variant(ctypes.Structure):
    """VARIANT of 64-bit Windows, 24 bytes."""

    kind: int
    value: int
    _fields_ = (("kind", c_uint16), ("reserved", c_uint16 * 3), ("value", c_uint64), ("record", c_uint64))


class _Arguments(ctypes.Structure):
    """DISPPARAMS."""

    _fields_ = (("values", c_void_p), ("names", c_void_p), ("count", c_uint32), ("named", c_uint32))


@contextmanager
def entered(mode: int = FREE) -> Iterator[None]:
    """Enter COM on this thread and leave it again."""
    check_result(function("ole32", "CoInitializeEx", c_int32, c_void_p, c_uint32)(None, mode), "CoInitialize")
    try:
        yield
    finally:
        function("ole32", "CoUninitialize", None)()


class Object:
    """One interface pointer, released at the end of the block."""

    def __init__(self, place: int | None) -> None:
        if not place:
            raise Unreadable(detail="an interface that is null")
        self._place = place

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.method(2, c_uint32)()

    @property
    def place(self) -> int:
        """Return the pointer."""
        return self._place

    def method(self, number: int, result: Any, *arguments: Any) -> Callable[..., int]:
        """Return a function of the interface by its place in the table."""
        entries = ctypes.cast(self._place, ctypes.POINTER(ctypes.POINTER(c_void_p)))
        kind = ctypes.WINFUNCTYPE(result, c_void_p, *arguments)
        found = kind(entries[0][number] or 0)
        return lambda *given: int(found(self._place, *given))

    def ask(self, number: int, *given: Any) -> None:
        """Call a function that takes pointers and 32-bit numbers and returns an HRESULT."""
        kinds = [c_uint32 if isinstance(each, int) else c_void_p for each in given]
        check_result(self.method(number, c_int32, *kinds)(*given), f"method {number}")

    def object(self, number: int, *given: Any) -> "Object":
        """Call a function whose last argument receives an interface."""
        place = c_void_p()
        self.ask(number, *given, ctypes.byref(place))
        return Object(place.value)

    def named(self, name: str, how: int = GET, *given: int) -> Any:
        """Return a property, or what a method returns, asked by name with whole numbers as arguments."""
        nobody, word, number = Guid(), ctypes.c_wchar_p(name), c_int32(0)
        self.ask(5, ctypes.byref(nobody), ctypes.byref(word), 1, 0, ctypes.byref(number))
        values = (Variant * max(1, len(given)))()
        for place, value in enumerate(reversed(given)):
            values[place].kind, values[place].value = I4, value & 0xFFFFFFFF
        arguments = _Arguments(ctypes.cast(values, c_void_p), None, len(given), 0)
        answer = Variant()
        invoke = self.method(
            6, c_int32, c_int32, c_void_p, c_uint32, c_uint16, c_void_p, c_void_p, c_void_p, c_void_p
        )
        code = invoke(
            number, ctypes.byref(nobody), 0, how, ctypes.byref(arguments), ctypes.byref(answer), None, None
        )
        check_result(code, name)
        return read(answer)


def read(answer: Variant) -> Any:
    """Return the content of a VARIANT and free it; an object is kept for its owner, the unknown is None."""
    if answer.kind == OBJECT:
        return Object(answer.value)
    try:
        value = c_uint64(answer.value)
        if answer.kind in {I4, I2, UI1}:
            kinds: dict[int, Any] = {I4: c_int32, I2: c_int16, UI1: ctypes.c_uint8}
            return int(ctypes.cast(ctypes.byref(value), ctypes.POINTER(kinds[answer.kind]))[0])
        if answer.kind == BOOL:
            return bool(answer.value & 0xFFFF)
        if answer.kind == DATE:
            return float(ctypes.cast(ctypes.byref(value), ctypes.POINTER(c_double))[0])
        return ctypes.wstring_at(answer.value) if answer.kind == BSTR and answer.value else None
    finally:
        function("oleaut32", "VariantClear", c_int32, c_void_p)(ctypes.byref(answer))


def created(kind: Guid, interface: str) -> Object:
    """Return a new object."""
    create = function("ole32", "CoCreateInstance", c_int32, c_void_p, c_void_p, c_uint32, c_void_p, c_void_p)
    place, wanted = c_void_p(), guid(interface)
    code = create(ctypes.byref(kind), None, ALL_SERVERS, ctypes.byref(wanted), ctypes.byref(place))
    check_result(code, "CoCreateInstance")
    return Object(place.value)


def scripted(name: str) -> Object:
    """Return a new object by the name scripts use."""
    kind = Guid()
    ask = function("ole32", "CLSIDFromProgID", c_int32, ctypes.c_wchar_p, c_void_p)
    check_result(ask(name, ctypes.byref(kind)), name)
    return created(kind, IID_DISPATCH)


def firewall_profiles(_of: str) -> int:
    """Return the profiles in use, added."""
    with entered(), scripted("HNetCfg.FwPolicy2") as policy:
        return int(policy.named("CurrentProfileTypes"))


def firewall_enabled(profile: str) -> int:
    """Return 1 where the firewall filters a profile, else 0."""
    with entered(), scripted("HNetCfg.FwPolicy2") as policy:
        return int(bool(policy.named("FirewallEnabled", GET, int(profile))))


def network_cost(_of: str) -> int:
    """Return what the connection to the internet costs."""
    cost = c_uint32(0)
    with entered(), created(guid(NETWORK_LIST), NETWORK_COST_MANAGER) as manager:
        manager.ask(3, ctypes.byref(cost), None)
    return cost.value


def network_domains(_of: str) -> tuple[bytes, ...]:
    """Return for each connection its adapter and whether a domain was authenticated on it."""
    told = []
    with ExitStack() as until:
        until.enter_context(entered())
        manager = until.enter_context(created(guid(NETWORK_LIST), NETWORK_LIST_MANAGER))
        connections = until.enter_context(manager.object(9))
        for _ in range(MOST_CONNECTIONS):
            place, fetched = c_void_p(), c_uint32(0)
            connections.ask(8, 1, ctypes.byref(place), ctypes.byref(fetched))
            if not fetched.value:
                break
            with Object(place.value) as connection:
                adapter, domain = Guid(), c_uint32(0)
                connection.ask(12, ctypes.byref(adapter))
                connection.ask(13, ctypes.byref(domain))
                told.append(bytes(ConnectionDomain(adapter=adapter, domain=domain.value)))
    return tuple(told)


def bitlocker(drive: str) -> int:
    """Return the shell's word on a drive; needs an apartment of its own."""
    parse = function(
        "shell32", "SHCreateItemFromParsingName", c_int32, ctypes.c_wchar_p, c_void_p, c_void_p, c_void_p
    )
    name = function("propsys", "PSGetPropertyKeyFromName", c_int32, ctypes.c_wchar_p, c_void_p)
    with entered(APARTMENT):
        key = (c_uint32 * 5)()
        check_result(name("System.Volume.BitLockerProtection", key), "PSGetPropertyKeyFromName")
        place, wanted, value = c_void_p(), guid(SHELL_ITEM_2), c_int32(0)
        code = parse(f"{drive}\\", None, ctypes.byref(wanted), ctypes.byref(place))
        check_result(code, "SHCreateItemFromParsingName")
        with Object(place.value) as item:
            item.ask(16, ctypes.byref(key), ctypes.byref(value))
        return value.value


def update_history(_of: str) -> tuple[bytes, ...]:
    """Return the newest entries of the history of updates; nothing is searched for."""
    told = []
    with ExitStack() as until:
        until.enter_context(entered())
        session = until.enter_context(scripted("Microsoft.Update.Session"))
        searcher = until.enter_context(session.named("CreateUpdateSearcher", CALL))
        count = min(NEWEST_UPDATES, int(searcher.named("GetTotalHistoryCount", CALL)))
        if not count:
            return ()
        entries = until.enter_context(searcher.named("QueryHistory", CALL, 0, count))
        for number in range(int(entries.named("Count"))):
            with entries.named("Item", GET, number) as entry:
                article = re.search(r"KB(\d{6,8})", str(entry.named("Title")))
                told.append(
                    bytes(
                        UpdateEntry(
                            day=float(entry.named("Date")),
                            operation=int(entry.named("Operation")),
                            result=int(entry.named("ResultCode")),
                            article=int(article[1]) if article else 0,
                        )
                    )
                )
    return tuple(told)
