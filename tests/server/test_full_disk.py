"""What does the collector do on a disk that is full, or that cannot be written at all?

On a small file system in memory, which only root may make.
"""

import os
import queue
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from collecting import collecting, radio, settings_for
from fernbereit_server.app import create_app
from fernbereit_server.fleet import load_fleet
from mosquitto import mosquitto
from processes import wait_for
from sending import BODY, Laptop
from served import Client

pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(
        sys.platform != "linux" or os.geteuid() != 0,
        reason="needs root on Linux to mount a small file system",
    ),
]


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Return the mount point of a file system of two megabytes."""
    point = tmp_path / "disk"
    point.mkdir()
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(point)], capture_output=True, check=False
    )
    if made.returncode:
        pytest.skip("needs the right to mount a small file system")
    try:
        yield point
    finally:
        subprocess.run(["umount", "--lazy", str(point)], check=True)


def fill(disk: Path) -> Path:
    """Leave not one byte free."""
    file = disk / "filler"
    with file.open("wb", buffering=0) as filler, suppress(OSError):
        while True:
            filler.write(b"\0" * 4096)
    return file


def test_on_a_full_disk_nothing_is_answered_until_there_is_room(tmp_path: Path, small_disk: Path) -> None:
    """Not ready meanwhile, nothing lost, and it goes on by itself."""
    laptops = [Laptop() for _ in range(40)]
    for laptop in laptops:
        laptop.write(BODY + b" " * 8000)
    with (
        mosquitto(tmp_path) as broker,
        collecting(settings_for(small_disk / "data", broker.port)) as collector,
        radio(broker.port, *laptops) as talk,
    ):
        filler = fill(small_disk)
        for laptop in laptops:
            talk.report(laptop)
        wait_for("a paused collector", lambda: collector.state == "paused")
        while not talk.answers.empty():
            talk.answers.get()
        with pytest.raises(queue.Empty):
            talk.answer(within_s=1)
        filler.unlink()
        wait_for("a reading collector", lambda: collector.state == "reading", 60)
        wait_for("every device", lambda: len(collector.fleet.devices) == len(laptops), 60)

        with collector.engine.connect() as connection:
            stored = load_fleet(connection).devices
        assert {device: stored[device].mark for device in stored} == {
            laptop.device_id: laptop.expected_mark() for laptop in laptops
        }
        assert collector.tally.commits_failed > 0


def test_a_data_folder_that_cannot_be_written_is_waited_for(
    tmp_path: Path, small_disk: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Not ready, the log and /readyz say which folder and why, and ready as soon as it can be."""
    laptop = Laptop()
    laptop.write()
    remount(small_disk, "ro")
    with (
        mosquitto(tmp_path) as broker,
        collecting(settings_for(small_disk / "data", broker.port), until="paused") as collector,
    ):
        ready = Client(create_app(collector)).get("/readyz")
        assert ready.status_code == 503
        for told in (ready.json()["reasons"][0], caplog.text):
            assert f"{small_disk / 'data'}" in told
            assert "Read-only file system" in told
        remount(small_disk, "rw")
        wait_for("a reading collector", lambda: collector.state == "reading", 60)
        with radio(broker.port, laptop) as talk:
            talk.report(laptop)
            assert talk.answer()[1].mark == 1


def remount(point: Path, how: str) -> None:
    subprocess.run(["mount", "-o", f"remount,{how}", str(point)], check=True)
