"""Is every file of the data folder whole after a kill at any moment of its writing?"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

WRITERS = {
    "device_id": "write_private(data / 'device_id', text, durable=True)",
    "proven.json": "write_private(data / 'proven.json', text)",
    "policy": "publish(data, POLICY, text, durable=True)",
    "last-sent": "publish(data, LAST_SENT, text)",
    "settings": "publish(data, SETTINGS, text)",
}
PROGRAM = """
import sys
from pathlib import Path
from fernbereit_agent.identity import write_private
from fernbereit_agent.owner import LAST_SENT, POLICY, SETTINGS, publish
data = Path(sys.argv[1])
for text in (b"old" * 1000, b"new" * 1000):
    {write}
"""


def _write(folder: Path, name: str, place: str) -> int:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM.format(write=WRITERS[name]), str(folder)],
        env={**os.environ, "FERNBEREIT_CRASH_AT": place},
        check=False,
        timeout=60,
    )
    return done.returncode


def _content(folder: Path, name: str) -> bytes:
    (file,) = (path for path in folder.rglob(name) if path.is_file())
    return file.read_bytes()


@pytest.mark.parametrize("name", WRITERS)
@pytest.mark.parametrize(("moment", "left"), [("write", b"old"), ("written", b"new")])
def test_a_kill_leaves_the_old_file_or_the_new_one(
    tmp_path: Path, name: str, moment: str, left: bytes
) -> None:
    """Never a half of either; and what the kill left behind is in nobody's way."""
    assert _write(tmp_path, name, f"{name}.{moment}:2") == -9
    assert _content(tmp_path, name) == left * 1000
    assert _write(tmp_path, name, "") == 0
    assert _content(tmp_path, name) == b"new" * 1000
