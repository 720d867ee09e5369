"""Does the agent, as a process, look, report, survive its own death and the broker's, and stop when told?"""

import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest

from fernbereit.delivery import decode
from model_collector import LiveCollector
from processes import Program, free_port, listening, running, wait_for
from realparts import need

pytestmark = pytest.mark.real

SETTINGS = """
data = "{data}"
[broker]
port = {port}
[report]
interval_s = 1
start_spread_s = 0
resend_s = 1
drain_s = 0.1
reconnect_s = 0.2
reconnect_max_s = 1
"""


def _broker(folder: Path, port: int) -> Program:
    file = folder / "mosquitto.conf"
    file.write_text(
        f"listener {port} 127.0.0.1\nallow_anonymous true\nconnection_messages false\n", encoding="utf-8"
    )
    return Program("mosquitto", [need("mosquitto"), "-c", str(file)], folder)


def _agent(folder: Path, port: int, **environment: str) -> Program:
    file = folder / "agent.toml"
    file.write_text(SETTINGS.format(data=folder / "data", port=port), encoding="utf-8")
    argv = [sys.executable, "-m", "fernbereit_agent", "run", "--settings", str(file)]
    return Program("agent", argv, folder, environment)


@contextmanager
def _house(folder: Path) -> Iterator[tuple[Program, Program, LiveCollector]]:
    """Give a broker, an agent that is not started yet, and a collector."""
    port = free_port()
    broker, agent = _broker(folder, port), _agent(folder, port)
    with running(broker):
        wait_for("mosquitto", lambda: listening(port))
        with LiveCollector(port) as collector:
            try:
                yield broker, agent, collector
            finally:
                agent.kill()


def _applied(collector: LiveCollector, count: int) -> bool:
    return len(collector.model.applied) >= count


def test_the_first_record_is_complete_and_the_next_ones_are_not(tmp_path: Path) -> None:
    """What did not change since is only said to be unchanged."""
    with _house(tmp_path) as (_, agent, collector):
        agent.start()
        wait_for("three records", lambda: _applied(collector, 3))
        first, second = (record for _, _, record in collector.model.applied[:2])
    assert first.complete
    assert not first.unchanged
    assert "machine" in first.sections.present()
    assert not second.complete
    assert "machine" not in second.sections.present()
    assert "machine" in second.unchanged


def test_it_stops_when_told_and_leaves_nothing_behind(tmp_path: Path) -> None:
    """SIGTERM ends it with exit code 0; what was not sent waits in the outbox."""
    with _house(tmp_path) as (_, agent, collector):
        agent.start()
        wait_for("a record", lambda: _applied(collector, 1))
        assert agent.stop() == 0
    assert agent.log.read_text(encoding="utf-8").splitlines()[-1] == "stopped"
    assert sorted(path.name for path in (tmp_path / "data").iterdir()) == [
        "device_id",
        "outbox.sqlite",
        "owner",
    ]


def test_nobody_else_reads_or_lists_the_data_folder_but_what_is_laid_out_for_them(tmp_path: Path) -> None:
    """Files are closed; the folder can be passed through on the way to `owner`."""
    with _house(tmp_path) as (_, agent, collector):
        agent.start()
        wait_for("a record", lambda: _applied(collector, 1))
        data = tmp_path / "data"
        modes = {path.name: path.stat().st_mode & 0o777 for path in data.iterdir() if path.is_file()}
        agent.stop()
    assert modes == dict.fromkeys(("device_id", "outbox.sqlite", "outbox.sqlite-wal"), 0o600)
    assert [data.stat().st_mode & 0o7777, (data / "owner").stat().st_mode & 0o7777] == [0o711, 0o755]
    assert (data / "owner" / "last-sent").stat().st_mode & 0o7777 == 0o644
    assert (data / "owner" / "requests").stat().st_mode & 0o7777 == 0o1733


def test_the_manifest_shows_exactly_what_was_sent_last(tmp_path: Path) -> None:
    """`owner/last-sent` holds the bytes of the last envelope."""
    with _house(tmp_path) as (_, agent, collector):
        agent.start()
        wait_for("two records", lambda: _applied(collector, 2))
        agent.stop()
        kept = (tmp_path / "data" / "owner" / "last-sent").read_bytes()
        assert kept in collector.envelopes


def test_the_log_tells_changes_and_names_no_device(tmp_path: Path) -> None:
    """Many reports leave no line of their own, and the device id is never logged."""
    with _house(tmp_path) as (_, agent, collector):
        agent.start()
        wait_for("one record", lambda: _applied(collector, 1))
        before = agent.log.read_text(encoding="utf-8")
        wait_for("three more records", lambda: _applied(collector, 4))
        assert agent.log.read_text(encoding="utf-8") == before
    assert (tmp_path / "data" / "device_id").read_text(encoding="ascii").strip() not in before


@pytest.mark.slow
def test_nothing_is_lost_or_doubled_when_agent_and_broker_are_killed(tmp_path: Path) -> None:
    """Every number is applied once and in order, whoever dies in between."""
    with _house(tmp_path) as (broker, agent, collector):
        agent.start()
        for _ in range(2):
            count = len(collector.model.applied)
            wait_for("a record", partial(_applied, collector, count + 2))
            agent.kill()
            agent.start()
            wait_for("a record after the kill", partial(_applied, collector, count + 4))
            broker.kill()
            broker.start()
            wait_for("a record after the restart", partial(_applied, collector, count + 5))
        agent.stop()
    seqs = [line.seq for _, line, _ in collector.model.applied]
    assert len({epoch for epoch, _, _ in collector.model.applied}) == 1
    assert seqs == list(range(1, len(seqs) + 1))


def test_a_silent_collector_is_asked_again_and_nothing_is_given_up(tmp_path: Path) -> None:
    """Records wait as long as the broker takes them and nobody answers."""
    with _house(tmp_path) as (_, agent, collector):
        collector.silent = True
        agent.start()
        wait_for("the envelope twice", lambda: len(collector.envelopes) >= 2)
        first = decode(collector.envelopes[0]).records[0]
        assert decode(collector.envelopes[1]).records[0].seq == first.seq
        collector.silent = False
        wait_for("the records", lambda: _applied(collector, 3))
        agent.stop()
    assert [line.seq for _, line, _ in collector.model.applied[:3]] == [1, 2, 3]
    assert collector.model.totals == (0, 0)


def test_a_new_store_gets_a_complete_record(tmp_path: Path) -> None:
    """When the answers name another generation, everything is said again."""
    with _house(tmp_path) as (_, agent, collector):
        agent.start()
        wait_for("two records", lambda: _applied(collector, 2))
        collector.model.generation = "99999999-2222-4333-8444-555555555555"
        count = len(collector.model.applied)
        wait_for("later records", lambda: _applied(collector, count + 4))
        agent.stop()
    assert any(record.complete for _, _, record in collector.model.applied[count:])


def test_once_delivers_one_complete_record(tmp_path: Path) -> None:
    """`once` looks, sends, waits for the answer, says so and exits with 0."""
    with _house(tmp_path) as (_, agent, collector):
        agent.argv[3:4] = ["--lang", "de", "once"]
        agent.start()
        assert agent.process is not None
        assert agent.process.wait(60) == 0
    assert "übernommen" in agent.log.read_text(encoding="utf-8")
    assert [record.complete for _, _, record in collector.model.applied] == [True]


def test_two_agents_do_not_share_a_data_folder(tmp_path: Path) -> None:
    """The second says that the outbox is in use; the first is not disturbed."""
    with _house(tmp_path) as (_, agent, collector):
        agent.start()
        wait_for("a record", lambda: _applied(collector, 1))
        second = Program("second", [*agent.argv[:3], "once", *agent.argv[4:]], tmp_path)
        second.start()
        assert second.process is not None
        assert second.process.wait(60) == 1
        assert "database is locked" in second.tail()
        count = len(collector.model.applied)
        wait_for("further records", lambda: _applied(collector, count + 2))
        assert agent.alive


def test_without_its_disk_the_agent_goes_on_and_says_so_once(tmp_path: Path) -> None:
    """It observes, tries again with every report, and delivers when the outbox can be written again."""
    with _house(tmp_path) as (_, agent, collector):
        in_the_way = tmp_path / "data" / "outbox.sqlite"
        in_the_way.mkdir(parents=True)
        agent.start()
        wait_for("the message", lambda: "cannot be used" in agent.tail())
        wait_for("four intervals of trying", lambda: time.time() - in_the_way.stat().st_mtime > 4)
        assert agent.alive
        assert agent.tail(100).count("the outbox cannot be used, observing goes on") == 1
        in_the_way.rmdir()
        wait_for("a record", lambda: _applied(collector, 1))
        wait_for("the good news", lambda: agent.tail(100).count("the outbox can be used again") == 1)
    assert collector.model.applied[0][2].complete


def test_once_says_when_the_collector_refuses(tmp_path: Path) -> None:
    """It ends with 1; the sections wait in the outbox, each alone."""
    with _house(tmp_path) as (_, agent, collector):
        collector.refuse = True
        agent.argv[3:4] = ["--lang", "en", "once"]
        agent.start()
        assert agent.process is not None
        assert agent.process.wait(60) == 1
    assert agent.tail(1) == "The collector refused the report of this device."


@pytest.mark.live
def test_once_print_prints_this_machine(tmp_path: Path) -> None:
    """The record of this very machine, complete, as JSON, with nothing written anywhere."""
    argv = [sys.executable, "-m", "fernbereit_agent", "once", "--print", "--data", str(tmp_path / "data")]
    program = Program("once", argv, tmp_path)
    program.start()
    assert program.process is not None
    assert program.process.wait(60) == 0
    record = json.loads(program.log.read_text(encoding="utf-8"))
    assert record["complete"] is True
    assert record["sections"]["machine"]["outcome"] == "ok"
    assert record["sections"]["readiness"]["facts"]["verdict"] in {"ready", "limited", "not_ready", "unknown"}
    assert not (tmp_path / "data").exists()
