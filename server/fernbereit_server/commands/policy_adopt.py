"""Put a policy in force, and look at those that were: `fernbereit policy adopt`, `policy history`."""

import json
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from fernbereit.policy import shipped_policy
from fernbereit.words import Words
from fernbereit_server.commands import figures, policy_trial_page
from fernbereit_server.commands.language import Lang, choose_language
from fernbereit_server.commands.opened_store import FAILED, WRONG, opened_store
from fernbereit_server.commands.policy_changes import sentences
from fernbereit_server.commands.policy_dry_run import tried
from fernbereit_server.commands.policy_file import read_sound
from fernbereit_server.commands.policy_page import deviations, in_language
from fernbereit_server.commands.wording import words
from fernbereit_server.decisions import read_decisions
from fernbereit_server.decisions.past import adopted_policies
from fernbereit_server.decisions.writing import adopt_policy
from fernbereit_server.publication.trial import published
from fernbereit_server.store import database

SettingsFile = Annotated[Path | None, typer.Option(help="Settings of the collector (TOML).")]


def adopt(
    file: Annotated[Path, typer.Argument(help="The policy (YAML).")],
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    settings: SettingsFile = None,
    lang: Lang = None,
) -> None:
    """Put a policy in force: say how it differs, what it does to today's verdicts, ask, write.

    Its version must be above every earlier one. Exit codes: 0 adopted, 1 somebody said no or the store cannot
    be used, 2 the policy has faults or no new version, wrong arguments or settings.
    """
    say = words(choose_language(lang))
    source = read_sound(file, say)
    policy = source.policy
    with opened_store(settings, make=True) as store:
        run = tried(store, policy, say)
        if policy.version <= run.in_force.version:
            _refuse(run.in_force.version, policy.version, file, say)
        k = store.settings.publication.k
        effect = policy_trial_page.lines(run, published(run.tally, k), policy, k, say)
        departs = (*deviations(source, say), *sentences(run.differs, say))
        typer.echo(say("policy.adopt.title", before=run.in_force.version, after=policy.version))
        typer.echo("\n".join([*(f"  {one}" for one in departs), "", *effect]))
        if not yes:
            _ask(say)
        with database.writing(store.engine) as connection:
            now = read_decisions(connection).policy.policy.version
            if policy.version <= now:  # somebody else was faster while this one was being read
                _refuse(now, policy.version, file, say)
            adopt_policy(connection, policy, store.today)
    typer.echo(say("policy.adopt.done", version=policy.version))
    typer.echo(say("policy.adopt.key"))


def history(
    *,
    settings: SettingsFile = None,
    as_json: Annotated[bool, typer.Option("--json", help="Answer in JSON.")] = False,
    lang: Lang = None,
) -> None:
    """List every policy that was adopted, with its day; before the first one the shipped one is in force.

    Exit codes: 0 told, 1 the store cannot be used, 2 wrong arguments or settings.
    """
    say = words(choose_language(lang))
    with opened_store(settings) as store, store.engine.connect() as connection:
        adopted = adopted_policies(connection)
    if as_json:
        rows = [
            {
                "version": one.policy.version,
                "adopted_on": one.adopted_on.isoformat(),
                "title": one.policy.title.model_dump(),
                "checks": len(one.policy.checks),
            }
            for one in adopted
        ]
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    shipped = shipped_policy()
    typer.echo(
        say(
            "policy.history.shipped",
            version=shipped.version,
            title=in_language(shipped.title, say),
            checks=len(shipped.checks),
        )
    )
    for one in adopted:
        typer.echo(
            say(
                "policy.history.adopted",
                version=one.policy.version,
                day=figures.day(one.adopted_on, say),
                title=in_language(one.policy.title, say),
                checks=len(one.policy.checks),
            )
        )


def _ask(say: Words) -> None:
    try:
        agreed = typer.confirm(say("policy.adopt.ask"))
    except typer.Abort:
        agreed = False
    if not agreed:
        typer.echo(say("policy.adopt.not_done"), err=True)
        raise typer.Exit(FAILED)


def _refuse(in_force: int, version: int, file: Path, say: Words) -> NoReturn:
    text = say("policy.adopt.version", file=file, version=version, in_force=in_force, next=in_force + 1)
    typer.echo(text, err=True)
    raise typer.Exit(WRONG)
