"""Does a laptop keep its id?"""

import os
from pathlib import Path

import pytest

from fernbereit.topics import is_device_id
from fernbereit_agent.errors import OutboxError
from fernbereit_agent.identity import device_id, write_private
from fernbereit_agent.settings import DeviceSettings, Settings


def test_the_id_is_made_once_and_kept(tmp_path: Path) -> None:
    """In a file that only its owner can read."""
    settings = Settings(data=tmp_path / "data")
    made = device_id(settings)
    assert is_device_id(made)
    assert device_id(settings) == made
    assert (tmp_path / "data" / "device_id").stat().st_mode & 0o077 == 0


def test_two_laptops_have_two_ids(tmp_path: Path) -> None:
    """Each folder makes its own."""
    assert device_id(Settings(data=tmp_path / "a")) != device_id(Settings(data=tmp_path / "b"))


def test_the_id_of_the_settings_comes_first(tmp_path: Path) -> None:
    """And nothing is written."""
    wanted = "11111111-2222-4333-8444-555555555555"
    assert device_id(Settings(data=tmp_path / "data", device=DeviceSettings(id=wanted))) == wanted
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"laptop-7"], ids=["empty", "no text", "no UUID"])
def test_a_damaged_file_is_replaced(tmp_path: Path, content: bytes) -> None:
    """The laptop becomes a new device instead of none."""
    (tmp_path / "device_id").write_bytes(content)
    made = device_id(Settings(data=tmp_path))
    assert (tmp_path / "device_id").read_text(encoding="ascii") == f"{made}\n"


def test_an_id_that_cannot_be_kept_is_an_error(tmp_path: Path) -> None:
    """Better no report than a new device with every start."""
    (tmp_path / "file").touch()
    with pytest.raises(OutboxError, match=r"the device id cannot be kept: .*; name a folder .* --data DIR"):
        device_id(Settings(data=tmp_path / "file"))


def test_a_file_is_replaced_in_one_step(tmp_path: Path) -> None:
    """Whoever has it open keeps reading the old one, and no scratch file stays."""
    file = tmp_path / "last_sent.txt"
    write_private(file, b"old")
    with file.open("rb") as reader:
        write_private(file, b"new")
        assert reader.read() == b"old"
    assert file.read_bytes() == b"new"
    assert os.listdir(tmp_path) == ["last_sent.txt"]  # noqa: PTH208 - hidden files too
