"""How does the frozen agent become a Debian package? Laid out as dpkg wants it, then packed by dpkg-deb.

Run by `make deb` after `make freeze`. OpenSSL, SQLite and other libraries that Debian carries are left to
Debian, so that its security updates reach the agent; dpkg-shlibdeps names these packages and versions.
"""

import argparse
import email.utils
import gzip
import hashlib
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
NAME = "fernbereit-agent"
HOME = Path("usr/lib", NAME)
DOCUMENTS = Path("usr/share/doc", NAME)
UNITS = Path("lib/systemd/system")
ENTRY = "fernbereit-homeoffice-check.desktop"
COPIED = {
    "deploy/agent.toml": "etc/fernbereit/agent.toml",
    f"deploy/debian/{NAME}.sysusers": f"usr/lib/sysusers.d/{NAME}.conf",
    f"deploy/debian/{NAME}.tmpfiles": f"usr/lib/tmpfiles.d/{NAME}.conf",
    "deploy/debian/lintian-overrides": f"usr/share/lintian/overrides/{NAME}",
    f"deploy/linux/{ENTRY}": f"usr/share/applications/{ENTRY}",
    "deploy/linux/fernbereit.svg": "usr/share/icons/hicolor/scalable/apps/fernbereit.svg",
}


def main() -> None:
    """Pack `--tree` into `--out` as version `--version`."""
    parser = argparse.ArgumentParser(description="Packs the frozen agent for Debian and its kin.")
    parser.add_argument("--tree", type=Path, default=ROOT / "dist" / NAME)
    parser.add_argument("--out", type=Path, default=ROOT / "dist")
    parser.add_argument("--version", default=source_version())
    options = parser.parse_args()
    os.environ.setdefault("SOURCE_DATE_EPOCH", str(last_change()))
    os.umask(0o022)
    architecture = said("dpkg", "--print-architecture").strip()
    package = options.out / f"{NAME}_{options.version}_{architecture}.deb"
    package.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as folder:
        scratch = Path(folder)
        stage = scratch / NAME
        lay_out(stage, options.tree, options.version)
        values = {"VERSION": options.version, "ARCHITECTURE": architecture}
        control(stage, {**values, "DEPENDS": needed(stage, scratch)})
        # xz, which every Debian reads; level 3 takes half the time of level 6 and 4 % more room
        said("dpkg-deb", "--root-owner-group", "-Zxz", "-z3", "--build", str(stage), str(package))
    sys.stdout.write(f"{package}: {package.stat().st_size / 1e6:.1f} MB\n")


def source_version() -> str:
    """Return the version the sources state."""
    text = (ROOT / "agent/fernbereit/__init__.py").read_text(encoding="utf-8")
    match = re.search(r'__version__ = "([^"]+)"', text)
    assert match is not None
    return match[1]


def last_change() -> int:
    """Return the time of the last change in Unix seconds, 0 outside of a repository."""
    asked = subprocess.run(
        ["git", "log", "-1", "--format=%ct"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return int(asked.stdout.strip() or "0")


def lay_out(stage: Path, tree: Path, version: str) -> None:
    """Put every file where it will lie, with the modes it will have."""
    if not (tree / NAME).is_file():
        raise SystemExit(f"{tree} holds no frozen agent; make freeze builds it")
    shutil.copytree(tree, stage / HOME)
    for library in (stage / HOME / "_internal").glob("lib*.so*"):
        if of_debian(library.name):
            library.unlink()
    (stage / "usr/bin").mkdir(parents=True)
    (stage / "usr/bin" / NAME).symlink_to(Path("../lib") / NAME / NAME)
    for source, target in COPIED.items():
        put(ROOT / source, stage / target)
    for unit in sorted((ROOT / "deploy/systemd").glob(f"{NAME}*.*")):
        put(unit, stage / UNITS / unit.name)
    documents(stage, version)
    for path in (stage, *stage.rglob("*")):
        if not path.is_symlink():
            starts = path.is_dir() or (path.parent == stage / HOME and path.name.startswith(NAME))
            path.chmod(0o755 if starts else 0o644)


def documents(stage: Path, version: str) -> None:
    """Write what people read: licences, changes, man pages."""
    epoch = int(os.environ["SOURCE_DATE_EPOCH"])
    values = {
        "VERSION": version,
        "DATE": email.utils.formatdate(epoch),
        "MONTH": time.strftime("%Y-%m", time.gmtime(epoch)),
        "LICENCE": as_field((ROOT / "LICENSE").read_text(encoding="utf-8")),
    }
    folder = stage / DOCUMENTS
    write(folder / "copyright", filled(HERE / "copyright", values).encode())
    packed(folder / "changelog.gz", filled(HERE / "changelog", values).encode())
    packed(folder / "CHANGELOG.md.gz", (ROOT / "CHANGELOG.md").read_bytes())
    packed(folder / "THIRD-PARTY.txt.gz", (stage / HOME / "THIRD-PARTY.txt").read_bytes())
    (stage / HOME / "THIRD-PARTY.txt").unlink()
    for language, place in (("en", "usr/share/man/man8"), ("de", "usr/share/man/de/man8")):
        page = HERE / f"{NAME}{'' if language == 'en' else '.' + language}.8"
        commands = commands_in(language, stage / "usr/bin" / NAME)
        packed(stage / place / f"{NAME}.8.gz", filled(page, {**values, "COMMANDS": commands}).encode())


def commands_in(language: str, program: Path) -> str:
    """Return the program's commands and what they do, from its own help, as roff."""
    lines = said(str(program), "--lang", language, "--help").splitlines()
    named = next(line.strip() for line in lines if re.fullmatch(r"\s+[a-z-]+(\|[a-z-]+)+", line))
    found = []
    for name in named.split("|"):
        about = next(line for line in lines if re.match(rf"\s+{name}(\s|$)", line))
        text = about.strip().removeprefix(name).strip()
        if not text:  # a long name has its text on the next line
            text = lines[lines.index(about) + 1].strip()
        found.append(f".TP\n.B {name}\n{text}".replace("-", r"\-"))
    return "\n".join(found)


def control(stage: Path, values: dict[str, str]) -> None:
    """Write what dpkg reads: control, conffiles, checksums, maintainer scripts."""
    folder = stage / "DEBIAN"
    folder.mkdir()
    files = sorted(
        p for p in stage.rglob("*") if p.is_file() and not p.is_symlink() and folder not in p.parents
    )
    size = sum(-(-file.stat().st_size // 1024) for file in files)
    write(folder / "control", filled(HERE / "control", {**values, "SIZE": str(size)}).encode())
    settings = [file for file in files if file.is_relative_to(stage / "etc")]
    write(folder / "conffiles", "".join(f"/{file.relative_to(stage)}\n" for file in settings).encode())
    sums = (
        f"{hashlib.md5(file.read_bytes(), usedforsecurity=False).hexdigest()}  {file.relative_to(stage)}\n"
        for file in files
        if file not in settings
    )
    write(folder / "md5sums", "".join(sums).encode())
    for name in ("postinst", "prerm", "postrm"):
        put(HERE / name, folder / name)
        (folder / name).chmod(0o755)


def of_debian(library: str) -> bool:
    """Tell whether a package of this Debian holds the library; Python's own stays beside its modules."""
    if library.startswith("libpython"):
        return False
    cached = re.search(rf"^\s*{re.escape(library)} .*=> (\S+)$", said("/sbin/ldconfig", "-p"), re.MULTILINE)
    if cached is None:
        return False
    owners = [str(Path(cached[1])), str(Path(cached[1]).resolve()), cached[1].removeprefix("/usr")]
    return any(
        subprocess.run(["dpkg-query", "--search", name], capture_output=True, check=False).returncode == 0
        for name in owners
    )


def needed(stage: Path, scratch: Path) -> str:
    """Return the packages whose libraries the frozen program loads, with the versions it needs."""
    (scratch / "debian").mkdir()
    write(scratch / "debian" / "control", f"Source: {NAME}\n\nPackage: {NAME}\nArchitecture: any\n".encode())
    programs = [
        path
        for path in sorted((stage / HOME).rglob("*"))
        if path.is_file() and path.open("rb").read(4) == b"\x7fELF"
    ]
    own = f"-l{stage / HOME / '_internal'}"
    answer = said("dpkg-shlibdeps", "-O", own, *map(str, programs), folder=scratch)
    return answer.strip().removeprefix("shlibs:Depends=")


def filled(template: Path, values: dict[str, str]) -> str:
    """Return a template with every `@KEY@` replaced."""
    text = template.read_text(encoding="utf-8")
    for key, value in values.items():
        text = text.replace(f"@{key}@", value)
    return text


def as_field(text: str) -> str:
    """Return text as the continuation of a field in a control file."""
    return "\n".join(f" {line}" if line.strip() else " ." for line in text.strip().splitlines())


def put(source: Path, target: Path) -> None:
    """Copy one file."""
    write(target, source.read_bytes())


def packed(file: Path, content: bytes) -> None:
    """Write a file gzipped, without the time."""
    write(file, gzip.compress(content, 9, mtime=0))


def write(file: Path, content: bytes) -> None:
    """Write a file and the folders above it."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)


def said(*command: str, folder: Path | None = None) -> str:
    """Return what a command prints; one that fails ends the build with what it said."""
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{' '.join(command[:3])} ...: {done.stderr or done.stdout}")
    return done.stdout


if __name__ == "__main__":
    main()
