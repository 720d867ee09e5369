r"""Which of these services run? Asked of systemd, in one command.

systemctl show --property=Id,ActiveState ufw.service nftables.service
-> "Id=ufw.service\nActiveState=active\n\nId=nftables.service\nActiveState=inactive\n"
"""

from collections.abc import Mapping

from fernbereit_agent.errors import Denied, NotHere, Unreadable
from fernbereit_agent.host import Host


def active_states(host: Host, *units: str) -> Mapping[str, bool]:
    """Tell of each service whether it is active; empty where systemd does not answer.

    A service that is not installed is not active. Raises `TimedOut`.
    """
    try:
        return parse_units(host.run("systemctl", "show", "--property=Id,ActiveState", *units))
    except (NotHere, Denied, Unreadable):
        return {}


def parse_units(text: str) -> dict[str, bool]:
    r"""Return whether each named unit is active; a block without name or state is passed over.

    >>> parse_units("Id=a.service\nActiveState=active\n\nId=b.service\nActiveState=inactive\n")
    {'a.service': True, 'b.service': False}
    """
    states: dict[str, bool] = {}
    for block in text.split("\n\n"):
        said = dict(line.partition("=")[::2] for line in block.splitlines())
        name, state = said.get("Id"), said.get("ActiveState")
        if name and state:
            states[name] = state == "active"
    return states
