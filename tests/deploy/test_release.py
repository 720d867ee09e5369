"""Is the release workflow well formed, does it stay within its rights, and does it name what exists?"""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
FILE = ROOT / ".github" / "workflows" / "release.yml"
TEXT = FILE.read_text(encoding="utf-8")
WORKFLOW: dict[str, Any] = yaml.safe_load(TEXT)
JOBS: dict[str, dict[str, Any]] = WORKFLOW["jobs"]


def steps() -> Iterator[dict[str, Any]]:
    for job in JOBS.values():
        yield from job["steps"]


def test_the_workflow_follows_the_published_schema() -> None:
    """The schema comes with check-jsonschema; nothing is fetched."""
    command = [
        sys.executable,
        "-m",
        "check_jsonschema",
        "--builtin-schema",
        "vendor.github-workflows",
        str(FILE),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout


def test_only_the_job_that_drafts_may_write() -> None:
    """Building runs foreign code; it may read the repository and no more."""
    assert WORKFLOW["permissions"] == {"contents": "read"}
    assert {name: job["permissions"] for name, job in JOBS.items() if "permissions" in job} == {
        "draft": {"contents": "write"}
    }
    assert JOBS["draft"]["if"] == "startsWith(github.ref, 'refs/tags/v')"
    assert set(JOBS["draft"]["needs"]) == set(JOBS) - {"draft"}
    assert "--draft" in TEXT


def test_no_step_keeps_the_token() -> None:
    """A checkout would leave it in the folder where everything is built."""
    kept = [
        step
        for step in steps()
        if step.get("uses", "").startswith("actions/checkout@")
        and step.get("with", {}).get("persist-credentials") is not False
    ]

    assert kept == []


def test_actions_are_named_by_version_and_come_from_one_publisher() -> None:
    """A major version, as the head of the file says, or a commit."""
    used = {step["uses"] for step in steps() if "uses" in step}

    assert used
    assert {name for name in used if not re.fullmatch(r"actions/[\w-]+@(v\d+|[0-9a-f]{40})", name)} == set()


@pytest.mark.parametrize("name", JOBS)
def test_a_job_ends_by_itself(name: str) -> None:
    """A hanging installation costs minutes, not six hours."""
    assert JOBS[name]["timeout-minutes"] <= 60


def test_everything_named_exists() -> None:
    """Files of this repository, and targets of its Makefile."""
    files = set(re.findall(r"\bdeploy/[\w./-]+\.(?:py|sh|txt)\b", TEXT))
    targets = set(re.findall(r"run: make (\w+)|^ +make (\w+)", TEXT, re.MULTILINE))
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")

    assert {name for name in files if not (ROOT / name).is_file()} == set()
    assert {one or other for one, other in targets} == {"deb", "freeze"}
    for target in ("deb", "freeze"):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE)


def test_each_system_is_tried_not_only_built() -> None:
    """The agent reads its machine and its service starts, on every system that gets a package."""
    for name, service in (("linux", "systemctl"), ("windows", "Get-Service"), ("macos", "launchctl")):
        done = "\n".join(step.get("run", "") for step in JOBS[name]["steps"])
        assert "once --print" in done
        assert service in done
