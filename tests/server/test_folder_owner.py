"""What does root leave alone in a folder of a service that somebody took over?"""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from fernbereit_server.backups.restoring import look
from fernbereit_server.errors import StoreError
from fernbereit_server.folder_owner import (
    NotPlainError,
    Owner,
    give_to_owner,
    held_by_root,
    open_inside,
    owner_of,
)
from fernbereit_server.secret_file import secret
from fernbereit_server.store.claim import FILE, claimed_folder
from fernbereit_server.store.database import open_engine, upgrade
from realparts import lacking

if sys.platform == "win32":
    pytest.skip("Windows has no root", allow_module_level=True)
if os.geteuid() != 0:
    lacking("needs root, who can give files away", whole_module=True)

SERVICE = 61_184
OURS = Owner(SERVICE, SERVICE)


@pytest.fixture
def victim(tmp_path: Path) -> Path:
    """Make a file that is none of the service's business."""
    file = tmp_path / "shadow"
    file.write_text("root's alone")
    file.chmod(0o600)
    return file


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Make the folder of the service."""
    folder = tmp_path / "data"
    folder.mkdir(mode=0o700)
    os.chown(folder, *OURS)
    return folder


def untouched(victim: Path) -> bool:
    return victim.read_text() == "root's alone" and victim.stat().st_uid == 0


def pipe(place: Path, _: Path) -> None:
    os.mkfifo(place)


LAID: dict[str, Callable[[Path, Path], None]] = {
    "a link": Path.symlink_to,
    "a second name": Path.hardlink_to,
    "a pipe": pipe,
}
each_trap = pytest.mark.parametrize("lay", LAID.values(), ids=LAID)


@each_trap
def test_nothing_but_a_plain_file_with_one_name_is_given_away(
    data: Path, victim: Path, lay: Callable[[Path, Path], None]
) -> None:
    """What it leads to would belong to the service."""
    lay(data / "policy.key", victim)
    with pytest.raises(OSError):  # noqa: PT011 - links, names and pipes have numbers of their own
        give_to_owner(data / "policy.key", owner=OURS)
    assert untouched(victim)


@each_trap
def test_nothing_else_is_read_for_a_backup(
    data: Path, victim: Path, lay: Callable[[Path, Path], None]
) -> None:
    """Put back, it would be the service's to read."""
    lay(data / "policy.key", victim)
    with pytest.raises(OSError):  # noqa: PT011 - as above
        open_inside(data / "policy.key").close()


@each_trap
def test_nor_while_root_holds_the_folder(data: Path, victim: Path, lay: Callable[[Path, Path], None]) -> None:
    """The folder is root's then, but what lies in it was laid by somebody else."""
    lay(data / "policy.key", victim)
    with held_by_root(data) as owner, pytest.raises(NotPlainError, match=r"policy\.key"):
        open_inside(data / "policy.key", owner).close()


@each_trap
def test_a_secret_is_read_from_nothing_else(
    data: Path, victim: Path, lay: Callable[[Path, Path], None]
) -> None:
    """Root would work with the secret of somebody else, and what it makes of it would tell."""
    victim.write_text("11" * 32)
    lay(data / "policy.key", victim)
    with pytest.raises(StoreError, match=r"policy\.key"):
        secret(data / "policy.key", what="the key")


@pytest.mark.parametrize("lay", [Path.symlink_to, Path.hardlink_to], ids=["a link", "a second name"])
@pytest.mark.parametrize("suffix", ["", "-wal", "-shm", "-journal"])
def test_no_other_store_is_opened(
    data: Path, victim: Path, lay: Callable[[Path, Path], None], suffix: str
) -> None:
    """SQLite would write where a link leads, and give its log away to whose the store is."""
    upgraded = open_engine(f"sqlite:///{data / 'fernbereit.sqlite3'}")
    upgrade(upgraded)
    upgraded.dispose()
    trap = data / f"fernbereit.sqlite3{suffix}"
    trap.unlink(missing_ok=True)
    lay(trap, victim)

    engine = open_engine(f"sqlite:///{data / 'fernbereit.sqlite3'}")
    with pytest.raises(StoreError, match=r"fernbereit\.sqlite3"):
        engine.connect()
    with held_by_root(data) as owner, pytest.raises(StoreError, match=r"fernbereit\.sqlite3"):
        look(engine, owner=owner)

    assert untouched(victim)


@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGTERM], ids=lambda one: one.name)
def test_a_folder_is_given_back_by_whoever_is_asked_to_end(data: Path, number: signal.Signals) -> None:
    """The terminal may be closed while a question waits for its answer."""
    program = (
        "import os, signal, sys; from pathlib import Path; "
        "from fernbereit_server.folder_owner import held_by_root; "
        f"signal.signal({number:d}, signal.SIG_DFL)\n"
        f"with held_by_root(Path(sys.argv[1])): os.kill(os.getpid(), {number:d}); signal.pause()"
    )
    ended = subprocess.run([sys.executable, "-c", program, str(data)], check=False, timeout=60)
    assert ended.returncode == 128 + number
    assert owner_of(data) == OURS


def test_a_folder_of_root_itself_may_hold_links(tmp_path: Path, victim: Path) -> None:
    """Nobody else laid them: keys may be mounted from elsewhere."""
    (tmp_path / "policy.key").symlink_to(victim)
    with open_inside(tmp_path / "policy.key") as opened:
        assert opened.read() == b"root's alone"


def test_a_secret_is_written_through_no_link(
    data: Path, victim: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever name its draft is given, also one that was guessed."""
    monkeypatch.setattr("secrets.token_hex", lambda _: "00" * 32)
    for guessed in (str(os.getpid()), "00" * 32):
        (data / f".policy.key.{guessed}").symlink_to(victim)

    with pytest.raises(StoreError):
        secret(data / "policy.key", what="the key")

    assert untouched(victim)


def test_a_lock_is_made_through_no_link(data: Path, tmp_path: Path) -> None:
    """An empty file elsewhere can do harm as well; it is said what to look at."""
    (data / FILE).symlink_to(tmp_path / "nologin")
    with pytest.raises(StoreError, match=FILE), claimed_folder(data):
        pass
    assert not (tmp_path / "nologin").exists()


def test_a_lock_that_root_makes_belongs_to_the_service(data: Path) -> None:
    """Else the service could not start after the first restore."""
    with claimed_folder(data):
        assert owner_of(data) == OURS
    assert (data / FILE).stat().st_uid == SERVICE


def test_a_store_that_root_makes_belongs_to_the_service(data: Path) -> None:
    """Else a service could not write that is started after the first import."""
    engine = open_engine(f"sqlite:///{data / 'fernbereit.sqlite3'}")
    upgrade(engine)
    left = {file.name: file.stat().st_uid for file in data.iterdir()}
    engine.dispose()

    assert set(left) >= {"fernbereit.sqlite3", "fernbereit.sqlite3-wal"}
    assert set(left.values()) == {SERVICE}


def test_while_root_works_in_a_folder_its_owner_changes_nothing_there(data: Path) -> None:
    """Nor is a folder exchanged for a link between two steps; afterwards it is as it was."""
    folder = os.open(data, os.O_RDONLY)
    try:
        with held_by_root(data) as owner:
            (data / "unpacked").mkdir()
            os.seteuid(SERVICE)
            try:
                with pytest.raises(PermissionError):
                    os.rename("unpacked", "mine", src_dir_fd=folder, dst_dir_fd=folder)
            finally:
                os.seteuid(0)
    finally:
        os.close(folder)
    assert owner == OURS
    assert (data.stat().st_uid, data.stat().st_gid, data.stat().st_mode & 0o7777) == (*OURS, 0o700)
