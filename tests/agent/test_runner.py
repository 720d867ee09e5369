"""How does a look at a section end, whatever its reader does?"""

import logging
import threading
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from pydantic import ValidationError

from fernbereit.facts.battery import Battery
from fernbereit.record import Outcome, Reason, Record, Sections
from fernbereit.tolerance import OpenModel
from fernbereit_agent.errors import Denied, NotHere, TimedOut, Unreadable, Unsupported
from fernbereit_agent.host import Host, System
from fernbereit_agent.laptop import RecordedLaptop
from fernbereit_agent.probe import Probe, Reader
from fernbereit_agent.recorded import RecordedHost
from fernbereit_agent.runner import Runner, observe
from fernbereit_agent.settings import ProbeSettings

LAPTOP = RecordedLaptop(provenance="constructed", note="empty", today=date(2026, 11, 21))


def probe_that(reads: Reader, deadline_s: float = 30.0) -> Probe:
    return Probe(
        section="battery",
        every=timedelta(days=1),
        deadline=timedelta(seconds=deadline_s),
        readers={System.LINUX: reads},
    )


def raising(error: Exception) -> Reader:
    def read(_host: Host, _settings: ProbeSettings) -> OpenModel:
        raise error

    return read


def runner(clock: Callable[[], float] = lambda: 0.0) -> Runner:
    return Runner(host=RecordedHost(LAPTOP), settings=ProbeSettings(), monotonic=clock)


def out_of_bounds() -> ValidationError:
    try:
        Battery(health_ratio=7)
    except ValidationError as error:
        return error
    raise AssertionError


@pytest.mark.parametrize(
    ("error", "outcome", "reason"),
    [
        (NotHere(), Outcome.ABSENT, Reason.NO_HARDWARE),
        (NotHere(Reason.NOT_INSTALLED), Outcome.ABSENT, Reason.NOT_INSTALLED),
        (Unsupported(), Outcome.UNSUPPORTED, Reason.NOT_IMPLEMENTED),
        (Denied(), Outcome.DENIED, Reason.ACCESS_DENIED),
        (Unreadable(), Outcome.FAILED, Reason.UNREADABLE_ANSWER),
        (TimedOut(), Outcome.TIMEOUT, Reason.DEADLINE),
        (out_of_bounds(), Outcome.FAILED, Reason.UNREADABLE_ANSWER),
        (ZeroDivisionError("of a programmer"), Outcome.FAILED, Reason.INTERNAL_ERROR),
        (MemoryError(), Outcome.FAILED, Reason.INTERNAL_ERROR),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else str(value),
)
def test_every_error_becomes_an_outcome_and_a_reason(
    error: Exception, outcome: Outcome, reason: Reason
) -> None:
    """A reader that raises anything leaves an observation without facts, never an exception."""
    seen = observe(probe_that(raising(error)), RecordedHost(LAPTOP), ProbeSettings(), lambda: 0.0)

    assert (seen.outcome, seen.reason, seen.facts) == (outcome, reason, None)


def test_a_good_look_fits_into_a_record() -> None:
    """What the runner returns is what the section of a record holds, facts included."""
    seen = runner().observe(probe_that(lambda _host, _settings: Battery(health_ratio=0.5)))
    record = Record(sections=Sections(battery=seen))

    assert b'"battery":{"outcome":"ok","observed_age_s":0.0,"facts":{"health_ratio":0.5}}' in record.encode()


def test_a_system_without_a_reader_is_unsupported() -> None:
    """A probe that does not exist for this system yet says so."""
    windows = RecordedHost(LAPTOP.model_copy(update={"system": System.WINDOWS}))
    seen = observe(probe_that(raising(NotHere())), windows, ProbeSettings(), lambda: 0.0)

    assert (seen.outcome, seen.reason) == (Outcome.UNSUPPORTED, Reason.NOT_IMPLEMENTED)


def test_a_hanging_reader_is_left_behind_and_not_started_twice() -> None:
    """Past its deadline the look is a timeout; while the old call hangs no second one is started."""
    release, started = threading.Event(), threading.Semaphore(0)
    calls: list[str] = []

    def hang(_host: Host, _settings: ProbeSettings) -> OpenModel:
        calls.append(threading.current_thread().name)
        started.release()
        release.wait(60)
        return Battery()

    looking = runner()
    slow = probe_that(hang, deadline_s=0.05)
    first = looking.observe(slow)
    second = looking.observe(slow)
    assert (first.outcome, second.outcome, calls) == (Outcome.TIMEOUT, Outcome.TIMEOUT, ["probe-battery"])

    hanging = next(thread for thread in threading.enumerate() if thread.name == "probe-battery")
    assert hanging.daemon
    release.set()
    hanging.join(60)
    assert looking.observe(probe_that(hang)).outcome is Outcome.OK
    assert len(calls) == 2


def test_the_time_a_look_took_is_kept() -> None:
    """The agent can tell which of its probes is dear."""
    ticks = iter((10.0, 12.5))
    looking = runner(lambda: next(ticks))
    looking.observe(probe_that(lambda _host, _settings: Battery()))

    assert looking.took_s == {"battery": 2.5}


def test_only_a_change_of_outcome_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    """Hundreds of equal looks a day leave one line; the change leaves another."""
    looking = runner()
    with caplog.at_level(logging.INFO, logger="fernbereit_agent.runner"):
        for _ in range(3):
            looking.observe(probe_that(raising(NotHere())))
        for _ in range(3):
            looking.observe(probe_that(raising(Denied(detail="/home/secret"))))

    assert [record.getMessage() for record in caplog.records] == [
        "battery: absent (no_hardware) after 0.000 s",
        "battery: denied (access_denied) after 0.000 s",
    ]


def test_an_accident_is_logged_once_with_its_trace(caplog: pytest.LogCaptureFixture) -> None:
    """A programming error leaves one trace on the laptop, not one an hour."""
    looking = runner()
    for _ in range(3):
        looking.observe(probe_that(raising(ZeroDivisionError("of a programmer"))))

    assert [record.levelname for record in caplog.records] == ["WARNING"]
    assert caplog.records[0].exc_info is not None
    assert "ZeroDivisionError" in caplog.text
