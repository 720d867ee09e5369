"""What stands in the routing tables of a Mac?

netstat -rn    Internet:   default        192.168.178.1   UGScg    en0
                           default        192.168.178.1   UGScIg   en0      I: only for whoever asks for en0
                           10.8/16        link#21         UCS      utun4
               Internet6:  default        fe80::%utun0    UGcIg    utun0    every idle utun has such a line

The columns "Refs" and "Use" vanished with macOS 11, so the interface is looked for behind the flags. Networks
are shortened: "10" is 10.0.0.0/8, "192.168.178" is 192.168.178.0/24. Lines the kernel made for single
neighbours and for the laptop itself are none.
"""

import ipaddress
import re
from collections.abc import Iterable, Iterator

from fernbereit_agent.host import Host
from fernbereit_agent.probes.answers_macos import word
from fernbereit_agent.probes.routes import Network, RouteLine

NETSTAT = ("/usr/sbin/netstat", "-rn")
SCOPED = 1
"""The metric of a line that serves only whoever asks for its interface."""

_FLAGS = re.compile(r"[A-Za-z1-3]{1,12}")
_INTERFACE = re.compile(r"[a-z]{2,12}\d{1,4}")
_BITS_V4, _BITS_V6 = 32, 128


def all_routes(host: Host) -> tuple[RouteLine, ...]:
    """Return all usable lines of both routing tables; none where netstat does not answer."""
    return tuple(parse(word(host, *NETSTAT)))


def serving(lines: Iterable[RouteLine]) -> tuple[RouteLine, ...]:
    """Return the lines that serve whoever sends, not only whoever asks for their interface."""
    return tuple(line for line in lines if line.metric != SCOPED)


def parse(text: str) -> Iterator[RouteLine]:
    r"""Yield the usable lines of netstat; `gateway` is one that somebody set, not the interface by itself.

    >>> [str(line.network) for line in parse("Internet:\n10.8/16  link#21  UCS  utun4\n")]
    ['10.8.0.0/16']
    """
    version = 0
    for words in map(str.split, text.splitlines()):
        if words[:1] in (["Internet:"], ["Internet6:"]):
            version = 6 if words[0] == "Internet6:" else 4
        elif version and len(words) > 3 and (line := _line(words, version)) is not None:
            yield line


def _line(words: list[str], version: int) -> RouteLine | None:
    flags = words[2]
    name = next((each for each in words[3:] if _INTERFACE.fullmatch(each)), None)
    if name is None or not _FLAGS.fullmatch(flags) or not _usable(flags):
        return None
    network = parse_network(words[0], version)
    if network is None or network.is_multicast:
        return None
    return RouteLine(
        interface=name,
        network=network,
        gateway="G" in flags or "S" in flags,
        metric=SCOPED if "I" in flags else 0,
    )


def _usable(flags: str) -> bool:
    """Tell whether a line is up, neither refuses nor belongs to one neighbour or to the laptop itself."""
    return "U" in flags and not set(flags) & set("BLRWm") and ("H" not in flags or "S" in flags)


def parse_network(text: str, version: int) -> Network | None:
    """Return the network netstat shortened, None for anything else.

    >>> parse_network("192.168.178", 4), parse_network("fe80::%en0/64", 6)
    (IPv4Network('192.168.178.0/24'), IPv6Network('fe80::/64'))
    """
    if text == "default":
        return ipaddress.ip_network("0.0.0.0/0" if version == 4 else "::/0")
    address, _, length = text.partition("/")
    address = address.partition("%")[0]
    if version == 4:
        octets = address.split(".")
        length = length or str(len(octets) * 8)
        address = ".".join((*octets, "0", "0", "0")[:4])
    try:
        network = ipaddress.ip_network(f"{address}/{length or _BITS_V6}", strict=False)
    except ValueError:
        return None
    return network if network.version == version else None
