"""Does the service obey a request, and survive whatever else somebody puts into its mailbox?"""

import json
import os
import sys
import time
from pathlib import Path

import pytest

from fernbereit_agent import contest, mailbox, owner
from fernbereit_agent.clock import SystemClock
from fernbereit_agent.mailbox import Asked, Contest, Mailbox, Send, post
from fernbereit_agent.probes import PROBES
from fernbereit_agent.readiness import OwnReadiness
from fernbereit_agent.recorded import RecordedHost
from fernbereit_agent.recording import read_laptop
from fernbereit_agent.resident import Resident
from fernbereit_agent.settings import Settings
from self_check_world import DEVICE
from write import LAPTOPS

WALL = time.time()


def opened(data: Path) -> tuple[Mailbox, Path]:
    return Mailbox.made(data), data / owner.REQUESTS


def test_requests_are_obeyed_and_gone(tmp_path: Path) -> None:
    """One look takes in what lies there."""
    box, folder = opened(tmp_path)
    left = [post(tmp_path, Send()), post(tmp_path, Contest(check="firewall", withdraw=True))]

    assert all(file.exists() for file in left)
    assert box.look(0, WALL) == Asked(send=True, contests=(Contest(check="firewall", withdraw=True),))
    assert list(folder.iterdir()) == []
    assert box.look(60, WALL) == Asked()


def test_the_service_looks_once_a_minute_and_sends_once_in_five(tmp_path: Path) -> None:
    """A request that comes too early waits; two of them are one."""
    box, folder = opened(tmp_path)
    post(tmp_path, Send())
    assert box.look(0, WALL).send
    for _ in range(2):
        post(tmp_path, Send())

    assert box.look(59, WALL) == Asked()
    assert len(list(folder.iterdir())) == 2
    assert [box.look(60.0 * minute, WALL).send for minute in range(1, 8)] == [False] * 4 + [
        True,
        False,
        False,
    ]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[" * 1000,
        b"\xff\xfe",
        b"null",
        b'{"ask":"run"}',
        b'{"ask":"send","to":"evil.example"}',
        b'{"ask":"contest"}',
        b'{"ask":"contest","check":"../../etc/passwd"}',
        b'{"ask":"contest","check":"firewall","withdraw":"yes"}',
        b'{"ask":"send"}' + b" " * 1024,
    ],
    ids=[
        "nothing",
        "half",
        "deeply nested",
        "no text",
        "null",
        "another wish",
        "more than is known",
        "no check",
        "a path for a check",
        "a word for a truth value",
        "too long",
    ],
)
def test_what_is_no_request_is_deleted_and_does_nothing(tmp_path: Path, content: bytes) -> None:
    """Unread by anybody, unlogged."""
    box, folder = opened(tmp_path)
    (folder / "x.json").write_bytes(content)

    assert box.look(0, WALL) == Asked()
    assert list(folder.iterdir()) == []


def test_links_pipes_folders_and_giants_are_not_opened(tmp_path: Path) -> None:
    """They are deleted where that is possible; what they point to stays."""
    if sys.platform == "win32":
        pytest.skip("Windows has no pipes in folders")
    box, folder = opened(tmp_path)
    real = tmp_path / "real.json"
    real.write_bytes(Send().model_dump_json().encode())
    (folder / "link").symlink_to(real)
    os.link(real, folder / "second-name")
    os.mkfifo(folder / "pipe")
    (folder / "loop").symlink_to(folder / "loop")
    (folder / "empty").mkdir()
    (folder / "full").mkdir()
    (folder / "full" / "x").touch()
    with (folder / "giant").open("wb") as giant:
        giant.truncate(1 << 30)

    assert box.look(0, WALL) == Asked()
    assert [file.name for file in folder.iterdir()] == ["full"]
    assert real.exists()


def test_a_flooded_mailbox_is_emptied_and_at_most_sixteen_are_read(tmp_path: Path) -> None:
    """Ten thousand files cost a few looks, and nobody waits for ever."""
    box, folder = opened(tmp_path)
    for number in range(10_000):
        (folder / f"{number}.json").write_bytes(b'{"ask":"contest","check":"a%d"}' % number)

    assert len(box.look(0, WALL).contests) == mailbox.MOST_READ
    assert len(list(folder.iterdir())) == 10_000 - mailbox.MOST_LOOKED_AT
    for minute in (1, 2):
        box.look(60.0 * minute, WALL)
    assert list(folder.iterdir()) == []


def test_a_file_that_is_being_written_is_left_alone_for_a_minute(tmp_path: Path) -> None:
    """What is left of somebody who was killed is deleted then."""
    box, folder = opened(tmp_path)
    (folder / ".half").write_bytes(b'{"ask":"se')
    os.utime(folder / ".half", (WALL, WALL))
    box.look(0, WALL)
    assert (folder / ".half").exists()
    box.look(60, WALL + 120)
    assert list(folder.iterdir()) == []


def test_a_mailbox_that_is_taken_away_is_made_again(tmp_path: Path) -> None:
    """And one that cannot be made is said once."""
    box, folder = opened(tmp_path)
    folder.rmdir()
    assert box.look(0, WALL) == Asked()
    assert folder.stat().st_mode & 0o7777 == 0o1733


def test_a_mailbox_that_cannot_be_used_is_said_once(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """The agent goes on."""
    (tmp_path / owner.FOLDER).touch()
    box = Mailbox.made(tmp_path)
    for minute in range(3):
        assert box.look(60.0 * minute, WALL) == Asked()
    assert len(caplog.messages) == 2


def test_everybody_may_leave_a_request_and_nobody_may_list_them(tmp_path: Path) -> None:
    """Whatever the umask of whoever writes, and of the service."""
    before = os.umask(0o077)
    try:
        _, folder = opened(tmp_path / "data")
        written = post(tmp_path / "data", Send())
    finally:
        os.umask(before)
    assert folder.stat().st_mode & 0o7777 == 0o1733
    assert (tmp_path / "data" / owner.FOLDER).stat().st_mode & 0o7777 == 0o755
    assert written.stat().st_mode & 0o777 == 0o644
    assert json.loads(written.read_bytes()) == {"ask": "send"}


def test_only_checks_that_are_told_can_be_contested_and_no_more_than_travel(tmp_path: Path) -> None:
    """Names of another policy, and of what is only counted, are passed over."""
    own = OwnReadiness(Settings(data=tmp_path))
    policy = own.policies.held.policy
    own.take([Contest(check="of_another_policy"), Contest(check=policy.counted[0].id)])
    assert contest.contested(tmp_path) == ()

    names = [check.id for check in policy.judged]
    own.take([Contest(check=name) for name in names])
    assert contest.contested(tmp_path) == tuple(sorted(names[: contest.MOST]))
    own.take([Contest(check=name, withdraw=True) for name in names])
    assert contest.contested(tmp_path) == ()


def test_what_an_earlier_version_kept_is_moved(tmp_path: Path) -> None:
    """The bytes last sent, the policy and what was contested are found where the owner may read them."""
    tmp_path.chmod(0o700)
    for name in ("last_sent.txt", "policy.signed"):
        (tmp_path / name).write_bytes(name.encode())
        (tmp_path / name).chmod(0o600)
    (tmp_path / "contested").mkdir(mode=0o700)
    (tmp_path / "contested" / "firewall").touch(mode=0o600)
    owner.prepare(tmp_path)

    assert (tmp_path / owner.LAST_SENT).read_bytes() == b"last_sent.txt"
    assert (tmp_path / owner.POLICY).read_bytes() == b"policy.signed"
    assert contest.contested(tmp_path) == ("firewall",)
    assert [path.name for path in tmp_path.iterdir()] == ["owner"]
    assert (tmp_path / owner.LAST_SENT).stat().st_mode & 0o777 == 0o644
    assert (tmp_path / owner.CONTESTED).stat().st_mode & 0o777 == 0o755
    assert tmp_path.stat().st_mode & 0o777 == 0o711


def test_a_wish_to_send_has_everything_looked_at_anew(tmp_path: Path) -> None:
    """Also what is not due for hours; contests are noted without a report of their own."""
    host = RecordedHost(read_laptop(LAPTOPS / "linux-nothing-at-all"))
    resident = Resident(
        settings=Settings(data=tmp_path), device_id=DEVICE, host=host, probes=PROBES, clock=SystemClock()
    )
    resident._last = {probe.section: 1e9 for probe in PROBES}
    post(tmp_path, Contest(check="firewall"))
    assert not resident._asked_to_report()
    assert contest.contested(tmp_path) == ("firewall",)

    resident._mailbox.due = 0
    post(tmp_path, Send())
    assert resident._asked_to_report()
    assert resident._last == {}
    resident._outbox.close()
