"""How do tests get a Debian with a real systemd? This machine's own, in a container that forgets all changes.

A layer in memory lies over the root of this machine and systemd is started on it as the first process of a
container; what is installed, written or removed there never reaches the machine. The network is shared, so a
broker of the test is at 127.0.0.1 there too. The Python of the tests and the sources cannot be seen inside.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from processes import Program, running, wait_for
from realparts import lacking, missing

ROOT = Path(__file__).resolve().parents[1]
ENVIRONMENT = ("env", "-i", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LANG=C.UTF-8", "HOME=/nonexistent")
LAYER = """
set -e
mkdir -p /run/systemd/nspawn
mount -t tmpfs tmpfs /run/systemd/nspawn
mount -t tmpfs -o mode=0755 tmpfs "$0"
mkdir "$0/changed" "$0/work" "$0/root"
mount -t overlay -o "lowerdir=/,upperdir=$0/changed,workdir=$0/work" overlay "$0/root"
exec systemd-nspawn --quiet --directory="$0/root" --boot --register=no --keep-unit --link-journal=no \\
  --console=pipe "$@" systemd.unit=basic.target
"""


class Debian(Program):
    """One booted container; commands run in it as root or as somebody without rights."""

    def __init__(self, folder: Path, packages: Path) -> None:
        for part, package in {"systemd-nspawn": "systemd-container", "nsenter": "util-linux"}.items():
            if shutil.which(part) is None:
                missing(package)
        self._root = _as_root()
        self._layer = folder / "layer"
        self._layer.mkdir()
        hidden = [f"--tmpfs={place}" for place in (ROOT, Path(sys.base_prefix)) if place != Path("/usr")]
        command = ["unshare", "--mount", "--propagation=private", "sh", "-c", LAYER, str(self._layer)]
        command += [*hidden, f"--bind-ro={packages}:/packages"]
        super().__init__("debian", [*self._root, *command], folder)

    def start(self) -> None:
        """Boot it."""
        super().start()
        wait_for("a booted Debian", lambda: self._state() in {"running", "degraded"}, within_s=60)

    def kill(self) -> None:
        """End it: with its first process all others go, which outlive systemd-nspawn otherwise."""
        first = self._first() if self.alive else None
        if first:
            subprocess.run([*self._root, "kill", "-KILL", first], check=False)
        super().kill()
        if first:
            wait_for("the end of the container", lambda: not Path(f"/proc/{first}").exists())

    def run(self, *command: str, user: str = "root", fails: bool = False) -> str:
        """Return what a command prints; one that fails, or succeeds against `fails`, fails the test."""
        done = self._enter(*command, user=user)
        assert (done.returncode != 0) == fails, f"{command} ended with {done.returncode}: {done.stdout}"
        return done.stdout

    def succeeds(self, *command: str, user: str = "root") -> bool:
        """Tell whether a command ends with 0."""
        return self._enter(*command, user=user).returncode == 0

    def changed(self) -> set[str]:
        """Return every file that was made or changed since the start, and every folder that was made."""
        layer = f"/proc/{self._processes()[-2]}/root{self._layer}/changed"
        command = [*self._root, "find", layer, "!", "-type", "c", "-printf", "%y/%P\n"]
        found = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
        paths = {path[1:]: path[0] == "d" for path in found}
        return {path for path, folder in paths.items() if not (folder and Path(path).is_dir())}

    def _state(self) -> str:
        return self._enter("systemctl", "is-system-running").stdout.strip() if self._first() else ""

    def _first(self) -> str | None:
        """Return the id of the container's first process, seen from outside."""
        last = self._processes()[-1]
        return last if _name(last) == "systemd" else None

    def _processes(self) -> list[str]:
        """Return what led to the first process of the container: sudo if needed, systemd-nspawn, systemd."""
        assert self.process is not None
        found = [str(self.process.pid)]
        while child := _child(found[-1]):
            found.append(child)
        return found

    def _enter(self, *command: str, user: str = "root") -> subprocess.CompletedProcess[str]:
        first = self._first()
        assert first is not None, self.tail()
        become = [] if user == "root" else ["setpriv", f"--reuid={user}", "--regid=nogroup", "--clear-groups"]
        inside = ["nsenter", f"--target={first}", "--all", *ENVIRONMENT, *become]
        return subprocess.run(
            [*self._root, *inside, *command],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            text=True,
            timeout=120,
            check=False,
        )


def _child(pid: str) -> str:
    """Return the first child of a process, none of systemd's."""
    if _name(pid) == "systemd":
        return ""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    return children[0] if children else ""


def _name(pid: str) -> str:
    return Path(f"/proc/{pid}/comm").read_text(encoding="ascii").strip()


@contextmanager
def booted_debian(folder: Path, packages: Path) -> Iterator[Debian]:
    """Yield a Debian that has booted; `packages` lies at `/packages` there."""
    debian = Debian(folder, packages)
    with running(debian):
        yield debian


def _as_root() -> list[str]:
    if sys.platform == "win32":
        lacking("needs Linux")
    if os.geteuid() == 0:
        return []
    if subprocess.run(["sudo", "-n", "true"], check=False).returncode:
        lacking("needs root, or sudo without a password: nobody else can boot a container")
    return ["sudo", "-n"]
