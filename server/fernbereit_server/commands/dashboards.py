"""Make the Grafana boards: `fernbereit dashboards build|check`.

Boards stand on the server and never the other way round, so they are made by a program of their own.
"""

import subprocess
import sys
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(
    help="Make the Grafana boards from their code, or say which are out of date.",
    epilog="Example: fernbereit dashboards build --folder /var/lib/grafana/fernbereit",
    no_args_is_help=True,
)

_Folder = Annotated[
    Path | None, typer.Option(help="Where the boards are; default: the checkout's own folder.")
]


@app.command(epilog="Example: fernbereit dashboards build --folder /var/lib/grafana/fernbereit")
def build(folder: _Folder = None) -> None:
    """Write every board, German and English. Exit code 2: the extra "dashboards" or the folder is missing."""
    raise typer.Exit(_run("build", folder))


@app.command(epilog="Example: fernbereit dashboards check")
def check(folder: _Folder = None) -> None:
    """Name the boards that are out of date and exit with 1, or with 0 if there are none."""
    raise typer.Exit(_run("check", folder))


def _run(command: str, folder: Path | None) -> int:
    where = () if folder is None else ("--folder", str(folder))
    return subprocess.run(
        (sys.executable, "-m", "fernbereit_dashboards", command, *where), check=False
    ).returncode
