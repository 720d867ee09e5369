"""What does the agent of a synthetic laptop say of its own readiness?

It judges as a real one does, with the shared evaluator and the shipped policy.
"""

from collections.abc import Mapping
from datetime import date
from functools import cache

from fernbereit.facts.network import Network, Zone
from fernbereit.facts.readiness import Readiness
from fernbereit.facts.targets import Targets
from fernbereit.policy import shipped_policy
from fernbereit.readiness import CompiledPolicy, Look, Result, compile_policy, evaluate
from fernbereit.record import Observation
from fernbereit.tolerance import OpenModel
from fernbereit_server.demo.specimen import Specimen

_HARD_TO_DENY = frozenset({"portable", "os_supported", "vpn_client"})
"""Checks whose failure owners believe."""


@cache
def policy() -> CompiledPolicy:
    """Return the shipped policy, ready to judge."""
    return compile_policy(shipped_policy())


def looks_of(seen: Mapping[str, Observation[OpenModel]]) -> dict[str, Look]:
    """Return observations as the evaluator takes them, facts as they stand in JSON."""
    return {
        section: Look(
            outcome=observation.outcome,
            reason=observation.reason,
            facts=observation.facts.model_dump(mode="json", exclude_none=True) if observation.facts else None,
        )
        for section, observation in seen.items()
        if section != "readiness"
    }


def own_readiness(specimen: Specimen, seen: Mapping[str, Observation[OpenModel]], today: date) -> Readiness:
    """Judge what was seen; what was proven from outside is remembered for thirty days."""
    evaluation = evaluate(policy(), looks_of(seen), today)
    failed = [
        check.id
        for check, result in zip(policy().judged, evaluation.results, strict=True)
        if result is Result.FAIL and check.id not in _HARD_TO_DENY
    ]
    proven = specimen.outside_before or _reaches_all_from_outside(seen)
    able = bool(specimen.vpn) or specimen.without_tunnel
    return Readiness(
        verdict=evaluation.standing.verdict,
        policy_version=policy().policy.version,
        policy_adopted=False,
        proven=proven and able,
        direct=proven and specimen.without_tunnel,
        contested=tuple(failed[:1]) if specimen.contests else (),
    )


def _reaches_all_from_outside(seen: Mapping[str, Observation[OpenModel]]) -> bool:
    network, targets = seen["network"].facts, seen["targets"].facts
    if (
        not isinstance(network, Network)
        or network.zone is not Zone.REMOTE
        or not isinstance(targets, Targets)
    ):
        return False
    return all(result.reachable for result in targets.results or () if result.essential)
