"""Which file may touch what? Foreign libraries and system calls stay behind one file each."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = tuple(ROOT / place for place in ("agent", "server", "dashboards"))

ONLY_IN = (
    ("subprocess", "agent", {"fernbereit_agent/commands.py"}),
    (
        "subprocess",
        "server",
        {
            "fernbereit_server/backups/postgres.py",
            "fernbereit_server/commands/dashboards.py",
            "fernbereit_server/demo/processes.py",
        },
    ),
    ("winreg", "agent", {"fernbereit_agent/host_windows.py", "fernbereit_agent/host_windows_user.py"}),
    ("paho", "agent", {"fernbereit_agent/connection.py"}),
    ("paho", "server", {"fernbereit_server/demo/link.py"}),
    ("nacl", "agent", {"fernbereit_agent/policy_store.py"}),
    ("nacl", "server", {"fernbereit_server/policies/signing.py"}),
    (
        "gmqtt",
        "server",
        {"fernbereit_server/ingest/subscription.py", "fernbereit_server/simulate/line.py"},
    ),
    (
        "scipy",
        "server",
        {"fernbereit_server/resilience/flow.py", "fernbereit_server/resilience/planner/solver.py"},
    ),
    ("ruamel", "server", {"fernbereit_server/yaml_lines.py"}),
    ("iotcore", "server", {"fernbereit_server/ingest/embedded.py"}),
    (
        "prometheus_client",
        "server",
        {"fernbereit_server/metrics/exposition.py", "fernbereit_server/metrics/own.py"},
    ),
)


def sources() -> list[Path]:
    return [path for package in PACKAGES for path in sorted(package.rglob("*.py"))]


@cache
def imported(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
    return names


@pytest.mark.parametrize(
    ("library", "package", "allowed"), ONLY_IN, ids=[f"{row[0]} of the {row[1]}" for row in ONLY_IN]
)
def test_a_library_is_imported_by_its_boundary_file_only(
    library: str, package: str, allowed: set[str]
) -> None:
    """A change of library touches one file."""
    users = {
        path.relative_to(ROOT / package).as_posix()
        for path in sorted((ROOT / package).rglob("*.py"))
        if any(name == library or name.startswith(library + ".") for name in imported(path))
    }

    assert users <= allowed


def test_nobody_imports_private_parts_of_psutil() -> None:
    """psutil moves its private modules between releases."""
    guilty = [p.name for p in sources() if re.search(r"psutil\._|from psutil import _", p.read_text("utf-8"))]

    assert guilty == []


def test_every_module_says_what_it_answers() -> None:
    """A stranger reads the first line of a file and knows whether to read on."""
    silent = [
        path.relative_to(ROOT).as_posix()
        for path in sources()
        if path.read_text("utf-8").strip() and not ast.get_docstring(ast.parse(path.read_text("utf-8")))
    ]

    assert silent == []


def test_no_module_outgrows_three_hundred_lines() -> None:
    """A file that grows beyond this answers more than one question."""
    long = {
        path.relative_to(ROOT).as_posix(): count
        for path in sources()
        if (count := len(path.read_text("utf-8").splitlines())) > 300
    }

    assert long == {}
