"""What did macOS answer, if it was an answer? Property lists, JSON of system_profiler, single words.

Commands are named by their whole path, so that nothing a person installed is run in their place. A missing
command is a way of asking that does not exist there, never the absence of what was asked for.
"""

import json
import plistlib
from collections.abc import Iterator, Mapping
from typing import Any

from fernbereit.record import Reason
from fernbereit_agent.errors import NotHere, ProbeError, Unreadable, Unsupported
from fernbereit_agent.host import Host
from fernbereit_agent.plist import NO_PLIST

PROFILER = "/usr/sbin/system_profiler"
IOREG = "/usr/sbin/ioreg"
DISKUTIL = "/usr/sbin/diskutil"
SYSCTL = "/usr/sbin/sysctl"


def ask(host: Host, *command: str) -> str:
    """Return what a command printed; raises `ProbeError`, for a missing command `Unsupported`."""
    try:
        return host.run(*command)
    except NotHere:
        raise Unsupported(Reason.COMMAND_MISSING, command[0]) from None


def word(host: Host, *command: str) -> str:
    """Return the stripped answer of a command, or nothing where there is none."""
    try:
        return host.run(*command).strip()
    except ProbeError:
        return ""


def profile(host: Host, data_type: str) -> tuple[Mapping[str, Any], ...]:
    """Return the items of one report of system_profiler; raises `ProbeError`."""
    return parse_profile(ask(host, PROFILER, data_type, "-json"), data_type)


def parse_profile(text: str, data_type: str) -> tuple[Mapping[str, Any], ...]:
    """Return the items of a report; raises `Unreadable` for anything but that report.

    >>> parse_profile('{"SPCameraDataType": [{"_name": "a"}]}', "SPCameraDataType")
    ({'_name': 'a'},)
    """
    try:
        said = json.loads(text)
    except (ValueError, RecursionError):
        raise Unreadable(detail=data_type) from None
    found = said.get(data_type) if isinstance(said, dict) else None
    if not isinstance(found, list):
        raise Unreadable(detail=data_type)
    return tuple(item for item in found if isinstance(item, dict))


def parse_plist(content: str | bytes) -> Any:
    """Return what a property list holds, XML or binary; raises `Unreadable`."""
    try:
        return plistlib.loads(content.encode() if isinstance(content, str) else content)
    except NO_PLIST:
        raise Unreadable(detail="property list") from None


def parse_dict(content: str | bytes) -> Mapping[str, Any]:
    """Return the dictionary a property list holds; raises `Unreadable` for any other."""
    said = parse_plist(content)
    if not isinstance(said, dict):
        raise Unreadable(detail="property list")
    return said


def parse_nodes(text: str) -> tuple[Mapping[str, Any], ...]:
    """Return the nodes of `ioreg -a`, none for its empty answer; raises `Unreadable`.

    >>> parse_nodes("")
    ()
    """
    if not text.strip():
        return ()
    said = parse_plist(text)
    nodes = said if isinstance(said, list) else [said]
    if not all(isinstance(node, dict) for node in nodes):
        raise Unreadable(detail="ioreg")
    return tuple(nodes)


def preferences(host: Host, path: str) -> Mapping[str, Any]:
    """Return a file of preferences; empty where it is missing, closed or broken."""
    try:
        return parse_dict(host.read_bytes(path))
    except ProbeError:
        return {}


def is_virtual(host: Host) -> bool:
    """Tell whether macOS itself says that it runs on a virtual processor."""
    return word(host, SYSCTL, "-n", "kern.hv_vmm_present") == "1"


def in_front(host: Host) -> bool:
    """Tell whether the agent runs as whoever sits in front of the screen: only then their settings answer."""
    own = word(host, "/usr/bin/id", "-u")
    return own != "" and own == word(host, "/usr/bin/stat", "-f", "%u", "/dev/console")


def text_in(said: Mapping[str, Any], key: str) -> str:
    """Return a text, or nothing where another kind of value or none stands."""
    found = said.get(key)
    return found if isinstance(found, str) else ""


def number_in(said: Mapping[str, Any], key: str) -> int | None:
    """Return a whole number that is no yes or no, None for all else."""
    found = said.get(key)
    return found if type(found) is int and abs(found) < 1 << 53 else None


def flag_in(said: Mapping[str, Any], key: str) -> bool | None:
    """Return a yes or no, written as such or as 1 and 0, None for all else."""
    found = said.get(key)
    return bool(found) if isinstance(found, bool) or (type(found) is int and found in (0, 1)) else None


def part_in(said: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    """Return a dictionary inside another, an empty one where there is none."""
    found = said.get(key)
    return found if isinstance(found, dict) else {}


def parts_in(said: Mapping[str, Any], key: str) -> Iterator[Mapping[str, Any]]:
    """Yield the dictionaries of a list inside a dictionary."""
    found = said.get(key)
    if isinstance(found, list):
        yield from (each for each in found if isinstance(each, dict))
