"""Does the outbox survive kills at the worst moment, damaged files, and disks that are full or closed?"""

import os
import random
import shutil
import sqlite3
import subprocess
import sys
import textwrap
import zlib
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from fernbereit.delivery import Ack
from fernbereit_agent import outbox_file
from fernbereit_agent.errors import OutboxError
from fernbereit_agent.outbox import Outbox
from model_collector import ModelCollector
from outbox_world import HandClock, numbered, outbox_in

SENDER = """
    import sys
    from pathlib import Path
    from model_collector import ModelCollector
    from outbox_world import HandClock, numbered, outbox_in

    clock, collector = HandClock(seconds=float(sys.argv[2])), ModelCollector(generation=sys.argv[3])
    outbox = outbox_in(Path(sys.argv[1]), clock)
    for number in range(1, 7):
        outbox.append(numbered(number, clock))
        print("wrote", number, flush=True)
        if number % 2 == 0:
            payload = outbox.batch().encode()
            print("sent", payload.hex(), flush=True)
            outbox.acknowledge(collector.take(payload))
            print("forgot", flush=True)
"""
GENERATION = "99999999-2222-4333-8444-555555555555"


def _send_until_killed(folder: Path, place: str) -> list[list[str]]:
    environment = {
        **os.environ,
        "FERNBEREIT_CRASH_AT": place,
        "PYTHONPATH": os.pathsep.join(["tests", "agent"]),
    }
    ended = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(SENDER), str(folder), "1000", GENERATION],
        env=environment,
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode == -9, ended.stderr
    return [line.split() for line in ended.stdout.splitlines()]


def _drain(outbox: Outbox, collector: ModelCollector) -> None:
    while (envelope := outbox.batch()) is not None:
        answer = collector.take(envelope.encode())
        assert answer is not None
        outbox.acknowledge(answer)


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(
    "place", ["outbox.append", "outbox.appended", "outbox.acknowledge", "outbox.acknowledged"]
)
def test_a_kill_loses_nothing_that_was_written_and_doubles_nothing(
    tmp_path: Path, place: str, count: int
) -> None:
    """After a kill before or after each commit, the collector gets every record exactly once."""
    told = _send_until_killed(tmp_path, f"{place}:{count}")
    collector = ModelCollector(generation=GENERATION)
    for line in told:
        if line[0] == "sent":
            collector.take(bytes.fromhex(line[1]))
    outbox = outbox_in(tmp_path, HandClock(seconds=2_000))
    _drain(outbox, collector)
    written = [int(line[1]) for line in told if line[0] == "wrote"]
    numbers = collector.counters()
    assert numbers == sorted(set(numbers))
    assert set(numbers) - set(written) <= {max(written, default=0) + 1}
    assert set(written) <= set(numbers)
    assert outbox.depth().dropped_total == 0


def _old_outbox(folder: Path) -> bytes:
    """Write an outbox of thirty waiting records and return its file's bytes."""
    clock = HandClock()
    outbox = outbox_in(folder, clock)
    for number in range(1, 31):
        outbox.append(numbered(number, clock, padding=200))
    outbox.close()
    return (folder / "outbox.sqlite").read_bytes()


def _lives_on(folder: Path, content: bytes) -> ModelCollector:
    """Put a damaged file in place; whatever it holds, a new record must reach the collector."""
    folder.mkdir()
    (folder / "outbox.sqlite").write_bytes(content)
    clock = HandClock(seconds=5_000)
    outbox = outbox_in(folder, clock)
    collector = ModelCollector()
    for _ in range(3):
        try:
            outbox.append(numbered(31, clock))
            _drain(outbox, collector)
            break
        except OutboxError as error:
            assert "was damaged" in str(error)  # noqa: PT017 - the usual way out is no error at all
    assert collector.counters()[-1] == 31
    missing = set(range(1, 31)) - set(collector.counters())
    assert not missing or outbox.depth().dropped_total > 0
    outbox.close()
    return collector


PAGE = 4096


def test_no_flipped_bit_on_any_page_stops_the_agent(tmp_path: Path) -> None:
    """Two places a page and the whole header: each file still delivers and counts what it lost."""
    intact = _old_outbox(tmp_path / "intact")
    dice = random.Random(20261121)
    pages = range(0, len(intact), PAGE)
    places = [*range(100), *(page + dice.randrange(PAGE) for page in pages for _ in range(2))]
    for place in places:
        damaged = bytearray(intact)
        damaged[place] ^= 1 << dice.randrange(8)
        collector = _lives_on(tmp_path / f"flip-{place}", bytes(damaged))
        numbers = collector.counters()
        assert numbers == sorted(set(numbers)), place


def test_no_page_of_noise_stops_the_agent(tmp_path: Path) -> None:
    """A whole page overwritten, each in turn."""
    intact = _old_outbox(tmp_path / "intact")
    dice = random.Random(20261122)
    for page in range(0, len(intact), PAGE):
        damaged = bytearray(intact)
        damaged[page : page + PAGE] = dice.randbytes(PAGE)
        assert 31 in _lives_on(tmp_path / f"noise-{page}", bytes(damaged)).counters()


def test_no_length_a_file_is_cut_to_stops_the_agent(tmp_path: Path) -> None:
    """Around the end of every page; an empty file is a new one."""
    intact = _old_outbox(tmp_path / "intact")
    for page in range(0, len(intact), PAGE):
        for length in (page + 1, page + PAGE - 1, page + PAGE):
            assert 31 in _lives_on(tmp_path / f"cut-{length}", intact[:length]).counters()


@pytest.mark.parametrize("keep", [0.0, 0.001, 0.1, 0.5, 0.9, 0.999], ids=lambda keep: f"{keep:.1%} is left")
def test_a_truncated_file_never_stops_the_agent(tmp_path: Path, keep: float) -> None:
    """A file cut short, or a record in it, is set aside and counted; an empty file is a new one."""
    intact = _old_outbox(tmp_path / "intact")
    content = intact[: int(len(intact) * keep)]
    folder = tmp_path / "cut"
    folder.mkdir()
    (folder / "outbox.sqlite").write_bytes(content)
    clock = HandClock(seconds=5_000)
    outbox = outbox_in(folder, clock)
    outbox.append(numbered(31, clock))
    collector = ModelCollector()
    _drain(outbox, collector)
    assert collector.counters()[-1] == 31
    assert collector.totals[1] == (1 if content else 0)


def test_only_the_newest_damaged_files_are_kept(tmp_path: Path) -> None:
    """A disk that damages a file a day does not fill up with them."""
    for _ in range(5):
        outbox = outbox_in(tmp_path, HandClock())
        outbox.append(numbered(1, HandClock()))
        outbox.close()
        (tmp_path / "outbox.sqlite").write_bytes(b"not a database at all" * 100)
    outbox_in(tmp_path, HandClock()).append(numbered(1, HandClock()))
    kept = sorted(path.name for path in tmp_path.glob("outbox.corrupt-*"))
    assert kept == ["outbox.corrupt-3", "outbox.corrupt-4", "outbox.corrupt-5"]


def test_damaged_files_together_take_a_bounded_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever their size: older ones go first, and one that is too large is cut."""
    monkeypatch.setattr(outbox_file, "CORRUPT_BYTES_KEPT", 10_000)
    for size in (4_000, 4_000, 4_000, 50_000):
        (tmp_path / "outbox.sqlite").write_bytes(b"not a database at all".ljust(size))
        outbox = outbox_in(tmp_path, HandClock())
        outbox.append(numbered(1, HandClock()))
        outbox.close()
        kept = [path.stat().st_size for path in tmp_path.glob("outbox.corrupt-*")]
        assert sum(kept) <= 10_000
    assert kept == [10_000]


def test_a_folder_deleted_while_the_agent_runs_is_made_anew_and_counted(tmp_path: Path) -> None:
    """What waited in it is lost; the next record is complete, under a new epoch, and says how many."""
    clock, collector = HandClock(), ModelCollector()
    outbox = outbox_in(tmp_path / "data", clock)
    outbox.append(numbered(1, clock))
    _drain(outbox, collector)
    for number in (2, 3):
        outbox.append(numbered(number, clock))
    shutil.rmtree(tmp_path / "data")
    outbox.append(numbered(4, clock))
    assert (tmp_path / "data" / "outbox.sqlite").exists()
    _drain(outbox, collector)
    assert collector.counters() == [1, 4]
    assert outbox.depth().dropped_total == 2
    assert len({epoch for epoch, _, _ in collector.applied}) == 2
    outbox.close()
    _drain(outbox_in(tmp_path / "data", clock), collector)
    assert collector.counters() == [1, 4]


def test_a_folder_that_cannot_be_made_anew_is_no_reason_to_forget_what_was_lost(tmp_path: Path) -> None:
    """The count waits in memory until the folder is back."""
    clock = HandClock()
    outbox = outbox_in(tmp_path / "data", clock)
    outbox.append(numbered(1, clock))
    shutil.rmtree(tmp_path / "data")
    (tmp_path / "data").write_text("in the way", encoding="utf-8")
    for _ in range(2):
        with pytest.raises(OutboxError):
            outbox.append(numbered(2, clock))
    (tmp_path / "data").unlink()
    outbox.append(numbered(3, clock))
    assert (outbox.depth().records, outbox.depth().dropped_total) == (1, 1)


def test_damage_while_the_agent_runs_is_said_once_and_healed(tmp_path: Path) -> None:
    """The next try finds a new file."""
    clock = HandClock()
    outbox = outbox_in(tmp_path, clock)
    for number in range(1, 40):
        outbox.append(numbered(number, clock, padding=500))
    outbox.close()
    file = tmp_path / "outbox.sqlite"
    assert outbox.depth().records == 39
    with file.open("r+b") as opened:
        opened.write(bytes(file.stat().st_size))
    assert outbox._database is not None
    outbox._database.execute("PRAGMA shrink_memory")  # what is in memory hides what is on the disk
    with pytest.raises(OutboxError, match=r"was damaged and is now outbox\.corrupt-1"):
        outbox.append(numbered(40, clock))
    outbox.append(numbered(80, clock))
    assert outbox.depth().records == 1
    assert outbox.depth().dropped_total == 1


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Give a file system of one megabyte that can be filled up and closed."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = shutil.which("mount")
    if sys.platform != "linux" or os.geteuid() != 0 or mount is None:
        pytest.skip("needs root on Linux to mount a small file system")
    ended = subprocess.run(
        [mount, "-t", "tmpfs", "-o", "size=1m", "fernbereit-test", str(folder)],
        check=False,
        capture_output=True,
    )
    if ended.returncode:
        pytest.skip("needs the right to mount a small file system")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def test_on_a_full_disk_nothing_changes_until_there_is_room(small_disk: Path) -> None:
    """Each try says so; what waits stays, and the next record carries all that changed meanwhile."""
    clock = HandClock()
    outbox = outbox_in(small_disk, clock)
    outbox.append(numbered(1, clock))
    filler = small_disk / "filler"
    with pytest.raises(OSError, match="No space left"):
        filler.write_bytes(bytes(2**20))
    for number in range(2, 6):
        try:
            outbox.append(numbered(number, clock, padding=40_000))
        except OutboxError as error:
            assert "full" in str(error)  # noqa: PT017 - the first may still find room
            break
    else:
        pytest.fail("the disk never got full")
    before = outbox.depth().records
    with pytest.raises(OutboxError, match="full"):
        outbox.append(numbered(6, clock, padding=40_000))
    assert outbox.depth().records == before
    filler.unlink()
    outbox.append(numbered(7, clock))
    collector = ModelCollector()
    _drain(outbox, collector)
    assert (collector.counters()[0], collector.counters()[-1]) == (1, 7)
    assert outbox.depth().dropped_total == 0


def test_a_closed_disk_is_an_outbox_error_and_heals(small_disk: Path) -> None:
    """Read-only, the outbox neither opens nor loses anything; writable again, it goes on."""
    clock = HandClock()
    outbox = outbox_in(small_disk, clock)
    outbox.append(numbered(1, clock))
    outbox.close()
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    with pytest.raises(OutboxError, match=r"outbox\.sqlite"):
        outbox.append(numbered(2, clock))
    subprocess.run(["mount", "-o", "remount,rw", str(small_disk)], check=True)
    outbox.append(numbered(3, clock))
    collector = ModelCollector()
    _drain(outbox, collector)
    assert collector.counters() == [1, 3]
    assert not list(small_disk.glob("outbox.corrupt-*"))


def test_a_file_of_a_newer_version_is_read_by_this_one(tmp_path: Path) -> None:
    """An update taken back costs no record: what only the newer version knows is left out."""
    clock = HandClock()
    outbox = outbox_in(tmp_path, clock)
    outbox.append(numbered(1, clock))
    outbox.close()
    with closing(sqlite3.connect(tmp_path / "outbox.sqlite")) as database:
        body = database.execute("SELECT body FROM state").fetchone()[0].replace(b"{", b'{"newer": 1, ', 1)
        database.execute("UPDATE state SET body = ?, crc = ?", (body, zlib.crc32(body)))
        database.commit()
    collector = ModelCollector()
    _drain(outbox_in(tmp_path, clock), collector)
    assert collector.counters() == [1]


def test_a_new_epoch_takes_no_damaged_record_along(tmp_path: Path) -> None:
    """It is counted as dropped, not sent under a new number and a new checksum."""
    clock, collector = HandClock(), ModelCollector()
    outbox = outbox_in(tmp_path, clock)
    for number in (1, 2):
        outbox.append(numbered(number, clock))
    outbox.close()
    with closing(sqlite3.connect(tmp_path / "outbox.sqlite")) as database:
        database.execute("UPDATE records SET body = 'bent' WHERE seq = 1")
        database.commit()
    again = outbox_in(tmp_path, clock)
    envelope = again.batch()
    assert envelope is not None
    again.close()
    with closing(sqlite3.connect(tmp_path / "outbox.sqlite")) as database:
        database.execute("UPDATE records SET wall_ms = wall_ms + 1")
        database.commit()
    again = outbox_in(tmp_path, clock)
    again.acknowledge(Ack(epoch=envelope.epoch, mark=99, generation=GENERATION))
    _drain(again, collector)
    assert collector.counters() == []
    assert again.depth().dropped_total == 2


@pytest.mark.skipif(sys.platform == "win32", reason="an access list does there what modes do here")
@pytest.mark.parametrize("before", ["nothing", "an older version's"])
def test_nobody_else_reads_the_outbox_or_its_log(tmp_path: Path, before: str) -> None:
    """Neither a new one, nor one that an older version left open with a log that was never put back."""
    clock = HandClock()
    folder = tmp_path / "outbox"
    if before != "nothing":
        kept = outbox_in(tmp_path / "first", clock)
        kept.append(numbered(1, clock))
        shutil.copytree(tmp_path / "first", folder)  # with its log, as after a power cut
        kept.close()
        for file in folder.iterdir():
            file.chmod(0o644)
        assert len(list(folder.iterdir())) == 2
    outbox = outbox_in(folder, clock)
    outbox.append(numbered(2, clock))
    assert {(file.name, file.stat().st_mode & 0o777) for file in folder.iterdir() if file.is_file()} == {
        ("outbox.sqlite", 0o600),
        ("outbox.sqlite-wal", 0o600),
    }
    assert outbox.depth().records == (1 if before == "nothing" else 2)
    outbox.close()
