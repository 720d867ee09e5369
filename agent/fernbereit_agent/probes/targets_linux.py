"""Which targets does a Linux laptop reach, and which of them through its tunnel?"""

from fernbereit.facts.targets import TargetResult, Targets
from fernbereit.record import Reason
from fernbereit_agent.errors import NotHere
from fernbereit_agent.host import Host
from fernbereit_agent.probes.links_linux import Tunnels, carried_by, survey
from fernbereit_agent.probes.reach import reach
from fernbereit_agent.settings import ProbeSettings, TargetSettings


def read(host: Host, settings: ProbeSettings) -> Targets:
    """Try every target of the settings one after the other."""
    if not settings.targets:
        raise NotHere(Reason.NOT_CONFIGURED)
    seen = survey(host, settings)
    return Targets(results=tuple(_one(host, target, seen) for target in settings.targets))


def _one(host: Host, target: TargetSettings, seen: Tunnels) -> TargetResult:
    result, address = reach(host, target)
    through = carried_by(host, address, seen) if address else None
    return result.model_copy(update={"through_tunnel": through})
