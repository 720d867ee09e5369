"""Try a policy on today's laptops before anybody is judged by it: `fernbereit policy dry-run`."""

import json
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress
from sqlalchemy import func, select

from fernbereit.policy import Policy
from fernbereit.words import Words
from fernbereit_server.commands import policy_trial_page
from fernbereit_server.commands.language import Lang, choose_language
from fernbereit_server.commands.opened_store import FAILED, OpenedStore, opened_store
from fernbereit_server.commands.policy_changes import sentences
from fernbereit_server.commands.policy_file import read_sound
from fernbereit_server.commands.wording import words
from fernbereit_server.judging.dry_run import DryRun
from fernbereit_server.judging.dry_run import dry_run as run_dry
from fernbereit_server.publication.trial import published
from fernbereit_server.store import schema


def dry_run(
    file: Annotated[Path, typer.Argument(help="The policy to try (YAML).")],
    *,
    exact: Annotated[bool, typer.Option("--exact", help="Do not round; for IT operations only.")] = False,
    settings: Annotated[Path | None, typer.Option(help="Settings of the collector (TOML).")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Answer in JSON.")] = False,
    lang: Lang = None,
) -> None:
    """Say which verdicts a policy would change by today's facts, and how often checks changed in 90 days.

    Nothing is written. Counts are rounded like everything published.

    Exit codes: 0 told, 1 there is no device or the store cannot be used, 2 the policy has faults, wrong
    arguments or settings.
    """
    say = words(choose_language(lang))
    policy = read_sound(file, say).policy
    with opened_store(settings) as store:
        run = tried(store, policy, say)
        k = None if exact else store.settings.publication.k
    if not run.tally.devices:
        typer.echo(say("policy.trial.no_devices"), err=True)
        raise typer.Exit(FAILED)
    shown = run.tally if k is None else published(run.tally, k)
    if as_json:
        answer = policy_trial_page.as_json(run, shown, policy, k)
        typer.echo(json.dumps(answer, ensure_ascii=False, indent=2))
        return
    typer.echo(say("policy.trial.title", before=run.in_force.version, after=policy.version))
    typer.echo("\n".join(f"  {one}" for one in sentences(run.differs, say)) + "\n")
    typer.echo("\n".join(policy_trial_page.lines(run, shown, policy, k, say)))


def tried(store: OpenedStore, policy: Policy, say: Words) -> DryRun:
    """Judge every device by both policies, with a progress bar."""
    with (
        store.engine.connect() as connection,
        Progress(console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty()) as progress,
    ):
        total = connection.scalar(select(func.count()).select_from(schema.devices))
        task = progress.add_task(say("policy.trial.judging"), total=total)
        return run_dry(
            connection,
            policy,
            store.today,
            store.settings.zone,
            on_device=lambda: progress.advance(task),
        )
