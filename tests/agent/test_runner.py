"""How does a look at a section end, whatever its reader does?"""

import logging
import threading
from collections.abc import Callable, Iterator
from datetime import date, timedelta

import pytest
from pydantic import ValidationError

from fernbereit.facts.agent import LookTime
from fernbereit.facts.battery import Battery
from fernbereit.facts.storage import Storage
from fernbereit.record import Outcome, Reason, Record, Sections
from fernbereit.tolerance import OpenModel
from fernbereit_agent.errors import Denied, NotHere, TimedOut, Unreadable, Unsupported
from fernbereit_agent.host import Host, System
from fernbereit_agent.laptop import RecordedLaptop
from fernbereit_agent.probe import Probe, Reader
from fernbereit_agent.recorded import RecordedHost
from fernbereit_agent.runner import BUDGET_S, Runner, observe
from fernbereit_agent.schedule import due_probes
from fernbereit_agent.settings import ProbeSettings
from processes import wait_for

LAPTOP = RecordedLaptop(provenance="constructed", note="empty", today=date(2026, 11, 21))


def probe_that(reads: Reader, deadline_s: float = 30.0, section: str = "battery") -> Probe:
    return Probe(
        section=section,
        every=timedelta(hours=1),
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


class Hangs:
    """A reader that hangs until it is released, and counts how often it was called."""

    def __init__(self) -> None:
        self.release = threading.Event()
        self.threads: list[threading.Thread] = []

    def __call__(self, _host: Host, _settings: ProbeSettings) -> OpenModel:
        self.threads.append(threading.current_thread())
        self.release.wait(60)
        return Battery()

    def returned(self) -> bool:
        return not any(thread.is_alive() for thread in self.threads)


@pytest.fixture
def dead() -> Iterator[Hangs]:
    hangs = Hangs()
    yield hangs
    hangs.release.set()


def test_what_hangs_for_weeks_never_holds_more_than_one_thread_a_section(dead: Hangs) -> None:
    """However often two dead sections are asked for, two threads wait for them."""
    looking = runner()
    probes = [probe_that(dead, 0.01, section) for section in ("battery", "storage")]
    for _ in range(50):
        seen = [observation.outcome for _, observation in looking.look(probes)]
        assert seen == [Outcome.TIMEOUT, Outcome.TIMEOUT]

    assert len(dead.threads) == 2
    assert looking.misses() == {"battery": 50, "storage": 50}


def test_a_hanging_section_keeps_no_other_from_being_told(dead: Hangs) -> None:
    """The round goes on behind it."""
    looking = runner()
    well = probe_that(lambda _host, _settings: Storage(), section="storage")
    seen = [observation.outcome for _, observation in looking.look([probe_that(dead, 0.01), well])]

    assert seen == [Outcome.TIMEOUT, Outcome.OK]


def test_a_section_that_answers_again_is_looked_at_with_the_next_report(dead: Hangs) -> None:
    """After weeks of waits of a day the call that hung returns: the very next report looks again."""
    looking = runner()
    probe = probe_that(dead, 0.01)
    for _ in range(20):
        looking.observe(probe)
    assert due_probes([probe], {"battery": 0.0}, 7200, 900, looking.misses()) == ()

    dead.release.set()
    wait_for("the end of the hanging call", dead.returned)
    assert due_probes([probe], {"battery": 0.0}, 7200, 900, looking.misses()) == (probe,)
    assert looking.observe(probe_that(dead)).outcome is Outcome.OK


def test_a_section_that_is_always_a_little_too_slow_is_asked_ever_more_rarely(dead: Hangs) -> None:
    """That it returned in the meantime is no sign that it will be in time."""
    looking = runner()
    for misses in (1, 2, 3):
        dead.release.clear()
        looking.observe(probe_that(dead, 0.01))
        dead.release.set()
        wait_for("the end of the slow call", dead.returned)
        assert looking.misses() == {"battery": misses}


def test_failures_are_counted_until_one_look_is_good() -> None:
    """A missing battery is an answer, not a failure."""
    looking = runner()
    for error in (Unreadable(), ZeroDivisionError(), TimedOut()):
        looking.observe(probe_that(raising(error)))
    assert looking.misses() == {"battery": 3}
    looking.observe(probe_that(raising(NotHere())))
    assert looking.misses() == {}


def test_with_a_network_again_nothing_has_to_wait() -> None:
    """What failed at night without a network is tried at once in the morning."""
    looking = runner()
    looking.observe(probe_that(raising(TimedOut())))
    looking.forgive()
    assert looking.misses() == {}


def test_a_round_ends_and_leaves_the_rest_for_the_next() -> None:
    """A section left out keeps its earlier look, or says that there was no time for it."""
    now = [0.0]
    looking = runner(lambda: now[0])

    def takes_long(_host: Host, _settings: ProbeSettings) -> OpenModel:
        now[0] += BUDGET_S
        return Battery()

    well = probe_that(lambda _host, _settings: Storage(), section="storage")
    first = [(probe.section, seen.outcome) for probe, seen in looking.look([probe_that(takes_long), well])]
    looking.observe(well)
    later = [(probe.section, seen.outcome) for probe, seen in looking.look([probe_that(takes_long), well])]

    assert first == [("battery", Outcome.OK), ("storage", Outcome.TIMEOUT)]
    assert later == [("battery", Outcome.OK)]


def test_a_look_ends_when_the_agent_is_told_to_stop(dead: Hangs) -> None:
    """The service manager does not wait for a dead network folder, and the log tells nothing of it."""
    looking = runner()
    threading.Timer(0.05, looking.interrupt).start()

    assert looking.observe(probe_that(dead, deadline_s=600)).outcome is Outcome.TIMEOUT
    assert looking.misses() == {}


def test_without_room_for_a_thread_the_look_fails_and_the_agent_lives(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A machine at its limit of threads is told as a failure."""

    def full(_thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", full)
    seen = runner().observe(probe_that(raising(NotHere())))
    assert (seen.outcome, seen.reason) == (Outcome.FAILED, Reason.INTERNAL_ERROR)


def test_sleep_in_the_middle_of_a_look_is_not_the_looks_own_time() -> None:
    """By a clock that counts sleep eight hours passed; the look itself took its deadline at most."""
    ticks = iter((0.0, 8 * 3600.0))
    looking = runner(lambda: next(ticks))
    looking.observe(probe_that(lambda _host, _settings: Battery()))

    assert looking.took_s == {"battery": 30.0}
    assert looking.slowest_look() is LookTime.VERY_SLOW


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
