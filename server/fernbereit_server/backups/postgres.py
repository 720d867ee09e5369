"""How is a PostgreSQL database written to a file, and put back? By its own programs, pg_dump and psql."""

import os
import re
import shutil
import subprocess
from pathlib import Path

from sqlalchemy import URL

from fernbereit_server.errors import BackupError

_TABLE_OF_REVISIONS = re.compile(r"^COPY [^\n]* FROM stdin;\n(.*?)^\\\.$", re.MULTILINE | re.DOTALL)


def dump(url: URL, to: Path, *, snapshot: str) -> None:
    """Write the database as the transaction that exported `snapshot` sees it. Raises `BackupError`."""
    _run(
        "pg_dump", url, "--format=custom", "--no-owner", "--no-acl", f"--snapshot={snapshot}", f"--file={to}"
    )


def revisions(dumped: Path) -> list[str]:
    """Return which revision of the schema a dump holds. Raises `BackupError`."""
    said = _run("pg_restore", None, "--data-only", "--table=alembic_version", "--file=-", str(dumped))
    return [line for rows in _TABLE_OF_REVISIONS.findall(said) for line in rows.splitlines()]


def put_back(url: URL, dumped: Path, *, then: str) -> None:
    """Replace the database's tables by the dumped ones and carry out `then`, all in one transaction.

    Raises `BackupError`; the database is then as it was.
    """
    script = dumped.with_suffix(".sql")
    _run(
        "pg_restore",
        None,
        "--clean",
        "--if-exists",
        "--no-owner",
        "--no-acl",
        f"--file={script}",
        str(dumped),
    )
    with script.open("a", encoding="utf-8") as written:
        written.write(f"\n{then}\n")
    _run(
        "psql",
        url,
        "--no-psqlrc",
        "--quiet",
        "--set=ON_ERROR_STOP=1",
        "--single-transaction",
        f"--file={script}",
    )


def _run(program: str, url: URL | None, *options: str) -> str:
    """Return what a program of PostgreSQL says; the password travels in the environment, seen by nobody."""
    found = shutil.which(program)
    if found is None:
        raise BackupError("no_program", program=program)
    environment = {**os.environ, "PGCONNECT_TIMEOUT": "10", **({} if url is None else _connection(url))}
    ended = subprocess.run(
        [found, *options], env=environment, capture_output=True, text=True, errors="replace", check=False
    )
    if ended.returncode:
        said = (ended.stderr.strip() or "?").splitlines()
        raise BackupError("program_failed", program=program, reason=said[0][:300])
    return ended.stdout


def _connection(url: URL) -> dict[str, str]:
    given = {
        "PGHOST": url.host,
        "PGPORT": str(url.port) if url.port else None,
        "PGUSER": url.username,
        "PGPASSWORD": url.password,
        "PGDATABASE": url.database,
    }
    return {name: value for name, value in given.items() if value}
