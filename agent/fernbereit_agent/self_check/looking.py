"""What does this laptop look like now, and what does that make of it? Every probe is run, nothing is cached.

The second half is the fence around what a policy makes the evaluator do: then the shipped one judges.
"""

import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from fernbereit.code import device_code
from fernbereit.delivery import EnvelopeError, decode
from fernbereit.readiness import CompiledPolicy
from fernbereit_agent import contest, identity, proof, sent_copy
from fernbereit_agent.clock import SystemClock
from fernbereit_agent.host import Host
from fernbereit_agent.policy_store import Held, PolicyStore, shipped
from fernbereit_agent.probe import Probe
from fernbereit_agent.readiness import Own, SelfJudgement, judge
from fernbereit_agent.report import Look
from fernbereit_agent.runner import Runner
from fernbereit_agent.whereabouts import Note, Whereabouts

Told = Callable[[int, int, str], None]
"""Called before each look with how many are done, of how many, and the section that comes."""

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """Everything an answer is made of, in no language."""

    judgement: SelfJudgement
    policy: CompiledPolicy
    adopted: bool
    today: date
    device_code: str | None
    contact: str | None
    contested: frozenset[str]
    """Checks the owner called wrong, whether they fail now or not."""
    notes: tuple[Note, ...]


def check(found: Whereabouts, host: Host, probes: Iterable[Probe], told: Told) -> Checked:
    """Look at everything and judge it."""
    settings, clock, all_probes = found.settings, SystemClock(), tuple(probes)
    held = PolicyStore(settings.data, settings.policy.public_key).held
    runner = Runner(host=host, settings=held.beside(settings.probes), monotonic=clock.monotonic)
    looks: dict[str, Look] = {}
    for number, probe in enumerate(all_probes):
        told(number, len(all_probes), probe.section)
        seen = runner.observe(probe)
        looks[probe.section] = Look(seen, clock.monotonic())
    return judged(found, looks, now=clock.monotonic(), today=host.today())


def judged(found: Whereabouts, looks: Mapping[str, Look], *, now: float, today: date) -> Checked:
    """Judge looks by the policy that is held, or by the shipped one."""
    settings, notes = found.settings, list(found.notes)
    contested = contest.contested(settings.data)
    held = PolicyStore(settings.data, settings.policy.public_key).held
    remembered = proof.read(settings.data) if found.remembers else None

    def by(policy: Held) -> SelfJudgement:
        own = Own(held=policy, proof=remembered, contested=contested)
        return judge(looks, own, settings.probes, now=now, today=today)

    try:
        judgement = by(held)
    except Exception:
        logger.exception("the policy could not be applied")
        held = shipped()
        judgement = by(held)
        notes.append("judged_by_shipped")
    if not held.adopted and "judged_by_shipped" not in notes:
        notes.append("policy_shipped")
    return Checked(
        judgement=judgement,
        policy=held.policy,
        adopted=held.adopted,
        today=today,
        device_code=_device_code(found),
        contact=settings.help.contact,
        contested=frozenset(contested),
        notes=tuple(notes),
    )


def _device_code(found: Whereabouts) -> str | None:
    """Return the code of this laptop, from its settings, its file, or what was sent last."""
    settings = found.settings
    if settings.device.id is not None:
        return device_code(settings.device.id)
    kept = identity.kept_device_id(settings.data)
    if kept is not None:
        return device_code(kept)
    try:
        return device_code(decode(sent_copy.read(settings.data).content).device_id)
    except (OSError, EnvelopeError):
        return None
