"""Is the firewall of macOS on?

system_profiler SPFirewallDataType -json       "spfirewall_globalstate": "spfirewall_globalstate_block_all"
socketfilterfw --getglobalstate                "Firewall is enabled. (State = 1)"
/Library/Preferences/com.apple.alf.plist       globalstate 0 | 1 | 2, up to macOS 14; since 15 it is gone, and
                                               one that stayed behind says nothing

Only the number in brackets is read of the second. Filters of other makers are not seen.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from fernbereit.facts.firewall import Firewall, FirewallProduct
from fernbereit_agent.errors import ProbeError, Unsupported
from fernbereit_agent.host import Host
from fernbereit_agent.probes.answers_macos import number_in, preferences, profile, text_in, word
from fernbereit_agent.probes.operating_system_macos import VERSIONS
from fernbereit_agent.probes.support_ends_macos import release_number
from fernbereit_agent.settings import ProbeSettings

REPORT = "SPFirewallDataType"
TOOL = ("/usr/libexec/ApplicationFirewall/socketfilterfw", "--getglobalstate")
PREFERENCES = "/Library/Preferences/com.apple.alf.plist"
LAST_WITH_PREFERENCES = 23
"""What builds of macOS 14 begin with."""

_STATES = {
    "spfirewall_globalstate_off": False,
    "spfirewall_globalstate_allow_all": False,
    "spfirewall_globalstate_limit_connections": True,
    "spfirewall_globalstate_block_all": True,
}
_NUMBERS = {0: False, 1: True, 2: True}


def read(host: Host, _settings: ProbeSettings) -> Firewall:
    """Ask in that order until one answers; raises the first refusal where none does."""
    refusal: ProbeError | None = None
    try:
        enabled = parse_report(profile(host, REPORT))
    except ProbeError as error:
        enabled, refusal = None, error
    if enabled is None:
        enabled = parse_tool(word(host, *TOOL))
    if enabled is None and _keeps_preferences(host):
        enabled = parse_preferences(preferences(host, PREFERENCES))
    if enabled is None:
        raise refusal or Unsupported(detail="no known state")
    return Firewall(enabled=enabled, product=FirewallProduct.MACOS)


def parse_report(items: Iterable[Mapping[str, Any]]) -> bool | None:
    """Return whether the report says on; None for a state that is not known.

    >>> parse_report([{"spfirewall_globalstate": "spfirewall_globalstate_allow_all"}])
    False
    """
    states = [text_in(item, "spfirewall_globalstate") for item in items]
    return next((_STATES[state] for state in states if state in _STATES), None)


def parse_tool(text: str) -> bool | None:
    """Return what the number in brackets says.

    >>> parse_tool("Firewall is disabled. (State = 0)"), parse_tool("Firewall is enabled.")
    (False, None)
    """
    found = re.search(r"\(State = (\d)\)", text, re.ASCII)
    return _NUMBERS.get(int(found.group(1))) if found else None


def parse_preferences(said: Mapping[str, Any]) -> bool | None:
    """Return what the preferences of older systems say."""
    state = number_in(said, "globalstate")
    return None if state is None else _NUMBERS.get(state)


def _keeps_preferences(host: Host) -> bool:
    builds = (text_in(preferences(host, path), "ProductBuildVersion") for path in VERSIONS)
    number = release_number(next((build for build in builds if build), ""))
    return number is not None and number <= LAST_WITH_PREFERENCES
