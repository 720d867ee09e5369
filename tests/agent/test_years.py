"""What does the agent do over days and nights, with time passed in: does it report, rest, and keep silent?"""

import logging
import shutil
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from fernbereit.facts.battery import Battery
from fernbereit_agent.errors import Unreadable
from fernbereit_agent.host import Host, LocalHost, System
from fernbereit_agent.inbox import Inbox
from fernbereit_agent.link_events import Answered, Connected, Event
from fernbereit_agent.mailbox import Send, post
from fernbereit_agent.probe import Probe
from fernbereit_agent.resident import Resident
from fernbereit_agent.settings import ProbeSettings, Settings
from model_collector import ModelCollector
from outbox_world import DEVICE, HandClock

DAY_S = 86_400.0
PROBE = Probe(
    section="battery",
    every=timedelta(days=1),
    deadline=timedelta(seconds=5),
    readers=dict.fromkeys(System, lambda _host, _settings: Battery(cycle_count=1)),
)


@dataclass
class Days(Inbox):
    """An inbox in which time passes as fast as it can; `happens` is called at every rest."""

    clock: HandClock
    until_s: float
    happens: Callable[[], None] = lambda: None
    rests: int = 0
    arrived: list[Event | None] = field(default_factory=list)
    agent: Resident | None = None

    def put(self, event: Event | None) -> None:
        """Add an event."""
        self.arrived.append(event)

    def take(self, wait_s: float) -> list[Event | None]:
        """Let the time pass, unless something is there."""
        if not self.arrived:
            self.rests += 1
            self.clock.seconds += max(0.001, min(wait_s, 60.0))
            self.happens()
        if self.clock.seconds >= self.until_s and self.agent is not None:
            self.agent.stop()
        arrived, self.arrived = self.arrived, []
        return arrived

    def close(self) -> None:
        """Nothing is left open."""


@dataclass
class Wire:
    """A connection that is always there, and a collector at its end that answers at once."""

    inbox: Days
    collector: ModelCollector
    sent_at: list[float] = field(default_factory=list)

    def start(self, delay_s: float) -> None:  # noqa: ARG002
        """Connect."""
        self.inbox.put(Connected(1))

    def send(self, connection: int, envelope: bytes) -> None:
        """Deliver and answer."""
        self.sent_at.append(self.inbox.clock.seconds)
        answer = self.collector.take(envelope)
        if answer is not None:
            self.inbox.put(Answered(connection, answer.encode()))

    def stop(self) -> None:
        """Nothing to do."""


def live(
    folder: Path,
    days: float,
    happens: Callable[[HandClock], None] = lambda _: None,
    probe: Probe = PROBE,
) -> tuple[Wire, Days]:
    """Run a real agent for so many days."""
    clock = HandClock(seconds=1_000.0)
    inbox = Days(clock, until_s=1_000.0 + days * DAY_S, happens=lambda: happens(clock))
    wire = Wire(inbox, ModelCollector())
    agent = Resident(
        settings=Settings(data=folder),
        device_id=DEVICE,
        host=LocalHost(),
        probes=(probe,),
        clock=clock,
        inbox=inbox,
        link=wire,
    )
    inbox.agent = agent
    agent.run()
    return wire, inbox


def test_a_steady_day_is_a_silent_day(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Every quarter of an hour a report, hardly more than one rest a minute, not one line in between."""
    caplog.set_level(logging.INFO, logger="fernbereit_agent")
    wire, inbox = live(tmp_path, 1.0)
    assert 95 <= len(wire.sent_at) <= 98
    assert inbox.rests <= 1_440 * 1.3
    steady = [record.message for record in caplog.records]
    assert steady[0].startswith("reporting every 900 s")
    assert steady[-1] == "stopped"
    first = ("judged by version", "no policy is taken", "battery: ok")
    assert [line for line in steady[1:-1] if not line.startswith(first)] == []
    assert len(steady) <= 2 + len(first), "each line of the start once"


def test_whoever_asks_to_look_anew_is_obeyed_and_ends_no_patience(tmp_path: Path) -> None:
    """A section that keeps failing is looked at once more, and then as rarely as before."""
    looked_at: list[float] = []

    def fails(_host: Host, _settings: ProbeSettings) -> Battery:
        looked_at.append(clocks[0].seconds)
        raise Unreadable

    def ask(clock: HandClock) -> None:
        clocks[:] = [clock]
        if not asked and clock.seconds >= noon:
            asked.append(clock.seconds)
            post(tmp_path, Send())

    clocks, asked, noon = [HandClock(seconds=1_000.0)], list[float](), 1_000 + 0.2 * DAY_S
    often = replace(PROBE, every=timedelta(minutes=15), readers=dict.fromkeys(System, fails))
    live(tmp_path, 0.7, ask, often)
    before = [at for at in looked_at if at < noon]
    after = [at for at in looked_at if at >= noon]
    assert len(before) <= 8
    assert after[0] - asked[0] <= 120
    assert after[1] - after[0] >= before[-1] - before[-2]


@pytest.mark.parametrize("years", [-56, -1, 1, 60, 200], ids=lambda years: f"{years} years")
def test_a_clock_that_jumps_changes_no_more_than_the_phase(tmp_path: Path, years: float) -> None:
    """Every hour forth or back by years: reports go on, and none is dated into the future."""
    jumps = iter(range(1, 10_000))

    def jump(clock: HandClock) -> None:
        if clock.seconds > 1_000 + 3_600 * jumps_done[0]:
            jumps_done[0] = next(jumps) + 1
            clock.wall_ahead += years * 365.25 * DAY_S * (1 if jumps_done[0] % 2 else -1)

    jumps_done = [1]
    wire, inbox = live(tmp_path, 0.5, jump)
    gaps = [later - earlier for earlier, later in pairwise(wire.sent_at)]
    assert max(gaps) <= 2 * 900
    assert len(wire.sent_at) <= 0.5 * DAY_S / 450 + 2
    assert inbox.rests <= 720 * 1.5
    assert all(line.age_ms >= 0 for _, line, _ in wire.collector.applied)
    assert wire.collector.totals == (0, 0)


def test_a_lid_closed_for_three_weeks_is_one_report_soon_after(tmp_path: Path) -> None:
    """Not one for every quarter of an hour that was slept through."""
    slept = [False]

    def close_the_lid(clock: HandClock) -> None:
        if clock.seconds > 8_000 and not slept[0]:
            slept[0] = True
            clock.seconds += 20 * DAY_S

    wire, _ = live(tmp_path, 20.2, close_the_lid)
    woke = next(at for at in wire.sent_at if at > 20 * DAY_S)
    assert woke <= 8_000 + 20 * DAY_S + 60 + 60 + 60
    assert len([at for at in wire.sent_at if at <= woke + 120 and at >= 20 * DAY_S]) == 1


def test_a_folder_deleted_every_hour_ends_nothing_and_is_said(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """It is made anew with the same identity, and every report arrives."""
    caplog.set_level(logging.INFO, logger="fernbereit_agent")
    folder, done = tmp_path / "data", [0]

    def delete(clock: HandClock) -> None:
        if clock.seconds > 1_000 + 3_600 * (done[0] + 1):
            done[0] += 1
            shutil.rmtree(folder)

    wire, _ = live(folder, 0.5, delete)
    assert len(wire.sent_at) >= 40
    assert (folder / "device_id").read_text(encoding="ascii").strip() == DEVICE
    assert 1 <= len([line for line in caplog.messages if "deleted or replaced" in line]) <= done[0]


def test_another_thread_may_stop_it(tmp_path: Path) -> None:
    """As a service of Windows does; and it may run outside of the main thread, where no signal is heard."""
    agent = Resident(
        settings=Settings(data=tmp_path), device_id=DEVICE, host=LocalHost(), probes=(PROBE,), link=Nowhere()
    )
    thread = threading.Thread(target=agent.run)
    thread.start()
    agent.stop()
    thread.join(30)
    assert not thread.is_alive()


class Nowhere:
    """No connection at all."""

    def start(self, delay_s: float) -> None:
        """Never connect."""

    def send(self, connection: int, envelope: bytes) -> None:
        """Never asked."""

    def stop(self) -> None:
        """Nothing to do."""
