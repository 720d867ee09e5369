"""Which commands are there? `fernbereit --help` lists them; each has a module of its own in `commands`."""

from typing import Annotated

import typer

from fernbereit import __version__
from fernbereit_server.commands import (
    backup,
    change,
    dashboards,
    demo,
    devices,
    drill,
    drill_day,
    goal,
    inventory,
    measure,
    organisation,
    plan,
    policy,
    restore,
    serve,
    simulate,
    waiver,
)
from fernbereit_server.commands.spoken import Spoken

app = typer.Typer(
    cls=Spoken,
    help="Fernbereit: is the authority ready to work from anywhere?",
    epilog="Example: fernbereit demo shows everything at once, on this computer only.",
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,
    add_completion=False,
)


def _show_version(asked: bool) -> None:  # noqa: FBT001 - Typer hands over the option's value
    if asked:
        typer.echo(f"fernbereit {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    *,
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Hold what stands before every command."""


app.command(epilog="Example: fernbereit serve --settings /etc/fernbereit/collector.toml")(serve.serve)
app.command(epilog="Example: fernbereit demo --devices 200")(demo.demo)
app.command(epilog="Example: fernbereit simulate --devices 10000 --interval 60 --broker 127.0.0.1:1883")(
    simulate.simulate
)
app.command(epilog="Example: fernbereit drill storm-day --organisation organisation.yaml --fleet fleet.csv")(
    drill.drill
)
app.command(
    epilog="Example: fernbereit plan --budget 100000 --organisation organisation.yaml --fleet fleet.csv"
)(plan.plan)
app.command(epilog="Example: fernbereit change --days 90")(change.change)
app.command(epilog="Example: fernbereit backup /var/backups/fernbereit --keep 14")(backup.backup)
app.command(name="restore", epilog="Example: fernbereit restore fernbereit-20270301T040000Z.backup")(
    restore.restore_
)
app.add_typer(goal.app, name="goal")
app.add_typer(measure.app, name="measure")
app.add_typer(drill_day.app, name="drill-day")
app.add_typer(devices.app, name="devices")
app.add_typer(inventory.app, name="inventory")
app.add_typer(organisation.app, name="organisation")
app.add_typer(policy.app, name="policy")
app.add_typer(waiver.app, name="waiver")
app.add_typer(dashboards.app, name="dashboards")
