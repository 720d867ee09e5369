"""Does `fernbereit serve` start everything, say what stands in its way, and leave nothing behind?"""

import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path
from urllib.request import urlopen

import pytest

from collecting import radio
from processes import Program, free_port, running, wait_for
from sending import Laptop

COMMAND = (sys.executable, "-m", "fernbereit_server", "serve")


def settings(folder: Path, http: int, broker: int) -> Path:
    file = folder / "collector.toml"
    file.write_text(f'data = "{folder / "data"}"\n[http]\nport = {http}\n[broker]\nport = {broker}\n')
    return file


def serve(file: Path, *more: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, "--settings", str(file), *more],
        capture_output=True,
        text=True,
        env={**os.environ, **environment},
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGINT], ids=["SIGTERM", "Ctrl+C"])
def test_it_serves_until_it_is_told_to_end(tmp_path: Path, ending: signal.Signals) -> None:
    """Ready, takes in a report, ends with 0; the ports are free again and the log names no device."""
    http, mqtt = free_port(), free_port()
    laptop = Laptop()
    laptop.write()
    program = Program("collector", [*COMMAND, "--settings", str(settings(tmp_path, http, mqtt))], tmp_path)
    with running(program):
        address = f"http://127.0.0.1:{http}/readyz"
        wait_for("readiness", lambda: urlopen(address, timeout=5).status == 200, 60)
        with radio(mqtt, laptop) as talk:
            talk.report(laptop)
            assert talk.answer()[1].mark == 1
        assert program.process is not None
        program.process.send_signal(ending)

        assert program.process.wait(timeout=30) == 0
        for port in (http, mqtt):
            with socket.create_server(("127.0.0.1", port)) as free:
                assert free.getsockname()[1] == port
    log = program.log.read_text()
    assert "Traceback" not in log
    assert laptop.device_id not in log
    assert f"http://127.0.0.1:{http}" in log


@pytest.mark.parametrize("key", ["http.port", "broker.port"])
def test_a_port_in_use_is_named_with_the_key_that_chooses_another(tmp_path: Path, key: str) -> None:
    """Nothing keeps running, exit code 1."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        http, mqtt = (port, free_port()) if key == "http.port" else (free_port(), port)
        ended = serve(settings(tmp_path, http, mqtt))

    assert ended.returncode == 1
    assert f"port {port} " in ended.stderr
    assert key in ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize("folder", ["file", "file/data"], ids=["it is a file", "a file is in the way"])
def test_a_data_folder_that_cannot_be_used_is_told_before_anything_is_served(
    tmp_path: Path, folder: str
) -> None:
    """Folder, reason and next step; exit code 1."""
    (tmp_path / "file").touch()
    data = tmp_path / folder
    ended = serve(settings(tmp_path, free_port(), free_port()), FERNBEREIT_COLLECTOR_DATA=str(data))

    assert ended.returncode == 1
    assert re.search(rf"^{data}: the data folder cannot be made \(\w+ .+\); set data", ended.stderr)
    assert "install -d" in ended.stderr
    assert ended.stdout == ""
    assert "Traceback" not in ended.stderr


def test_with_wrong_settings_nothing_is_started(tmp_path: Path) -> None:
    """One line a fault, exit code 2, not even a folder is made."""
    file = settings(tmp_path, 8740, 8741)
    ended = serve(file, FERNBEREIT_COLLECTOR_HTTP__HOST="0.0.0.0")  # noqa: S104

    assert ended.returncode == 2
    assert "FERNBEREIT_COLLECTOR_HTTP__HOST" in ended.stderr
    assert "identity and roles are not built yet" in ended.stderr
    assert not (tmp_path / "data").exists()


def test_settings_can_be_checked_without_starting(tmp_path: Path) -> None:
    """Before a restart that should not fail."""
    ended = serve(settings(tmp_path, 8740, 8741), "--check-settings", "--lang", "en")

    assert (ended.returncode, ended.stdout) == (0, "The settings are right.\n")
    assert not (tmp_path / "data").exists()
