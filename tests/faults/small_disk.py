"""How does a test get a disk that is soon full? A tmpfs, where this user may mount one."""

import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

SIZE = "24m"


@contextmanager
def small_disk(place: Path) -> Iterator[None]:
    """Mount a small disk at an empty folder; raises `OSError` where that is not allowed."""
    try:
        subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "fernbereit", place],
            check=True,
            capture_output=True,
        )
    except subprocess.CalledProcessError as error:
        raise OSError(error.stderr.decode()) from None
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", place], check=True)


@cache
def can_mount() -> bool:
    """Tell whether this user may mount a disk here: root, outside of most containers."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            with small_disk(Path(folder)):
                return True
        except OSError:
            return False
