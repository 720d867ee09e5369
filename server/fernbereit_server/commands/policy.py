"""Say what an authority demands of its laptops: `fernbereit policy check`, `fernbereit policy show`."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from fernbereit.policy import Check, Expectation, Pillar, Texts, as_json, shipped_policy
from fernbereit.policy_rules import counted
from fernbereit.words import Words
from fernbereit_server.commands.language import choose_language
from fernbereit_server.commands.wording import words
from fernbereit_server.policies.file import Fault, FaultyPolicyError, PolicySource, read_policy_file
from fernbereit_server.yaml_lines import YAML_FAULTS

WRONG = 2

app = typer.Typer(help="What the authority demands of a laptop.", no_args_is_help=True)

AsJson = Annotated[bool, typer.Option("--json", help="Answer in JSON.")]
Language = Annotated[str | None, typer.Option(help="de or en; default: as the system is set.")]


@app.command(epilog="Example: fernbereit policy check policy.yaml")
def check(
    file: Annotated[Path, typer.Argument(help="The policy (YAML).")],
    *,
    as_json: AsJson = False,
    lang: Language = None,
) -> None:
    """Name every fault of a policy file with its line, what is expected and an example. Changes nothing.

    Exit codes: 0 the policy can be used, 2 it has faults, cannot be read, or the arguments are wrong.
    """
    say = words(choose_language(lang))
    try:
        source = _read(file, say)
    except FaultyPolicyError as faulty:
        if as_json:
            typer.echo(_dumped({"file": str(file), "faults": [_fault(one, say) for one in faulty.faults]}))
        else:
            typer.echo(_told(file, faulty, say), err=True)
        raise typer.Exit(WRONG) from None
    policy = source.policy
    if as_json:
        typer.echo(_dumped({"file": str(file), "faults": [], "version": policy.version}))
        return
    typer.echo(say("policy.right", file=file, version=policy.version, checks=len(policy.checks)))


@app.command(epilog="Example: fernbereit policy show policy.yaml --lang de")
def show(
    file: Annotated[Path | None, typer.Argument(help="The policy (YAML); default: the one shipped.")] = None,
    *,
    as_json: AsJson = False,
    lang: Language = None,
) -> None:
    """Show every check: what is expected, how much it counts, what to do. JSON holds the whole policy.

    Exit codes: 0 shown, 2 the policy has faults, cannot be read, or the arguments are wrong.
    """
    language = choose_language(lang)
    say = words(language)
    try:
        source = _read(file, say) if file is not None else PolicySource(policy=shipped_policy())
    except FaultyPolicyError as faulty:
        typer.echo(_told(file, faulty, say), err=True)
        raise typer.Exit(WRONG) from None
    if as_json:
        typer.echo(_dumped(_as_json(source)))
        return
    _print(source, say)


def _read(file: Path, say: Words) -> PolicySource:
    try:
        return read_policy_file(file)
    except OSError as error:
        typer.echo(say("file.unreadable", file=file, reason=error.strerror), err=True)
        raise typer.Exit(WRONG) from None


def _told(file: Path | None, faulty: FaultyPolicyError, say: Words) -> str:
    lines = [say("policy.faults", file=file)]
    for fault in faulty.faults:
        place = say("policy.place", file=file, line=fault.line) + (f", {fault.field}" if fault.field else "")
        said = _fault(fault, say)
        parts = [f"{place}: {said['problem']}"]
        if fault.suggestion is not None:
            parts.append(say("policy.suggestion", word=fault.suggestion))
        if fault.example is not None:
            parts.append(say("file.example", example=fault.example))
        lines.append(" ".join(parts))
    return "\n".join(lines)


def problem(fault: Fault, say: Words) -> str:
    """Return the sentence about a fault; what no YAML file may hold is told as of every file."""
    family = "file" if fault.word in YAML_FAULTS else "policy"
    return say(f"{family}.fault.{fault.word}", **fault.values)


def _fault(fault: Fault, say: Words) -> dict[str, Any]:
    return {
        "line": fault.line,
        "field": fault.field,
        "problem": problem(fault, say),
        "suggestion": fault.suggestion,
        "example": fault.example,
    }


def _as_json(source: PolicySource) -> dict[str, Any]:
    return {
        "extends": source.extends,
        "deviations": [as_json(one) for one in source.deviations],
        "policy": as_json(source.policy),
    }


def _print(source: PolicySource, say: Words) -> None:
    policy = source.policy
    console = Console(highlight=False)
    console.print(escape(_in(policy.title, say)), style="bold")
    console.print(
        say(
            "policy.summary",
            version=policy.version,
            checks=len(policy.checks),
            share=f"{policy.ready_at * 100:g}",
            days=policy.facts_max_age_days,
        )
    )
    for deviation in source.deviations:
        what = next(way for way in ("change", "remove", "add", "set") if getattr(deviation, way) is not None)
        name = deviation.check or str((deviation.add or {}).get("id") or ", ".join(deviation.set or {}))
        reason = _in(deviation.reason, say)
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
                    _in(one.title, say),
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


def _in(texts: Texts, say: Words) -> str:
    return texts.de if say.lang == "de" else texts.en


def _dumped(content: Any) -> str:
    return json.dumps(content, ensure_ascii=False, indent=2)
