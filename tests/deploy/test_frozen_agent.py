"""Does the frozen agent carry what a laptop needs, nothing else, and say what the sources say?"""

import json
import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from packaged import BUILDER, CARRIED, ROOT, frozen_tree
from policy_signing import PUBLIC, signed, version
from processes import Program, running, wait_for

pytestmark = pytest.mark.real

MOST_BYTES = 34e6
CHANGING = {"agent", "network", "targets", "storage"}
"""Sections whose facts may differ between two looks."""


@pytest.fixture(scope="module")
def tree() -> Path:
    """Return what was built."""
    return frozen_tree()


def modules(program: Path) -> set[str]:
    """Return the names of all modules inside a frozen program."""
    viewer = ("-m", "PyInstaller.utils.cliutils.archive_viewer", "--recursive", "--brief")
    listed = subprocess.run((BUILDER, *viewer, program), capture_output=True, text=True, check=True).stdout
    inside = listed.partition("Contents of 'PYZ.pyz'")[2].splitlines()[1:]
    return {name.strip() for name in inside}


def looked(*command: str | Path) -> dict[str, Any]:
    """Return the sections that `once --print` tells."""
    done = subprocess.run([*command, "once", "--print"], capture_output=True, text=True, check=True)
    sections: dict[str, Any] = json.loads(done.stdout)["sections"]
    return sections


def test_nothing_but_the_agent_is_carried(tree: Path) -> None:
    """No server, no tests, no build tools: the list is held, name by name."""
    names = {name.partition(".")[0] for name in modules(tree / "fernbereit-agent")}
    folders = {path.name for path in (tree / "_internal").iterdir() if path.is_dir()}

    assert {name for name in names - sys.stdlib_module_names if not name.startswith("_sysconfig")} == CARRIED
    assert folders - CARRIED == {f"python{sys.version_info[0]}.{sys.version_info[1]}"}


def test_it_stays_small(tree: Path) -> None:
    """It is copied to thousands of laptops."""
    assert sum(file.stat().st_size for file in tree.rglob("*") if file.is_file()) < MOST_BYTES


def test_the_helper_with_rights_cannot_speak_to_a_network(tree: Path) -> None:
    """The optional program that runs as root carries neither MQTT nor TLS nor sockets."""
    found = modules(tree / "fernbereit-agent-privileged")

    assert "fernbereit_agent.privileged" in found
    assert {"paho", "ssl", "fernbereit_agent.link", "fernbereit_agent.sockets"} & found == set()


def test_words_schemas_and_the_policy_are_the_ones_of_the_sources(tree: Path) -> None:
    """Byte by byte, and none is missing."""
    packages = ROOT / "agent"
    data = [
        path.relative_to(packages)
        for path in packages.rglob("*")
        if path.suffix in {".json", ".css", ".js", ".svg"} and path.is_file()
    ]

    assert len(data) > 5
    for path in data:
        assert (tree / "_internal" / path).read_bytes() == (packages / path).read_bytes(), path


def test_it_sees_what_the_sources_see(tree: Path) -> None:
    """Every section ends alike, and what does not change by itself is equal fact by fact."""
    frozen, source = looked(tree / "fernbereit-agent"), looked(sys.executable, "-m", "fernbereit_agent")

    assert {name: told["outcome"] for name, told in frozen.items()} == {
        name: told["outcome"] for name, told in source.items()
    }
    assert {name: told.get("facts") for name, told in frozen.items() if name not in CHANGING} == {
        name: told.get("facts") for name, told in source.items() if name not in CHANGING
    }


@pytest.mark.parametrize(
    "asked",
    [
        pytest.param(["--help"], id="the commands it has"),
        pytest.param(["self-check", "--help"], id="how one of them is used"),
        pytest.param(["manifest", "--lang", "de"], id="what it reads and why"),
        pytest.param(["settings", "--settings", "wrong.toml"], id="what is wrong with its settings"),
    ],
)
def test_it_says_what_the_sources_say(tree: Path, tmp_path: Path, asked: list[str]) -> None:
    """It carries no docstrings, so nothing that people read may come from one."""
    (tmp_path / "wrong.toml").write_text("[report]\ninterval_s = 0\nintervall = 3\n")
    frozen, source = (
        subprocess.run([*program, *asked], capture_output=True, text=True, check=False, cwd=tmp_path)
        for program in ([tree / "fernbereit-agent"], [sys.executable, "-m", "fernbereit_agent"])
    )

    assert (frozen.returncode, frozen.stdout, frozen.stderr) == (
        source.returncode,
        source.stdout,
        source.stderr,
    )
    assert frozen.stdout or frozen.stderr


def test_it_asks_the_system_for_a_proxy_when_it_is_to(tree: Path, tmp_path: Path) -> None:
    """What knows the proxies of the system is not in memory before; forgotten, there is no connection."""
    settings = tmp_path / "agent.toml"
    settings.write_text(
        f'data = "{tmp_path / "data"}"\n[report]\nstart_spread_s = 0\n'
        '[broker]\nport = 1883\nproxy = "system"\n'
    )
    with socket.create_server(("127.0.0.1", 0)) as proxy:
        proxy.settimeout(30)
        named = {"https_proxy": f"http://127.0.0.1:{proxy.getsockname()[1]}", "no_proxy": "", "NO_PROXY": ""}
        command = [str(tree / "fernbereit-agent"), "run", "--settings", str(settings)]
        with running(Program("agent", command, tmp_path, named)):
            caller, _ = proxy.accept()
            with caller:
                assert caller.recv(64).startswith(b"CONNECT 127.0.0.1:1883 ")


def test_it_verifies_the_authority_s_policy(tree: Path, tmp_path: Path) -> None:
    """PyNaCl needs a compiled module that only its compiled module names; forgotten, nothing is judged."""
    owner = tmp_path / "data" / "owner"
    owner.mkdir(parents=True)
    (owner / "policy").write_bytes(signed(version(7)))
    settings = tmp_path / "agent.toml"
    settings.write_text(f'data = "{tmp_path / "data"}"\npolicy.public_key = "{PUBLIC}"\n')
    facts = looked(tree / "fernbereit-agent", "--settings", settings)["readiness"]["facts"]

    assert (facts["policy_version"], facts["policy_adopted"]) == (7, True)


def test_a_browser_it_opens_loads_the_libraries_of_the_system(tree: Path, tmp_path: Path) -> None:
    """The frozen program finds its own libraries by LD_LIBRARY_PATH; its children do not inherit that."""
    browser, seen = tmp_path / "browser", tmp_path / "seen"
    browser.write_text(f'#!/bin/sh\nenv > "{seen}.new"\nmv "{seen}.new" "{seen}"\n')
    browser.chmod(0o755)
    command = [
        str(tree / "fernbereit-agent"),
        "--data",
        str(tmp_path / "data"),
        "self-check",
        "--html",
        "--open",
    ]
    check = Program("check", command, tmp_path, {"BROWSER": f"{browser} %s", "DISPLAY": ":99"})
    with running(check):
        wait_for(f"a browser\n{check.tail()}", seen.exists)
        assert check.process is not None
        own = Path(f"/proc/{check.process.pid}/environ").read_bytes()
        os.kill(check.process.pid, signal.SIGTERM)

    assert re.search(rb"LD_LIBRARY_PATH=\S*_internal", own)
    assert "_internal" not in seen.read_text()
