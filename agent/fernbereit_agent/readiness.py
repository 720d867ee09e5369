"""What does this laptop think of itself? Its latest looks, judged by the policy it holds.

`readiness` is no probe: it is made of the looks at all other sections, with every report. The fence here is
the second beside the runner's, since a policy comes from outside: whatever one makes the evaluator do, the
laptop goes on reporting.
"""

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import cast

from fernbereit import readiness
from fernbereit.facts.readiness import Readiness
from fernbereit.readiness import CompiledPolicy, Evaluation, Result, evaluate
from fernbereit.record import Observation, Outcome, Reason
from fernbereit.tolerance import OpenModel
from fernbereit_agent import contest, proof
from fernbereit_agent.mailbox import Contest
from fernbereit_agent.policy_store import Held, PolicyStore
from fernbereit_agent.proof import Proof
from fernbereit_agent.report import Look
from fernbereit_agent.settings import ProbeSettings, Settings

SECTION = "readiness"
DAY_S = 86_400.0
SETTLED = frozenset({Result.PASS, Result.NOT_APPLICABLE})
"""Results with which nobody has anything left to contest."""

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Own:
    """What a laptop brings to its judgement beside its looks."""

    held: Held
    proof: Proof | None = field(default_factory=Proof)
    """None where the memory belongs to somebody else and cannot be read."""
    contested: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SelfJudgement:
    """What the laptop says of itself, and what it remembers from now on."""

    facts: Readiness
    evaluation: Evaluation
    looks: Mapping[str, readiness.Look]
    """What was judged, the look at oneself included."""
    proof: Proof
    settled: tuple[str, ...]
    """Contested checks that are settled by themselves."""


def judge(
    looks: Mapping[str, Look], own: Own, settings: ProbeSettings, *, now: float, today: date
) -> SelfJudgement:
    """Judge the looks; `now` is of the clock that counts sleep, `today` of the machine's calendar."""
    settings = own.held.beside(settings)
    remembered = proof.after(own.proof or Proof(), looks, settings, now=now, today=today)
    proven, direct = proof.answers(remembered, looks, settings)
    if own.proof is None:  # what is not remembered here may well have been proven
        proven, direct = proven or None, direct or None
    policy, version = own.held.policy, own.held.version
    facts = Readiness(policy_version=version, policy_adopted=own.held.adopted, proven=proven, direct=direct)
    seen = {name: _look(look.seen, now - look.at) for name, look in looks.items() if name != SECTION}
    seen[SECTION] = _look(observation(facts), 0)
    evaluation = evaluate(policy, seen, today)
    results = results_of(policy, evaluation)
    contested = tuple(name for name in own.contested if name in results and results[name] not in SETTLED)
    said = {"verdict": evaluation.standing.verdict, "contested": contested[: contest.MOST]}
    return SelfJudgement(
        facts=facts.model_copy(update=said),
        evaluation=evaluation,
        looks=seen,
        proof=remembered,
        settled=tuple(name for name in own.contested if results.get(name) in SETTLED),
    )


def observation(facts: Readiness) -> Observation[OpenModel]:
    """Return the look at the section as a record carries it."""
    return cast("Observation[OpenModel]", Observation[Readiness](outcome=Outcome.OK, facts=facts))


def results_of(policy: CompiledPolicy, evaluation: Evaluation) -> dict[str, Result]:
    """Return the result of every check that is told for one laptop, by its id."""
    return {check.id: result for check, result in zip(policy.judged, evaluation.results, strict=True)}


class OwnReadiness:
    """Policy, memory and contested checks of one data folder; used from one thread."""

    def __init__(self, settings: Settings) -> None:
        self._data, self._probes = settings.data, settings.probes
        self.policies = PolicyStore(settings.data, settings.policy.public_key)
        self._remembered = proof.read(self._data)
        self._trouble = ""

    @property
    def probing(self) -> ProbeSettings:
        """Return what the probes need to know, with the clients that the policy has recognised."""
        return self.policies.held.beside(self._probes)

    def after_taking(self, policy: bytes) -> ProbeSettings:
        """Take a policy if it is to be taken, and return what the probes need to know from now on."""
        self.policies.take(policy)
        return self.probing

    def look(self, looks: Mapping[str, Look], *, now: float, today: date, remember: bool) -> Look:
        """Return the look at the section; with `remember` what was learnt is kept in the data folder."""
        try:
            judgement = self.judge(looks, now=now, today=today)
            if remember:
                self._keep(judgement)
        except Exception as error:  # noqa: BLE001 - the fence around what a policy makes the evaluator do
            self._tell(f"this laptop could not judge itself: {type(error).__name__}", exc_info=True)
            failed = Observation[Readiness](outcome=Outcome.FAILED, reason=Reason.INTERNAL_ERROR)
            return Look(cast("Observation[OpenModel]", failed), now)
        return Look(observation(judgement.facts), now)

    def take(self, contests: Iterable[Contest]) -> None:
        """Note what the owner calls wrong, or no longer; checks that nobody is told of are passed over."""
        judged = {check.id for check in self.policies.held.policy.judged}
        try:
            for asked in contests:
                if asked.withdraw:
                    contest.forget(self._data, (asked.check,))
                elif asked.check in judged and len(contest.contested(self._data)) < contest.MOST:
                    contest.contest(self._data, asked.check)
        except OSError as error:
            self._tell(f"{self._data}: what was proven or contested cannot be kept: {error.strerror}")

    def judge(self, looks: Mapping[str, Look], *, now: float, today: date) -> SelfJudgement:
        """Judge the looks with what the data folder holds; changes nothing."""
        own = Own(held=self.policies.held, proof=self._remembered, contested=contest.contested(self._data))
        return judge(looks, own, self._probes, now=now, today=today)

    def _keep(self, judgement: SelfJudgement) -> None:
        changed, self._remembered = judgement.proof != self._remembered, judgement.proof
        try:
            contest.forget(self._data, judgement.settled)
            if changed or self._trouble:
                proof.write(self._data, judgement.proof)
            self._trouble = ""
        except OSError as error:
            self._tell(f"{self._data}: what was proven or contested cannot be kept: {error.strerror}")

    def _tell(self, trouble: str, *, exc_info: bool = False) -> None:
        if trouble != self._trouble:
            self._trouble = trouble
            logger.warning(trouble, exc_info=exc_info)


def _look(seen: Observation[OpenModel], age_s: float) -> readiness.Look:
    """Return an observation as the evaluator takes it."""
    facts = seen.facts.model_dump(mode="json") if seen.facts is not None else None
    return readiness.Look(
        outcome=seen.outcome, reason=seen.reason, facts=facts, age_days=int(max(0.0, age_s) / DAY_S)
    )
