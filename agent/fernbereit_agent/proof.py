"""Was it proven that one can work from outside with this laptop? It remembers the day, and tells yes or no.

Proven: within 30 days the laptop reached all its essential targets from zone `remote`. Direct: it did so, or
reached targets that are declared to be reachable from anywhere, with none of them through a tunnel.

A box outside the laptop hides its tunnel. There the essential targets prove it as well, as long as the beacon
of the office is silent; without a beacon nothing could, and nothing is told.

Whether yes or no is told, or nothing, depends on the settings and on the tunnels that are installed, never on
where the laptop is at the moment: else the answer would tell the zone. The days stay on the laptop.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from pathlib import Path

from fernbereit.facts.network import Network, Zone
from fernbereit.facts.remote_access import RemoteAccess, VpnClient
from fernbereit.facts.targets import Targets
from fernbereit.tolerance import OpenModel
from fernbereit_agent.identity import write_private
from fernbereit_agent.probes.vpn_clients import entries
from fernbereit_agent.report import Look
from fernbereit_agent.settings import ProbeSettings

FILE = "proven.json"
REMEMBERED = timedelta(days=30)
AHEAD = timedelta(days=1)
"""So far ahead a day may lie after a journey to the west; beyond it the clock was wrong, then or now."""
TOGETHER_S = 180.0
"""Looks at network and targets belong together within this time: a laptop may wake up elsewhere."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """The last day on which it was proven, and the last on which it was without a tunnel."""

    proven_on: date | None = None
    direct_on: date | None = None

    def kept(self, today: date) -> "Proof":
        """Return it without the days that are forgotten or cannot be true."""
        return Proof(proven_on=_kept(self.proven_on, today), direct_on=_kept(self.direct_on, today))


def after(
    proof: Proof, looks: Mapping[str, Look], settings: ProbeSettings, *, now: float, today: date
) -> Proof:
    """Return what is remembered after these looks; `now` is of the clock that counts sleep."""
    proof = proof.kept(today)
    network, targets = looks.get("network"), looks.get("targets")
    essential = {target.name: target for target in settings.targets if target.essential}
    if targets is None or not isinstance(targets.seen.facts, Targets) or now - targets.at > TOGETHER_S:
        return proof
    results = {one.name: one for one in targets.seen.facts.results or ()}
    reached = [results[name] for name in essential if name in results and results[name].reachable]
    if not essential or len(reached) < len(essential):
        return proof
    together = network is not None and abs(targets.at - network.at) <= TOGETHER_S
    zone = _zone(network) if together and network is not None else None
    remote = zone is Zone.REMOTE
    known = network is not None and isinstance(network.seen.facts, Network)
    behind_a_box = together and known and zone is None and _behind_a_box(looks.get("remote_access"), settings)
    no_tunnel = all(one.through_tunnel is False for one in reached)
    anywhere = _all_cloud(settings)
    return Proof(
        proven_on=today if remote or behind_a_box else proof.proven_on,
        direct_on=today if no_tunnel and (remote or anywhere) else proof.direct_on,
    )


def answers(
    proof: Proof, looks: Mapping[str, Look], settings: ProbeSettings
) -> tuple[bool | None, bool | None]:
    """Return `proven` and `direct` as they are told; None where nothing could ever have proven it."""
    if not any(target.essential for target in settings.targets):
        return None, None
    clients = _clients(looks.get("remote_access"))
    tellable = bool(clients - _hidden(settings)) or (bool(clients) and settings.beacon is not None)
    return (
        _answer(proof.proven_on, tellable=tellable),
        _answer(proof.direct_on, tellable=tellable or _all_cloud(settings)),
    )


def read(folder: Path) -> Proof:
    """Return what the data folder remembers; nothing if there is no such file or it is damaged."""
    try:
        told = json.loads((folder / FILE).read_text(encoding="ascii"))
        return Proof(**{name: date.fromisoformat(day) for name, day in told.items()})
    except (OSError, ValueError, TypeError, AttributeError):
        return Proof()


def write(folder: Path, proof: Proof) -> None:
    """Keep the days, and no file where there is none to keep; raises `OSError`."""
    days = {name: day.isoformat() for name, day in asdict(proof).items() if day is not None}
    if days:
        write_private(folder / FILE, json.dumps(days).encode())
    else:
        (folder / FILE).unlink(missing_ok=True)


def _kept(day: date | None, today: date) -> date | None:
    return day if day is not None and -AHEAD <= today - day <= REMEMBERED else None


def _answer(day: date | None, *, tellable: bool) -> bool | None:
    return True if day is not None else (False if tellable else None)


def _zone(network: Look) -> Zone | None:
    facts: OpenModel | None = network.seen.facts
    return facts.zone if isinstance(facts, Network) else None


def _clients(remote_access: Look | None) -> frozenset[str]:
    """Return what can bring a tunnel up here: without any nothing says that the laptop is outside."""
    facts = remote_access.seen.facts if remote_access else None
    if not isinstance(facts, RemoteAccess):
        return frozenset()
    named = facts.other_clients or ()  # what counts as `other` by its name in the policy
    words = (str(client) for client in facts.clients or () if not (named and client is VpnClient.OTHER))
    return frozenset((*words, *named))


def _hidden(settings: ProbeSettings) -> frozenset[str]:
    """Return the clients whose tunnel shows on no interface of the laptop."""
    return frozenset(entry.client for entry in entries(settings) if not entry.own_interface)


def _behind_a_box(remote_access: Look | None, settings: ProbeSettings) -> bool:
    """Tell whether the tunnel, if there is one, shows nowhere, so that only the beacon tells the office."""
    clients = _clients(remote_access)
    return bool(clients) and clients <= _hidden(settings) and settings.beacon is not None


def _all_cloud(settings: ProbeSettings) -> bool:
    return all(target.path == "cloud" for target in settings.targets if target.essential)
