"""Is the bundle for Windows whole, the same twice, and nothing but the agent?"""

import csv
import hashlib
import importlib.util
import io
import json
import re
import zipfile
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]
WINDOWS = ROOT / "deploy" / "windows"


@pytest.fixture(scope="module")
def bundling() -> ModuleType:
    """Return deploy/windows/bundle.py as a module."""
    spec = importlib.util.spec_from_file_location("windows_bundle", WINDOWS / "bundle.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def wheel(folder: Path, name: str, files: dict[str, str]) -> Path:
    """Write a wheel of these files."""
    folder.mkdir(exist_ok=True)
    with zipfile.ZipFile(folder / name, "w") as made:
        for path, content in files.items():
            made.writestr(path, content)
    return folder / name


@pytest.fixture
def whole(tmp_path: Path) -> Path:
    """Return a small wheel of the whole project."""
    info = "fernbereit-1.2.3.dist-info"
    return wheel(
        tmp_path / "whole",
        "fernbereit-1.2.3-py3-none-any.whl",
        {
            "fernbereit/__init__.py": "",
            "fernbereit_agent/__main__.py": "main",
            "fernbereit_server/__init__.py": "server",
            "fernbereit_dashboards/__init__.py": "boards",
            f"{info}/METADATA": "Name: fernbereit",
            f"{info}/RECORD": "",
        },
    )


@pytest.fixture
def needed(tmp_path: Path) -> Path:
    """Return a folder with two wheels that the agent needs."""
    wheel(tmp_path / "needed", "psutil-7.0-cp37-abi3-win_amd64.whl", {"psutil/__init__.py": "p"})
    wheel(tmp_path / "needed", "paho_mqtt-2.0-py3-none-any.whl", {"paho/__init__.py": "q"})
    return tmp_path / "needed"


def test_a_laptop_gets_nothing_of_the_server(bundling: ModuleType, whole: Path, tmp_path: Path) -> None:
    """And the list of files in the wheel is right for what is left."""
    made = bundling.agent_only(whole, tmp_path)
    with zipfile.ZipFile(made) as file:
        names = {name.partition("/")[0] for name in file.namelist()}
        record = file.read("fernbereit-1.2.3.dist-info/RECORD").decode()
        listed = {row[0]: row[2] for row in csv.reader(io.StringIO(record))}

        assert names == {"fernbereit", "fernbereit_agent", "fernbereit-1.2.3.dist-info"}
        assert set(listed) == set(file.namelist())
        assert listed["fernbereit_agent/__main__.py"] == "4"


def test_equal_sources_give_an_equal_bundle(
    bundling: ModuleType, whole: Path, needed: Path, tmp_path: Path
) -> None:
    """Whoever builds it again can compare."""
    sums = [
        hashlib.sha256(Path(f"{bundling.bundle(whole, needed, 'amd64', tmp_path / out)}.zip").read_bytes())
        for out in ("first", "second")
    ]

    assert sums[0].digest() == sums[1].digest()


def test_every_file_of_the_bundle_has_its_checksum(
    bundling: ModuleType, whole: Path, needed: Path, tmp_path: Path
) -> None:
    """The installation refuses to begin where one differs."""
    folder: Path = bundling.bundle(whole, needed, "amd64", tmp_path / "out")
    sums = (folder / "SHA256SUMS").read_text("utf-8").splitlines()
    listed = {name: digest for digest, name in (line.split("  ", 1) for line in sums)}
    files = {file.relative_to(folder).as_posix(): file for file in folder.rglob("*") if file.is_file()}

    assert set(files) - set(listed) == {"SHA256SUMS"}
    for name, digest in listed.items():
        assert hashlib.sha256(files[name].read_bytes()).hexdigest() == digest
    assert "@VERSION@" not in (folder / "opsi" / "OPSI" / "control.toml").read_text("utf-8")
    assert (folder / "install.ps1").read_bytes().startswith(b"\xef\xbb\xbf<#\r\n")


def test_the_parts_of_the_bundle_are_listed(
    bundling: ModuleType, whole: Path, needed: Path, tmp_path: Path
) -> None:
    """CycloneDX: name, version and hash of each wheel of others."""
    folder: Path = bundling.bundle(whole, needed, "arm64", tmp_path / "out")
    parts = json.loads((folder / "sbom.cdx.json").read_text("utf-8"))

    assert parts["bomFormat"] == "CycloneDX"
    assert [part["purl"] for part in parts["components"]] == ["pkg:pypi/paho-mqtt@2.0", "pkg:pypi/psutil@7.0"]


def test_the_bundle_names_the_commands_of_a_laptop(bundling: ModuleType) -> None:
    """Each becomes a .cmd beside the program."""
    assert {"name": "fernbereit-agent", "module": "fernbereit_agent"} in bundling.commands()


@pytest.mark.parametrize(
    "file",
    [
        pytest.param("psutil/__init__.py", id="a file that another wheel brings"),
        pytest.param("more-1.0.data/scripts/more", id="a script that would have to be installed"),
    ],
)
def test_a_wheel_that_cannot_simply_be_unpacked_is_refused(
    bundling: ModuleType, needed: Path, file: str
) -> None:
    """The installation on Windows unpacks, and does nothing else."""
    wheel(needed, "more-1.0-py3-none-any.whl", {file: "other"})
    with pytest.raises(SystemExit, match="cannot simply be unpacked"):
        bundling.refuse_clashes(sorted(needed.glob("*.whl")))


def test_the_lock_names_what_the_frozen_agent_names() -> None:
    """One version of everything, whichever way it reaches a laptop; hashes for x64 and ARM64; no place."""
    lock = (WINDOWS / "requirements.lock").read_text("utf-8")
    pins = dict(re.findall(r"^([a-z0-9-]+)==(\S+)", lock, re.MULTILINE))
    frozen = (ROOT / "deploy" / "freeze" / "versions.txt").read_text("utf-8")
    others = {
        name.lower().replace("_", "-"): version
        for name, version in re.findall(r"^([\w-]+)==(\S+)$", frozen, re.MULTILINE)
    }

    assert {"pydantic", "pydantic-core", "psutil", "pynacl", "paho-mqtt"} <= set(pins)
    assert {name: version for name, version in pins.items() if others.get(name) != version} == {}
    assert lock.count("--hash=sha256:") == len(pins) + len({"cffi", "psutil", "pydantic-core", "pynacl"})
    assert "://" not in lock


@pytest.mark.slow
@pytest.mark.parametrize("arch", ["amd64", "arm64"])
def test_the_locked_wheels_exist_for_windows(bundling: ModuleType, arch: str, tmp_path: Path) -> None:
    """Fetched by their hashes from wherever pip is set up to fetch from, and free of clashes."""
    bundling.download(tmp_path, bundling.ARCHITECTURES[arch], locked=True)
    wheels = sorted(tmp_path.glob("*.whl"))
    bundling.refuse_clashes(wheels)

    assert len(wheels) == (WINDOWS / "requirements.lock").read_text("utf-8").count("==")
