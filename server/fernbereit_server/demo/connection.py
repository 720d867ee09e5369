"""What would a synthetic machine say of its link, its tunnel, its targets and its conferencing equipment?"""

from datetime import date
from random import Random

from fernbereit import __version__
from fernbereit.facts.agent import Agent
from fernbereit.facts.conferencing import Browser, ConferenceClient, Conferencing
from fernbereit.facts.machine import Chassis
from fernbereit.facts.network import LinkType, Network, Zone
from fernbereit.facts.operating_system import Platform
from fernbereit.facts.remote_access import RemoteAccess, Route, Tunnel, VpnClient
from fernbereit.facts.smart_card import SmartCard
from fernbereit.facts.targets import TargetFailure, TargetResult, Targets
from fernbereit.record import Reason
from fernbereit_server.demo.specimen import Specimen, weighted
from fernbereit_server.demo.town import TARGETS


def remote_access(rng: Random, specimen: Specimen, _today: date) -> RemoteAccess:
    """Tell of a tunnel on most laptops that are outside; a genucard is a box no laptop can look into."""
    if not specimen.vpn or not specimen.remote:
        down = Tunnel.NOT_DETECTABLE if VpnClient.GENUCARD in specimen.vpn else Tunnel.DOWN
        return RemoteAccess(clients=specimen.vpn, tunnel=down, route=Route.NONE)
    if specimen.vpn == (VpnClient.GENUCARD,):
        return RemoteAccess(clients=specimen.vpn, tunnel=Tunnel.NOT_DETECTABLE, route=Route.NONE, mtu=1500)
    if rng.random() < 0.12:
        return RemoteAccess(clients=specimen.vpn, tunnel=Tunnel.DOWN, route=Route.NONE)
    return RemoteAccess(
        clients=specimen.vpn,
        tunnel=Tunnel.UP,
        route=weighted(rng, ((Route.FULL, 60), (Route.SPLIT, 40))),
        active_client=specimen.vpn[0],
        mtu=rng.choice((1280, 1300, 1362, 1400)),
    )


def network(rng: Random, specimen: Specimen, _today: date) -> Network:
    """Cable in the office, wireless at home."""
    wifi = specimen.model.chassis is not Chassis.DESKTOP and rng.random() < (0.8 if specimen.remote else 0.25)
    return Network(
        link_type=LinkType.WIFI if wifi else LinkType.ETHERNET,
        wifi_quality_ratio=round(rng.betavariate(5, 2), 2) if wifi else None,
        link_mbps=float(rng.choice((144, 287, 433, 866, 1200))) if wifi else 1000.0,
        metered=specimen.remote and rng.random() < 0.04,
        proxy=rng.random() < 0.5,
        ipv6=rng.random() < (0.6 if specimen.remote else 0.2),
        zone=Zone.REMOTE if specimen.remote else Zone.OFFICE,
    )


def targets(rng: Random, specimen: Specimen, _today: date) -> Targets:
    """Whoever is outside with neither client nor another way reaches what is on the internet only."""
    inside = not specimen.remote or bool(specimen.vpn) or specimen.without_tunnel
    results = []
    for target in TARGETS:
        name, essential, cloud = target.name, target.name in specimen.needs, target.path == "cloud"
        if (inside or cloud) and rng.random() < 0.985:
            rtt_ms = rng.lognormvariate(3.2, 0.5) if specimen.remote else rng.lognormvariate(0.9, 0.5)
            results.append(
                TargetResult(
                    name=name,
                    reachable=True,
                    essential=essential,
                    through_tunnel=specimen.remote and not cloud and not specimen.without_tunnel,
                    dns_ms=round(rng.uniform(1, 20), 1),
                    connect_ms=round(rtt_ms * 1.1, 1),
                    tls_ms=round(rtt_ms * 2.3, 1),
                    rtt_ms=round(rtt_ms, 1),
                    jitter_ms=round(rtt_ms * rng.uniform(0.02, 0.3), 1),
                    loss_ratio=0.0 if rng.random() < 0.95 else 0.2,
                )
            )
        else:
            failure = rng.choice((TargetFailure.DNS, TargetFailure.TIMEOUT, TargetFailure.UNREACHABLE))
            results.append(TargetResult(name=name, reachable=False, failure=failure, essential=essential))
    return Targets(results=tuple(results))


def conferencing(rng: Random, specimen: Specimen, _today: date) -> Conferencing:
    """Laptops have a camera unless it was ordered without; desktops seldom have one."""
    desktop = specimen.model.chassis is Chassis.DESKTOP
    browser = {Platform.MACOS: Browser.SAFARI, Platform.LINUX: Browser.FIREFOX}.get(
        specimen.system.platform, rng.choice((Browser.EDGE, Browser.FIREFOX))
    )
    version = {Browser.SAFARI: "26.1", Browser.FIREFOX: "140.5.0", Browser.EDGE: "142.0.3595.90"}[browser]
    return Conferencing(
        camera=rng.random() < (0.2 if desktop else 0.97),
        microphone=rng.random() < (0.25 if desktop else 0.98),
        speakers=rng.random() < 0.97,
        headset=rng.random() < 0.55,
        clients=tuple(c for c in (ConferenceClient.WEBEX, ConferenceClient.TEAMS) if rng.random() < 0.5),
        browser=browser,
        browser_version=version,
    )


def smart_card(rng: Random, specimen: Specimen, _today: date) -> SmartCard | Reason:
    """Readers are built into some laptops; a machine without one says so."""
    if specimen.model.maker == "Apple Inc.":
        return Reason.NO_HARDWARE
    return SmartCard(
        reader_present=rng.random() < 0.5,
        service_installed=rng.random() < 0.95,
        ausweisapp_installed=rng.random() < 0.2,
    )


def agent(rng: Random, _specimen: Specimen, _today: date) -> Agent:
    """Tell what the agent would cost."""
    return Agent(
        version=__version__,
        cpu_seconds_per_hour=round(rng.uniform(0.5, 0.9), 2),
        memory_bytes=rng.randrange(33, 39) * 2**20,
        outbox_records=rng.choice((0, 0, 0, 1)),
        merged_total=0,
        dropped_total=0,
    )
