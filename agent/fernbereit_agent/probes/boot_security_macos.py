"""Does a Mac start only what it should?

sysctl -n hw.optional.arm64                           "1": Apple's own processor, with its Secure Enclave
ioreg -rd1 -p IODeviceTree -n asmb -a                 its start-up policy: lp-smb0 + lp-smb1 is 0 for full,
                                                      1 for reduced, 2 for permissive security
nvram 94b73556-...:AppleSecureBootPolicy              Intel with a T2 chip: %02 full, %01 medium, %00 none
system_profiler SPiBridgeDataType -json               "ibridge_secure_boot": "Full Security" - "Volle
                                                      Sicherheit" for whoever uses macOS in German

That last one is the only translated answer here, and the last one asked; a word in a language that is not
listed is not known. A Mac has no TPM; what guards the keys instead is told in its place.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from fernbereit.facts.boot_security import BootSecurity, SecureBoot
from fernbereit_agent.errors import ProbeError, Unreadable
from fernbereit_agent.host import Host
from fernbereit_agent.probes.answers_macos import (
    IOREG,
    SYSCTL,
    is_virtual,
    parse_nodes,
    profile,
    text_in,
    word,
)
from fernbereit_agent.settings import ProbeSettings

REPORT = "SPiBridgeDataType"
POLICY_NODE = (IOREG, "-rd1", "-p", "IODeviceTree", "-n", "asmb", "-a")
POLICY_VARIABLE = ("/usr/sbin/nvram", "94b73556-2197-4702-82a8-3e1337dafbfb:AppleSecureBootPolicy")
_LEVELS = {0: SecureBoot.ON, 1: SecureBoot.ON, 2: SecureBoot.OFF}
_WORDS = {
    "Full Security": SecureBoot.ON,
    "Volle Sicherheit": SecureBoot.ON,
    "Reduced Security": SecureBoot.ON,
    "Medium Security": SecureBoot.ON,
    "Permissive Security": SecureBoot.OFF,
    "No Security": SecureBoot.OFF,
}
_WIDEST = 8


def read(host: Host, _settings: ProbeSettings) -> BootSecurity:
    """Ask the start-up policy of this kind of Mac; raises a `ProbeError` where not even the kind is told."""
    if host.architecture() == "arm64" or word(host, SYSCTL, "-n", "hw.optional.arm64") == "1":
        level = parse_policy_node(word(host, *POLICY_NODE))
        return BootSecurity(
            tpm_present=None if is_virtual(host) else True,
            secure_boot=_reported(host) if level is None else level,
        )
    variable = parse_policy_variable(word(host, *POLICY_VARIABLE))
    if variable is not None:
        return BootSecurity(tpm_present=True, secure_boot=variable)
    return parse_report(profile(host, REPORT))


def parse_policy_node(text: str) -> SecureBoot | None:
    """Return what the start-up policy in the device tree says; None without both of its numbers."""
    try:
        nodes = parse_nodes(text)
    except Unreadable:
        return None
    for node in nodes:
        bits = [_little_endian(node.get(key)) for key in ("lp-smb0", "lp-smb1")]
        if None not in bits:
            return _LEVELS.get(sum(bit for bit in bits if bit is not None))
    return None


def parse_policy_variable(text: str) -> SecureBoot | None:
    r"""Return what the variable of a T2 chip says, None for any other text.

    >>> parse_policy_variable("94b7...:AppleSecureBootPolicy\t%02")
    <SecureBoot.ON: 'on'>
    """
    found = re.search(r":AppleSecureBootPolicy\s+%0([012])$", text, re.ASCII)
    return {"0": SecureBoot.OFF, "1": SecureBoot.ON, "2": SecureBoot.ON}[found.group(1)] if found else None


def parse_report(items: Iterable[Mapping[str, Any]]) -> BootSecurity:
    """Return what the report of an Intel Mac says; one without any entry is that of a Mac without the chip.

    >>> parse_report([]).secure_boot
    <SecureBoot.UNSUPPORTED: 'unsupported'>
    """
    listed = list(items)
    if not listed:
        return BootSecurity(tpm_present=False, secure_boot=SecureBoot.UNSUPPORTED)
    chip = " ".join(text_in(item, "ibridge_model_name") for item in listed)
    if " T1 " in f" {chip} ":
        return BootSecurity(tpm_present=False, secure_boot=SecureBoot.UNSUPPORTED)
    return BootSecurity(
        tpm_present=True if " T2 " in f" {chip} " else None,
        secure_boot=parse_level(listed),
    )


def parse_level(items: Iterable[Mapping[str, Any]]) -> SecureBoot | None:
    """Return what the translated word says, None for one that is not listed.

    >>> parse_level([{"ibridge_secure_boot": "Volle Sicherheit"}]), parse_level([{}])
    (<SecureBoot.ON: 'on'>, None)
    """
    words = (text_in(item, "ibridge_secure_boot") for item in items)
    return next((_WORDS[level] for level in words if level in _WORDS), None)


def _reported(host: Host) -> SecureBoot | None:
    try:
        return parse_level(profile(host, REPORT))
    except ProbeError:
        return None


def _little_endian(value: object) -> int | None:
    """Return the number the device tree keeps as bytes, or as it is."""
    if isinstance(value, bytes):
        return int.from_bytes(value, "little") if 0 < len(value) <= _WIDEST else None
    return value if type(value) is int else None
