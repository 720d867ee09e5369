"""How is WMI asked through COM? Named properties of a class, or a method of one instance."""

import sys

assert sys.platform == "win32"

import ctypes
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from ctypes import c_int32, c_uint32, c_void_p

from fernbereit_agent.errors import ProbeError, TimedOut
from fernbereit_agent.host_windows_calls import check_result, function, guid
from fernbereit_agent.host_windows_com import Object, Variant, created, entered, read
from fernbereit_agent.windows_ports import WmiRow, WmiValue

WBEM_LOCATOR = ("4590f811-1d3a-11d0-891f-00aa004b2e24", "dc12a687-737f-11cf-884d-00aa004b2e24")
ROW_TIMEOUT_MS = 5000
MOST_ROWS = 64


class LocalWmi:
    """WMI of this machine."""

    def rows(self, namespace: str, kind: str, *properties: str) -> tuple[WmiRow, ...]:
        """Return the named properties of each instance of a class."""
        with ExitStack() as until:
            services, text = connected(until, namespace), until.enter_context
            query = f"SELECT {', '.join(properties)} FROM {kind}"  # noqa: S608 - constants of the probes
            found = services.object(20, text(bstr("WQL")), text(bstr(query)), 0x30, None)
            return tuple(_rows(until.enter_context(found), properties))


def connected(until: ExitStack, namespace: str) -> Object:
    """Enter COM and return the services of a namespace, both until the end of the block."""
    until.enter_context(entered())
    locator = until.enter_context(created(guid(WBEM_LOCATOR[0]), WBEM_LOCATOR[1]))
    place = c_void_p()
    locator.ask(
        3, until.enter_context(bstr(namespace)), None, None, None, 0x80, None, None, ctypes.byref(place)
    )  # WBEM_FLAG_CONNECT_USE_MAX_WAIT
    services = until.enter_context(Object(place.value))
    _trusted(services)
    return services


def _rows(found: Object, properties: tuple[str, ...]) -> Iterator[WmiRow]:
    following = found.method(4, c_int32, c_uint32, c_uint32, c_void_p, c_void_p)
    for _ in range(MOST_ROWS):
        place, count = c_void_p(), c_uint32(0)
        code = following(ROW_TIMEOUT_MS, 1, ctypes.byref(place), ctypes.byref(count))
        check_result(code, "Next")
        if code == 0x40004:  # WBEM_S_TIMEDOUT
            raise TimedOut
        if not count.value:
            return
        with Object(place.value) as row:
            yield {name: property_of(row, name) for name in properties}


def property_of(row: Object, name: str) -> WmiValue:
    """Return a property of a row or of a method's answer; None where this version has none."""
    answer = Variant()
    get = row.method(4, c_int32, ctypes.c_wchar_p, c_uint32, c_void_p, c_void_p, c_void_p)
    try:
        check_result(get(name, 0, ctypes.byref(answer), None, None), name)
    except ProbeError:
        return None  # a version of the class without this property
    found = read(answer)
    return found if isinstance(found, str | int) else None


def _trusted(services: Object) -> None:
    """Let WMI act as whoever runs this program, over a private channel as some namespaces want."""
    blanket = function(
        "ole32", "CoSetProxyBlanket", c_int32,
        c_void_p, c_uint32, c_uint32, c_void_p, c_uint32, c_uint32, c_void_p, c_uint32,
    )  # fmt: skip
    check_result(blanket(services.place, 10, 0, None, 6, 3, None, 0), "CoSetProxyBlanket")


@contextmanager
def bstr(text: str) -> Iterator[c_void_p]:
    """Lend a text as Windows keeps it."""
    place = c_void_p(function("oleaut32", "SysAllocString", c_void_p, ctypes.c_wchar_p)(text))
    try:
        yield place
    finally:
        function("oleaut32", "SysFreeString", None, c_void_p)(place)
