"""Say what an authority demands of its laptops: `fernbereit policy check`, `fernbereit policy show`."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from fernbereit.policy import as_json as plain
from fernbereit.policy import shipped_policy
from fernbereit_server.commands import policy_file, policy_page
from fernbereit_server.commands.language import choose_language
from fernbereit_server.commands.policy_file import WRONG, read_policy, read_sound
from fernbereit_server.commands.policy_key import key
from fernbereit_server.commands.wording import words
from fernbereit_server.policies.file import FaultyPolicyError, PolicySource

app = typer.Typer(help="What the authority demands of a laptop.", no_args_is_help=True)
app.command(epilog="Example: fernbereit policy key --settings collector.toml")(key)

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
            typer.echo(
                _dumped(
                    {"file": str(file), "faults": [policy_file.as_json(one, say) for one in faulty.faults]}
                )
            )
        else:
            typer.echo(policy_file.told(file, faulty, say), err=True)
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
    say = words(choose_language(lang))
    source = read_sound(file, say) if file is not None else PolicySource(policy=shipped_policy())
    if as_json:
        typer.echo(_dumped(_as_json(source)))
        return
    policy_page.show(source, say)


def _as_json(source: PolicySource) -> dict[str, Any]:
    return {
        "extends": source.extends,
        "deviations": [plain(one) for one in source.deviations],
        "policy": plain(source.policy),
    }


def _dumped(content: Any) -> str:
    return json.dumps(content, ensure_ascii=False, indent=2)
