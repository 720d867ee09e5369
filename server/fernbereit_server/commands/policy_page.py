"""How is a policy shown on a terminal?"""

from collections.abc import Iterator, Mapping
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from fernbereit.policy import Check, Expectation, Pillar, Texts, as_json
from fernbereit.policy_rules import counted
from fernbereit.words import Words
from fernbereit_server.policies.file import PolicySource


def show(source: PolicySource, say: Words) -> None:
    """Print title, deviations and a table a pillar."""
    policy = source.policy
    console = Console(highlight=False)
    console.print(escape(in_language(policy.title, say)), style="bold")
    console.print(
        say(
            "policy.summary",
            version=policy.version,
            checks=len(policy.checks),
            share=f"{policy.ready_at * 100:g}",
            days=policy.facts_max_age_days,
            setup=policy.setup_grace_days,
        )
    )
    for deviation in source.deviations:
        what = next(way for way in ("change", "remove", "add", "set") if getattr(deviation, way) is not None)
        name = deviation.check or str((deviation.add or {}).get("id") or ", ".join(deviation.set or {}))
        reason = in_language(deviation.reason, say)
        console.print(escape(say(f"policy.deviation.{what}", name=name, reason=reason)))
    for pillar in Pillar:
        rows = [one for one in policy.checks if one.pillar is pillar]
        if rows:
            console.print(f"\n{say(f'policy.pillar.{pillar.value}')}", style="bold")
            console.print(_table(rows, say))
    console.print()
    console.print(
        say("policy.catalogues", edition=policy.catalogues.kompendium, day=policy.catalogues.plus_plus)
    )


def _table(checks: list[Check], say: Words) -> Table:
    table = Table(box=None, pad_edge=False)
    for column in ("title", "expected", "counts", "grace", "audience", "grundschutz"):
        table.add_column(say(f"policy.column.{column}"))
    for one in checks:
        table.add_row(
            *map(
                escape,
                (
                    in_language(one.title, say),
                    f"{one.fact} {'; '.join(_phrases(one.expect, say))}",
                    _counts(one, say),
                    say("policy.days", days=one.grace_days),
                    say(f"policy.audience.{one.audience.value}"),
                    ", ".join((*one.grundschutz.kompendium, *one.grundschutz.plus_plus)),
                ),
            )
        )
    return table


def _counts(one: Check, say: Words) -> str:
    if counted(as_json(one)):
        return say("policy.counts.groups")
    return say("policy.counts.essential" if one.essential else "policy.counts.weight", weight=one.weight)


def _phrases(expectation: Expectation, say: Words) -> Iterator[str]:
    """Say each keyword of an expectation."""
    for keyword, value in as_json(expectation).items():
        yield say(f"policy.expect.{keyword}", value=_inner(keyword, value, say))


def _inner(keyword: str, value: Any, say: Words) -> str:
    if keyword in {"contains", "not"}:
        return ", ".join(_phrases(Expectation.model_validate(value, strict=False), say))
    if keyword == "properties":
        parts: Mapping[str, Any] = value
        return ", ".join(
            f"{name} {', '.join(_phrases(Expectation.model_validate(part, strict=False), say))}"
            for name, part in parts.items()
        )
    if isinstance(value, bool):
        return say("policy.expect.yes" if value else "policy.expect.no")
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def in_language(texts: Texts, say: Words) -> str:
    """Return the text of the language that is spoken."""
    return texts.de if say.lang == "de" else texts.en
