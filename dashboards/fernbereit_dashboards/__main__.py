"""Make the boards, or say which are stale: `python -m fernbereit_dashboards build|check [--folder DIR]`.

Exit codes: 0 done, 1 a committed board is out of date, 2 something is missing.
"""

import argparse
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    chosen = _parser().parse_args(arguments)
    if find_spec("grafana_foundation_sdk") is None:
        sys.stderr.write(
            "The boards are made with Grafana's SDK. Install it: pip install 'fernbereit[dashboards]'\n"
        )
        return 2
    from fernbereit_dashboards import build

    folder = chosen.folder or build.GENERATED
    if not folder.is_dir():
        sys.stderr.write(f"There is no folder {folder}. Make one and name it: --folder DIR\n")
        return 2
    if chosen.command == "build":
        for path in build.write(folder):
            sys.stdout.write(f"wrote {folder / path}\n")
        return 0
    old = build.check(folder)
    for path in old:
        sys.stdout.write(f"out of date: {folder / path}\n")
    return 1 if old else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="fernbereit dashboards", description="Make the Grafana boards.")
    parser.add_argument(
        "command", choices=("build", "check"), help="write the boards, or only name stale ones"
    )
    parser.add_argument(
        "--folder", type=Path, help="where the boards are; default: the checkout's generated/"
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
