"""How is each client management product recognised on Windows? One frozen row a product.

Services go by their own name, which no language changes; a program by the beginning of its name in the list
of programs. Which of these are enrolled is known to their servers only. ConfigMgr, opsi and Workspace ONE
are seen in public sources; the names of the others are believed until seen on a machine.
"""

from dataclasses import dataclass

from fernbereit.facts.management import Provider


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientEvidence:
    """What shows a product."""

    provider: Provider
    services: tuple[str, ...] = ()
    programs: tuple[str, ...] = ()


CLIENTS: tuple[ClientEvidence, ...] = (
    ClientEvidence(
        provider=Provider.CONFIGMGR, services=("CcmExec",), programs=("Configuration Manager Client",)
    ),
    ClientEvidence(
        provider=Provider.OPSI,
        services=("opsiclientd",),
        programs=("opsi-client-agent", "opsi.org client agent"),
    ),
    ClientEvidence(provider=Provider.BARAMUNDI, services=("bma",), programs=("baramundi Management Agent",)),
    ClientEvidence(
        provider=Provider.MATRIX42,
        services=("EmpirumAgent", "UEM Agent"),
        programs=("Matrix42 UEM Agent", "Matrix42 Universal Agent", "Empirum"),
    ),
    ClientEvidence(
        provider=Provider.IVANTI,
        services=("esiSrv", "CBA8", "LANDesk(R) Management Agent"),
        programs=("Ivanti Endpoint Manager", "Ivanti DSM", "HEAT DSM", "Ivanti Security Controls Agent"),
    ),
    ClientEvidence(
        provider=Provider.ACMP,
        services=("ACMPClientService", "ACMPClient"),
        programs=("ACMP Client", "ACMP Console"),
    ),
    ClientEvidence(
        provider=Provider.BIGFIX, services=("BESClient",), programs=("IBM BigFix Client", "HCL BigFix Client")
    ),
)
