"""What of a report can change a judgement? Whatever else it says is no reason to judge.

Of a section a judgement knows four things: what the checks answer, the values that a check answers otherwise
on another day, whether there are facts at all, and whether the look is older than a policy allows. A disk
with a little less room than an hour ago changes none of them. The policies of before are asked as well, as
far as a judgement of today may name them as a cause. Checks that are only counted over groups decide nothing:
what changes in them alone has time.
"""

from array import array
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from operator import itemgetter
from typing import TypeAlias

from pydantic_core import from_json

from fernbereit.expectations import Test, compiled
from fernbereit.fact_kinds import facts
from fernbereit.policy import Check, Expectation
from fernbereit.readiness import Look
from fernbereit.record import Outcome
from fernbereit_server.judging.rulebook import Rulebook, is_dated
from fernbereit_server.store.changes import SectionChange

Answers: TypeAlias = "array[int]"
"""The number of the questions and then, for each part of them, a digest of the answers; 0 for unknown.

Made by `hash`, which nobody outside this process can foresee; kept in memory only.
"""

_ABSENT, _NO_FACTS = 1, 2
_ANY_DAY = 0

_Question = tuple[str, str]
"""The path of a fact and what is expected of it, as JSON."""


@dataclass(frozen=True, slots=True)
class _Part:
    """What is asked of one section, with its place in `Answers`."""

    place: int
    tests: tuple[tuple[str, Test], ...]
    """The name of a fact, and a question that has the same answer every day."""
    dated: tuple[str, ...]
    """The facts whose answers depend on the day."""

    def is_new(self, answers: Answers, outcome: Outcome, said: Mapping[str, object] | None) -> bool:
        digest = self._digest(outcome, said)
        if answers[self.place] == digest:
            return False
        answers[self.place] = digest
        return True

    def _digest(self, outcome: Outcome, said: Mapping[str, object] | None) -> int:
        if said is None:
            return _ABSENT if outcome is Outcome.ABSENT else _NO_FACTS
        answers = [_answer(test, said.get(name)) for name, test in self.tests]
        return hash(f"{answers}{[said.get(name) for name in self.dated]}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The questions of all policies in play on the day that is judged."""

    number: int
    """Grows with every change of the questions: answers to others are not comparable."""
    questions: tuple[frozenset[_Question], frozenset[_Question]]
    deciding: Mapping[str, _Part]
    counted: Mapping[str, _Part]
    """What only checks ask that are counted over groups."""
    today: date
    most_days: int
    """A look of this age or younger is too old for no policy."""

    def blank(self) -> Answers:
        """Return answers of which none is known."""
        answers = array("q", bytes(8 * (1 + len(self.deciding) + len(self.counted))))
        answers[0] = self.number
        return answers

    def is_new(self, answers: Answers, name: str, seen: SectionChange) -> tuple[bool, bool]:
        """Tell whether a section answers otherwise than `answers` say, which then say so.

        First what decides, then what is only counted.
        """
        if name not in self.deciding and name not in self.counted:
            return False, False
        said = None
        if seen.facts is not None:
            text = seen.facts.model_dump_json(exclude_none=True) if seen.text is None else seen.text
            said = from_json(text)
        return self._note(answers, name, seen.outcome, said)

    def answered(self, looks: Mapping[str, Look]) -> Answers:
        """Return what a laptop answers by its latest looks."""
        answers = self.blank()
        for name, look in looks.items():
            self._note(answers, name, look.outcome, look.facts)
        return answers

    def _note(
        self, answers: Answers, name: str, outcome: Outcome, said: Mapping[str, object] | None
    ) -> tuple[bool, bool]:
        deciding, counted = self.deciding.get(name), self.counted.get(name)
        return (
            deciding is not None and deciding.is_new(answers, outcome, said),
            counted is not None and counted.is_new(answers, outcome, said),
        )

    def is_old(self, name: str, observed_on: date | None) -> bool:
        """Tell whether a look at a section may be too old for a policy."""
        if name not in self.deciding:
            return False
        return observed_on is None or (self.today - observed_on).days > self.most_days


def asked_by(books: Iterable[Rulebook], today: date, before: Asked | None) -> Asked:
    """Return what policies ask on a day; `before` is what was asked until now."""
    compiled_policies = [book.compiled for book in books]
    expected = _questions(check for one in compiled_policies for check in one.judged)
    besides = _questions(check for one in compiled_policies for check in one.counted)
    besides = {question: expectation for question, expectation in besides.items() if question not in expected}
    questions, number = (frozenset(expected), frozenset(besides)), 1
    if before is not None:
        number = before.number + (questions != before.questions)
    deciding = _parts(expected, 1)
    return Asked(
        number=number,
        questions=questions,
        deciding=deciding,
        counted=_parts(besides, 1 + len(deciding)),
        today=today,
        most_days=min(one.policy.facts_max_age_days for one in compiled_policies),
    )


def _questions(checks: Iterable[Check]) -> dict[_Question, Expectation]:
    return {
        (path, expectation.model_dump_json()): expectation
        for check in checks
        for path, expectation in ((check.fact, check.expect), *check.applies.items())
    }


def _parts(expected: Mapping[_Question, Expectation], first: int) -> dict[str, _Part]:
    tests: dict[str, list[tuple[str, Test]]] = {}
    dated: dict[str, dict[str, None]] = {}
    for (path, _), expectation in sorted(expected.items(), key=itemgetter(0)):
        section, name = path.split(".")
        tests.setdefault(section, [])
        if is_dated(expectation):
            dated.setdefault(section, {})[name] = None
        else:
            tests[section].append((name, compiled(expectation, facts()[path])))
    return {
        section: _Part(place=place, tests=tuple(of_it), dated=tuple(dated.get(section, ())))
        for place, (section, of_it) in enumerate(tests.items(), start=first)
    }


def _answer(test: Test, value: object) -> bool | None:
    try:
        return None if value is None else test(value, _ANY_DAY)
    except (TypeError, ValueError, AttributeError):
        return None  # as `evaluate` takes a value of another shape
