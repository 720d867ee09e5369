r"""Who manages a Windows computer?

HKLM\SOFTWARE\Microsoft\Enrollments\{GUID}   ProviderID "MS DM Server", EnrollmentState 1, and a URL
    Fleet's rule: only keys with a value UPN (that it exists; it is not read), a state of 0 to 3 or none, of
    several the one with the longest URL, since stale keys have none; `Local_Management` is nobody.
HKLM\...\Provisioning\OMADM\Accounts\{GUID}\Protected\ConnInfo   ServerLastSuccessTime "20261120T071502Z", UTC
    Standard users may be refused; the day then stays unknown.
IsDeviceRegisteredWithManagement             whether the system itself calls it enrolled
NetGetAadJoinInformation, NetGetJoinInformation   kind of join only; never the account, tenant or domain
services and list of programs                products without device management, `management_clients_windows`
"""

from dataclasses import dataclass
from fnmatch import fnmatchcase
from urllib.parse import urlsplit

from fernbereit.facts.management import JoinType, Management, ManagementClient, Provider
from fernbereit_agent.errors import Denied, ProbeError
from fernbereit_agent.host import Host
from fernbereit_agent.probes.management_clients_windows import CLIENTS
from fernbereit_agent.probes.management_names import MOST_CLIENTS, told
from fernbereit_agent.probes.registry_windows import (
    number,
    programs,
    readable,
    service_like,
    subkeys,
    text,
)
from fernbereit_agent.probes.times_windows import day_of_omadm
from fernbereit_agent.settings import ProbeSettings
from fernbereit_agent.windows_ports import Number

ENROLLMENTS = r"HKLM\SOFTWARE\Microsoft\Enrollments"
ACCOUNTS = r"HKLM\SOFTWARE\Microsoft\Provisioning\OMADM\Accounts"
AIRWATCH = r"HKLM\SOFTWARE\AIRWATCH\EnrollmentStatus"
NOBODY = "Local_Management"
STATES = frozenset({None, 0, 1, 2, 3})
ENROLLED = 1
OWN_NAMES = {"ms dm server": Provider.INTUNE, "airwatchmdm": Provider.WORKSPACE_ONE}
HOSTS = (
    ("jumpcloud.awmdm.com", Provider.OTHER),
    ("manage.microsoft.com", Provider.INTUNE),
    ("microsoft.com", Provider.INTUNE),
    ("awmdm.com", Provider.WORKSPACE_ONE),
    ("airwatch.com", Provider.WORKSPACE_ONE),
    ("jamfcloud.com", Provider.JAMF),
)
"""Ends of host names, the longer first; Fleet's list, with what this program has no word for as `other`."""

DEVICE_JOINED, ACCOUNT_ADDED = 1, 2
IN_A_DOMAIN = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrollment:
    """One key below Enrollments as far as it is read."""

    key: str
    state: int | None
    provider_id: str
    url: str
    has_account: bool


def read(host: Host, settings: ProbeSettings) -> Management:
    """Look at enrolments, join state and installed products; raises `Denied` where these cannot be seen."""
    names = programs(host)
    if names is None or not readable(host, ENROLLMENTS):
        raise Denied
    chosen = choose(tuple(_enrollment(host, key) for key in subkeys(host, ENROLLMENTS)))
    found: dict[Provider, ManagementClient] = {}
    if chosen is not None:
        provider = provider_of(chosen)
        found[provider] = ManagementClient(
            provider=provider,
            enrolled=_enrolled(host, chosen),
            last_sync_on=day_of_omadm(
                text(host, rf"{ACCOUNTS}\{chosen.key}\Protected\ConnInfo", "ServerLastSuccessTime")
            ),
        )
    if Provider.WORKSPACE_ONE not in found and text(host, AIRWATCH, "Status"):
        completed = text(host, AIRWATCH, "Status").casefold() == "completed"
        found[Provider.WORKSPACE_ONE] = ManagementClient(
            provider=Provider.WORKSPACE_ONE, enrolled=completed or None
        )
    shown = [
        each for each in told(_installed(host, names, settings)) if each.name or each.provider not in found
    ]
    return Management(join_type=_join_type(host), clients=(*found.values(), *shown)[:MOST_CLIENTS])


def choose(enrollments: tuple[Enrollment, ...]) -> Enrollment | None:
    """Return the enrolment that counts by Fleet's rule, None without one."""
    fitting = [
        each
        for each in enrollments
        if each.has_account and each.state in STATES and each.provider_id != NOBODY and each.url
    ]
    return max(fitting, key=lambda each: (len(each.url), each.state == ENROLLED, each.key), default=None)


def provider_of(chosen: Enrollment) -> Provider:
    """Return the product by the server's name, else by what it calls itself.

    >>> url = "https://enrollment.manage.microsoft.com/enrollmentserver/discovery.svc"
    >>> provider_of(Enrollment(key="", state=1, provider_id="", url=url, has_account=True))
    <Provider.INTUNE: 'intune'>
    """
    try:
        server = (urlsplit(chosen.url).hostname or "").casefold()
    except ValueError:
        server = ""
    for end, provider in HOSTS:
        if server == end or server.endswith(f".{end}"):
            return provider
    return OWN_NAMES.get(chosen.provider_id.casefold(), Provider.OTHER)


def join_type(cloud: int | None, domain: int | None) -> JoinType | None:
    """Return the kind of join for what both calls say; None where one that matters said nothing.

    >>> join_type(1, 3), join_type(1, None), join_type(0, 2), join_type(None, 2) is None
    (<JoinType.HYBRID: 'hybrid'>, None, <JoinType.NONE: 'none'>, True)
    """
    if domain is None:
        return None
    if domain == IN_A_DOMAIN:
        return None if cloud is None else JoinType.HYBRID if cloud == DEVICE_JOINED else JoinType.DOMAIN
    if cloud == DEVICE_JOINED:
        return JoinType.CLOUD
    if cloud == ACCOUNT_ADDED:
        return JoinType.REGISTERED
    return JoinType.NONE if cloud == 0 else None


def _enrollment(host: Host, name: str) -> Enrollment:
    key = rf"{ENROLLMENTS}\{name}"
    try:
        has_account = host.windows.registry.has_value(key, "UPN")
    except ProbeError:
        has_account = False
    if not has_account:
        return Enrollment(key=name, state=None, provider_id="", url="", has_account=False)
    return Enrollment(
        key=name,
        state=number(host, key, "EnrollmentState"),
        provider_id=text(host, key, "ProviderID"),
        url=text(host, key, "DiscoveryServiceFullURL"),
        has_account=True,
    )


def _enrolled(host: Host, chosen: Enrollment) -> bool | None:
    """Tell whether it is enrolled: keys are easily written, so the system's own word counts."""
    managed = _number(host, Number.MANAGED)
    if managed is not None:
        return managed == 1
    return None if chosen.state is None else chosen.state == ENROLLED


def _join_type(host: Host) -> JoinType | None:
    return join_type(_number(host, Number.AAD_JOIN), _number(host, Number.DOMAIN_JOIN))


def _number(host: Host, what: Number) -> int | None:
    try:
        return host.windows.native.number(what)
    except ProbeError:
        return None


def _installed(host: Host, names: tuple[str, ...], settings: ProbeSettings) -> tuple[str, ...]:
    """Return the products of this program's table and of the policy's, by word or name."""
    own = [(row.name, row.windows) for row in settings.clients.management if row.windows]
    return tuple(
        str(product)
        for product, services, programs in (
            *((each.provider, each.services, [f"{name}*" for name in each.programs]) for each in CLIENTS),
            *((name, markers.services, markers.programs) for name, markers in own),
        )
        if any(service_like(host, service) for service in services)
        or any(fnmatchcase(name, program.casefold()) for program in programs for name in names)
    )
