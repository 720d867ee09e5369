"""Which word of a family does a device say?"""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from datetime import date

from fernbereit.facts.readiness import Verdict
from fernbereit.policy import Pillar
from fernbereit.readiness import CompiledPolicy, Result
from fernbereit.record import Outcome
from fernbereit_server.judging.judged import Compliance, Judged
from fernbereit_server.metrics.catalogue import TRAITS
from fernbereit_server.metrics.families.readiness import LIMITED, NO_FIX, NOT_READY, SEVERAL, VERDICT
from fernbereit_server.metrics.family import UNKNOWN, Family
from fernbereit_server.publication.census import Seen
from fernbereit_server.publication.last_step import LastSteps

Say = Callable[[Seen], str]

REST = ""
"""Said by devices that none of a family's words is for."""
_DAYS = (30, 90, 180, 365)
_ANSWERED = frozenset({Outcome.OK, Outcome.ABSENT, Outcome.UNSUPPORTED})
_TRAIT_PLACES = {trait.name: place for place, trait in enumerate(TRAITS)}


class Answers:
    """What devices say under one policy on one day; keep it as long as both last, it remembers."""

    def __init__(self, policy: CompiledPolicy, today: date) -> None:
        self._today = today
        self._version = policy.policy.version
        self._steps = LastSteps(policy)
        self._judged = {check.id: number for number, check in enumerate(policy.judged)}
        self._counted = {check.id: number for number, check in enumerate(policy.counted)}
        self._pillars: dict[str, tuple[int, ...]] = {
            pillar.value: tuple(n for n, check in enumerate(policy.judged) if check.pillar is pillar)
            for pillar in Pillar
        }

    def of(self, family: Family) -> Say:
        """Return what gives the word of a device for one family."""
        return _MAKERS[family.source](self, family)

    def devices(self, _: Family) -> Say:
        """Count everybody alike."""
        return lambda _: REST

    def freshness(self, _: Family) -> Say:
        """Tell the age of the last report."""
        return lambda seen: seen.freshness

    def lifecycle(self, _: Family) -> Say:
        """Tell where it is in its life."""
        return lambda seen: seen.lifecycle

    def reading(self, _: Family) -> Say:
        """Tell how completely it could be read."""
        return lambda seen: reading(outcome for _, outcome in seen.outcomes)

    def outcome(self, family: Family) -> Say:
        """Tell how one section could be read."""
        section = family.part
        return lambda seen: next((o.value for name, o in seen.outcomes if name == section), UNKNOWN)

    def trait(self, family: Family) -> Say:
        """Tell the word of a trait; one that is a day is compared with today."""
        place, say, today = _place(family), family.say, self._today

        def word(seen: Seen) -> str:
            known = seen.words[place]
            return UNKNOWN if known is None else say(known, today) if say else known

        return word

    def capability(self, _: Family) -> Say:
        """Tell the verdict and the way in; a device that stays in the office is never able."""

        def word(seen: Seen) -> str:
            verdict = self._verdict(seen)
            if verdict is Verdict.NOT_READY:
                return NOT_READY
            if seen.stays or verdict is Verdict.LIMITED:
                return LIMITED
            return f"ready_{seen.path}" if verdict is Verdict.READY else UNKNOWN

        return word

    def verdict(self, family: Family) -> Say:
        """Tell the verdict as it is added up from capabilities."""
        capability = self.capability(family)
        said = {part: word for word, parts in VERDICT.sums for part in parts}
        return lambda seen: said[capability(seen)]

    def compliance(self, _: Family) -> Say:
        """Tell what was judged; what was not is not evaluated."""

        def word(seen: Seen) -> str:
            judged = self._current(seen)
            return (judged.compliance if judged else Compliance.NOT_EVALUATED).value

        return word

    def fix(self, family: Family) -> Say:
        """Tell what would make it ready, where one thing would."""
        say = self.capability(family)

        def word(seen: Seen) -> str:
            capability = say(seen)
            if capability not in {LIMITED, NOT_READY}:
                return UNKNOWN if capability == UNKNOWN else NO_FIX
            judged = self._current(seen)
            return SEVERAL if seen.stays or judged is None else self._steps.of(judged.results).fix

        return word

    def last_blocker(self, family: Family) -> Say:
        """Tell whether one check is all that stands between the device and ready."""
        check = family.part

        def word(seen: Seen) -> str:
            judged = self._current(seen)
            if judged is None or seen.stays or judged.verdict not in {Verdict.LIMITED, Verdict.NOT_READY}:
                return REST
            return "yes" if self._steps.of(judged.results).check == check else REST

        return word

    def check(self, family: Family) -> Say:
        """Tell the result of one check."""
        number = self._judged[family.part]
        return lambda seen: judged.results[number].value if (judged := self._current(seen)) else UNKNOWN

    def counted_check(self, family: Family) -> Say:
        """Tell the result of one check that may only be counted over groups."""
        number = self._counted[family.part]
        return lambda seen: judged.counted[number].value if (judged := self._current(seen)) else UNKNOWN

    def contested(self, family: Family) -> Say:
        """Tell whether somebody says that the result of one check is wrong."""
        check = family.part
        return lambda seen: "yes" if check in seen.contested else REST

    def pillar(self, family: Family) -> Say:
        """Tell whether all checks of one pillar pass, as far as any applies."""
        numbers = self._pillars[family.part]

        def word(seen: Seen) -> str:
            judged = self._current(seen)
            if judged is None:
                return UNKNOWN
            results = {judged.results[number] for number in numbers} - {Result.NOT_APPLICABLE}
            if Result.FAIL in results:
                return "fail"
            return UNKNOWN if not results or Result.UNKNOWN in results else "pass"

        return word

    def ready_until(self, _: Family) -> Say:
        """Tell in how many days a ready device is no longer ready."""

        def word(seen: Seen) -> str:
            judged = self._current(seen)
            if judged is None or judged.verdict not in {Verdict.READY, Verdict.LIMITED, Verdict.NOT_READY}:
                return UNKNOWN
            if judged.verdict is not Verdict.READY:
                return "not_ready"
            left = (judged.ready_until - self._today).days if judged.ready_until else _DAYS[-1] + 1
            return next((f"{days}_days" for days in _DAYS if left <= days), "later")

        return word

    def _verdict(self, seen: Seen) -> Verdict:
        judged = self._current(seen)
        return judged.verdict if judged else Verdict.UNKNOWN

    def _current(self, seen: Seen) -> Judged | None:
        """Return the judgement if it was made under this policy; another's results have another order."""
        judged = seen.judged
        return judged if judged is not None and judged.policy_version == self._version else None


def _place(family: Family) -> int:
    """Return where the word of a family stands; raises `KeyError` with what to do where it is not kept."""
    if family.trait not in _TRAIT_PLACES:
        raise KeyError(
            f"{family.name} counts the trait {family.trait!r}: TRAITS in server/fernbereit_server/metrics/"
            "catalogue.py does not name it, so it is not kept; add it"
        )
    return _TRAIT_PLACES[family.trait]


_MAKERS: Mapping[str, Callable[[Answers, Family], Say]] = {
    "devices": Answers.devices,
    "freshness": Answers.freshness,
    "lifecycle": Answers.lifecycle,
    "reading": Answers.reading,
    "outcome": Answers.outcome,
    "trait": Answers.trait,
    "capability": Answers.capability,
    "verdict": Answers.verdict,
    "compliance": Answers.compliance,
    "fix": Answers.fix,
    "last_blocker": Answers.last_blocker,
    "check": Answers.check,
    "counted_check": Answers.counted_check,
    "contested": Answers.contested,
    "pillar": Answers.pillar,
    "ready_until": Answers.ready_until,
}


_LOOKS_AT: Mapping[str, Callable[[Seen], Hashable]] = {
    "devices": lambda _: None,
    "freshness": lambda seen: seen.freshness,
    "lifecycle": lambda seen: seen.lifecycle,
    "reading": lambda seen: seen.outcomes,
    "outcome": lambda seen: seen.outcomes,
    "trait": lambda seen: seen.words,
    "contested": lambda seen: seen.contested,
}
"""What of a device decides its word, where it is not its judgement; those that agree are asked once."""


def _judgement(seen: Seen) -> Hashable:
    return id(seen.judged), seen.stays, seen.path


class Said:
    """What many devices say, asked for family by family; `seen` are those of the devices that differ."""

    def __init__(self, seen: Sequence[Seen], answers: Answers) -> None:
        self._seen, self._answers = seen, answers
        self._alike: dict[Callable[[Seen], Hashable], tuple[list[Seen], list[int]]] = {}

    def words(self, family: Family) -> list[str]:
        """Return the word of each of `seen`, in their order."""
        looks_at = _LOOKS_AT.get(family.source, _judgement)
        if looks_at not in self._alike:
            self._alike[looks_at] = self._grouped(looks_at)
        asked, places = self._alike[looks_at]
        words = list(map(self._answers.of(family), asked))
        return [words[place] for place in places]

    def _grouped(self, looks_at: Callable[[Seen], Hashable]) -> tuple[list[Seen], list[int]]:
        known: dict[Hashable, int] = {}
        asked: list[Seen] = []
        places: list[int] = []
        for seen in self._seen:
            key = looks_at(seen)
            place = known.setdefault(key, len(asked))
            if place == len(asked):
                asked.append(seen)
            places.append(place)
        return asked, places


def reading(outcomes: Iterable[Outcome]) -> str:
    """Say how completely a device could be read; a thing that is not there counts as read."""
    said = set(outcomes)
    if not said:
        return UNKNOWN
    if Outcome.OK not in said:
        return "none"
    return "complete" if said <= _ANSWERED else "partial"
