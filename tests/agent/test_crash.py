"""Do the crash points stay asleep unless one is named?"""

import os
import subprocess
import sys

import pytest

PASS_TWICE = "from fernbereit import crash\nfor n in (1, 2):\n    crash.point('a')\n    print(n, flush=True)"


@pytest.mark.parametrize(
    ("place", "printed", "code"),
    [("", "12", 0), ("b", "12", 0), ("a", "", -9), ("a:2", "1", -9), ("a:3", "12", 0)],
    ids=["unset", "another point", "the first time", "the second time", "a time that never comes"],
)
def test_the_process_dies_at_the_point_that_is_named(place: str, printed: str, code: int) -> None:
    """Without any clean-up, exactly then."""
    ended = subprocess.run(
        [sys.executable, "-c", PASS_TWICE],
        env={**os.environ, "FERNBEREIT_CRASH_AT": place},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert (ended.stdout.replace("\n", ""), ended.returncode) == (printed, code)
