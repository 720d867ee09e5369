"""What do the authority's own servers answer beside its services, and how fast?

A STUN server, the collector's reflector, and a page of one line. Nothing is kept of an answer but whether it
is right and how long it took. No raw socket, at most `MOST_DATAGRAMS` small datagrams one after the other,
and a deadline for everything.
"""

import os
import re
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import urlsplit

from fernbereit import echo
from fernbereit_agent import stun

MOST_DATAGRAMS = 20
GAP_S = 0.05
LAST_WAIT_S = 1.0
"""From one datagram of a series to the next, and for answers after the last."""
STUN_AFTER_S = (0.0, 0.5, 1.5)
"""A request is repeated as RFC 8489 says, each time as one of its own, so that its answer can be timed."""
JUNK = 100
"""After so many datagrams that answer nothing no more are looked at."""
LONGEST_DATAGRAM = 65_535
LONGEST_PAGE = 4096


@dataclass(frozen=True, slots=True, kw_only=True)
class ShortPage:
    """What answered in place of a page: its status, its text, and whether it leads to another host."""

    status: int
    text: str = ""
    elsewhere: bool = False


class Wire(Protocol):
    """Questions to the authority's own servers; addresses are literal."""

    def stun(self, address: str, port: int) -> float | None:
        """Return the milliseconds of a binding request, None without an answer; raises `OSError`."""

    def echo(self, address: str, port: int, count: int) -> tuple[float | None, ...]:
        """Return the milliseconds of each echoed datagram, None for a lost one; raises `OSError`."""

    def short_page(self, url: str, timeout_s: float) -> ShortPage | None:
        """Return what answers under an http:// address without proxy, None if no page; raises `OSError`."""


class LocalWire:
    """The network this machine is on."""

    def stun(self, address: str, port: int) -> float | None:
        """Ask up to three times; the first right answer counts. Raises `OSError`."""
        transactions = [os.urandom(stun.TRANSACTION_BYTES) for _ in STUN_AFTER_S]

        def which(datagram: bytes) -> int | None:
            right = (n for n, transaction in enumerate(transactions) if stun.answers(datagram, transaction))
            return next(right, None)

        asked = [(at, stun.request(each)) for at, each in zip(STUN_AFTER_S, transactions, strict=True)]
        answers = _series(address, port, asked, which, enough=1)
        return next((took_ms for took_ms in answers if took_ms is not None), None)

    def echo(self, address: str, port: int, count: int) -> tuple[float | None, ...]:
        """Send a series of datagrams at an even pace. Raises `OSError`."""
        token = os.urandom(echo.TOKEN_BYTES)
        numbers = range(min(count, MOST_DATAGRAMS))
        asked = [(number * GAP_S, echo.question(number, token)) for number in numbers]
        return _series(address, port, asked, lambda datagram: echo.answered(datagram, token), len(asked))

    def short_page(self, url: str, timeout_s: float) -> ShortPage | None:
        """Ask for a page and read the beginning of what comes. Raises `OSError`."""
        parts = urlsplit(url)
        path = f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}"
        asked = f"GET {path} HTTP/1.0\r\nHost: {parts.netloc}\r\nConnection: close\r\n\r\n".encode("ascii")
        until = time.monotonic() + timeout_s
        came = b""
        with _connected(parts.hostname or "", parts.port or 80, until) as connection:
            connection.sendall(asked)
            while len(came) < LONGEST_PAGE and (left_s := until - time.monotonic()) > 0:
                connection.settimeout(left_s)
                part = connection.recv(LONGEST_PAGE)
                if not part:
                    return read_page(came, parts.hostname or "")
                came += part
        if len(came) < LONGEST_PAGE:
            raise TimeoutError
        return read_page(came[:LONGEST_PAGE], parts.hostname or "")


def _connected(host: str, port: int, until: float) -> socket.socket:
    """Connect to the first address that answers, however many a resolver names. Raises `OSError`."""
    failed: OSError = TimeoutError()
    for *_, address in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
        if (left_s := until - time.monotonic()) <= 0:
            break
        try:
            return socket.create_connection(
                (str(address[0]), port), timeout=left_s / 2
            )  # the rest is for others
        except OSError as error:
            failed = error
    raise failed


def read_page(came: bytes, host: str) -> ShortPage | None:
    r"""Return what an answer of HTTP/1 says; None for bytes that are none.

    >>> read_page(b"HTTP/1.1 200 OK\r\n\r\nfernbereit\n", "start.example")
    ShortPage(status=200, text='fernbereit', elsewhere=False)
    """
    head, _, body = came.partition(b"\r\n\r\n")
    status = re.match(rb"HTTP/1\.[01] ([1-5][0-9]{2})(?: |\r|$)", head)
    if status is None:
        return None
    location = re.search(rb"(?im)^location:[ \t]*([!-~]{1,2000})[ \t]*\r?$", head)
    return ShortPage(
        status=int(status[1]),
        text=body.decode("utf-8", errors="replace").strip(),
        elsewhere=location is not None and _leads_elsewhere(location[1].decode("ascii"), host),
    )


def _leads_elsewhere(location: str, host: str) -> bool:
    try:
        named = urlsplit(location).hostname
    except ValueError:
        return True
    return named is not None and named.casefold() != host.casefold()


def _series(
    address: str,
    port: int,
    asked: list[tuple[float, bytes]],
    which: Callable[[bytes], int | None],
    enough: int,
) -> tuple[float | None, ...]:
    """Send each datagram at its second and return the milliseconds until its first right answer.

    Only what comes from the address that was asked is looked at. Raises `OSError`.
    """
    sent: list[float] = []
    took_ms: list[float | None] = [None] * len(asked)
    looked_at, start = 0, time.perf_counter()
    end = start + asked[-1][0] + LAST_WAIT_S
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family, socket.SOCK_DGRAM) as wire:
        wire.connect((address, port))
        while len(took_ms) - took_ms.count(None) < enough and looked_at < JUNK:
            now = time.perf_counter()
            if now >= end:
                break
            if len(sent) < len(asked) and now >= start + asked[len(sent)][0]:
                wire.send(asked[len(sent)][1])
                sent.append(time.perf_counter())
                continue
            until = start + asked[len(sent)][0] if len(sent) < len(asked) else end
            wire.settimeout(max(0.001, until - now))
            try:
                datagram = wire.recv(LONGEST_DATAGRAM)
            except TimeoutError:
                continue
            came, number = time.perf_counter(), which(datagram)
            if number is None or number >= len(sent) or took_ms[number] is not None:
                looked_at += 1
            else:
                took_ms[number] = (came - sent[number]) * 1000
    if looked_at >= JUNK:
        raise ConnectionAbortedError("flooded")  # what is lost among so much else is not known
    return tuple(took_ms)
