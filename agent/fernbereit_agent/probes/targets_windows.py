"""Which targets does a Windows laptop reach, and which of them through its tunnel?"""

from fernbereit.facts.targets import Targets
from fernbereit_agent.host import Host
from fernbereit_agent.probes.links_windows import survey
from fernbereit_agent.probes.network_windows import metered
from fernbereit_agent.probes.targets_tried import tried
from fernbereit_agent.settings import ProbeSettings


def read(host: Host, settings: ProbeSettings) -> Targets:
    """Try every target of the settings; raises `NotHere` if there are none."""
    return tried(host, settings, survey, metered)
