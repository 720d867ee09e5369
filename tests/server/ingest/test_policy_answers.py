"""Which laptops are sent the policy in force, and how often?"""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from fernbereit import topics
from fernbereit.facts.readiness import Readiness
from fernbereit.policy import Policy, shipped_policy
from fernbereit.readiness import compile_policy
from fernbereit.record import Outcome
from fernbereit_server.decisions import NOTHING_DECIDED, Decisions
from fernbereit_server.fleet import Fleet
from fernbereit_server.ingest import policy_answers
from fernbereit_server.ingest.policy_answers import FIRST_WAIT_S, LONGEST_WAIT_S, MOST_AT_ONCE, PolicyAnswers
from fernbereit_server.ingest.tally import Tally
from fernbereit_server.store.changes import Standing

DAY = date(2026, 3, 10)
HOUR = FIRST_WAIT_S


def adopted(version: int) -> Decisions:
    """Return that people adopted the shipped policy under a version of their own."""
    policy = shipped_policy().model_copy(update={"version": version})
    return replace(NOTHING_DECIDED, policy=compile_policy(policy), policy_adopted_on=DAY)


class Desk:
    """Answers under test, with a broker and a clock of the test."""

    def __init__(self, decisions: Decisions) -> None:
        self.fleet, self.tally, self.decisions = Fleet(), Tally(), decisions
        self.now = datetime(2026, 3, 10, 8, tzinfo=UTC)
        self.sent: list[str] = []
        self.signed: list[int] = []
        self.connected = True
        self.broken: Exception | None = None
        self.answers = PolicyAnswers(
            self.fleet,
            decisions=lambda: self.decisions,
            sign=self.sign,
            publish=self.publish,
            tally=self.tally,
            clock=lambda: self.now,
        )

    def sign(self, policy: Policy) -> bytes:
        self.signed.append(policy.version)
        if self.broken:
            raise self.broken
        return b"%d" % policy.version

    def publish(self, topic: str, payload: bytes) -> bool:
        if self.connected:
            found = topics.parse_down(topic)
            assert found is not None
            assert found.kind == "policy"
            self.sent.append(f"{found.device_id[0]}:{payload.decode()}")
        return self.connected

    def report(
        self, *names: str, version: int | None = None, own: bool = True, after_s: float = 0
    ) -> list[str]:
        """Let laptops report what they hold, and return to whom the policy went."""
        self.now += timedelta(seconds=after_s)
        ids = [device_id(name) for name in names]
        for one in ids:
            facts = Readiness(policy_version=version, policy_adopted=own)
            self.fleet.put(
                one,
                Standing(status="active", mark=None),
                first_seen_on=DAY,
                last_report_at=None,
                outcomes={"readiness": Outcome.OK} if version else {},
                facts={"readiness": facts} if version else {},
            )
        self.sent.clear()
        self.answers.after_acks(ids)
        return list(self.sent)


def device_id(name: str) -> str:
    """Return a device id that begins with a digit."""
    return f"{name[0]}{int(name[1:] or 0):07d}-0000-4000-8000-000000000000"


@pytest.mark.parametrize(
    ("version", "own", "wanted"),
    [
        (2, True, ["a:3"]),
        (None, True, ["a:3"]),
        (3, True, []),
        (3, False, ["a:3"]),
        (1, False, ["a:3"]),
        (4, True, ["a:3"]),
    ],
    ids=[
        "an older one",
        "none",
        "this one",
        "a shipped one of the same number",
        "the shipped one",
        "a later one, of a store that was lost",
    ],
)
def test_who_does_not_hold_the_policy_in_force_gets_it(
    version: int | None, *, own: bool, wanted: list[str]
) -> None:
    """What the laptop names decides, and whether that was the authority's own."""
    assert Desk(adopted(3)).report("a", version=version, own=own) == wanted


@pytest.mark.parametrize("version", [None, 1, 7])
def test_the_shipped_policy_is_sent_to_nobody(version: int | None) -> None:
    """Every laptop has one; nothing is signed for it."""
    desk = Desk(NOTHING_DECIDED)

    assert desk.report("a", version=version) == []
    assert desk.signed == []


def test_a_laptop_gets_it_once_an_hour_at_most_and_then_ever_less_often() -> None:
    """One that never takes it is asked once a day in the end; it is signed once."""
    desk = Desk(adopted(3))
    times = [hour for hour in range(120) if desk.report("a", version=2, after_s=HOUR if hour else 0)]

    assert times == [0, 1, 3, 7, 15, 31, 55, 79, 103]
    assert desk.report("a", version=2, after_s=HOUR / 4) == []
    assert desk.signed == [3]
    assert desk.tally.policies_sent == len(times)


def test_a_new_policy_does_not_wait_longer_than_an_hour() -> None:
    """However little the laptop made of the last one."""
    desk = Desk(adopted(3))
    for _ in range(40):
        desk.report("a", version=2, after_s=HOUR)
    while not desk.report("a", version=2, after_s=HOUR):
        pass
    desk.decisions = adopted(4)

    assert desk.report("a", version=2, after_s=HOUR / 2) == []
    assert desk.report("a", version=2, after_s=HOUR / 2) == ["a:4"]
    assert desk.report("a", version=2, after_s=HOUR) == ["a:4"]


def test_a_clock_that_was_set_back_does_not_keep_it_from_anybody() -> None:
    """Else a laptop met while the clock was years ahead would wait for years."""
    desk = Desk(adopted(3))
    desk.report("a", version=2)

    assert desk.report("a", version=2, after_s=-10 * 365 * LONGEST_WAIT_S) == ["a:3"]


def test_only_so_many_leave_at_once() -> None:
    """The others get it with their next report, those that have it are not asked about again."""
    desk = Desk(adopted(3))
    names = [f"b{number}" for number in range(MOST_AT_ONCE + 10)]

    assert len(desk.report(*names, version=2)) == MOST_AT_ONCE
    assert len(desk.report(*names, version=2, after_s=60)) == 10


def test_what_is_remembered_is_bounded_and_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    """A laptop that holds the policy is forgotten, one that stays away after two days."""
    monkeypatch.setattr(policy_answers, "MOST_WAITING", 2)
    desk = Desk(adopted(3))
    desk.report("a1", "b2", version=2)

    assert desk.report("c3", version=2) == []
    desk.report("a1", version=3)
    assert desk.report("c3", version=2) == ["c:3"]
    assert desk.report("d4", version=2) == []
    assert desk.report("d4", version=2, after_s=2 * LONGEST_WAIT_S) == ["d:3"]
    assert len(desk.answers) == 1


def test_without_a_connection_nothing_counts_as_sent() -> None:
    """It goes out with the next report."""
    desk = Desk(adopted(3))
    desk.connected = False
    assert desk.report("a", version=2) == []
    desk.connected = True

    assert desk.report("a", version=2, after_s=60) == ["a:3"]
    assert desk.tally.policies_sent == 1


def test_a_signer_that_fails_stops_nobody_and_is_counted(caplog: pytest.LogCaptureFixture) -> None:
    """Nothing is raised where reports are taken in; it is tried again after a minute."""
    desk = Desk(adopted(3))
    desk.broken = RuntimeError(f"no key for {device_id('a')}")
    assert [desk.report("a", version=2, after_s=after_s) for after_s in (0, 30, 40)] == [[], [], []]
    assert (desk.tally.policies_failed, desk.signed) == (2, [3, 3])
    assert caplog.messages == ["the policy could not be sent: RuntimeError"] * 2
    desk.broken = None

    assert desk.report("a", version=2, after_s=61) == ["a:3"]
