"""What happens? Scenarios as data: who must leave, what is lost, what depends on what."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from fernbereit_server.organisation.model import Gateway, LicencePool, Organisation, OwnScenario, Uplink
from fernbereit_server.organisation.model import dependencies as needed_of


class Chosen(StrEnum):
    """What a shipped scenario takes of an authority it does not know."""

    NOTHING = "nothing"
    LARGEST_GATEWAY = "largest_gateway"
    LARGEST_SITE = "largest_site"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """One scenario; `leaving_sites` None means that everybody leaves, `concurrency` None the ordinary one."""

    key: str
    title: Mapping[str, str]
    loses: Chosen = Chosen.NOTHING
    leaving_sites: tuple[str, ...] | None = None
    lost_sites: tuple[str, ...] = ()
    lost_gateways: tuple[str, ...] = ()
    lost_dependencies: tuple[str, ...] = ()
    availability: Mapping[str, float] = field(default_factory=dict)
    concurrency: float | None = None
    reservation: bool | None = None


SCENARIOS = (
    Scenario(key="office-closed", title={"de": "Büro geschlossen", "en": "Office closed"}),
    Scenario(
        key="gateway-lost",
        title={"de": "Zugang ausgefallen", "en": "Gateway lost"},
        loses=Chosen.LARGEST_GATEWAY,
    ),
    Scenario(key="storm-day", title={"de": "Sturmtag", "en": "Storm day"}, concurrency=1.0),
    Scenario(
        key="site-lost",
        title={"de": "Standort ausgefallen", "en": "Site lost"},
        loses=Chosen.LARGEST_SITE,
    ),
    Scenario(
        key="identity-provider-lost",
        title={"de": "Anmeldedienst ausgefallen", "en": "Identity provider lost"},
        lost_dependencies=("identity",),
    ),
)
"""On a storm day everybody connects at once. A lost site takes its gateways and pool devices with it; only
its own people must leave. A lost identity provider takes what `needs: [identity]`."""


def key_of(text: str) -> str:
    """Return how a name is compared: small letters and digits, words joined by hyphens.

    >>> key_of("Gateway  lost")
    'gateway-lost'
    """
    return re.sub(r"[\W_]+", "-", text.casefold()).strip("-")


def find(text: str, organisation: Organisation) -> Scenario | None:
    """Return the scenario somebody means by its key or a title; the authority's own come first."""
    wanted = key_of(text)
    for own in organisation.scenarios:
        if key_of(own.name) == wanted:
            return _own(own)
    named = (one for one in SCENARIOS if wanted in {one.key, *map(key_of, one.title.values())})
    return next(named, None)


def known(organisation: Organisation) -> list[str]:
    """Return the names people can type."""
    return [own.name for own in organisation.scenarios] + [scenario.key for scenario in SCENARIOS]


def _own(own: OwnScenario) -> Scenario:
    return Scenario(
        key=own.name,
        title={"de": own.name, "en": own.name},
        leaving_sites=own.leaving_sites,
        lost_sites=own.lost_sites,
        lost_gateways=own.lost_gateways,
        lost_dependencies=own.lost_dependencies,
        availability=own.availability,
        concurrency=own.concurrency,
        reservation=own.reservation,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Loss:
    """A scenario applied to one authority: what is gone, and which units leave."""

    leaving: frozenset[str]
    sites: frozenset[str]
    gateways: frozenset[str]
    dependencies: frozenset[str]
    nothing_to_lose: bool = False


def applied(scenario: Scenario, organisation: Organisation) -> Loss:
    """Say what a scenario takes of this authority; largest means sessions first, then the name."""
    sites = set(scenario.lost_sites)
    gateways = set(scenario.lost_gateways)
    leaving_sites = scenario.leaving_sites
    nothing = False
    if scenario.loses is Chosen.LARGEST_SITE:
        people: dict[str, int] = {}
        for unit in organisation.units:
            if unit.site:
                people[unit.site] = people.get(unit.site, 0) + unit.headcount
        largest = min(people, key=lambda site: (-people[site], site), default=None)
        nothing = largest is None
        if largest is not None:
            sites.add(largest)
            leaving_sites = (largest,)
    if scenario.loses is Chosen.LARGEST_GATEWAY:
        ways = sorted(organisation.gateways or (), key=lambda way: (-sessions_of(way), way.name))
        nothing = not ways
        gateways |= {way.name for way in ways[:1]}
    dependencies = frozenset(scenario.lost_dependencies)
    for way in organisation.gateways or ():
        if way.site in sites or dependencies & set(way.needs):
            gateways.add(way.name)
    return Loss(
        leaving=frozenset(
            unit.name
            for unit in organisation.units
            if leaving_sites is None or unit.site is None or unit.site in leaving_sites
        ),
        sites=frozenset(sites),
        gateways=frozenset(gateways),
        dependencies=dependencies,
        nothing_to_lose=nothing or bool(dependencies and not dependencies & needed_of(organisation)),
    )


def sessions_of(limit: Gateway | LicencePool | Uplink) -> float:
    """Return how many people a gateway, pool or uplink carries at once: the least of what it states."""
    stated = []
    if (sessions := getattr(limit, "sessions", None)) is not None:
        stated.append(float(sessions))
    bandwidth, each = getattr(limit, "bandwidth_mbit", None), getattr(limit, "per_session_mbit", None)
    if bandwidth is not None and each is not None:
        stated.append(bandwidth / each)
    return min(stated)
