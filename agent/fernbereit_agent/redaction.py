"""What may stay in a recorded laptop? Nothing that names a person, a network or one single machine.

The same original is replaced by the same stand-in everywhere, so that the probes see what they saw: an
interface still holds the address a route leaves from, a link still leads to the file it led to.
"""

import ipaddress
import json
import re
from collections.abc import Callable, Iterator
from itertools import count
from typing import Any

from fernbereit_agent.laptop import RecordedLaptop
from fernbereit_agent.redaction_of_files import REDACTED_SERIAL, is_serial, trimmed
from fernbereit_agent.redaction_of_macos import NETSTAT, OWN_NUMBERS, narrowed
from fernbereit_agent.redaction_of_routes import ROUTE_TABLES, Network
from fernbereit_agent.redaction_of_windows import redacted as redacted_windows

_UUID = re.compile(r"(?<![0-9a-fA-F])[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}(?![0-9a-fA-F])")
_CRYPT = re.compile(r"(CRYPT-[A-Z0-9]+-)[^\s\"]+")
_LVM = re.compile(r"LVM-[A-Za-z0-9]{16,}[^\s\"]*")
_MAPPER = re.compile(r"/dev/mapper/([^\s\"/]+)")
_MAC = re.compile(r"(?<![0-9a-fA-F:])(?:[0-9a-fA-F]{2}:){5}[0-9a-fA-F]{2}(?![0-9a-fA-F:])")
_NAMED_BY_MAC = re.compile(r"\b(en|wl|ww)x[0-9a-f]{12}\b")
_IPV4 = re.compile(r"(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?![\d.])")
_IPV6 = re.compile(r"(?<![0-9A-Za-z:.])(?:[0-9A-Fa-f]{0,4}:){2,7}[0-9A-Fa-f]{0,4}(?![0-9A-Za-z:.])")
_HOME = re.compile(r"/(home|Users)/(?!Shared\b)[^/\s\":<]+")

_WELL_KNOWN_UUIDS = frozenset(
    {
        "1da5d803-d492-4edd-8c23-e0c0ffee7f0e",
        "4d36e972-e325-11ce-bfc1-08002be10318",
        "56eb18f8-b008-4cbd-b6d2-8c97fe7e9062",
        "8a69d345-d564-463c-aff1-a69d9e530f96",
        "8be4df61-93ca-11d2-aa0d-00e098032b8c",
        "94b73556-2197-4702-82a8-3e1337dafbfb",
        "d719b2cb-3d3a-4596-a3bc-dad00e67656f",
    }
)
"""Names that are the same everywhere: properties and classes of Windows, updaters, firmware variables."""


def redact(laptop: RecordedLaptop) -> RecordedLaptop:
    """Return the laptop without host name, addresses, serials, UUIDs, user names and names of targets."""
    stand_ins = StandIns(laptop)
    said = laptop.model_dump(mode="json")
    said["files"] = {path: _file(path, content, stand_ins) for path, content in said["files"].items()}
    said["commands"] = {
        command: _command(command, text, stand_ins, laptop) for command, text in said["commands"].items()
    }
    said["settings"]["inventory_key"] = None
    note = said.pop("note")
    redacted = stand_ins.everywhere(redacted_windows(said, stand_ins))
    return RecordedLaptop.model_validate_json(json.dumps({**redacted, "note": note}))


class StandIns:
    """Stand-ins given so far in one recording."""

    def __init__(self, laptop: RecordedLaptop) -> None:
        named = laptop.settings.hosts
        literal = {host for host in named if _address(host)}
        personal = {*laptop.settings.internal_targets, *literal}
        personal |= {a for r in laptop.resolved.values() for a in getattr(r, "addresses", ())}
        self._as_they_are = {address for address in laptop.routes if address not in personal}
        self._interfaces = laptop.interfaces
        self._given: dict[str, str] = {}
        self._counters: dict[str, Iterator[int]] = {}
        self._names = {
            host: f"target-{number}.example"
            for number, host in enumerate(named, start=1)
            if host not in literal
        }
        if len(laptop.host_name) > 1:
            self._names[laptop.host_name] = "laptop"

    def everywhere(self, part: Any) -> Any:
        """Return a part of the JSON with every text, keys included, replaced."""
        if isinstance(part, str):
            return self.text(part)
        if isinstance(part, dict):
            return {self.text(key): self.everywhere(value) for key, value in part.items()}
        return [self.everywhere(each) for each in part] if isinstance(part, list) else part

    def text(self, text: str) -> str:
        """Return a text with everything personal replaced."""
        for name, stand_in in self._names.items():
            text = re.sub(
                rf"(?<![A-Za-z0-9]){re.escape(name)}(?![A-Za-z0-9])", stand_in, text, flags=re.IGNORECASE
            )
        text = _CRYPT.sub(lambda m: self._crypt(m[0], m[1]), text)
        text = _LVM.sub(lambda m: self._give("lvm", m[0], lambda n: f"LVM-{n:064d}"), text)
        text = _MAPPER.sub(lambda m: self._give("mapper", m[0], lambda n: f"/dev/mapper/volume-{n}"), text)
        text = _UUID.sub(lambda m: self._uuid(m[0]), text)
        text = _NAMED_BY_MAC.sub(
            lambda m: self._give("nic", m[0], lambda n: f"{m[1]}x0200000000{n:02x}"), text
        )
        text = _MAC.sub(lambda m: self._give("mac", m[0].lower(), lambda n: f"02:00:00:00:00:{n:02x}"), text)
        text = _IPV6.sub(lambda m: self.address(m[0]), text)
        text = _IPV4.sub(lambda m: self.address(m[0]), text)
        return _HOME.sub(r"/\1/~user", text)

    def address(self, text: str) -> str:
        """Return the stand-in for an IP address, of the same kind where the kind matters to a probe."""
        found = _address(text)
        if found is None or text in self._as_they_are or text.startswith("255."):
            return text
        if found.is_loopback or found.is_unspecified or found.is_multicast:
            return text
        if found.version == 4:
            base = "169.254.0.9" if found.is_link_local else "192.0.2.9"
        elif found.is_link_local:
            base = "fe80::"
        else:
            base = "fd00::" if found in ipaddress.ip_network("fc00::/7") else "2001:db8::9"
        return self._give(base, str(found), lambda n: str(ipaddress.ip_address(base) + n))

    def network(self, interface: str, network: Network) -> str:
        """Return an address that stands for a network: that of the interface if it lies in there."""
        own = (a for each in self._interfaces if each.name == interface for a in each.addresses)
        inside = (a for a in own if (found := _address(a)) is not None and found in network)
        return self.address(next(inside, str(network.network_address)))

    def number(self, text: str) -> str:
        """Return the stand-in for the number of a person; that of the system itself stays."""
        return (
            text if text.strip() in {"", "0"} else self._give("uid", text.strip(), lambda n: f"{500 + n}\n")
        )

    def _crypt(self, whole: str, prefix: str) -> str:
        return self._give("crypt", whole, lambda n: f"{prefix}{n:032d}-volume-{n}")

    def _uuid(self, text: str) -> str:
        if text.lower() in _WELL_KNOWN_UUIDS:
            return text
        return self._give("uuid", text.lower(), lambda n: f"00000000-0000-4000-8000-{n:012d}")

    def _give(self, kind: str, original: str, make: Callable[[int], str]) -> str:
        key = f"{kind} {original}"
        if key not in self._given:
            self._given[key] = make(next(self._counters.setdefault(kind, count(1))))
        return self._given[key]


def _file(path: str, content: Any, stand_ins: StandIns) -> Any:
    if is_serial(path):
        return REDACTED_SERIAL if isinstance(content, str) else content
    if path in ROUTE_TABLES and isinstance(content, str):
        return ROUTE_TABLES[path](content, stand_ins.address, stand_ins.network)
    return trimmed(path, content)


def _command(command: str, printed: Any, stand_ins: StandIns, laptop: RecordedLaptop) -> Any:
    if not isinstance(printed, str):
        return printed
    if command == NETSTAT:
        return narrowed(printed, laptop.interfaces)
    return stand_ins.number(printed) if command in OWN_NUMBERS else trimmed(command, printed)


def _address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None
