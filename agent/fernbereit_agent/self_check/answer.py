"""What is the owner told? One sentence, what works, at most ten points by importance, and what is open.

Pure: made of what was checked and of the words of one language. Results that are only counted over groups are
not told here either.
"""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Literal

from fernbereit.blocking import Blocking, blocking, findings
from fernbereit.code import check_codes
from fernbereit.facts.readiness import Verdict
from fernbereit.not_known import Gap, gap
from fernbereit.policy import Audience, Check, Pillar, Texts
from fernbereit.readiness import Result
from fernbereit.record import Outcome, Reason
from fernbereit.telling import told_day, told_expectation, told_name
from fernbereit.words import Words, load
from fernbereit_agent.self_check.looking import Checked
from fernbereit_agent.self_check.seen import told_seen

MOST = 10
READY, NOT_READY, UNKNOWN = 0, 1, 3
EXIT_CODES = {
    Verdict.READY: READY,
    Verdict.LIMITED: NOT_READY,
    Verdict.NOT_READY: NOT_READY,
    Verdict.UNKNOWN: UNKNOWN,
    Verdict.OTHER: UNKNOWN,
}
LOOKS = {Verdict.READY: "good", Verdict.LIMITED: "warning", Verdict.NOT_READY: "critical"}
_GAPS = {Gap.LATER: "later", Gap.DENIED: "closed", Gap.UNSUPPORTED: "closed"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One thing to do, or to ask about."""

    code: str
    check: str
    result: Literal["fail", "unknown"]
    essential: bool
    title: str
    field: str
    """Name of what was looked at."""
    seen: str
    expected: str
    remedy: str
    whom: str
    contested: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Works:
    """What is in order of one pillar."""

    name: str
    titles: tuple[str, ...]
    of: int
    """So many checks of the pillar apply and have a result that is known."""
    unknown: int
    """So many apply and have none: neither good nor bad."""

    @property
    def look(self) -> Literal["good", "neutral", "unknown"]:
        """Return `good` where nothing is missing, `unknown` where nothing is known."""
        if not self.of:
            return "unknown"
        return "good" if len(self.titles) == self.of and not self.unknown else "neutral"


@dataclass(frozen=True, slots=True, kw_only=True)
class Open:
    """What could not be told, and decides nothing."""

    title: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The answer in one language."""

    lang: str
    verdict: Verdict
    sentence: str
    because: tuple[str, ...]
    """Further sentences that explain it."""
    device_code: str | None
    contact: str | None
    checked_on: str
    policy: str
    works: tuple[Works, ...]
    points: tuple[Point, ...]
    further: tuple[Point, ...]
    """Points that come after these."""
    open: tuple[Open, ...]
    notes: tuple[str, ...]

    @property
    def exit_code(self) -> int:
        """Return 0 for ready, 1 for limited and not ready, 3 for unknown."""
        return EXIT_CODES[self.verdict]

    @property
    def look(self) -> str:
        """Return `good`, `warning`, `critical` or `unknown`: symbol and colour, never without a word."""
        return LOOKS.get(self.verdict, "unknown")


def answer(checked: Checked, words: Words) -> Answer:
    """Put into words what was checked; `words` are the agent's."""
    shared, judgement = load(words.lang), checked.judgement
    results = judgement.evaluation.results
    found = list(findings(checked.policy, results, judgement.looks))
    deciding = {one.check for one in blocking(checked.policy, judgement.evaluation, judgement.looks)}
    checks = {check.id: check for check in checked.policy.judged}
    shown = sorted(
        (one for one in found if one.result is Result.FAIL or one.check in deciding),
        key=lambda one: _importance(one, checks[one.check]),
    )
    codes = check_codes(check.id for check in checked.policy.policy.checks)
    points = [_point(one, checks[one.check], codes[one.check], checked, words) for one in shown]
    hidden = {one.check for one in shown}
    verdict = judgement.evaluation.standing.verdict
    policy = checked.policy.policy
    return Answer(
        lang=words.lang,
        verdict=verdict,
        sentence=words(f"self_check.answer.{verdict}"),
        because=tuple(_because(verdict, points, words)),
        device_code=checked.device_code,
        contact=checked.contact,
        checked_on=told_day(checked.today, shared),
        policy=words("self_check.policy", title=_in(policy.title, words), version=policy.version),
        works=tuple(_works(checked, words)),
        points=tuple(points[:MOST]),
        further=tuple(points[MOST:]),
        open=tuple(
            Open(title=_in(checks[one.check].title, words), why=_why_unknown(one, shared))
            for one in found
            if one.result is Result.UNKNOWN and one.check not in hidden
        ),
        notes=tuple(words(f"self_check.note.{note}") for note in checked.notes),
    )


def _importance(one: Blocking, check: Check) -> tuple[bool, bool, int]:
    """Order: essential before others, failed before not known, heavy before light."""
    return (not one.essential, one.result is not Result.FAIL, -check.weight)


def _point(one: Blocking, check: Check, code: str, checked: Checked, words: Words) -> Point:
    shared = load(words.lang)
    failed = one.result is Result.FAIL
    by_oneself = failed and check.audience is Audience.STAFF
    return Point(
        code=code,
        check=check.id,
        result="fail" if failed else "unknown",
        essential=one.essential,
        title=_in(check.title, words),
        field=told_name(check.fact, shared),
        seen=_seen(one, check, checked.today, shared) if failed else _why_unknown(one, shared),
        expected=told_expectation(check.fact, one.expected, shared),
        remedy=_in(check.remedy.staff, words) if failed else words(_what_about_unknown(one)),
        whom=words("self_check.whom.self") if by_oneself else checked.contact or words("self_check.whom.it"),
        contested=check.id in checked.contested,
    )


def _seen(one: Blocking, check: Check, today: date, shared: Words) -> str:
    if one.observed is None and one.outcome is not None:
        return _reason(one.reason, one.outcome, shared)
    return told_seen(check, one.observed, today, shared)


def _why_unknown(one: Blocking, shared: Words) -> str:
    if one.outcome in {None, Outcome.OK}:
        return shared("told.unknown")
    return _reason(one.reason, one.outcome, shared)


def _reason(reason: Reason | None, outcome: Outcome | None, shared: Words) -> str:
    if reason is not None and reason is not Reason.OTHER:
        return shared(f"reason.{reason}")
    return shared(f"outcome.{outcome}") if outcome is not None else shared("told.unknown")


def _what_about_unknown(one: Blocking) -> str:
    return f"self_check.unknown.{_GAPS.get(gap(one.outcome), 'silent')}"


def _because(verdict: Verdict, points: list[Point], words: Words) -> Iterator[str]:
    if verdict is Verdict.READY:
        if points:
            yield words("self_check.because.better")
        return
    essential = [point for point in points if point.essential and point.result == "fail"]
    if verdict is Verdict.NOT_READY:
        amount = "one" if len(essential) == 1 else "many"
        yield words(f"self_check.because.essential.{amount}", n=len(essential))
    elif verdict is Verdict.LIMITED:
        yield words("self_check.because.limited")
    else:
        yield words("self_check.because.unread" if points else "self_check.because.no_check")
        yield words("self_check.because.not_bad")


def _works(checked: Checked, words: Words) -> Iterator[Works]:
    results = checked.judgement.evaluation.results
    rows = list(zip(checked.policy.judged, results, strict=True))
    for pillar in Pillar:
        applying = [(c, r) for c, r in rows if c.pillar is pillar and r is not Result.NOT_APPLICABLE]
        passed = tuple(_in(c.title, words) for c, r in applying if r in {Result.PASS, Result.WAIVED})
        unknown = sum(r is Result.UNKNOWN for _, r in applying)
        if applying:
            name, known = words(f"self_check.pillar.{pillar}"), len(applying) - unknown
            yield Works(name=name, titles=passed, of=known, unknown=unknown)


def _in(texts: Texts, words: Words) -> str:
    return texts.de if words.lang == "de" else texts.en


def as_plain(told: Answer) -> dict[str, Any]:
    """Return the answer as plain values for a script."""
    return {**asdict(told), "exit_code": told.exit_code}
