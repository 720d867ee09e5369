"""Is what was sent last kept for the owner, and is everything sent where there is no room for a copy?"""

import sys
from pathlib import Path

import pytest

from faults.small_disk import can_mount, small_disk
from fernbereit.words import LANGUAGES, load
from fernbereit_agent.manifest import as_text, last_sent
from fernbereit_agent.owner import LAST_SENT, SENT_BEFORE
from fernbereit_agent.self_check.manifest_page import manifest_page
from fernbereit_agent.sent_copy import SentCopy, read
from model_collector import LiveCollector
from mosquitto import Mosquitto
from processes import Program, running, wait_for
from self_check_world import words

SETTINGS = """
data = "{data}"
broker.port = {port}
report.interval_s = 3600
report.start_spread_s = 0
report.resend_s = 1
report.resend_max_s = 1
report.drain_s = 0.1
report.reconnect_s = 0.2
report.reconnect_max_s = 1
"""


def test_a_copy_that_cannot_be_written_leaves_the_one_before_under_another_name(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Said once, and over as soon as there is room."""
    copy = SentCopy(tmp_path)
    copy.keep(b"one")
    in_the_way = (tmp_path / LAST_SENT).with_name(f".{LAST_SENT.name}.new")
    in_the_way.mkdir()
    for payload in (b"two", b"three"):
        copy.keep(payload)
    before = read(tmp_path)
    in_the_way.rmdir()
    copy.keep(b"four")
    after = read(tmp_path)

    assert (before.content, before.older, before.path) == (b"one", True, tmp_path / SENT_BEFORE)
    assert (after.content, after.older) == (b"four", False)
    assert not (tmp_path / SENT_BEFORE).exists()
    assert len(caplog.messages) == 1
    assert "cannot be kept for the manifest, and is sent" in caplog.text


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("older", [False, True], ids=["the last", "one before"])
def test_the_manifest_says_that_a_copy_is_older(tmp_path: Path, lang: str, *, older: bool) -> None:
    """Nobody takes it for what was sent last."""
    file = tmp_path / (SENT_BEFORE if older else LAST_SENT)
    file.parent.mkdir()
    file.write_bytes(b"fernbereit 1 x")
    sent = last_sent(tmp_path)

    for told in (as_text(lang, sent), manifest_page(words(lang), sent)):
        assert "fernbereit 1 x" in told
        assert (load(lang)("manifest.older") in told) is older


def fill(folder: Path) -> None:
    """Leave no byte on a disk."""
    size = 1 << 20
    with (folder / "filler").open("wb", buffering=0) as filler:
        while size:
            try:
                filler.write(b"x" * size)
            except OSError:
                size //= 2


@pytest.mark.real
def test_what_waits_is_sent_again_although_the_disk_is_full(tmp_path: Path) -> None:
    """On a real full disk: no new copy fits, and whoever listens later hears it all the same."""
    if not can_mount():
        pytest.skip("needs the right to mount a small disk")
    disk, broker = tmp_path / "disk", Mosquitto(tmp_path)
    data, file = disk / "data", tmp_path / "agent.toml"
    file.write_text(SETTINGS.format(data=data, port=broker.port), encoding="utf-8")
    argv = [sys.executable, "-m", "fernbereit_agent", "run", "--settings", str(file)]
    agent = Program("agent", argv, tmp_path)
    disk.mkdir()
    with small_disk(disk), running(broker, agent):
        wait_for("a copy of what was sent", (data / LAST_SENT).exists)
        fill(disk)
        with LiveCollector(broker.port) as collector:
            wait_for("an envelope on its way", lambda: collector.envelopes)
        sent = read(data)
    assert sent.older
    assert "cannot be kept for the manifest, and is sent" in agent.log.read_text(encoding="utf-8")
