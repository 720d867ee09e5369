r"""Which VPN clients are installed on a Windows laptop?

Services go by their own names, others by the beginning of their name in the list of programs. VPN connections
of Windows itself stand in the phone book of the machine: %ProgramData%\Microsoft\Network\Connections\Pbk,
where "Type=2" is a VPN and nothing else is read; those of one person alone are seen while they are dialled.
"""

import re
from fnmatch import fnmatchcase

from fernbereit.facts.remote_access import VpnClient
from fernbereit_agent.errors import Denied, ProbeError
from fernbereit_agent.host import Host
from fernbereit_agent.probes.registry_windows import SERVICES, programs, readable, service_like
from fernbereit_agent.probes.vpn_clients import VPN_CLIENTS
from fernbereit_agent.probes.vpn_entry import VpnEntry, WindowsEvidence

PHONE_BOOK = "/ProgramData/Microsoft/Network/Connections/Pbk/rasphone.pbk"


def installed_clients(host: Host, table: tuple[VpnEntry, ...] = VPN_CLIENTS) -> tuple[str, ...]:
    """Return the clients whose service or program is there; raises `Denied` where that cannot be seen."""
    names = programs(host)
    if names is None or not readable(host, SERVICES):
        raise Denied
    return tuple(
        entry.client
        for entry in table
        if _has_program(entry.windows, names)
        or any(service_like(host, name) for name in entry.windows.services)
        or (entry.client is VpnClient.WINDOWS_BUILT_IN and _has_phone_book_entry(host))
    )


def _has_program(seen: WindowsEvidence, names: tuple[str, ...]) -> bool:
    return any(fnmatchcase(name, pattern.casefold()) for pattern in seen.programs for name in names)


def _has_phone_book_entry(host: Host) -> bool:
    try:
        return re.search(r"^Type=2\s*$", host.read_text(PHONE_BOOK), re.MULTILINE) is not None
    except ProbeError:
        return False
