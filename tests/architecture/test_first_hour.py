"""Does whoever adds something for the first time learn what is missing, and is one `make write` enough?

Done in a copy of the repository, as CONTRIBUTING says.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PARTS = ("agent", "server", "dashboards", "tests", "docs", "deploy")
CLIENT = "agent/fernbereit/facts/remote_access.py"
SETTINGS = "agent/fernbereit_agent/settings.py"
POLICY = "agent/fernbereit/default_policy.yaml"
SHARED = "agent/fernbereit/words/{}.json"
SETTINGS_DE = "agent/fernbereit_agent/words/settings_de.json"
A_CHECK = """
  - id: battery_cycles
    pillar: equipment
    fact: battery.cycle_count
    expect: {maximum: 800}
    when_absent: not_applicable
    weight: 1
    grace_days: 60
    audience: it
    title: {de: Der Akku wurde nicht zu oft geladen, en: The battery was not charged too often}
    remedy:
      staff: {de: Bitte melden Sie den Akku Ihrer IT-Betreuung., en: Please report it to your IT staff.}
      it: {de: Tauschen Sie den Akku., en: Replace the battery.}
    grundschutz: {kompendium: [SYS.3.1.A11]}
    cost_item: battery
"""


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Give a copy of everything that is written by hand or generated."""
    for part in PARTS:
        shutil.copytree(
            ROOT / part, tmp_path / part, ignore=shutil.ignore_patterns("__pycache__", "pictures")
        )
    return tmp_path


def write(copy: Path, *switches: str) -> subprocess.CompletedProcess[str]:
    """Run `make write` in the copy, or with `--check` the part of `make check` that compares."""
    sources = os.pathsep.join(str(copy / part) for part in ("agent", "server", "dashboards"))
    return subprocess.run(
        [sys.executable, "tests/write.py", *switches],
        cwd=copy,
        env={**os.environ, "PYTHONPATH": sources},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


def replace(copy: Path, path: str, old: str, new: str) -> None:
    """Change one place of a file by hand."""
    file = copy / path
    text = file.read_text(encoding="utf-8")
    assert text.count(old) == 1
    file.write_text(text.replace(old, new), encoding="utf-8")


def say(copy: Path, path: str, key: str, text: str) -> None:
    """Write a word into a file of words, where sorting puts it."""
    file = copy / path
    texts = json.loads(file.read_text(encoding="utf-8")) | {key: text}
    file.write_text(json.dumps(texts, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_what_was_forgotten_is_named_and_one_run_writes_the_rest(copy: Path) -> None:
    """A VPN client, a setting and a check: nothing is written before every word is there, then all of it."""
    replace(
        copy,
        CLIENT,
        '    OTHER = "other"\n\n\nclass Route',
        '    X_VPN = "x_vpn"\n    OTHER = "other"\n\n\nclass Route',
    )
    beside = '    port: Port = Field(1883, description="TCP port of the broker")\n'
    replace(
        copy, SETTINGS, beside, f'{beside}    calm: bool = Field(False, description="whether it is calm")\n'
    )
    replace(copy, POLICY, "\n  - id: storage_free\n", f"{A_CHECK}\n  - id: storage_free\n")

    forgotten = write(copy)
    assert forgotten.returncode == 1
    assert forgotten.stdout == ""
    assert forgotten.stderr.splitlines() == [
        f"{SHARED.format('de')} has no 'word.vpn_client.x_vpn'; add it, in every language",
        f"{SHARED.format('en')} has no 'word.vpn_client.x_vpn'; add it, in every language",
        f"{SETTINGS_DE} has no 'broker.calm'; say there in German what the setting is",
    ]

    for lang in ("de", "en"):
        say(copy, SHARED.format(lang), "word.vpn_client.x_vpn", "X VPN")
    say(copy, SETTINGS_DE, "broker.calm", "ob er ruhig ist")
    written = write(copy)
    assert (written.returncode, written.stderr) == (0, "")
    assert "wrote: docs/operations/self-check-codes.md" in written.stdout
    assert write(copy, "--check").returncode == 0
