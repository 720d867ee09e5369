"""Who manages a Mac?

    profiles status -type enrollment    "MDM enrollment: Yes (User Approved)"
                                        "MDM server: https://.../": only the maker its host name tells is kept
    folders the products install        the Jamf binary, the Intune agent, the BigFix agent ...
    dsconfigad -show -xml               a property list if the Mac belongs to a domain, else nothing

Lines are told apart by how they begin, since their number changed with macOS 11. The day of the last contact
stands in logs that only root reads.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase

from fernbereit.facts.management import JoinType, Management, ManagementClient, Provider
from fernbereit_agent.errors import ProbeError
from fernbereit_agent.host import Host
from fernbereit_agent.probes.answers_macos import ask, parse_dict, part_in, text_in
from fernbereit_agent.probes.management_names import MOST_CLIENTS, told
from fernbereit_agent.probes.marker_places import installed_files
from fernbereit_agent.settings import ProbeSettings

PROFILES = ("/usr/bin/profiles", "status", "-type", "enrollment")
DIRECTORY = ("/usr/sbin/dsconfigad", "-show", "-xml")
COMPANY_PORTAL = "/Applications/Company Portal.app"
"""May have registered the Mac with a directory in the cloud; only the person's session knows."""

SERVERS = (
    (Provider.INTUNE, ("*.manage.microsoft.com", "*.microsoft.com")),
    (Provider.WORKSPACE_ONE, ("*.awmdm.com", "*airwatch*")),
    (Provider.JAMF, ("*.jamfcloud.com", "*.jamf.com")),
    (Provider.IVANTI, ("*.mobileiron.com", "*.mobileiron.net", "*.ivanti.com")),
    (Provider.BARAMUNDI, ("*.baramundi.com", "*.baramundi.de")),
)
"""Host names of enrolment servers, by the table of Fleet; an authority's own server names no maker."""

NOT_THEIRS = ("jumpcloud.awmdm.com",)

CLIENTS = (
    (Provider.JAMF, ("/usr/local/jamf/bin/jamf", "/usr/local/bin/jamf")),
    (Provider.INTUNE, ("/Library/Intune/Microsoft Intune Agent.app",)),
    (Provider.WORKSPACE_ONE, ("/Applications/Workspace ONE Intelligent Hub.app",)),
    (Provider.BIGFIX, ("/Library/BESAgent/BESAgent.app",)),
    (Provider.BARAMUNDI, ("/Applications/baramundi Management Agent.app",)),
    (Provider.MATRIX42, ("/Library/Application Support/Matrix42",)),
    (Provider.IVANTI, ("/Library/Application Support/LANDesk",)),
)
"""Product and what its package for macOS installs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolment:
    """Whether the Mac is enrolled with a server, and whose that is if its name tells."""

    enrolled: bool
    provider: Provider | None = None


def read(host: Host, settings: ProbeSettings) -> Management:
    """Ask for enrolment and domain, look for products; raises a `ProbeError` where nothing is told."""
    own = ((row.name, installed_files(row.macos)) for row in settings.clients.management if row.macos)
    shown = told(name for name, places in (*CLIENTS, *own) if any(map(host.exists, places)))
    installed = [each.provider for each in shown if each.provider and not each.name]
    others = [each for each in shown if each.name]
    try:
        enrolment = parse_enrolment(ask(host, *PROFILES))
    except ProbeError:
        if not shown:
            raise
        enrolment = None
    return Management(
        join_type=_join_type(host), clients=(*judge(enrolment, installed), *others)[:MOST_CLIENTS]
    )


def parse_enrolment(text: str) -> Enrolment | None:
    r"""Return what `profiles` says; None without its line on enrolment.

    >>> parse_enrolment("Enrolled via DEP: No\nMDM enrollment: No\n")
    Enrolment(enrolled=False, provider=None)
    """
    said = re.search(r"^[ \t]*MDM enrollment:[ \t]*(Yes|No)\b", text, re.MULTILINE)
    server = re.search(r"^[ \t]*MDM server:[ \t]*https?://([A-Za-z0-9.-]{1,253})", text, re.MULTILINE)
    if not said:
        return None
    enrolled = said.group(1) == "Yes"
    return Enrolment(enrolled=enrolled, provider=maker_of(server.group(1)) if enrolled and server else None)


def maker_of(server: str) -> Provider | None:
    """Return whose product answers under a host name.

    >>> maker_of("musterstadt.jamfcloud.com"), maker_of("mdm.musterstadt.example")
    (<Provider.JAMF: 'jamf'>, None)
    """
    name = server.casefold()
    if name in NOT_THEIRS:
        return None
    return next((p for p, patterns in SERVERS if any(fnmatchcase(name, each) for each in patterns)), None)


def judge(enrolment: Enrolment | None, installed: Iterable[Provider]) -> tuple[ManagementClient, ...]:
    """Put enrolment and installed products side by side.

    The server's name tells which product the Mac is enrolled with; without it, the only installed product
    that enrols Macs does, else the product is `other`.
    """
    found = list(dict.fromkeys(installed))
    if enrolment is None or not enrolment.enrolled:
        enrolled = None if enrolment is None else False
        return tuple(
            ManagementClient(provider=each, enrolled=enrolled if each in _ENROLLING else None)
            for each in found
        )
    enrolling = [each for each in found if each in _ENROLLING]
    only = enrolling[0] if len(enrolling) == 1 else Provider.OTHER
    with_whom = enrolment.provider or only
    others = [each for each in found if each is not with_whom]
    not_with = frozenset() if enrolment.provider is None else _ENROLLING
    return (
        ManagementClient(provider=with_whom, enrolled=True),
        *(ManagementClient(provider=each, enrolled=False if each in not_with else None) for each in others),
    )


_ENROLLING = frozenset({Provider.JAMF, Provider.INTUNE, Provider.WORKSPACE_ONE})
"""Products whose agent comes with an enrolment of the Mac, of which there is at most one."""


def _join_type(host: Host) -> JoinType | None:
    try:
        text = ask(host, *DIRECTORY)
        if text.strip():
            general = part_in(parse_dict(text), "General Info")
            return JoinType.DOMAIN if text_in(general, "Active Directory Domain") else None
    except ProbeError:
        return None
    return None if host.exists(COMPANY_PORTAL) else JoinType.NONE
