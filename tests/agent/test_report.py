"""Which sections travel, and how old are they said to be?"""

from fernbereit.facts.firewall import Firewall
from fernbereit.record import Observation, Outcome, Reason, decode_record
from fernbereit_agent.report import Look, fingerprint, make_record
from outbox_world import HandClock, numbered


def test_a_look_that_finds_the_same_has_the_same_fingerprint() -> None:
    """Its age does not count; facts, outcome and reason do."""
    clock = HandClock()
    battery = numbered(1, clock)["battery"].seen
    assert fingerprint(battery) == fingerprint(battery.model_copy(update={"observed_age_s": 9.0}))
    others = [
        numbered(2, clock)["battery"].seen,
        battery.model_copy(update={"facts": None, "outcome": Outcome.FAILED}),
        battery.model_copy(update={"reason": Reason.OTHER}),
    ]
    assert len({fingerprint(seen) for seen in [battery, *others]}) == 4


def test_ages_are_those_of_the_looks_when_the_record_is_made() -> None:
    """By the clock that counts sleep."""
    clock = HandClock()
    looks = numbered(1, clock)
    first = make_record(looks, {}, clock.monotonic() + 5)
    second = make_record(looks, first.digests, clock.monotonic() + 65)
    assert {name: seen.observed_age_s for name, seen in first.record.sections.present().items()} == {
        "battery": 5.0,
        "firewall": 5.0,
    }
    assert second.record.sections.present() == {}
    assert second.record.unchanged == {"battery": 65.0, "firewall": 65.0}


def test_a_section_without_facts_travels_with_its_reason() -> None:
    """And is understood on the other side."""
    seen = Observation[Firewall](outcome=Outcome.DENIED, reason=Reason.ACCESS_DENIED)
    body = make_record({"firewall": Look(seen, 0)}, {}, 1).record.encode()
    record, _ = decode_record(body)
    (told,) = record.sections.present().values()
    assert (told.outcome, told.facts) == (Outcome.DENIED, None)
