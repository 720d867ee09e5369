"""Is the key of the hashes made once and kept to itself?"""

import os
import sys
from pathlib import Path

import pytest

from fernbereit_server.errors import StoreError
from fernbereit_server.inventory.key import inventory_key
from fernbereit_server.settings import InventorySettings, Settings
from realparts import lacking


def test_a_key_is_made_once(tmp_path: Path) -> None:
    """Every start and every command takes the same."""
    settings = Settings(data=tmp_path / "data")
    key = inventory_key(settings)

    assert len(key) == 32
    assert inventory_key(settings) == key


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps rights in access control lists")
def test_only_its_owner_may_read_the_key(tmp_path: Path) -> None:
    """With it, serial numbers could be guessed."""
    inventory_key(Settings(data=tmp_path / "data"))

    assert (tmp_path / "data" / "inventory.key").stat().st_mode & 0o077 == 0
    assert (tmp_path / "data").stat().st_mode & 0o077 == 0


def test_a_key_that_root_makes_belongs_to_the_owner_of_the_folder(tmp_path: Path) -> None:
    """The service that lives in the folder has an account of its own and must be able to read it."""
    if sys.platform == "win32":
        pytest.skip("Windows has no root")
    if os.geteuid() != 0:
        lacking("needs root, who can give files away")
    os.chown(tmp_path, 61_184, 61_184)
    inventory_key(Settings(data=tmp_path))
    assert (tmp_path / "inventory.key").stat().st_uid == 61_184


def test_the_key_of_the_settings_comes_first(tmp_path: Path) -> None:
    """It is the one the laptops were given."""
    settings = Settings(data=tmp_path, inventory=InventorySettings(key="00" * 16))

    assert inventory_key(settings) == bytes(16)
    assert list(tmp_path.iterdir()) == []


def test_a_key_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    """With the key of the settings that would do instead."""
    (tmp_path / "data").write_text("a file where the folder belongs")
    with pytest.raises(StoreError, match=r"inventory\.key"):
        inventory_key(Settings(data=tmp_path / "data"))
