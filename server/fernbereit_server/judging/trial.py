"""How would the same laptops, with the same facts, stand under another policy? Counted, none named. Pure."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from fernbereit.facts.readiness import Verdict
from fernbereit.readiness import Look
from fernbereit_server.judging.judge import Laptop, judge
from fernbereit_server.judging.judged import Compliance
from fernbereit_server.judging.judgement import Judgement
from fernbereit_server.judging.rulebook import Rulebook

NOT_THERE = ""
"""The result of a check that one of the two policies does not have."""

Moves = Counter[tuple[str, str]]
"""How many laptops say the first word under the policy in force and the second under the other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """What both policies make of all laptops that count; `checks` only those asked for."""

    devices: int
    verdicts: Moves
    compliances: Moves
    checks: Mapping[str, Moves]


class Trial:
    """Judges laptop after laptop by two policies and keeps nothing but counts."""

    def __init__(self, now: Rulebook, then: Rulebook, checks: tuple[str, ...]) -> None:
        self._now, self._then = now, then
        self._places = {
            name: tuple(book.ids.index(name) if name in book.ids else None for book in (now, then))
            for name in checks
            if name in now.ids or name in then.ids
        }
        self._devices = 0
        self._verdicts: Moves = Counter()
        self._compliances: Moves = Counter()
        self._checks: dict[str, Moves] = {name: Counter() for name in self._places}

    def add(self, laptop: Laptop, looks: Mapping[str, Look], today: date, before: Judgement | None) -> None:
        """Judge one laptop by both; `before` brings the first days of failures that grace counts from."""
        was = judge(self._now, laptop, looks, today, before, earlier={})
        new = judge(self._then, laptop, looks, today, before, earlier={})
        self._devices += 1
        self._verdicts[was.judged.verdict.value, new.judged.verdict.value] += 1
        self._compliances[was.judged.compliance.value, new.judged.compliance.value] += 1
        for name, (before_at, after_at) in self._places.items():
            self._checks[name][_said(was.judged.results, before_at), _said(new.judged.results, after_at)] += 1

    def add_unseen(self, number: int) -> None:
        """Count devices that never reported; they are unknown under every policy."""
        self._devices += number
        self._verdicts[Verdict.UNKNOWN.value, Verdict.UNKNOWN.value] += number
        self._compliances[Compliance.NOT_EVALUATED.value, Compliance.NOT_EVALUATED.value] += number

    def tally(self) -> Tally:
        """Return what was counted so far."""
        return Tally(
            devices=self._devices,
            verdicts=self._verdicts,
            compliances=self._compliances,
            checks=self._checks,
        )


def _said(results: tuple[str, ...], place: int | None) -> str:
    return NOT_THERE if place is None or place >= len(results) else results[place]
