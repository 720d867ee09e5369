"""Did the way to the broker change? The kernel tells; where it tells nobody, a look once a minute must do.

Linux tells by netlink, macOS by a routing socket, both without rights and without traffic. What they tell is
thrown away: only whether the route to one address is another one than before is of interest.
"""

import socket
import sys
from contextlib import suppress

from fernbereit_agent.sockets import route_source

_ROUTES_4, _ROUTES_6 = 0x40, 0x400  # RTMGRP_IPV4_ROUTE and RTMGRP_IPV6_ROUTE of linux/rtnetlink.h
ANYWHERE = "192.0.2.1"
"""Asked about where no address of the broker is known; TEST-NET-1, nothing is sent."""


class RouteWatch:
    """Watches the route to one address; used from one thread."""

    def __init__(self) -> None:
        self._socket = _listener()
        self._address = ANYWHERE
        self._source = route_source(ANYWHERE)

    @property
    def sockets(self) -> list[socket.socket]:
        """Return what to wait for in `select`; nothing where the kernel tells nobody."""
        return [] if self._socket is None else [self._socket]

    def toward(self, address: str) -> None:
        """Watch the route to this address from now on."""
        self._address, self._source = address, route_source(address)

    def appeared(self) -> bool:
        """Tell whether there is a route now and it is another one than at the last call."""
        self._drain()
        before, self._source = self._source, route_source(self._address)
        return self._source is not None and self._source != before

    def left(self, ends: tuple[str, str]) -> bool:
        """Tell whether a connection leaves from an address that its peer would no longer be reached from."""
        self._drain()
        own, peer = ends
        return route_source(peer) != own

    def close(self) -> None:
        """Stop listening."""
        if self._socket is not None:
            self._socket.close()

    def _drain(self) -> None:
        """Throw away what was told; a full buffer is an error once and tells that something changed."""
        if self._socket is None:
            return
        with suppress(OSError):
            while self._socket.recv(65_536):
                pass


def _listener() -> socket.socket | None:
    if sys.platform == "linux":
        return _opened(socket.AF_NETLINK, socket.NETLINK_ROUTE, (0, _ROUTES_4 | _ROUTES_6))
    if sys.platform == "darwin":
        return _opened(socket.AF_ROUTE, 0, None)
    return None


def _opened(family: int, protocol: int, address: tuple[int, int] | None) -> socket.socket | None:
    """Return a socket that hears the kernel, None where that is not allowed."""
    try:
        listener = socket.socket(family, socket.SOCK_RAW, protocol)
    except OSError:
        return None
    try:
        if address is not None:
            listener.bind(address)
    except OSError:
        listener.close()
        return None
    listener.setblocking(False)
    return listener
