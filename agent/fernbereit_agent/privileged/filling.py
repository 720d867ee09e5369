"""What becomes of a look when the helper knows more? Its gaps are filled; what the agent saw itself stays."""

from collections.abc import Sequence

from fernbereit.facts.management import ManagementClient
from fernbereit.record import Observation, Outcome
from fernbereit.tolerance import OpenModel
from fernbereit_agent.privileged.facts_file import FIELDS
from fernbereit_agent.privileged.reading import Helped

ASKED = frozenset({Outcome.OK, Outcome.DENIED, Outcome.FAILED, Outcome.TIMEOUT})
"""What is absent or not supported stays so."""


def filled(section: str, seen: Observation[OpenModel], helped: Helped) -> Observation[OpenModel]:
    """Return the look with what only the helper could read, and the day it did; else the look itself."""
    given = helped.facts.get(section)
    if given is None or seen.outcome not in ASKED:
        return seen
    own = seen.facts if seen.facts is not None else type(given)()
    missing = {
        name: value
        for name in FIELDS[section]
        if (value := _more(getattr(own, name), getattr(given, name))) is not None
    }
    if not missing:
        return seen
    facts = own.model_copy(update={**missing, "privileged_on": helped.day})
    return seen.model_copy(update={"outcome": Outcome.OK, "reason": None, "facts": facts})


def _more(own: object, given: object) -> object:
    """Return what to put in place of the agent's own value, None to leave it."""
    if own is None:
        return given
    if isinstance(own, tuple) and isinstance(given, tuple):
        return _contacts(own, given)
    return None


def _contacts(
    own: Sequence[ManagementClient], given: Sequence[ManagementClient]
) -> tuple[ManagementClient, ...] | None:
    """Return the products the agent found itself with the days of contact it was not allowed to read."""
    days = {client.provider: client.last_sync_on for client in given}
    with_days = tuple(
        client.model_copy(update={"last_sync_on": days.get(client.provider)})
        if client.last_sync_on is None
        else client
        for client in own
    )
    return with_days if with_days != tuple(own) else None
