"""Does `fernbereit demo` show everything, and leave nothing behind however it ends?"""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

import pytest
from typer.testing import CliRunner

import oracle
from fernbereit_server.cli import app
from processes import free_port, wait_for

if sys.platform == "win32":
    pytest.skip("needs process groups and signals of POSIX", allow_module_level=True)

pytestmark = pytest.mark.slow


@pytest.fixture
def port() -> int:
    """Return a port whose neighbour is free as well."""
    while True:
        found = free_port()
        with socket.socket() as neighbour:
            try:
                neighbour.bind(("127.0.0.1", found + 1))
            except OSError:
                continue
        return found


@contextmanager
def the_demo(temporary: Path, *options: str, **environment: str) -> Iterator[subprocess.Popen[str]]:
    """Run the command as a person would, with its temporary files below `temporary`."""
    temporary.mkdir(exist_ok=True)
    process = subprocess.Popen(
        [sys.executable, "-m", "fernbereit_server", "demo", "--lang", "en", *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        env={
            **os.environ,
            "TMPDIR": str(temporary),
            "COLUMNS": "200",
            "PYTHONIOENCODING": "utf-8",
            **environment,
        },
        start_new_session=True,
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


def nothing_is_left(process: subprocess.Popen[str], temporary: Path) -> bool:
    """Tell whether every process of the demonstration and every file it made is gone."""
    try:
        os.killpg(process.pid, 0)
    except ProcessLookupError:
        return list(temporary.iterdir()) == []
    return False


def test_check_waits_for_everybody_and_leaves_nothing(tmp_path: Path, port: int) -> None:
    """Two hundred devices and this computer are committed, the oracle agrees, nothing is left."""
    log = tmp_path / "log.jsonl"
    data = tmp_path / "kept"
    options = ("--check", "--devices", "200", "--port", str(port), "--data", str(data), "--log", str(log))
    with the_demo(tmp_path / "tmp", *options) as process:
        said, _ = process.communicate(timeout=110)

    assert process.returncode == 0, said
    assert re.search(r"Every report is in the database: 1[6-8]\d devices", said)
    assert re.search(r"can work\. What stops most of the others: VPN-Lizenzen\.", said)
    assert re.search(r"all units +│ +\d+ │ +\d+ │", said), "readiness stands in the summary"
    assert "other units" in said
    assert nothing_is_left(process, tmp_path / "tmp")
    assert oracle.faults(log, f"sqlite:///{data / 'fernbereit.sqlite3'}") == []


def test_a_kept_folder_is_taken_up_again(tmp_path: Path, port: int) -> None:
    """A second demonstration on the same folder finds the devices of the first, this computer included."""
    options = ("--check", "--devices", "30", "--port", str(port), "--data", str(tmp_path / "kept"))
    said = []
    for _ in range(2):
        with the_demo(tmp_path / "tmp", *options) as process:
            said.append(process.communicate(timeout=110)[0])
        assert process.returncode == 0, said[-1]

    first, second = (text[text.index("Every report") :].splitlines()[0] for text in said)
    assert first == second


def test_other_commands_read_what_it_leaves(tmp_path: Path, port: int) -> None:
    """The settings in its folder open drill and dry run to whoever types what it tells."""
    kept = tmp_path / "kept"
    with the_demo(
        tmp_path / "tmp", "--check", "--devices", "60", "--port", str(port), "--data", str(kept)
    ) as process:
        process.communicate(timeout=110)
    settings = ("--settings", str(kept / "collector.toml"), "--lang", "en")
    drill = CliRunner().invoke(app, ["drill", "gateway lost", *settings])
    dry_run = CliRunner().invoke(app, ["policy", "dry-run", str(kept / "draft-policy.yaml"), *settings])

    assert (drill.exit_code, dry_run.exit_code) == (0, 0), drill.output + dry_run.output
    assert "VPN Rathaus" in drill.output
    assert (kept / "collector.toml").stat().st_mode & 0o077 == 0


def test_a_demonstration_that_is_killed_takes_its_agent_along(tmp_path: Path, port: int) -> None:
    """Nobody is left reporting to a collector that is gone."""
    with the_demo(tmp_path / "tmp", "--devices", "3", "--port", str(port)) as process:
        wait_for("the agent", lambda: b"tied" in commands_of(process.pid), 60)
        os.kill(process.pid, signal.SIGKILL)
        process.wait(timeout=20)
        wait_for("the end of the agent", lambda: b"tied" not in commands_of(process.pid), 30)


def commands_of(group: int) -> bytes:
    """Return the command lines of a process group."""
    return subprocess.run(("ps", "-o", "args=", "-g", str(group)), stdout=subprocess.PIPE, check=False).stdout


def test_check_names_what_is_missing(tmp_path: Path, port: int) -> None:
    """Without enough time it says who is missing and exits with 1."""
    options = ("--check", "--devices", "60", "--port", str(port), "--within", "0.1")
    with the_demo(tmp_path / "tmp", *options) as process:
        said, _ = process.communicate(timeout=110)

    assert process.returncode == 1
    assert "still missing" in said
    assert "this computer" in said.partition("still missing")[2]
    assert "devices of Musterstadt: NB-0" in said
    assert nothing_is_left(process, tmp_path / "tmp")


def test_an_agent_that_ends_is_told_with_its_last_words(tmp_path: Path, port: int) -> None:
    """The check does not wait for a report that cannot come."""
    (tmp_path / "fernbereit_agent.py").write_text("raise SystemExit('no probes here')", encoding="utf-8")
    options = ("--check", "--devices", "30", "--port", str(port), "--within", "100")
    with the_demo(tmp_path / "tmp", *options, PYTHONPATH=str(tmp_path)) as process:
        said, _ = process.communicate(timeout=90)

    assert process.returncode == 1
    assert "its agent ended (code 1): no probes here" in said
    assert nothing_is_left(process, tmp_path / "tmp")


@pytest.mark.parametrize(
    ("ending", "send"),
    [("SIGINT", os.killpg), ("SIGTERM", os.kill), ("SIGHUP", os.killpg)],
    ids=["Ctrl-C, which a terminal sends to all of them", "a service manager", "a closed terminal"],
)
def test_however_it_is_ended_nothing_is_left(
    tmp_path: Path, port: int, ending: str, send: Callable[[int, int], None]
) -> None:
    """While it runs the pages answer; afterwards there is no process, no file and no traceback."""
    temporary = tmp_path / "tmp"
    with the_demo(temporary, "--devices", "30", "--port", str(port)) as process:
        wait_for("a published page", lambda: b"fernbereit_devices{" in metrics(port), 60)
        send(process.pid, getattr(signal, ending))
        said, _ = process.communicate(timeout=60)

    assert process.returncode in {0, 130}, said
    assert "No process and no file is left behind" in said
    assert "Traceback" not in said
    assert nothing_is_left(process, temporary)


def metrics(port: int) -> bytes:
    """Return what Prometheus would read."""
    with urlopen(f"http://127.0.0.1:{port}/metrics") as answer:
        return bytes(answer.read())


def test_it_tells_a_person_where_to_look(tmp_path: Path, port: int) -> None:
    """Addresses, the fast clock, the invented history and how a Prometheus reads it."""
    with the_demo(tmp_path / "tmp", "--devices", "30", "--port", str(port)) as process:
        assert process.stdout is not None
        said = ""
        deadline = time.monotonic() + 90
        while "Ctrl-C" not in said and time.monotonic() < deadline:
            said += process.stdout.readline()
        os.kill(process.pid, signal.SIGTERM)
        process.communicate(timeout=60)

    assert process.returncode == 0
    for part in (
        f"http://127.0.0.1:{port}/devices/",
        "/metrics",
        "/openapi.json",
        "If the office closes tomorrow",
        "fernbereit drill --settings",
        "fernbereit policy dry-run",
        "scrape_configs",
        "invented",
    ):
        assert part in said


@pytest.mark.parametrize("neighbour", [0, 1], ids=["of the console", "of the broker"])
def test_a_port_in_use_is_explained(tmp_path: Path, port: int, neighbour: int) -> None:
    """It says which port, and what to type to choose another, and nothing else; nothing is started."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", port + neighbour))
        taken.listen()
        with the_demo(tmp_path / "tmp", "--devices", "30", "--port", str(port)) as process:
            said, _ = process.communicate(timeout=60)

    assert process.returncode == 1
    assert said.startswith(f"port {port + neighbour} of 127.0.0.1")
    assert len(said.splitlines()) == 1
    assert f"fernbereit demo --port {port + 10}" in said
    assert nothing_is_left(process, tmp_path / "tmp")


def test_a_folder_of_somebody_else_is_not_touched(tmp_path: Path) -> None:
    """Invented data never gets among real data."""
    (tmp_path / "fernbereit.sqlite3").write_bytes(b"real")

    answer = CliRunner().invoke(app, ["demo", "--data", str(tmp_path), "--port", str(free_port())])

    assert answer.exit_code == 2
    assert "expected an empty folder" in answer.output
    assert [path.name for path in tmp_path.iterdir()] == ["fernbereit.sqlite3"]


@pytest.mark.parametrize(
    "wrong",
    [("--devices", "0"), ("--port", "70000"), ("--lang", "fr")],
    ids=["no device", "no such port", "no such language"],
)
def test_wrong_arguments_start_nothing(wrong: tuple[str, str]) -> None:
    """They exit with 2."""
    assert CliRunner().invoke(app, ["demo", *wrong]).exit_code == 2
