"""Do the parts of a change add up, and does each name the one thing that decided?"""

import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fernbereit.facts.readiness import Verdict
from fernbereit.readiness import Result, compile_policy, stand
from fernbereit_server.judging.judgement import VERDICT, Cause, Transition
from fernbereit_server.resilience.change import (
    SEVERAL,
    WINDOWS,
    ChangeCounts,
    Part,
    Present,
    by_device,
    change_counts,
    readiness_under,
)
from policy_world import check, policy_of

TODAY = date(2026, 10, 1)
ENCRYPTED = check("encrypted", "disk_encryption.state", {"const": "encrypted"}, essential=True)
FILTERED = check("filtered", "firewall.enabled", {"const": True}, essential=True)
SIGNED = check("signed", "boot_security.secure_boot", {"const": "on"}, weight=3)
WATCHED = check("watched", "malware_protection.realtime_on", {"const": True}, weight=2)
POLICY = compile_policy(policy_of(ENCRYPTED, FILTERED, SIGNED, WATCHED, ready_at=0.6))
NAMES = [one.id for one in POLICY.judged]
IS_READY = readiness_under(POLICY)
GOOD = dict.fromkeys(NAMES, "pass")


def flip(subject: str, before: str, after: str, days_ago: int = 3, cause: Cause = Cause.FACTS) -> Transition:
    day = TODAY - timedelta(days=days_ago)
    return Transition(device_id="a", day=day, subject=subject, before=before, after=after, cause=cause)


def of_one(device: Present, *transitions: Transition, days: int = 7) -> ChangeCounts:
    return change_counts([device], by_device(transitions), TODAY - timedelta(days=days), IS_READY)


def laptop(verdict: str = "not_ready", first_seen: int = 900, left: int | None = None, **bad: str) -> Present:
    return Present(
        device_id="a",
        verdict=verdict,
        first_seen_on=TODAY - timedelta(days=first_seen),
        left_on=None if left is None else TODAY - timedelta(days=left),
        results=GOOD | bad,
    )


@pytest.mark.parametrize(
    ("device", "transitions", "part"),
    [
        (
            laptop(encrypted="fail"),
            [flip(VERDICT, "ready", "not_ready"), flip("encrypted", "pass", "fail")],
            Part("lost", "facts:encrypted"),
        ),
        (
            laptop("unknown", encrypted="unknown"),
            [
                flip(VERDICT, "ready", "unknown", cause=Cause.TIME),
                flip("encrypted", "pass", "unknown", cause=Cause.TIME),
            ],
            Part("lost", "time:encrypted"),
        ),
        (
            laptop(encrypted="fail", watched="fail"),
            [
                flip(VERDICT, "ready", "not_ready"),
                flip("watched", "pass", "fail"),
                flip("encrypted", "pass", "fail"),
            ],
            Part("lost", "facts:encrypted"),
        ),
        (
            laptop(encrypted="fail", filtered="fail"),
            [
                flip(VERDICT, "ready", "not_ready"),
                flip("filtered", "pass", "fail"),
                flip("encrypted", "pass", "fail"),
            ],
            Part("lost", SEVERAL),
        ),
        (
            laptop("ready"),
            [
                flip(VERDICT, "not_ready", "ready"),
                flip("filtered", "fail", "pass"),
                flip("encrypted", "fail", "pass"),
            ],
            Part("gained", SEVERAL),
        ),
        (
            laptop("ready"),
            [flip(VERDICT, "unknown", "ready"), flip("watched", "fail", "pass")],
            Part("gained", "silent"),
        ),
        (laptop("unknown"), [flip(VERDICT, "ready", "unknown", cause=Cause.TIME)], Part("lost", "silent")),
        (
            laptop("ready", watched="fail"),
            [
                flip(VERDICT, "not_ready", "ready", 5),
                flip("encrypted", "fail", "pass", 5),
                flip("watched", "pass", "fail", 2),
            ],
            Part("gained", "facts:encrypted"),
        ),
        (
            laptop(encrypted="fail"),
            [flip(VERDICT, "ready", "not_ready", cause=Cause.POLICY)],
            Part("lost", "policy"),
        ),
        (laptop(), [flip(VERDICT, "ready", "not_ready", cause=Cause.WAIVER_ENDED)], Part("lost", "waiver")),
        (
            laptop("ready", first_seen=3),
            [flip(VERDICT, "unknown", "ready", 2), flip("filtered", "unknown", "pass", 2)],
            Part("gained", "new"),
        ),
        (laptop("ready", left=2), [], Part("lost", "retired")),
    ],
    ids=[
        "a fact that failed",
        "a certificate that ended",
        "one check that would not have mattered beside one that did",
        "two failures, each enough",
        "two repairs, neither enough",
        "reporting again after weeks",
        "silent for too long",
        "what happened after the deciding day is undone first",
        "a stricter policy",
        "a waiver that ended",
        "a device first seen in the window, whatever made it ready",
        "a device that was retired",
    ],
)
def test_a_device_has_one_cause(device: Present, transitions: list[Transition], part: Part) -> None:
    """The check is named when it alone made the difference of that day."""
    assert of_one(device, *transitions).parts == Counter([part])


@pytest.mark.parametrize(
    ("device", "transitions", "size"),
    [
        (laptop("ready"), [], 1),
        (
            laptop("ready"),
            [flip(VERDICT, "ready", "not_ready", 6), flip(VERDICT, "not_ready", "ready", 2)],
            1,
        ),
        (laptop(), [flip(VERDICT, "ready", "not_ready", 8)], 1),
        (laptop(first_seen=2), [], 1),
        (laptop("ready", left=7), [], 0),
        (laptop(left=2), [], 1),
    ],
    ids=[
        "nothing happened",
        "broken and repaired within the window",
        "changed before the window",
        "new and not ready",
        "retired before the window",
        "retired and not ready",
    ],
)
def test_what_is_the_same_at_both_ends_has_no_part(
    device: Present, transitions: list[Transition], size: int
) -> None:
    """Only the ends of a window count."""
    counts = of_one(device, *transitions)

    assert not counts.parts
    assert (counts.ready_then == counts.ready_now, counts.size) == (True, size)


@dataclass
class Life:
    """One laptop lived day by day: what nobody but the test knows, and what is kept of it."""

    name: str
    seen: date
    results: dict[str, str]
    left: date | None = None
    outdated: bool = False
    ready_on: dict[date, bool] = field(default_factory=dict)
    kept: list[Transition] = field(default_factory=list)

    def verdict(self) -> str:
        ordered = [Result(self.results[name]) for name in NAMES]
        return stand(POLICY, ordered, outdated=self.outdated).verdict.value

    def live(self, day: date, chance: random.Random) -> None:
        before = {**self.results, VERDICT: self.verdict()}
        cause = chance.choice([Cause.FACTS, Cause.FACTS, Cause.TIME, Cause.WAIVER_ENDED])
        if chance.random() < 0.15:
            for name in chance.sample(NAMES, chance.choice([1, 1, 2])):
                self.results[name] = chance.choice(["pass", "pass", "fail", "unknown"])
        if chance.random() < 0.03:
            self.outdated = not self.outdated
        after = {**self.results, VERDICT: self.verdict()}
        if day == self.seen:
            self.keep(day, VERDICT, "unknown", after[VERDICT], Cause.NEW)
        else:
            for subject in (*NAMES, VERDICT):
                self.keep(day, subject, before[subject], after[subject], cause)

    def keep(self, day: date, subject: str, before: str, after: str, cause: Cause) -> None:
        if before != after:
            self.kept.append(
                Transition(
                    device_id=self.name, day=day, subject=subject, before=before, after=after, cause=cause
                )
            )


def lived(seed: int, days: int = 95) -> list[Life]:
    chance = random.Random(seed)
    fleet = [
        Life(
            f"laptop {number}",
            TODAY - timedelta(days=chance.choice([400, 400, chance.randrange(days)])),
            {name: chance.choice(["pass", "pass", "pass", "fail", "unknown"]) for name in NAMES},
        )
        for number in range(chance.randrange(1, 12))
    ]
    for ago in range(days, -1, -1):
        day = TODAY - timedelta(days=ago)
        for life in fleet:
            if day < life.seen or life.left is not None:
                continue
            if day > life.seen and chance.random() < 0.005:
                life.left = day
                continue
            life.live(day, chance)
            life.ready_on[day] = life.verdict() == Verdict.READY
    return fleet


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**9))
def test_parts_add_up_to_the_difference(seed: int) -> None:
    """Histories of fleets whose truth nobody but the test knows: both ends and every device are right."""
    fleet = lived(seed)
    present = [
        Present(
            device_id=life.name,
            verdict=life.verdict(),
            first_seen_on=life.seen,
            left_on=life.left,
            results=life.results,
        )
        for life in fleet
    ]
    kept = by_device(one for life in fleet for one in life.kept)
    for days in WINDOWS:
        since = TODAY - timedelta(days=days)
        counts = change_counts(present, kept, since, IS_READY)
        ends = [(life.ready_on.get(since, False), life.ready_on.get(TODAY, False)) for life in fleet]

        assert counts.ready_then == sum(then for then, _ in ends)
        assert counts.ready_now == sum(now for _, now in ends)
        gained = sum(number for part, number in counts.parts.items() if part.direction == "gained")
        lost = sum(number for part, number in counts.parts.items() if part.direction == "lost")
        assert gained == sum(now and not then for then, now in ends)
        assert lost == sum(then and not now for then, now in ends)
        assert counts.ready_now - counts.ready_then == gained - lost
