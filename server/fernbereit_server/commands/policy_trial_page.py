"""How is a dry run of a policy told? Before and after, what moves, and how often checks changed lately."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from fernbereit.facts.readiness import Verdict
from fernbereit.policy import Check, Policy
from fernbereit.words import Words
from fernbereit_server.commands import policy_changes
from fernbereit_server.commands.figures import counted, number
from fernbereit_server.commands.policy_page import in_language
from fernbereit_server.judging.dry_run import DAYS, DryRun
from fernbereit_server.judging.judged import Compliance
from fernbereit_server.judging.trial import Moves, Tally
from fernbereit_server.publication.rounding import rounded

_VERDICTS = [word.value for word in Verdict if word is not Verdict.OTHER]
_COMPLIANCES = [word.value for word in Compliance]


def lines(run: DryRun, shown: Tally | None, policy: Policy, k: int | None, say: Words) -> Iterator[str]:
    """Yield the effect; `shown` are the counts that may be seen, rounded to multiples of `k` unless None."""
    if not run.tally.devices:
        yield say("policy.trial.no_devices")
        return
    if shown is None:
        yield say("policy.trial.too_few", k=k)
        return
    how = say("policy.trial.exact") if k is None else say("policy.trial.rounded", k=k)
    yield counted("policy.trial.devices", shown.devices, say) + " " + how
    for name, moves, words in (
        ("verdict", shown.verdicts, _VERDICTS),
        ("compliance", shown.compliances, _COMPLIANCES),
    ):
        yield ""
        yield say(f"policy.trial.{name}")
        yield from (f"  {line}" for line in _standings(name, moves, words, say))
        moved = "; ".join(_moves(name, moves, say)) or _unmoved(k, say)
        yield "  " + say("policy.trial.moves", moves=moved)
    if shown.checks:
        yield ""
        yield say("policy.trial.checks")
        for check in _named(run, policy, tuple(shown.checks)):
            moved = "; ".join(_moves("result", shown.checks[check.id], say)) or _unmoved(k, say)
            yield f"  {in_language(check.title, say)}: {moved}"
    if run.crossings:
        yield ""
        yield say("policy.trial.crossings", days=DAYS)
        for check in _named(run, policy, tuple(run.crossings)):
            yield f"  {in_language(check.title, say)}: {_crossed(run, check.id, k, say)}"
        yield say("policy.trial.crossings_note")


def as_json(run: DryRun, shown: Tally | None, policy: Policy, k: int | None) -> dict[str, Any]:
    """Return the answer for scripts; `rounded_to` is null for exact counts."""
    answer: dict[str, Any] = {
        "in_force": run.in_force.version,
        "version": policy.version,
        "differs": policy_changes.as_json(run.differs),
        "rounded_to": k,
        "devices": shown.devices if shown else None,
    }
    if shown is None:
        return answer
    return answer | {
        "verdicts": _listed(shown.verdicts),
        "compliances": _listed(shown.compliances),
        "checks": {name: _listed(moves) for name, moves in shown.checks.items()},
        "crossings": {
            name: {
                "days": DAYS,
                "times": _rounded(found.times, k),
                "devices": _rounded(found.devices, k),
            }
            for name, found in run.crossings.items()
        },
    }


def _standings(name: str, moves: Moves, words: list[str], say: Words) -> Iterator[str]:
    before, after = Counter[str](), Counter[str]()
    for (was, now), count in moves.items():
        before[was] += count
        after[now] += count
    for word in words:
        if before[word] or after[word]:
            values = {"before": number(before[word], say), "after": number(after[word], say)}
            yield say("policy.trial.standing", word=say(f"policy.{name}.{word}"), **values)


def _moves(name: str, moves: Moves, say: Words) -> Iterator[str]:
    for (was, now), count in sorted(moves.items(), key=lambda item: (-item[1], item[0])):
        if was != now and count:
            words = {
                "before": say(f"policy.{name}.{was or 'none'}"),
                "after": say(f"policy.{name}.{now or 'none'}"),
            }
            yield say("policy.trial.move", number=number(count, say), **words)


def _unmoved(k: int | None, say: Words) -> str:
    return say("policy.trial.nobody" if k is None else "policy.trial.few")


def _crossed(run: DryRun, name: str, k: int | None, say: Words) -> str:
    found = run.crossings[name]
    times, devices = (_rounded(value, k) for value in (found.times, found.devices))
    if not devices:
        return _unmoved(k, say)
    return say("policy.trial.crossed", times=number(times, say), devices=number(devices, say))


def _rounded(value: int, k: int | None) -> int:
    return value if k is None else rounded(value, value, k)


def _named(run: DryRun, policy: Policy, names: tuple[str, ...]) -> list[Check]:
    checks = {check.id: check for check in (*run.in_force.checks, *policy.checks)}
    return [checks[name] for name in names]


def _listed(moves: Moves) -> list[dict[str, Any]]:
    return [
        {"before": was or None, "after": now or None, "devices": count}
        for (was, now), count in sorted(moves.items())
        if count
    ]
