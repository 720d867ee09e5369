"""Which part of an answer of macOS do the probes need? Of every other key not even the name is kept.

Property lists are written as XML whatever they were, JSON as JSON, lines as lines. What cannot be read is not
kept either.
"""

import json
import plistlib
import re
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from itertools import count
from typing import Any

from fernbereit_agent.errors import ProbeError
from fernbereit_agent.laptop import NetworkInterface
from fernbereit_agent.probes import conferencing_macos as conferencing
from fernbereit_agent.probes import management_macos as management
from fernbereit_agent.probes import network_macos as network
from fernbereit_agent.probes.answers_macos import parse_plist, part_in, parts_in, text_in
from fernbereit_agent.probes.disk_encryption_macos import parse_status
from fernbereit_agent.probes.routes import RouteLine
from fernbereit_agent.probes.routes_macos import SCOPED, parse

NETSTAT = "/usr/sbin/netstat -rn"
OWN_NUMBERS = frozenset({"/usr/bin/id -u", "/usr/bin/stat -f %u /dev/console"})
"""Answers that number a person of a directory; that both are the same has to stay."""

_KEYS = (
    (r"^/usr/sbin/system_profiler SPHardwareDataType ", ("machine_name", "machine_model")),
    (
        r"^/usr/sbin/system_profiler SPPowerDataType ",
        (
            "sppower_battery_health_info",
            "sppower_battery_cycle_count",
            "sppower_battery_health_maximum_capacity",
        ),
    ),
    (r"^/usr/sbin/system_profiler SPFirewallDataType ", ("spfirewall_globalstate",)),
    (r"^/usr/sbin/system_profiler SPiBridgeDataType ", ("ibridge_model_name", "ibridge_secure_boot")),
    (r"^/usr/sbin/system_profiler SPCameraDataType ", ("_name", "spcamera_model-id")),
    (
        r"^/usr/sbin/system_profiler SPAudioDataType ",
        (
            "_items",
            "_name",
            "coreaudio_device_input",
            "coreaudio_device_output",
            "coreaudio_device_transport",
        ),
    ),
    (
        r"^/usr/sbin/system_profiler SPAirPortDataType ",
        (
            "spairport_airport_interfaces",
            "_name",
            "spairport_current_network_information",
            "spairport_signal_noise",
        ),
    ),
    (
        r"^/usr/sbin/ioreg -rn AppleSmartBattery ",
        (
            "AppleRawMaxCapacity",
            "BatteryData",
            "BatteryInstalled",
            "CycleCount",
            "DesignCapacity",
            "FullChargeCapacity",
            "MaxCapacity",
            "NominalChargeCapacity",
        ),
    ),
    (r"^/usr/sbin/ioreg .* asmb ", ("lp-smb0", "lp-smb1")),
    (r"^/usr/sbin/ioreg -rc IOUSBHostInterface ", ("bInterfaceClass",)),
    (r"^/usr/sbin/diskutil info ", ("SolidState", "SMARTStatus", "FileVault", "Encryption")),
    (r"^/usr/bin/defaults export ", ("LSHandlers", "LSHandlerURLScheme", "LSHandlerRoleAll")),
    (r"^/usr/sbin/dsconfigad ", ("General Info", "Active Directory Domain")),
    (
        r"/(\.SystemVersionPlatform|SystemVersion)\.plist$",
        ("ProductName", "ProductVersion", "ProductBuildVersion"),
    ),
    (r"/InstallHistory\.plist$", ("date", "displayName", "processName")),
    (r"/com\.apple\.screensaver\.plist$", ("askForPassword", "askForPasswordDelay", "idleTime")),
    (r"/com\.apple\.alf\.plist$", ("globalstate",)),
    (r"/Contents/Info\.plist$", ("CFBundleShortVersionString",)),
    (
        r"/NetworkInterfaces\.plist$",
        ("Interfaces", "BSD Name", "SCNetworkInterfaceType", "SCNetworkInterfaceInfo", "UserDefinedName"),
    ),
)
"""Keys that may stay, by command or path; on every level of the answer."""


def trimmed_of_macos(asked: str, content: Any) -> Any | None:
    """Return what may stay of a file or an answer, or None if this is none of macOS."""
    lines = next((cut for start, cut in _LINES if asked.startswith(start)), None)
    if lines is not None and isinstance(content, str):
        return lines(content)
    keys = next((keys for pattern, keys in _KEYS if re.search(pattern, asked)), None)
    if keys is None:
        return None
    if isinstance(content, dict):
        return _plist(bytes.fromhex(content["hex"]), keys) if "hex" in content else content
    return _json(content, keys) if content.lstrip().startswith("{") else _plist(content, keys)


def narrowed(text: str, interfaces: Sequence[NetworkInterface]) -> str:
    """Return routing tables without networks: each line leads to one address, its interface's if possible."""
    tables: dict[str, list[str]] = {"Internet:": [], "Internet6:": []}
    for line in parse(text):
        shown = "default" if line.default else _one_address(line, interfaces)
        flags = f"U{'S' * line.gateway}{'I' * (line.metric == SCOPED)}"
        tables["Internet:" if line.network.version == 4 else "Internet6:"].append(
            f"{shown} link#1 {flags} {line.interface}"
        )
    return "".join("\n".join((head, *lines)) + "\n" for head, lines in tables.items())


_WIDEST_KEPT = 3


def _one_address(line: RouteLine, interfaces: Sequence[NetworkInterface]) -> str:
    if line.network.prefixlen <= _WIDEST_KEPT or line.network.is_link_local:
        return str(line.network)
    own = (a for each in interfaces if each.name == line.interface for a in each.addresses)
    inside = (a for a in own if (":" in a) == (line.network.version == 6) and _holds(line, a))
    return f"{next(inside, line.network.network_address)}/{line.network.max_prefixlen}"


def _holds(line: RouteLine, address: str) -> bool:
    return type(line.network)(address).subnet_of(line.network)  # type: ignore[arg-type]


def _json(text: str, keys: Iterable[str]) -> str:
    try:
        said = json.loads(text)
    except (ValueError, RecursionError):
        return ""
    kept = {name: _kept(part, frozenset(keys)) for name, part in said.items() if name.startswith("SP")}
    return json.dumps(_nameless(kept), ensure_ascii=False) + "\n"


def _plist(content: str | bytes, keys: Iterable[str]) -> str:
    try:
        kept = _kept(parse_plist(content), frozenset(keys))
    except ProbeError:
        return ""
    return plistlib.dumps(_nameless(kept), sort_keys=True).decode()


def _kept(part: Any, keys: frozenset[str]) -> Any:
    """Return a part with the allowed keys only, on every level; of lists, the entries that say something."""
    if isinstance(part, dict):
        return {key: _kept(value, keys) for key, value in part.items() if key in keys}
    if isinstance(part, list):
        return [kept for each in part if (kept := _kept(each, keys)) != {}]
    return datetime.combine(part.date(), datetime.min.time()) if isinstance(part, datetime) else part


def _nameless(said: Any) -> Any:
    """Return an answer without names people gave: of devices, of interfaces, of a domain, of programs."""
    if isinstance(said, dict):
        said = {key: _nameless(value) for key, value in said.items()}
        for report, rename in _RENAMED:
            if report in said:
                said[report] = rename(said[report])
        if "UserDefinedName" in said:
            said["UserDefinedName"] = _first_of(network.TELEPHONES, str(said["UserDefinedName"]))
        if "Active Directory Domain" in said:
            said["Active Directory Domain"] = "domain.example"
        if "LSHandlers" in said:
            said["LSHandlers"] = [
                e for e in said["LSHandlers"] if text_in(e, "LSHandlerURLScheme") == "https"
            ]
        return said
    if isinstance(said, list):
        only_system = [e for e in said if not isinstance(e, dict) or _of_system(e)]
        return [_nameless(each) for each in only_system]
    return said


def _of_system(entry: dict[str, Any]) -> bool:
    return "processName" not in entry or text_in(entry, "displayName").startswith("macOS ")


def _camera(items: Any) -> Any:
    """Keep of a camera's names the words that tell whether it is one."""
    words = conferencing.NO_CAMERA
    return [
        {key: _first_of(words, f"{name} ".casefold()) for key, name in item.items()}
        for item in items
        if isinstance(item, dict)
    ]


def _devices(groups: Any) -> Any:
    """Give the sound devices numbers; two of one name, as a headset has, keep one number."""
    numbers = count(1)
    given: dict[str, str] = {}
    devices = [each for group in groups if isinstance(group, dict) for each in parts_in(group, "_items")]
    for device in devices:
        name = text_in(device, "_name")
        if name not in given:
            given[name] = f"device-{next(numbers)}"
    return [{"_items": [{**device, "_name": given[text_in(device, "_name")]} for device in devices]}]


def _wireless(items: Any) -> Any:
    """Keep the names of interfaces, not those of the networks they are in."""
    cards = [each for item in items if isinstance(item, dict) for each in parts_in(item, _CARDS)]
    signal = "spairport_signal_noise"
    return [
        {
            _CARDS: [
                {"_name": text_in(card, "_name"), _LINK: {signal: text_in(part_in(card, _LINK), signal)}}
                for card in cards
            ]
        }
    ]


_CARDS, _LINK = "spairport_airport_interfaces", "spairport_current_network_information"
_RENAMED: tuple[tuple[str, Callable[[Any], Any]], ...] = (
    ("SPCameraDataType", _camera),
    ("SPAudioDataType", _devices),
    ("SPAirPortDataType", _wireless),
)


def _first_of(words: Iterable[str], text: str) -> str:
    return next((word for word in words if word in text), "")


def _enrolment(text: str) -> str:
    """Keep both answers, and of the server only what tells its maker."""
    rows = [row for row in text.splitlines() if row.startswith(("Enrolled via DEP:", "MDM enrollment:"))]
    server = re.search(r"^[ \t]*MDM server:[ \t]*https?://([A-Za-z0-9.-]+)", text, re.MULTILINE)
    if server:
        maker = management.maker_of(server.group(1))
        patterns = next(
            (patterns for each, patterns in management.SERVERS if each is maker), ("mdm.example",)
        )
        rows.append(f"MDM server: https://{patterns[0].replace('*', 'authority')}/")
    return "".join(f"{row}\n" for row in rows)


def _services(text: str) -> str:
    found = re.findall(r"^[* ] \(([A-Za-z]+)\) .*(\[[^\[\]]+\])[ \t]*$", text, re.MULTILINE)
    return "".join(f"* ({state}) VPN {service}\n" for state, service in found)


def _switches(text: str) -> str:
    rows = re.findall(rf"^[ \t]*(?:{'|'.join(network.PROXY_SWITCHES)}) : [01]$", text, re.MULTILINE)
    return "\n".join(("<dictionary> {", *rows, "}")) + "\n" if text.startswith("<dictionary>") else ""


def _matching(pattern: str) -> Callable[[str], str]:
    def cut(text: str) -> str:
        return "".join(f"{found}\n" for found in re.findall(pattern, text, re.MULTILINE))

    return cut


def _status(text: str) -> str:
    return f"{parse_status(text)}\n"


_LINES: tuple[tuple[str, Callable[[str], str]], ...] = (
    ("/usr/bin/fdesetup ", _status),
    ("/usr/bin/profiles ", _enrolment),
    ("/usr/sbin/scutil --nc ", _services),
    ("/usr/sbin/scutil --proxy", _switches),
    ("/usr/sbin/sysadminctl ", _matching(r"screenLock [a-z0-9 ]+$")),
    ("/usr/bin/pmset ", _matching(r"^[A-Za-z]+ Power:$|^[ \t]*displaysleep[ \t]+\d+$")),
)
