"""Do the synthetic laptops give the shipped policy a plausible and varied picture?"""

from collections import Counter
from datetime import date

import pytest

from fernbereit.facts.readiness import Readiness, Verdict
from fernbereit.readiness import Result, evaluate
from fernbereit.record import decode_record
from fernbereit_server.demo.authority import Authority, make_authority
from fernbereit_server.demo.changes import LiveLaptop
from fernbereit_server.demo.verdict import looks_of, own_readiness, policy

TODAY = date(2026, 11, 22)


def authority(seed: int, today: date = TODAY) -> Authority:
    return make_authority(seed=seed, devices=300, today=today, key=bytes(32))


def verdicts(authority: Authority, today: date = TODAY) -> Counter[Verdict]:
    """Judge every laptop; one that fell silent or was never heard of is unknown."""
    counted = Counter(
        evaluate(policy(), looks_of(device.observed), today).standing.verdict
        for device in authority.reporting
    )
    stock = sum(row.kind == "stock" for row in authority.inventory)
    counted[Verdict.UNKNOWN] += len(authority.devices) - len(authority.reporting) - stock
    return counted


@pytest.mark.parametrize("seed", [1, 2, 3, 4], ids=lambda n: f"seed {n}")
def test_about_three_in_five_are_ready_and_one_in_ten_is_unknown(seed: int) -> None:
    """Enough to show how it should be, and enough of everything that is not."""
    counted = verdicts(authority(seed))
    share = {verdict: count / counted.total() for verdict, count in counted.items()}

    assert 0.50 <= share[Verdict.READY] <= 0.68
    assert 0.07 <= share[Verdict.UNKNOWN] <= 0.16
    assert 0.01 <= share[Verdict.LIMITED] <= 0.08
    assert 0.18 <= share[Verdict.NOT_READY] <= 0.35


def test_it_does_not_age_with_the_systems_it_knows() -> None:
    """In a year from now another demonstration does not show an authority in which everything has ended."""
    next_year = date(2027, 9, 30)
    counted = verdicts(authority(1, next_year), next_year)

    assert counted[Verdict.READY] / counted.total() >= 0.5


def test_single_blockers_differ_and_some_laptops_have_several() -> None:
    """The planner and the page of blockers have different things to say about different laptops."""
    alone: Counter[str] = Counter()
    several = 0
    for device in authority(1).reporting:
        results = evaluate(policy(), looks_of(device.observed), TODAY).results
        failed = [
            check.id
            for check, result in zip(policy().judged, results, strict=True)
            if check.essential and result is Result.FAIL
        ]
        several += len(failed) > 1
        if len(failed) == 1:
            alone[failed[0]] += 1

    assert set(alone) >= {"disk_encryption", "os_supported", "vpn_client"}
    assert min(alone[check] for check in ("disk_encryption", "os_supported", "vpn_client")) >= 5
    assert several >= 5


def test_every_check_of_the_policy_fails_somewhere() -> None:
    """Nothing in the policy is beyond what the demonstration can show, except what takes a broken service."""
    failed: set[str] = set()
    for seed in (1, 2, 3):
        for device in authority(seed).reporting:
            results = evaluate(policy(), looks_of(device.observed), TODAY).results
            pairs = zip(policy().judged, results, strict=True)
            failed |= {check.id for check, result in pairs if result is Result.FAIL}

    never = {check.id for check in policy().judged} - failed
    assert never <= {"home_encryption", "targets_trusted", "screen_lock_timeout"}


def test_laptops_say_what_the_collector_will_find() -> None:
    """A synthetic agent judges with the shared evaluator, so both agree at first."""
    for device in authority(1).reporting:
        said = device.observed["readiness"].facts
        assert isinstance(said, Readiness)
        assert (said.policy_version, said.policy_adopted) == (policy().policy.version, False)
        assert said.verdict == evaluate(policy(), looks_of(device.observed), TODAY).standing.verdict


def test_some_are_proven_some_without_a_tunnel_and_some_contested() -> None:
    """What only the laptop knows differs as well, and nobody needs no tunnel without having proven it."""
    said = [device.observed["readiness"].facts for device in authority(1).reporting]
    ready = [facts for facts in said if isinstance(facts, Readiness)]

    assert 0.3 < sum(facts.proven is True for facts in ready) / len(ready) < 0.9
    assert 10 < sum(facts.direct is True for facts in ready) < len(ready) / 3
    assert all(facts.proven for facts in ready if facts.direct)
    assert 2 <= sum(bool(facts.contested) for facts in ready) < len(ready) / 5


def test_a_laptop_whose_facts_change_judges_itself_anew() -> None:
    """The verdict that travels belongs to the facts that travelled."""
    device = authority(1).reporting[0]
    laptop = LiveLaptop(device, seed=1, today=TODAY)
    for _ in range(400):
        laptop.partial()

    last = decode_record(laptop.complete())[0].sections.present()
    assert last["readiness"].facts == own_readiness(device.specimen, last, TODAY)
