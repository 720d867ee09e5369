"""Does `fernbereit simulate` deliver everything through a real broker, and say so when it does not?"""

import json
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

import oracle
from collecting import collecting, settings_for
from fernbereit_server.cli import app
from fernbereit_server.collector import Collector
from fernbereit_server.commands.simulate import page
from fernbereit_server.commands.wording import words
from fernbereit_server.demo.sender_log import SenderLog
from fernbereit_server.simulate.engine import Simulation
from fernbereit_server.simulate.plan import Plan
from fernbereit_server.simulate.result import as_json
from mosquitto import mosquitto
from processes import Program, free_port, running, wait_for

SHORT = ("--devices", "12", "--interval", "1", "--minutes", "0.03", "--spread", "0.5", "--patience", "30")


@pytest.fixture
def collector(tmp_path: Path) -> Iterator[Collector]:
    with (
        mosquitto(tmp_path) as broker,
        collecting(settings_for(tmp_path / "data", broker.port)) as collector,
    ):
        yield collector


def run(*options: str, port: int) -> Result:
    place = f"127.0.0.1:{port}"
    return CliRunner().invoke(app, ["simulate", "--broker", place, "--lang", "en", *options])


@pytest.mark.real
@pytest.mark.parametrize("scenario", ["normal", "monday", "storm", "broker-restart"])
def test_everything_is_acknowledged_whatever_happens_meanwhile(
    collector: Collector, tmp_path: Path, scenario: str
) -> None:
    """An independent oracle finds store and log of one opinion; the lost connections are counted."""
    log = tmp_path / "laptops.jsonl"
    options = (*SHORT, "--connections", "5", "--scenario", scenario, "--log", str(log), "--json")
    done = run(*options, port=collector.settings.broker.port)

    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert told["records"]["written"] == told["records"]["acknowledged"] >= 12
    assert told["connections"] == 5
    cut = scenario in {"storm", "broker-restart"}
    assert sum(told["per_second"]["connections_lost"]) == (5 if cut else 0)
    assert (told["herd"]["back_95_s"] is not None) == cut
    assert oracle.faults(log, collector.settings.store_url, everything=True) == []


@pytest.mark.real
def test_without_a_collector_nothing_is_acknowledged_and_it_says_so(tmp_path: Path) -> None:
    """Exit code 1, and how many wait."""
    with mosquitto(tmp_path) as broker:
        done = run(*SHORT[:-1], "0", port=broker.port)

    assert done.exit_code == 1
    assert "Not acknowledged: " in done.stdout


@pytest.mark.real
def test_a_broker_that_was_not_restarted_is_a_failure(collector: Collector) -> None:
    """The command's own exit code decides."""
    options = (*SHORT, "--scenario", "broker-restart", "--restart-command", f"{sys.executable} -c 1/0")
    done = run(*options, port=collector.settings.broker.port)

    assert done.exit_code == 1
    assert "The command that should restart the broker failed." in done.stdout


def test_without_a_broker_it_says_what_to_start() -> None:
    """Exit code 3."""
    done = run(*SHORT[:-1], "0", port=free_port())

    assert done.exit_code == 3
    assert "Does fernbereit serve run there?" in done.stdout


@pytest.mark.real
def test_a_person_may_stop_it_and_still_reads_what_came_of_it(tmp_path: Path) -> None:
    """Ctrl-C: exit code 130, the result, no traceback."""
    with mosquitto(tmp_path) as broker:
        argv = [sys.executable, "-m", "fernbereit_server", "simulate", "--devices", "5", "--json"]
        log = tmp_path / "log"
        options = ["--broker", f"127.0.0.1:{broker.port}", "--spread", "0", "--log", str(log)]
        program = Program("simulate", [*argv, *options], tmp_path)
        with running(program):
            wait_for("a record", lambda: log.exists() and log.read_bytes())
            assert program.process is not None
            program.process.send_signal(signal.SIGINT)
            code = program.process.wait(timeout=30)

    assert code == 130
    said = program.log.read_text()
    assert '"interrupted": true' in said
    assert "Traceback" not in said


def test_what_a_restored_store_lacks_is_told_to_people_and_scripts() -> None:
    """Acknowledged it was, so nothing else in the result names it."""
    simulation = Simulation(Plan(devices=1, interval_s=1, connections=1), [], SenderLog())
    simulation.figures.missing = 1234

    assert as_json(simulation, interrupted=False)["records"]["missing"] == 1234
    assert "not in the restored database any more: 1,234." in page(simulation, words("en"))


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--broker", "192.0.2.1:1883"), "address of this computer"),
        (("--broker", "127.0.0.1"), "address and a port"),
        (("--broker", "127.0.0.1:99999"), "address and a port"),
        (("--connections", "900000", "--devices", "200000"), "at most"),
        (("--restart-command", "true"), "broker-restart"),
        (("--scenario", "friday"), "monday"),
    ],
    ids=[
        "elsewhere",
        "no port",
        "too high a port",
        "more connections than files",
        "no restart",
        "no scenario",
    ],
)
def test_wrong_arguments_are_refused_with_what_is_expected(options: tuple[str, ...], said: str) -> None:
    """Exit code 2, before anything begins."""
    done = CliRunner().invoke(app, ["simulate", "--lang", "en", *options], env={"COLUMNS": "200"})

    assert done.exit_code == 2
    assert said in done.output
