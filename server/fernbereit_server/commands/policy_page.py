"""How is a policy shown on a terminal? All checks in tables, or everything about one."""

from collections.abc import Iterator
from datetime import date

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from fernbereit.policy import Check, Pillar, Policy, Texts, as_json
from fernbereit.policy_rules import counted
from fernbereit.telling import told_expectation, told_name
from fernbereit.words import Words, load
from fernbereit_server.commands import figures
from fernbereit_server.policies.file import PolicySource


def show(source: PolicySource, say: Words, adopted_on: date | None = None) -> None:
    """Print title, deviations and a table a pillar."""
    policy = source.policy
    console = Console(highlight=False)
    console.print(escape(in_language(policy.title, say)), style="bold")
    console.print(summary(policy, say))
    if adopted_on is not None:
        console.print(say("policy.adopted_on", day=figures.day(adopted_on, say)))
    for sentence in deviations(source, say):
        console.print(escape(sentence))
    for pillar in Pillar:
        rows = [one for one in policy.checks if one.pillar is pillar]
        if rows:
            console.print(f"\n{say(f'policy.pillar.{pillar.value}')}", style="bold")
            console.print(_table(rows, say))
    console.print()
    console.print(catalogues(policy, say))
    console.print(say("policy.one_check", check=policy.checks[0].id))


def show_check(policy: Policy, check: Check, say: Words) -> None:
    """Print everything about one check."""
    console = Console(highlight=False)
    console.print(escape(in_language(check.title, say)), style="bold")
    table = Table(box=None, pad_edge=False, show_header=False)
    for name, text in _about(check, say):
        table.add_row(say(f"policy.about.{name}"), escape(text))
    console.print(table)
    if check.grundschutz.kompendium or check.grundschutz.plus_plus:
        console.print()
        console.print(catalogues(policy, say))


def summary(policy: Policy, say: Words) -> str:
    """Return version, number of checks, and when a laptop counts as ready."""
    return say(
        "policy.summary",
        version=policy.version,
        checks=len(policy.checks),
        share=figures.number(round(policy.ready_at * 100, 1), say),
        days=policy.facts_max_age_days,
    )


def deviations(source: PolicySource, say: Words) -> Iterator[str]:
    """Yield where a policy departs from what it extends, and why."""
    for deviation in source.deviations:
        what = next(way for way in ("change", "remove", "add", "set") if getattr(deviation, way) is not None)
        name = deviation.check or str((deviation.add or {}).get("id") or ", ".join(deviation.set or {}))
        yield say(f"policy.deviation.{what}", name=name, reason=in_language(deviation.reason, say))


def catalogues(policy: Policy, say: Words) -> str:
    """Return the editions that requirements are named after."""
    day = figures.day(policy.catalogues.plus_plus, say)
    return say("policy.catalogues", edition=policy.catalogues.kompendium, day=day)


def in_language(texts: Texts, say: Words) -> str:
    """Return the text of the language that is spoken."""
    return texts.de if say.lang == "de" else texts.en


def expected(check: Check, say: Words) -> str:
    """Say what is expected of which fact."""
    shared = load(say.lang)
    return f"{told_name(check.fact, shared)}: {told_expectation(check.fact, as_json(check.expect), shared)}"


def counts(check: Check, say: Words) -> str:
    """Say how much a check counts."""
    if counted(as_json(check)):
        return say("policy.counts.groups")
    return say("policy.counts.essential" if check.essential else "policy.counts.weight", weight=check.weight)


def _table(checks: list[Check], say: Words) -> Table:
    table = Table(box=None, pad_edge=False)
    for column in ("title", "expected", "counts", "grace", "audience"):
        table.add_column(say(f"policy.column.{column}"), overflow="fold")
    for one in checks:
        title = f"{in_language(one.title, say)} ({one.id})"
        grace = figures.counted("policy.days", one.grace_days, say)
        audience = say(f"policy.audience.{one.audience.value}")
        table.add_row(*map(escape, (title, expected(one, say), counts(one, say), grace, audience)))
    return table


def _about(check: Check, say: Words) -> Iterator[tuple[str, str]]:
    shared = load(say.lang)
    yield "id", check.id
    yield "pillar", say(f"policy.pillar.{check.pillar.value}")
    yield "expected", expected(check, say)
    for path, expectation in check.applies.items():
        condition = told_expectation(path, as_json(expectation), shared)
        yield "applies", f"{told_name(path, shared)}: {condition}"
    yield "when_absent", say(f"policy.absent.{check.when_absent.value}")
    yield "counts", counts(check, say)
    yield "grace", figures.counted("policy.days", check.grace_days, say)
    yield "audience", say(f"policy.audience.{check.audience.value}")
    yield "staff", in_language(check.remedy.staff, say)
    yield "it", in_language(check.remedy.it, say)
    if check.cost_item is not None:
        yield "cost_item", check.cost_item
    if check.grundschutz.kompendium:
        yield "kompendium", ", ".join(check.grundschutz.kompendium)
    if check.grundschutz.plus_plus:
        yield "plus_plus", ", ".join(check.grundschutz.plus_plus)
