"""What do tests of the outbox need? A clock they turn themselves, and looks that carry a number."""

from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from fernbereit.facts.battery import Battery
from fernbereit.facts.firewall import Firewall
from fernbereit.record import Observation, Outcome
from fernbereit.tolerance import OpenModel
from fernbereit_agent.clock import Moment
from fernbereit_agent.outbox import Outbox
from fernbereit_agent.report import Look

DEVICE = "11111111-2222-4333-8444-555555555555"


@dataclass
class HandClock:
    """A clock that only tests move; both faces run alike unless the wall clock is set."""

    seconds: float = 1_000.0
    booted: float = 0.0
    boots: int = 1
    wall_ahead: float = 1_700_000_000.0

    def monotonic(self) -> float:
        """Return seconds since the boot."""
        return self.seconds - self.booted

    def wall(self) -> float:
        """Return Unix seconds."""
        return self.seconds + self.wall_ahead

    def now(self) -> Moment:
        """Return both faces."""
        return Moment(f"boot-{self.boots}", round(self.monotonic() * 1000), round(self.wall() * 1000))

    def uptime_ms(self) -> int:
        """Return milliseconds since the boot."""
        return round(self.monotonic() * 1000)

    def restart(self) -> None:
        """Boot again."""
        self.boots, self.booted = self.boots + 1, self.seconds


def numbered(number: int, clock: HandClock, *, padding: int = 0) -> dict[str, Look]:
    """Return looks at two sections of which the battery differs for every number."""
    battery = Battery(cycle_count=number)
    if padding:
        battery = Battery.model_validate({"cycle_count": number, "padding": "x" * padding})
    return {
        "battery": _look(Observation[Battery](outcome=Outcome.OK, facts=battery), clock),
        "firewall": _look(Observation[Firewall](outcome=Outcome.OK, facts=Firewall(enabled=True)), clock),
    }


def _look(seen: Observation[OpenModel], clock: HandClock) -> Look:
    return Look(seen, clock.monotonic())


def outbox_in(folder: Path, clock: HandClock, **bounds: int) -> Outbox:
    """Return the outbox of the test's device."""
    return Outbox(folder, DEVICE, clock, **bounds)


def letter(folder: Path, number: int = 1) -> bytes:
    """Return an envelope of one record as an older laptop sends it: taken in without a question first."""
    clock = HandClock()
    with closing(outbox_in(folder / "outbox", clock)) as outbox:
        outbox.append(numbered(number, clock))
        envelope = outbox.batch()
    assert envelope is not None
    return envelope._replace(generation=None).encode()
