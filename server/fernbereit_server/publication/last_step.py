"""Which one check, if it passed, would make a device ready, and what would that take?

Both follow from a results tuple and the policy alone, so every distinct tuple is answered once.
"""

from dataclasses import dataclass

from fernbereit.facts.readiness import Verdict
from fernbereit.readiness import CompiledPolicy, Result, stand
from fernbereit_server.metrics.families.readiness import SETTINGS, SEVERAL, fix_of

_MOST = 100_000
"""Distinct results held; beyond it memory is let go and begun anew."""


@dataclass(frozen=True, slots=True)
class Step:
    """`check` is the id of the last blocker, None where more than one thing is to be done."""

    check: str | None
    fix: str


class LastSteps:
    """Answers for one policy; the results asked for must be in the order of its `judged`."""

    def __init__(self, policy: CompiledPolicy) -> None:
        self.policy = policy
        fixes = [fix_of(check) for check in policy.judged]
        # Where several steps would do, what costs nothing comes first, then the order of the policy.
        self._order = sorted(range(len(fixes)), key=lambda number: (fixes[number] != SETTINGS, number))
        self._steps = [Step(check.id, fix) for check, fix in zip(policy.judged, fixes, strict=True)]
        self._known: dict[tuple[Result, ...], Step] = {}

    def of(self, results: tuple[Result, ...]) -> Step:
        """Return the last step of a device that is limited or not ready, its facts being recent enough."""
        known = self._known.get(results)
        if known is None:
            if len(self._known) >= _MOST:
                self._known.clear()
            known = self._known[results] = self._found(results)
        return known

    def _found(self, results: tuple[Result, ...]) -> Step:
        failed = [number for number in self._order if results[number] is Result.FAIL]
        blockers = [number for number in failed if self.policy.judged[number].essential]
        if len(blockers) > 1:
            return Step(None, SEVERAL)
        for number in blockers or failed:
            passed = (*results[:number], Result.PASS, *results[number + 1 :])
            if stand(self.policy, passed, outdated=False).verdict is Verdict.READY:
                return self._steps[number]
        return Step(None, SEVERAL)
