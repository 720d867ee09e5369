"""What does the service say to Windows, and what does it make of what Windows says?"""

import ctypes
import re
from pathlib import Path

import pytest

from fernbereit_agent import windows_service_log as log
from fernbereit_agent import windows_service_words as said
from fernbereit_agent.windows_service_words import Asked, State, asked_by, status_of

TRUTH = (Path(__file__).parent / "win64_service_layout.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "structure"),
    [("SERVICE_STATUS", said.ServiceStatus), ("SERVICE_TABLE_ENTRYW", said.ServiceTableEntry)],
)
def test_a_structure_lies_in_memory_as_windows_lays_it_out(
    name: str, structure: type[ctypes.Structure]
) -> None:
    """Sizes and offsets as a compiler for Windows sees them."""
    head = re.search(rf"^{name} sizeof=(\d+)\n((?:  \..*\n)*)", TRUTH, re.MULTILINE)
    assert head
    members = re.findall(r"\.(\w+) @(\d+) \((\d+)\)", head[2])

    assert ctypes.sizeof(structure) == int(head[1])
    assert [
        (member, str(getattr(structure, member).offset), str(getattr(structure, member).size))
        for member, *_ in structure._fields_
    ] == members


@pytest.mark.parametrize(
    ("control", "event", "asked"),
    [
        pytest.param(0x1, 0, Asked.STOP, id="somebody stops the service"),
        pytest.param(0x5, 0, Asked.STOP, id="the machine shuts down"),
        pytest.param(0xD, 0x12, Asked.WOKEN, id="the machine wakes"),
        pytest.param(0xD, 0x04, Asked.NOTHING, id="the machine falls asleep"),
        pytest.param(0xD, 0x07, Asked.NOTHING, id="a person touches the machine that woke"),
        pytest.param(0xD, 0x0A, Asked.NOTHING, id="a cable or the battery changed"),
        pytest.param(0x4, 0, Asked.NOTHING, id="Windows asks how it goes"),
        pytest.param(0xE, 5, Asked.UNKNOWN, id="somebody logs on"),
        pytest.param(200, 0, Asked.UNKNOWN, id="a control nobody defined"),
    ],
)
def test_of_what_windows_tells_only_stop_and_waking_count(control: int, event: int, asked: Asked) -> None:
    """Nothing that tells when a person is there is looked at."""
    assert asked_by(control, event) is asked


def test_windows_is_not_asked_to_tell_when_somebody_logs_on() -> None:
    """SERVICE_ACCEPT_SESSIONCHANGE is 0x80."""
    assert status_of(State.RUNNING).dwControlsAccepted == 0x45


@pytest.mark.parametrize("state", [State.START_PENDING, State.STOP_PENDING, State.STOPPED])
def test_only_a_running_service_takes_controls(state: State) -> None:
    """A control in between would meet half a program."""
    assert status_of(state).dwControlsAccepted == 0


def test_wrong_settings_end_the_service_with_their_code() -> None:
    """Windows shows a code of the service's own beside ERROR_SERVICE_SPECIFIC_ERROR."""
    told = status_of(State.STOPPED, 2)

    assert (told.dwWin32ExitCode, told.dwServiceSpecificExitCode) == (1066, 2)
    assert status_of(State.STOPPED).dwWin32ExitCode == 0


def test_the_log_of_the_service_stays_bounded(tmp_path: Path) -> None:
    """One full file is kept beside the one written to."""
    file = log.LogFile(tmp_path / "agent.log")
    line = "x" * 1023 + "\n"
    for _ in range(3 * log.LARGEST // len(line)):
        file.write(line)

    sizes = {path.name: path.stat().st_size for path in tmp_path.iterdir()}
    assert set(sizes) == {"agent.log", "agent.log.old"}
    assert max(sizes.values()) <= log.LARGEST + len(line)


def test_the_log_survives_a_missing_folder_and_remembers_its_end(tmp_path: Path) -> None:
    """A service without a disk goes on; how it ended goes to the event log."""
    file = log.LogFile(tmp_path / "missing" / "agent.log")
    print("ä" * 3000 + "end", file=file)

    assert file.last == ("ä" * 3000 + "end\n")[-log.KEPT :]
    assert not list(tmp_path.iterdir())
