"""Can a broker fill the log of a laptop? Not by anything it does, and what else is to be said still is."""

import io
import logging
import subprocess
import sys

import pytest

from fernbereit_agent.log_bound import KINDS, LEFT_OUT, LINES, WITHIN_S, LogBound
from outbox_world import HandClock

SAYS_IT_OFTEN = """
import logging
from fernbereit_agent import cli
cli._log(logging.INFO)
for number in range(1000):
    logging.info("again %d", number)
"""


@pytest.fixture
def clock() -> HandClock:
    """Give a clock that only moves by hand."""
    return HandClock()


@pytest.fixture
def written(clock: HandClock) -> io.StringIO:
    """Let the log of one logger be written, bounded, into a text."""
    text = io.StringIO()
    handler = logging.StreamHandler(text)
    handler.addFilter(LogBound(clock.monotonic))
    log().handlers, log().propagate = [handler], False
    log().setLevel(logging.INFO)
    return text


def log() -> logging.Logger:
    """Return the logger of these tests."""
    return logging.getLogger("test_log_bound")


def test_a_line_that_comes_again_and_again_is_written_some_times_an_hour(
    written: io.StringIO, clock: HandClock
) -> None:
    """Whatever is filled in; the last one says that more are left out, and an hour later it goes on."""
    for number in range(1000):
        log().warning("the broker did %d", number)
    lines = written.getvalue().splitlines()
    assert len(lines) == LINES
    assert lines[-1] == f"the broker did {LINES - 1} ({LEFT_OUT})"
    assert [line for line in lines if LEFT_OUT in line] == lines[-1:]

    clock.seconds += WITHIN_S
    log().warning("the broker did %d", 1000)
    assert written.getvalue().splitlines()[-1] == "the broker did 1000"


def test_a_traceback_is_written_with_the_first_line_alone(written: io.StringIO) -> None:
    """It is twenty lines long, and the next one would be the same."""
    for _ in range(3):
        try:
            b"what the broker sent \xff".decode()
        except UnicodeDecodeError:
            log().exception("the connection ended")
    assert written.getvalue().count("Traceback") == 1
    assert written.getvalue().count("the connection ended") == 3


def test_what_else_is_to_be_said_is_said(written: io.StringIO) -> None:
    """One kind takes nothing from another; texts without end share what is left."""
    for number in range(1000):
        log().warning(f"made up {number}")
    log().warning("made up %d", 1)
    assert len(written.getvalue().splitlines()) == KINDS + LINES


def test_the_command_line_bounds_its_log() -> None:
    """As the service starts it."""
    said = subprocess.run(
        [sys.executable, "-c", SAYS_IT_OFTEN],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert len(said.stderr.splitlines()) == LINES
