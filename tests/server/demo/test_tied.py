"""Does what the demonstration starts end with it, however it ends?"""

import os
import subprocess
import sys
from pathlib import Path

from fernbereit_server.demo import tied
from processes import wait_for

_PROGRAM = """
import queue, signal, sys
from pathlib import Path
ended = queue.SimpleQueue()
signal.signal(signal.SIGTERM, lambda *_: ended.put(1))
Path(sys.argv[1]).write_text(" ".join(sys.argv[2:]))
ended.get(timeout=60)
Path(sys.argv[1]).write_text("ended in order")
"""


def command(folder: Path) -> tuple[str, ...]:
    (folder / "a_program.py").write_text(_PROGRAM)
    return (sys.executable, "-m", tied.__name__, "a_program", str(folder / "said"), "an", "argument")


def environment(folder: Path) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(folder)}


def test_it_runs_the_module_with_its_arguments_and_ends_with_its_starter(tmp_path: Path) -> None:
    """The end of standard input is the end of the starter; the program gets the time to end in order."""
    said = tmp_path / "said"
    process = subprocess.Popen(command(tmp_path), stdin=subprocess.PIPE, env=environment(tmp_path))
    wait_for("the program", lambda: said.exists() and said.read_text() == "an argument", 20)
    assert process.stdin is not None
    process.stdin.close()

    assert process.wait(timeout=20) == 0
    assert said.read_text() == "ended in order"


def test_a_starter_that_is_killed_takes_it_along(tmp_path: Path) -> None:
    """Nobody gets to say goodbye when a process is killed; the system closes the pipe all the same."""
    starter = tmp_path / "starter.py"
    starter.write_text(
        f"import subprocess, time\nsubprocess.Popen({command(tmp_path)!r}, stdin=subprocess.PIPE)\n"
        "time.sleep(60)\n"
    )
    said = tmp_path / "said"
    process = subprocess.Popen((sys.executable, str(starter)), env=environment(tmp_path))
    try:
        wait_for("the program", lambda: said.exists() and said.read_text() == "an argument", 20)
    finally:
        process.kill()
        process.wait(timeout=20)

    wait_for("the end of the program", lambda: said.read_text() == "ended in order", 20)


def test_its_exit_code_is_that_of_the_module(tmp_path: Path) -> None:
    """An agent that ends by itself is seen to have ended, and why."""
    (tmp_path / "ends.py").write_text("raise SystemExit(7)")
    arguments = (sys.executable, "-m", tied.__name__, "ends")
    with subprocess.Popen(arguments, stdin=subprocess.PIPE, env=environment(tmp_path)) as process:
        assert process.wait(timeout=20) == 7
