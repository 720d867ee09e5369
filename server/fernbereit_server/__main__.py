"""How is the server started? `fernbereit` or `python -m fernbereit_server`.

On a machine that has only what a laptop needs, it says which extra to install.
"""

import importlib.util
import sys

_NEEDED = ("typer", "rich", "fastapi", "sqlalchemy", "alembic", "gmqtt", "iotcore", "ruamel", "uvicorn")


def main() -> None:
    """Run the command line, or say which extra to install and exit with 1."""
    missing = [name for name in _NEEDED if importlib.util.find_spec(name) is None]
    if missing:
        sys.stderr.write(
            f"The server's parts are not installed ({', '.join(missing)}). Install them with:\n"
            '    pip install "fernbereit[server]"\n'
            "A laptop needs only fernbereit-agent, which is installed.\n"
        )
        sys.exit(1)
    from fernbereit_server.cli import app

    app()


if __name__ == "__main__":
    main()
