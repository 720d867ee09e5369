"""Say what an authority demands of its laptops: `fernbereit policy check` and `show`, and all the others."""

import json
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer

from fernbereit.nearest import nearest
from fernbereit.policy import Policy, shipped_policy
from fernbereit.policy import as_json as plain
from fernbereit.words import Words
from fernbereit_server.commands import policy_file, policy_page
from fernbereit_server.commands.language import choose_language
from fernbereit_server.commands.opened_store import opened_store
from fernbereit_server.commands.policy_adopt import adopt, history
from fernbereit_server.commands.policy_dry_run import dry_run
from fernbereit_server.commands.policy_file import WRONG, read_policy, read_sound
from fernbereit_server.commands.policy_key import key
from fernbereit_server.commands.wording import words
from fernbereit_server.decisions import read_decisions
from fernbereit_server.policies.file import FaultyPolicyError, PolicySource

app = typer.Typer(
    help="What the authority demands of a laptop.",
    epilog="Example: fernbereit policy show --lang de",
    no_args_is_help=True,
)
app.command(epilog="Example: fernbereit policy key --settings collector.toml")(key)
app.command("dry-run", epilog="Example: fernbereit policy dry-run policy.yaml")(dry_run)
app.command(epilog="Example: fernbereit policy adopt policy.yaml")(adopt)
app.command(epilog="Example: fernbereit policy history")(history)

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
        source = read_policy(file, say)
    except FaultyPolicyError as faulty:
        if as_json:
            faults = [policy_file.as_json(one, say) for one in faulty.faults]
            typer.echo(_dumped({"file": str(file), "faults": faults}))
        else:
            typer.echo(policy_file.told(file, faulty, say), err=True)
        raise typer.Exit(WRONG) from None
    policy = source.policy
    if as_json:
        typer.echo(_dumped({"file": str(file), "faults": [], "version": policy.version}))
        return
    typer.echo(say("policy.right", file=file, version=policy.version, checks=len(policy.checks)))


@app.command(epilog="Example: fernbereit policy show --check disk_encryption --lang de")
def show(
    file: Annotated[Path | None, typer.Argument(help="The policy (YAML); default: the one shipped.")] = None,
    *,
    in_force: Annotated[bool, typer.Option("--in-force", help="The one the collector judges by.")] = False,
    check_id: Annotated[
        str | None, typer.Option("--check", metavar="ID", help="Everything about one check.")
    ] = None,
    settings: Annotated[Path | None, typer.Option(help="Settings of the collector (TOML).")] = None,
    as_json: AsJson = False,
    lang: Language = None,
) -> None:
    """Show every check: what is expected, how much it counts, whom it concerns. JSON holds the whole policy.

    Exit codes: 0 shown, 1 the store cannot be used, 2 the policy has faults or no such check, cannot be read,
    or the arguments are wrong.
    """
    say = words(choose_language(lang))
    if in_force and file is not None:
        _stop(say("policy.one_of_both"))
    source, adopted_on = PolicySource(policy=shipped_policy()), None
    if in_force:
        with opened_store(settings) as store, store.engine.connect() as connection:
            decisions = read_decisions(connection)
        source, adopted_on = PolicySource(policy=decisions.policy.policy), decisions.policy_adopted_on
    elif file is not None:
        source = read_sound(file, say)
    if check_id is not None:
        _show_check(source.policy, check_id, say, as_json=as_json)
    elif as_json:
        typer.echo(_dumped(_as_json(source)))
    else:
        policy_page.show(source, say, adopted_on)


def _show_check(policy: Policy, check_id: str, say: Words, *, as_json: bool) -> None:
    names = [one.id for one in policy.checks]
    found = next((one for one in policy.checks if one.id == check_id), None)
    if found is None:
        text = say("policy.no_check", check=check_id, known=", ".join(names))
        if near := nearest(check_id, names):
            text += " " + say("policy.suggestion", word=near)
        _stop(text)
    if as_json:
        typer.echo(_dumped(plain(found)))
    else:
        policy_page.show_check(policy, found, say)


def _stop(text: str) -> NoReturn:
    typer.echo(text, err=True)
    raise typer.Exit(WRONG)


def _as_json(source: PolicySource) -> dict[str, Any]:
    return {
        "extends": source.extends,
        "deviations": [plain(one) for one in source.deviations],
        "policy": plain(source.policy),
    }


def _dumped(content: Any) -> str:
    return json.dumps(content, ensure_ascii=False, indent=2)
