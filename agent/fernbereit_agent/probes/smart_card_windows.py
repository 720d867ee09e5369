r"""Is there a card reader on a Windows computer, and something that talks to it?

SCardListReaders                       how many; SCARD_E_NO_SERVICE where the service never had to start
HKLM\...\Services\SCardSvr             Start 4 is switched off; otherwise a reader starts it
list of programs                       AusweisApp

In a remote session the readers are those of the other computer.
"""

from fernbereit.facts.smart_card import SmartCard
from fernbereit.record import Reason
from fernbereit_agent.errors import NotHere, ProbeError
from fernbereit_agent.host import Host
from fernbereit_agent.probes.registry_windows import SERVICES, has_service, number, programs
from fernbereit_agent.settings import ProbeSettings
from fernbereit_agent.windows_ports import Number

SERVICE = "SCardSvr"
SWITCHED_OFF = 4
AUSWEISAPP = "ausweisapp"


def read(host: Host, _settings: ProbeSettings) -> SmartCard:
    """Count readers and look for service and program."""
    names = programs(host)
    return SmartCard(
        reader_present=_reader_present(host),
        service_installed=has_service(host, SERVICE),
        ausweisapp_installed=None if names is None else any(n.startswith(AUSWEISAPP) for n in names),
    )


def _reader_present(host: Host) -> bool | None:
    try:
        return host.windows.native.number(Number.CARD_READERS) > 0
    except NotHere as error:
        start = number(host, rf"{SERVICES}\{SERVICE}", "Start")
        waiting = error.reason is Reason.NOT_CONFIGURED and start is not None and start != SWITCHED_OFF
        return False if waiting else None
    except ProbeError:
        return None
