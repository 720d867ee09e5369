"""Is the helper's file read only if nobody without rights can have written it?"""

import json
import os
import socket
import sys
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fernbereit.facts.agent import Helper
from fernbereit.facts.storage import Storage, StorageHealth
from fernbereit_agent.privileged import facts_file
from fernbereit_agent.privileged.__main__ import write
from fernbereit_agent.privileged.access_lists import Untrusted, closed_to_others
from fernbereit_agent.privileged.reading import Helped, read
from somebody_else import somebody_else

TODAY = date(2026, 11, 22)
SOUND = Storage(health=StorageHealth.OK)
SOMEBODY = 12_345
posix_root = pytest.mark.skipif(
    sys.platform == "win32" or os.geteuid() != 0, reason="needs root of a POSIX system"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "privileged"
    write(place, facts_file.written(TODAY, {"storage": SOUND}))
    return place


def the_file(folder: Path) -> Path:
    return folder / facts_file.NAME


@posix_root
def test_what_the_helper_wrote_is_used(folder: Path) -> None:
    """Facts, their day, and a mode with which everybody may read and only root write."""
    assert read(TODAY, folder) == Helped(word=Helper.USED, day=TODAY, facts={"storage": SOUND})
    assert [the_file(folder).stat().st_mode & 0o777, folder.stat().st_mode & 0o777] == [0o644, 0o755]
    assert [file.name for file in folder.iterdir()] == [facts_file.NAME]


def _link(folder: Path) -> None:
    target = folder / "elsewhere"
    the_file(folder).rename(target)
    the_file(folder).symlink_to(target)


def _linked_folder(folder: Path) -> None:
    target = folder.with_name("elsewhere")
    folder.rename(target)
    folder.symlink_to(target)


def _pipe(folder: Path) -> None:
    the_file(folder).unlink()
    if sys.platform == "win32":
        pytest.skip("Windows has no root")
    os.mkfifo(the_file(folder))


def _socket(folder: Path) -> None:
    the_file(folder).unlink()
    if sys.platform == "win32":
        pytest.skip("Windows has no root")
    before = Path.cwd()
    os.chdir(folder)  # the path of a socket is short
    try:
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(facts_file.NAME)
    finally:
        os.chdir(before)


def _given_away(place: Path) -> None:
    if sys.platform == "win32":
        pytest.skip("Windows has no root")
    os.chown(place, SOMEBODY, SOMEBODY)


def _folder_of_somebody_else(place: Path) -> None:
    place.mkdir()
    _given_away(place)


def _folder_for_everybody(place: Path) -> None:
    place.mkdir()
    place.chmod(0o777)


def _replaced_by_a_folder(folder: Path) -> None:
    the_file(folder).unlink()
    the_file(folder).mkdir()


HOSTILE: dict[str, Callable[[Path], object]] = {
    "a link in place of the file": _link,
    "a link in place of the folder": _linked_folder,
    "a second name of the file": lambda folder: os.link(the_file(folder), folder / "other"),
    "a file of somebody else": lambda folder: _given_away(the_file(folder)),
    "a folder of somebody else": _given_away,
    "a file everybody may write": lambda folder: the_file(folder).chmod(0o646),
    "a file a group may write": lambda folder: the_file(folder).chmod(0o664),
    "a folder everybody may write": lambda folder: folder.chmod(0o757),
    "a sticky folder everybody may write": lambda folder: folder.chmod(0o1777),
    "a folder a group may write": lambda folder: folder.chmod(0o775),
    "a pipe nobody writes to": _pipe,
    "a socket": _socket,
    "a folder in place of the file": _replaced_by_a_folder,
}


@posix_root
@pytest.mark.parametrize("make", HOSTILE.values(), ids=list(HOSTILE))
def test_a_file_that_others_may_have_written_is_not_read(
    folder: Path, make: Callable[[Path], object]
) -> None:
    """Told as untrusted, at once, with no fact taken from it."""
    make(folder)

    assert read(TODAY, folder) == Helped(word=Helper.UNTRUSTED)


GARBAGE = {
    "nothing": b"",
    "no JSON": b"\xff\xfe{",
    "another kind of JSON": b"[1, 2]",
    "another format": b'{"format":2,"day":"2026-11-22","sections":{}}',
    "no day": b'{"format":1,"day":"soon","sections":{}}',
    "a value no section can hold": b'{"format":1,"day":"2026-11-22","sections":{"storage":{"health":7}}}',
    "a list that is none": b'{"format":1,"day":"2026-11-22","sections":{"management":{"clients":"all"}}}',
    "deeper than anybody reads": b"[" * 15_000,
    "larger than allowed": b" " * facts_file.LARGEST + b'{"format":1,"day":"2026-11-22","sections":{}}',
}


@posix_root
@pytest.mark.parametrize("content", GARBAGE.values(), ids=list(GARBAGE))
def test_garbage_is_unreadable(folder: Path, content: bytes) -> None:
    """Never an exception, never half of it."""
    write(folder, content)

    assert read(TODAY, folder) == Helped(word=Helper.UNREADABLE)


@posix_root
def test_a_file_of_several_gigabytes_takes_no_memory(folder: Path) -> None:
    """Only what may be read is read."""
    os.truncate(the_file(folder), 1 << 33)

    assert read(TODAY, folder).word is Helper.UNREADABLE


@posix_root
def test_a_closed_file_is_unreadable(folder: Path) -> None:
    """A helper that forgot the mode helps nobody, and that is told."""
    the_file(folder).chmod(0o600)
    folder.parent.chmod(0o755)
    with somebody_else():
        word = read(TODAY, folder).word
    assert word is Helper.UNREADABLE


@posix_root
@pytest.mark.parametrize(
    ("days", "word"),
    [(-2, Helper.OUTDATED), (-1, Helper.USED), (0, Helper.USED), (8, Helper.USED), (9, Helper.OUTDATED)],
    ids=["of the day after tomorrow", "of tomorrow", "of today", "of last week", "older"],
)
def test_an_old_file_is_no_news(folder: Path, days: int, word: Helper) -> None:
    """Nor is one from the future; a day's difference may be that of two clocks."""
    assert read(TODAY + timedelta(days=days), folder).word is word


def test_without_a_helper_nothing_is_missing(tmp_path: Path) -> None:
    """It is optional."""
    assert read(TODAY, tmp_path / "nothing") == Helped(word=Helper.NOT_INSTALLED)


@posix_root
def test_nothing_but_the_five_facts_is_taken_over() -> None:
    """Whatever else a section could hold, and whatever other sections there are."""
    more = {"storage": {"health": "ok", "total_bytes": 1}, "machine": {"model": "X"}, "nonsense": {}}
    file = facts_file.parsed(json.dumps({"format": 1, "day": "2026-11-22", "sections": more}).encode())

    assert file.facts() == {"storage": SOUND}


@posix_root
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    content=st.binary(max_size=400)
    | st.recursive(
        st.none() | st.integers() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["format", "day", "sections", "storage", "health"]), inner, max_size=4
            )
        ),
    ).map(lambda value: json.dumps(value).encode())
)
def test_any_content_has_an_answer(folder: Path, content: bytes) -> None:
    """Whatever root wrote by mistake."""
    write(folder, content)

    assert read(TODAY, folder).word in {Helper.USED, Helper.UNREADABLE, Helper.OUTDATED}


@posix_root
@pytest.mark.parametrize(
    "prepared",
    [
        _folder_of_somebody_else,
        _folder_for_everybody,
        lambda place: place.symlink_to(place.parent),
    ],
    ids=["somebody else's", "open to everybody", "a link"],
)
def test_the_helper_writes_into_no_folder_that_somebody_else_prepared(
    tmp_path: Path, prepared: Callable[[Path], object]
) -> None:
    """Nothing is written there, and no link is followed."""
    place = tmp_path / "place"
    prepared(place)
    with pytest.raises(Untrusted):
        write(place, b"{}")
    assert not (place / facts_file.NAME).exists()


@posix_root
def test_a_link_in_place_of_the_scratch_file_is_not_followed(folder: Path) -> None:
    """Left there by whatever, it is removed, and what it points to stays."""
    precious = folder.with_name("precious")
    precious.write_text("keep")
    (folder / f".{facts_file.NAME}.new").symlink_to(precious)
    write(folder, facts_file.written(TODAY, {}))

    assert precious.read_text() == "keep"
    assert read(TODAY, folder).word is Helper.USED


@pytest.mark.parametrize(
    ("descriptor", "closed"),
    [
        ("O:SYG:SYD:PAI(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)(A;OICI;0x1200a9;;;AU)", True),
        ("O:BAG:DUD:(A;ID;FA;;;SY)(A;ID;FA;;;BA)(A;ID;FR;;;BU)", True),
        ("O:SYD:(D;;FA;;;WD)(A;;FA;;;SY)", True),
        ("O:S-1-5-21-1-2-3-1001G:DUD:(A;;FA;;;SY)", False),
        ("O:SYD:(A;;FA;;;SY)(A;;FA;;;WD)", False),
        ("O:SYD:(A;;FA;;;SY)(A;CI;DCLCRPCR;;;BU)", False),
        ("O:SYD:(A;;FA;;;SY)(A;;CCSWWPLORC;;;BU)", True),
        ("O:SYD:(A;;FA;;;SY)(A;;LCRC;;;BU)", False),
        ("O:SYD:(A;;FA;;;SY)(A;;RPRC;;;BU)", False),
        ("O:SYD:(A;;FA;;;SY)(A;;0x1301bf;;;AU)", False),
        ("O:SYD:(A;;FA;;;SY)(A;;0x1200ab;;;BU)", False),
        ("O:SYD:NO_ACCESS_CONTROL", False),
        ("O:SYD:", False),
        ("O:SY", False),
        ("", False),
        ("O:SYD:(XA;;FA;;;WD;(@User.Title==1))", False),
        ("O:SYD:(A;;FA;;;SY)(OA;;FA;;;WD)", False),
    ],
)
def test_an_access_list_of_windows_is_understood(descriptor: str, closed: bool) -> None:  # noqa: FBT001
    """What lets others write, or is not understood, is not trusted."""
    assert closed_to_others(descriptor) is closed


@given(st.text(alphabet="OGDSYBAUW:;()AFX0123", max_size=60))
def test_any_text_in_place_of_a_list_has_an_answer(descriptor: str) -> None:
    """Never an exception."""
    assert closed_to_others(descriptor) in {True, False}
