"""Does every command end, with all it started?"""

import os
import signal
import sys
from pathlib import Path

import psutil
import pytest

from fernbereit_agent import commands
from fernbereit_agent.errors import TimedOut, Unreadable
from processes import wait_for

if sys.platform == "win32":
    pytest.skip("Windows has no commands of Unix", allow_module_level=True)


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commands, "DEADLINE_S", 1.0)
    monkeypatch.setattr(commands, "GRACE_S", 5.0)


def _started(file: Path) -> list[int]:
    return [int(line) for line in file.read_text().split()] if file.exists() else []


def test_what_a_hanging_command_started_is_ended_with_it(tmp_path: Path) -> None:
    """A script that waits for a tool leaves neither itself nor the tool behind."""
    file = tmp_path / "pids"
    script = f"echo $$ >> {file}; sleep 600 & echo $! >> {file}; wait"
    with pytest.raises(TimedOut):
        commands.run("sh", "-c", script)

    pids = _started(file)
    assert len(pids) == 2
    wait_for("the end of both", lambda: not any(map(_runs, pids)))


def test_a_command_that_leaves_a_holder_of_its_output_behind_is_ended_as_well(tmp_path: Path) -> None:
    """The script is done, but what it started keeps the pipe open: nothing waits for that for ever."""
    file = tmp_path / "pids"
    with pytest.raises(TimedOut):
        commands.run("sh", "-c", f"sleep 600 & echo $! >> {file}")

    wait_for("the end of what it started", lambda: not any(map(_runs, _started(file))))


def test_a_flood_ends_after_a_megabyte() -> None:
    """A command that never stops talking is cut off and is no answer."""
    with pytest.raises(Unreadable):
        commands.run("yes")


def test_a_command_that_cannot_be_killed_is_not_started_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Held by the kernel it stays, alone, however often it is asked for; once gone it is started again."""
    file = tmp_path / "pids"
    command = ("sh", "-c", f"echo $$ >> {file}; exec sleep 600")
    with monkeypatch.context() as patch:
        patch.setattr(commands, "GRACE_S", 0.1)
        patch.setattr(os, "killpg", lambda _group, _signal: None)  # as the kernel does with one it holds
        for _ in range(5):
            with pytest.raises(TimedOut):
                commands.run(*command)
        assert len(_started(file)) == 1

    os.kill(_started(file)[0], signal.SIGKILL)
    wait_for("its end", lambda: not _runs(_started(file)[0]))
    with pytest.raises(TimedOut):
        commands.run(*command)
    assert len(_started(file)) == 2


def _runs(pid: int) -> bool:
    return psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
