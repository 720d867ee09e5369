"""What is handed to whoever installs the agent on Windows? Run by `make bundle-windows`, on any system.

A folder and the same as a zip: pinned wheels for Windows, the agent's own wheel without anything of the
server, the scripts of this folder, a list of parts (CycloneDX), and `SHA256SUMS`. The administrator adds the
embeddable Python of python.org, whose checksum the installation asks for. Equal sources give an equal zip.
"""

import argparse
import base64
import hashlib
import json
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
LOCK = HERE / "requirements.lock"
PYTHON = "3.13"
ARCHITECTURES = {"amd64": "win_amd64", "arm64": "win_arm64"}
OWN_PACKAGES = ("fernbereit/", "fernbereit_agent/")
SCRIPTS = (
    "install.ps1",
    "uninstall.ps1",
    "common.ps1",
    "LIESMICH.md",
    "intune/detect.ps1",
    "intune/requirement.ps1",
    "opsi/OPSI/control.toml",
    "opsi/CLIENT_DATA/setup.opsiscript",
    "opsi/CLIENT_DATA/uninstall.opsiscript",
)
EARLIEST = (1980, 1, 1, 0, 0, 0)
"""The first moment a zip can name; every file of the bundle bears it."""


def main() -> None:
    """Make the bundle, or with `--lock` write the hashes of what the agent needs."""
    parser = argparse.ArgumentParser(description="Makes the folder that installs the agent on Windows.")
    parser.add_argument("--arch", choices=ARCHITECTURES, default="amd64")
    parser.add_argument("--out", type=Path, default=ROOT / "dist")
    parser.add_argument(
        "--wheels", type=Path, help="take wheels from this folder instead of downloading them"
    )
    parser.add_argument(
        "--lock", action="store_true", help="write requirements.lock anew and do nothing else"
    )
    chosen = parser.parse_args()
    if chosen.lock:
        LOCK.write_text(lock(), encoding="utf-8", newline="\n")
        return
    with tempfile.TemporaryDirectory() as scratch:
        wheels = chosen.wheels or download(Path(scratch), ARCHITECTURES[chosen.arch], locked=True)
        made = bundle(built(Path(scratch)), wheels, chosen.arch, chosen.out.resolve())
    sys.stdout.write(f"{made}\n{made}.zip: {Path(f'{made}.zip').stat().st_size / 1e6:.1f} MB\n")


def bundle(whole: Path, wheels: Path, arch: str, out: Path) -> Path:
    """Lay the bundle out in a folder below `out`, and beside it as a zip; both are replaced.

    `whole` is the wheel of this project, `wheels` the folder with those it needs.
    """
    with tempfile.TemporaryDirectory() as scratch:
        own = agent_only(whole, Path(scratch))
        version = own.name.split("-")[1]
        folder = out / f"fernbereit-agent-{version}-windows-{arch}"
        shutil.rmtree(folder, ignore_errors=True)
        (folder / "wheels").mkdir(parents=True)
        for wheel in (*sorted(wheels.glob("*.whl")), own):
            shutil.copyfile(wheel, folder / "wheels" / wheel.name)
    for name in SCRIPTS:
        _copy_script(HERE / name, folder / name, version)
    shutil.copyfile(ROOT / "LICENSE", folder / "LICENSE")
    shutil.copyfile(ROOT / "deploy" / "agent.toml", folder / "agent.toml.sample")
    policy = HERE / "policy"
    if policy.is_dir():
        shutil.copytree(policy, folder / "policy", ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    facts = {"version": version, "architecture": arch, "python": PYTHON, "commands": commands()}
    (folder / "bundle.json").write_text(json.dumps(facts, indent=1) + "\n", encoding="utf-8", newline="\n")
    parts = json.dumps(parts_list(sorted((folder / "wheels").glob("*.whl")), version), indent=1)
    (folder / "sbom.cdx.json").write_text(parts + "\n", encoding="utf-8", newline="\n")
    refuse_clashes((folder / "wheels").glob("*.whl"))
    sums = "".join(f"{_sha256(file)}  {name}\n" for name, file in _files(folder))
    (folder / "SHA256SUMS").write_text(sums, encoding="utf-8", newline="\n")
    _zip(folder, Path(f"{folder}.zip"))
    return folder


def commands() -> list[dict[str, str]]:
    """Return name and module of each command that a laptop has."""
    scripts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["scripts"]
    return [
        {"name": name, "module": place.partition(":")[0].removesuffix(".__main__")}
        for name, place in scripts.items()
        if name.startswith("fernbereit-agent")
    ]


def download(folder: Path, platform: str, *, locked: bool) -> Path:
    """Fetch the wheels of one platform; `locked` takes exactly what the lock names."""
    wanted = ["--require-hashes", "-r", str(LOCK)] if locked else _needed()
    platform_of = ["--only-binary=:all:", f"--platform={platform}", f"--python-version={PYTHON}"]
    _pip("download", *platform_of, "--dest", str(folder), *wanted)
    return folder


def lock() -> str:
    """Return the lock: what the agent needs today, as the frozen build pins it, hashed for both machines."""
    hashes: dict[str, set[str]] = {}
    for platform in ARCHITECTURES.values():
        with tempfile.TemporaryDirectory() as scratch:
            for wheel in download(Path(scratch), platform, locked=False).glob("*.whl"):
                name, version = wheel.name.split("-")[:2]
                hashes.setdefault(f"{name.replace('_', '-').lower()}=={version}", set()).add(_sha256(wheel))
    head = f"# Written by deploy/windows/bundle.py --lock. For Python {PYTHON} on Windows, x64 and ARM64."
    pins = [
        " \\\n    ".join([pin, *(f"--hash=sha256:{one}" for one in sorted(hashes[pin]))])
        for pin in sorted(hashes)
    ]
    return "\n".join([head, *pins]) + "\n"


def _needed() -> list[str]:
    """Return the requirements of the agent, held to the versions of the frozen build."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return [*project["dependencies"], "--constraint", str(ROOT / "deploy" / "freeze" / "versions.txt")]


def built(scratch: Path) -> Path:
    """Build and return the wheel of this tree."""
    _pip("wheel", "--no-deps", "--wheel-dir", str(scratch / "built"), str(ROOT))
    return next((scratch / "built").glob("fernbereit-*.whl"))


def _pip(*arguments: str) -> None:
    silent = ["--quiet", "--disable-pip-version-check"]
    subprocess.run([sys.executable, "-m", "pip", *silent, *arguments], check=True)


def agent_only(wheel: Path, scratch: Path) -> Path:
    """Return a wheel with what a laptop carries: the shared language and the agent."""
    version = wheel.name.split("-")[1]
    target = scratch / f"fernbereit_agent-{version}-py3-none-any.whl"
    record = f"fernbereit-{version}.dist-info/RECORD"
    lines = []
    with zipfile.ZipFile(wheel) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
        for name in sorted(source.namelist()):
            if name.startswith((*OWN_PACKAGES, "fernbereit-")) and name != record:
                content = source.read(name)
                lines.append(f"{name},sha256={_urlsafe(content)},{len(content)}\n")
                made.writestr(_entry(name), content)
        made.writestr(_entry(record), "".join([*lines, f"{record},,\n"]))
    return target


def parts_list(wheels: Iterable[Path], version: str) -> dict[str, object]:
    """Return the parts and their hashes as CycloneDX 1.5."""
    parts = [
        {
            "type": "library",
            "name": name,
            "version": found,
            "purl": f"pkg:pypi/{name}@{found}",
            "hashes": [{"alg": "SHA-256", "content": _sha256(wheel)}],
        }
        for wheel in wheels
        for name, found in [(wheel.name.split("-")[0].replace("_", "-").lower(), wheel.name.split("-")[1])]
        if name != "fernbereit-agent"
    ]
    whole = {"type": "application", "name": "fernbereit-agent", "version": version}
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {"component": whole},
        "components": parts,
    }


def _copy_script(source: Path, target: Path, version: str) -> None:
    """Copy a text; PowerShell 5.1 needs a mark to take UTF-8 for what it is, and Windows ends lines so."""
    target.parent.mkdir(parents=True, exist_ok=True)
    text = source.read_text(encoding="utf-8").replace("@VERSION@", version)
    powershell = source.suffix == ".ps1"
    mark = "utf-8-sig" if powershell else "utf-8"
    target.write_text(text, encoding=mark, newline="\r\n" if powershell else "\n")


def refuse_clashes(wheels: Iterable[Path]) -> None:
    """Refuse what cannot be unpacked into one folder: a file of another wheel, scripts."""
    owner: dict[str, str] = {}
    for wheel in wheels:
        with zipfile.ZipFile(wheel) as file:
            for name in file.namelist():
                if (
                    re.match(r"[^/]+\.data/", name)
                    or owner.setdefault(name.lower(), wheel.name) != wheel.name
                ):
                    raise SystemExit(f"{wheel.name}: {name} cannot simply be unpacked beside the others")


def _files(folder: Path) -> Iterator[tuple[str, Path]]:
    for file in sorted(folder.rglob("*")):
        if file.is_file() and file.name != "SHA256SUMS":
            yield file.relative_to(folder).as_posix(), file


def _zip(folder: Path, target: Path) -> None:
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
        for name, file in [*_files(folder), ("SHA256SUMS", folder / "SHA256SUMS")]:
            made.writestr(_entry(f"{folder.name}/{name}"), file.read_bytes())


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, EARLIEST)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o644 << 16
    return entry


def _sha256(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def _urlsafe(content: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()


if __name__ == "__main__":
    main()
