"""Which data folders are refused, and with what advice?"""

import errno
import os
import sys
from pathlib import Path

import pytest

from fernbereit_server.errors import StoreError
from fernbereit_server.store.folder import open_folder
from somebody_else import somebody_else


def test_a_folder_is_made_for_its_owner_alone_and_left_empty(tmp_path: Path) -> None:
    """Whatever was tried is gone."""
    folder = tmp_path / "a" / "b"
    open_folder(folder)

    assert list(folder.iterdir()) == []
    assert os.name != "posix" or folder.stat().st_mode & 0o777 == 0o700


@pytest.mark.skipif(sys.platform == "win32", reason="needs the access rights of POSIX")
def test_a_folder_of_somebody_else_is_refused_by_name(tmp_path: Path) -> None:
    """As for a service whose folder nobody made; root is asked as another user."""
    folder = tmp_path / "data"
    folder.mkdir(mode=0o555)
    for refused in (folder, folder / "below"):
        with somebody_else(), pytest.raises(StoreError) as told:
            open_folder(refused)
        assert str(told.value).startswith(f"{refused}: the data folder cannot be ")
        assert "(Permission denied); set data" in str(told.value)


def test_a_full_disk_is_waited_for_and_not_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """There may be room later, as at any other time."""

    def full(**_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("tempfile.TemporaryFile", full)
    open_folder(tmp_path / "data")

    assert (tmp_path / "data").is_dir()
