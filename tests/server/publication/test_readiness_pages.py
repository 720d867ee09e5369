"""What stands on a page about readiness, and can a laptop or a policy put words of its own there?"""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import pytest

from fernbereit.facts.readiness import Readiness, Verdict
from fernbereit.policy import Policy, as_json, shipped_policy
from fernbereit.readiness import Result, compile_policy, stand
from fernbereit_server.decisions import NOTHING_DECIDED, Decisions
from fernbereit_server.fleet import Fleet
from fernbereit_server.judging.judged import Compliance, Judged
from fernbereit_server.metrics.catalogue import families
from fernbereit_server.metrics.exposition import TEXT, page_metrics, render
from fernbereit_server.metrics.families.readiness import CAPABILITY, COMPLIANCE, VERDICT
from fernbereit_server.publication import census
from fernbereit_server.publication.cells import Cell, Page, publish
from small_fleet import NOW, TODAY, put, row

BOUND = "x" * 48
POLICY = NOTHING_DECIDED.policy


def judged(decisions: Decisions, failing: Mapping[str, Result]) -> Judged:
    policy = decisions.policy
    results = tuple(failing.get(check.id, Result.PASS) for check in policy.judged)
    return Judged(
        policy_version=policy.policy.version,
        verdict=stand(policy, results, outdated=False).verdict,
        compliance=Compliance.NON_COMPLIANT if failing else Compliance.COMPLIANT,
        outdated=False,
        results=results,
        counted=tuple(Result.PASS for _ in policy.counted),
        ready_until=TODAY + timedelta(days=60),
    )


def fleet_of(decisions: Decisions, *failing: Mapping[str, Result], contested: str = "") -> Fleet:
    """Return a unit with one judged device for each entry of `failing`."""
    fleet = Fleet()
    fleet.set_inventory([row(number, "Bauamt") for number in range(len(failing))])
    for number, what in enumerate(failing):
        put(fleet, number, {"readiness": Readiness(direct=True, contested=(contested,) if contested else ())})
        device = list(fleet.devices.values())[-1]
        fleet.set_judged(device, judged(decisions, what))
    return fleet


def page(fleet: Fleet, decisions: Decisions = NOTHING_DECIDED, k: int = 5) -> Page:
    counted = census.take(
        fleet.devices.values(),
        fleet.missing_inventory,
        now=NOW,
        interval_s=900,
        contested=decisions.contested,
    )
    return publish(counted, now=NOW, today=TODAY, k=k, decisions=decisions)


def counts(cells: Page, key: str, unit: str = "") -> dict[str, int]:
    return {
        cell.word: cell.count
        for cell in cells.cells
        if cell.family == key and cell.unit == unit and cell.count
    }


OPEN = {"disk_encryption": Result.FAIL}
NO_VPN = {"vpn_client": Result.FAIL}
HOPELESS = OPEN | NO_VPN


@pytest.fixture
def shown() -> Page:
    """Ten ready without a tunnel, ten with an open disk, ten without VPN, ten with both."""
    return page(fleet_of(NOTHING_DECIDED, *[{}] * 10, *[OPEN] * 10, *[NO_VPN] * 10, *[HOPELESS] * 10))


def test_readiness_is_told_by_unit(shown: Page) -> None:
    """Verdicts are added up from capabilities, of which there are more."""
    assert counts(shown, CAPABILITY.key, "Bauamt") == {"ready_direct": 10, "not_ready": 30}
    assert counts(shown, VERDICT.key, "Bauamt") == {"ready": 10, "not_ready": 30}
    assert counts(shown, COMPLIANCE.key, "Bauamt") == {"compliant": 10, "non_compliant": 30}


def test_fixes_and_last_blockers_name_the_one_thing(shown: Page) -> None:
    """Ten need a setting, ten a licence, ten more than one thing."""
    assert counts(shown, "fernbereit_devices_by_fix", "Bauamt") == {
        "none": 10,
        "settings": 10,
        "vpn_licence": 10,
        "several": 10,
    }
    assert counts(shown, "fernbereit_check_last_blocker_devices:vpn_client") == {"yes": 10}
    assert counts(shown, "fernbereit_check_devices:vpn_client") == {"pass": 20, "fail": 20}
    assert counts(shown, "fernbereit_pillar_devices:protection") == {"pass": 20, "fail": 20}
    assert counts(shown, "fernbereit_devices_by_ready_until") == {"90_days": 10, "not_ready": 30}


def test_a_shared_device_is_never_able() -> None:
    """It stays in the office, ready or not."""
    fleet = fleet_of(NOTHING_DECIDED, *[{}] * 10)
    fleet.set_inventory([row(number, "Bauamt", kind="shared") for number in range(10)])

    assert counts(page(fleet), CAPABILITY.key, "Bauamt") == {"limited": 10}


def test_a_judgement_under_another_policy_says_nothing() -> None:
    """Its results have another order."""
    fleet = fleet_of(NOTHING_DECIDED, *[{}] * 10)
    for device in fleet.devices.values():
        assert device.judged
        device.judged = replace(device.judged, policy_version=99)

    assert counts(page(fleet), VERDICT.key) == {"unknown": 10}


@pytest.mark.parametrize("by", ["owner", "desk"])
def test_contested_checks_are_counted(by: str) -> None:
    """By whoever says that it is wrong."""
    fleet = fleet_of(NOTHING_DECIDED, *[OPEN] * 10, contested="disk_encryption" if by == "owner" else "")
    by_desk = dict.fromkeys(fleet.devices, frozenset({"disk_encryption"})) if by == "desk" else {}

    told = page(fleet, replace(NOTHING_DECIDED, contested=by_desk))

    assert counts(told, "fernbereit_check_contested_devices:disk_encryption") == {"yes": 10}
    assert counts(told, "fernbereit_check_contested_devices:camera") == {}


def test_what_a_laptop_calls_a_check_never_becomes_a_label() -> None:
    """Ids of the policy are labels; anything else it contests is not counted."""
    told = page(fleet_of(NOTHING_DECIDED, *[OPEN] * 10, contested="hostile_label"))

    written = told.encode() + render(page_metrics(told, families(POLICY)), TEXT)

    assert b"hostile_label" not in written


def test_near_behaviour_ten_devices_are_needed() -> None:
    """Tunnel and wireless network: nine devices are not counted."""
    key = "fernbereit_check_devices:wifi_quality"

    assert counts(page(fleet_of(NOTHING_DECIDED, *[{}] * 9)), key) == {}
    assert counts(page(fleet_of(NOTHING_DECIDED, *[{}] * 10)), key) == {"pass": 10}


def at_its_bounds() -> Decisions:
    """Return a policy of two hundred checks whose ids and items are as long, and as awkward, as may be."""
    body = as_json(shipped_policy())
    check = next(one for one in body["checks"] if one["id"] == "camera")
    items = ["none", "several", "unknown", "settings", "y" * 32]
    body["checks"] = [
        check | {"id": f"{BOUND[:45]}{number:03d}", "cost_item": items[number % 5], "grundschutz": {}}
        for number in range(200)
    ]
    return Decisions(policy=compile_policy(Policy.model_validate_json(json.dumps(body))))


def test_a_policy_at_its_bounds_keeps_words_apart() -> None:
    """An item called none is not what needs no fix; ids fit the store; every series has its own name."""
    decisions = at_its_bounds()
    told = page(fleet_of(decisions, *[{}] * 10), decisions)
    everything = families(decisions.policy)

    fix = next(family for family in everything if family.source == "fix")
    samples = [(s.name, *s.labels.items()) for m in page_metrics(told, everything) for s in m.samples]

    assert fix.words == ("none", "none_", "several_", "unknown_", "settings", "y" * 32, "several", "unknown")
    assert len(set(samples)) == len(samples)
    assert max(len(cell.word) for cell in told.cells) <= 40
    assert max(len(cell.family) for cell in told.cells) <= 128


LARGEST_PAGE = 190_000
"""Bytes at fifty units, without the collector's own metrics; they take a twentieth of the 200 kB designed."""


def test_fifty_units_fit_into_two_hundred_kilobytes() -> None:
    """Whatever the number of devices. What is counted by unit takes nearly all of it."""
    units = [("Technisches Rathaus", f"Amt für Stadtplanung {number:02d}") for number in range(25)] + [
        ("Nordhof", f"Jugendamt {number:02d}") for number in range(25)
    ]
    published = families(POLICY)
    cells = tuple(
        Cell(family=family.key, site=site, unit=unit, word=word, count=15, base=100)
        for family in published
        for site, unit in (*units, ("", ""))
        if not unit or family.level == "unit"
        for word in family.words or ("",)
    )

    text = render(page_metrics(Page(tick_at=NOW, freshness_at=NOW, k=5, cells=cells), published), TEXT)

    per_family: Counter[str] = Counter()
    for line in text.decode().splitlines():
        per_family[line.split("{")[0]] += len(line)
    assert len(text) < LARGEST_PAGE, (
        f'{len(text):,} bytes of {LARGEST_PAGE:,}: give a new family to the fleet only (level="fleet"), or '
        f"make room and say so in a decision. The largest: {per_family.most_common(12)}"
    )
    assert Verdict.READY.value.encode() in text
