"""Does the page of a device say what was judged, beside what was seen, and who says that it is wrong?"""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from fernbereit.code import check_codes
from fernbereit.facts.readiness import Verdict
from fernbereit.not_known import Gap
from fernbereit.readiness import Look, Result, compile_policy
from fernbereit.record import Outcome
from fernbereit_server.decisions import Waiver
from fernbereit_server.desk import ReadinessDetail
from fernbereit_server.desk.readiness import readiness_of
from fernbereit_server.judging.judged import Compliance
from fernbereit_server.judging.judgement import CheckState, Judgement
from policy_world import check, looks_with, policy_of

TODAY = date(2026, 11, 21)
COMPILED = compile_policy(
    policy_of(
        check("firewall", "firewall.enabled", {"const": True}, grace_days=7),
        check("encrypted", "disk_encryption.state", {"const": "encrypted"}, essential=True),
        check("camera", "conferencing.camera", {"const": True}),
        check("secure_boot", "boot_security.secure_boot", {"const": "on"}),
    )
)
LOOKS = looks_with(
    {
        "firewall.enabled": False,
        "disk_encryption.state": "suspended",
        "boot_security.secure_boot": "on",
    }
)


def days_ago(days: int) -> date:
    return TODAY - timedelta(days=days)


JUDGEMENT = Judgement(
    policy_version=1,
    judged_on=days_ago(1),
    verdict=Verdict.NOT_READY,
    verdict_since=days_ago(3),
    compliance=Compliance.NON_COMPLIANT,
    compliance_since=days_ago(2),
    low=0.25,
    high=0.5,
    coverage=0.75,
    outdated=False,
    ready_until=None,
    checks={
        "firewall": CheckState(result=Result.FAIL, since=days_ago(4), first_failed_on=days_ago(9)),
        "encrypted": CheckState(result=Result.FAIL, since=days_ago(3), first_failed_on=days_ago(3)),
        "camera": CheckState(result=Result.UNKNOWN, since=days_ago(20)),
        "secure_boot": CheckState(result=Result.PASS, since=days_ago(20)),
    },
)
WAIVER = Waiver(
    id=1,
    device_id="d",
    unit=None,
    check_id="firewall",
    reason="Messgerät",
    approver="Informationssicherheit",
    granted_on=days_ago(5),
    expires_on=TODAY,
)


def told(
    judgement: Judgement = JUDGEMENT, waivers: tuple[Waiver, ...] = (), *, first_seen: int = 400
) -> ReadinessDetail:
    return readiness_of(
        judgement,
        COMPILED,
        LOOKS,
        waivers=waivers,
        contests={"owner": ["firewall"], "desk": {"firewall", "camera"}},
        first_seen_on=days_ago(first_seen),
        today=TODAY,
    )


def test_the_verdict_is_told_with_the_days_since_it_holds() -> None:
    """Ages in whole days, bounds of the score, and how many checks are fulfilled."""
    detail = told()
    assert (detail.verdict, detail.verdict_since_days_ago) == ("not_ready", 3)
    assert (detail.compliance, detail.compliance_since_days_ago) == ("non_compliant", 2)
    assert (detail.low, detail.high, detail.passed, detail.judged_days_ago) == (0.25, 0.5, 1, 1)


def test_failures_stand_before_what_is_unknown_and_essential_ones_first() -> None:
    """Whoever reads the first line reads what decides."""
    assert [one.check for one in told().checks] == ["encrypted", "firewall", "camera"]


def test_a_caller_and_the_desk_name_a_point_alike() -> None:
    """The code that the self-check on the laptop shows for the same check."""
    assert told().checks[1].check == "firewall"
    assert told().checks[1].code == check_codes(["firewall"])["firewall"] == "F-1814"


def test_what_was_seen_stands_beside_what_is_expected() -> None:
    """What was never looked at is null and has no outcome."""
    encrypted, _, camera = told().checks
    assert (encrypted.observed, encrypted.expected) == ("suspended", {"const": "encrypted"})
    assert (camera.observed, camera.outcome) == (None, None)


def test_grace_counts_from_the_first_failure() -> None:
    """Seven days of grace, failing for nine, although the result changed in between."""
    firewall = told().checks[1]
    assert (firewall.since_days_ago, firewall.failing_since_days_ago, firewall.grace_days_left) == (4, 9, -2)


def test_a_new_laptop_has_the_grace_of_set_up_where_that_is_longer() -> None:
    """Fourteen days from its first report; else "within grace" would stand beside a grace that is over."""
    encrypted, firewall, camera = told(first_seen=4).checks
    assert (encrypted.grace_days, encrypted.grace_days_left, encrypted.grace_of_new) == (0, 10, True)
    assert (firewall.grace_days_left, firewall.grace_of_new) == (10, True)
    assert (camera.grace_days_left, camera.grace_of_new) == (None, False)
    assert [one.grace_of_new for one in told(first_seen=14).checks] == [False, False, False]


def test_what_is_not_known_says_why_and_offers_no_remedy() -> None:
    """Nothing is known to be wrong, so there is nothing to mend; a failure has its remedy and no gap."""
    encrypted, _, camera = told().checks
    assert camera.missing is not None
    assert (camera.missing.fact, camera.missing.gap) == ("conferencing.camera", Gap.NEVER)
    assert (camera.remedy_staff, camera.remedy_it) == (None, None)
    assert encrypted.missing is None
    assert encrypted.remedy_staff
    assert encrypted.remedy_it


def test_what_is_not_known_under_a_waiver_offers_no_remedy_either() -> None:
    """A waived failure keeps its own."""
    states = {
        **JUDGEMENT.checks,
        "firewall": CheckState(result=Result.WAIVED, since=days_ago(1)),
        "camera": CheckState(result=Result.WAIVED, since=days_ago(1)),
    }
    by_id = {one.check: one for one in told(replace(JUDGEMENT, checks=states), (WAIVER,)).checks}
    assert by_id["camera"].missing is not None
    assert by_id["firewall"].missing is None
    assert by_id["firewall"].remedy_it


@pytest.mark.parametrize("result", [Result.FAIL, Result.WAIVED])
def test_what_fails_since_there_is_none_is_known_under_a_waiver_as_well(result: Result) -> None:
    """The policy says that a missing camera is a failure: its remedy is what helps."""
    judged = replace(JUDGEMENT, checks={"camera": CheckState(result=result, since=days_ago(1))})
    policy = policy_of(check("camera", "conferencing.camera", {"const": True}, when_absent="fail"))

    detail = readiness_of(
        judged,
        compile_policy(policy),
        {"conferencing": Look(outcome=Outcome.ABSENT)},
        waivers=(),
        contests={},
        first_seen_on=days_ago(400),
        today=TODAY,
    )

    [camera] = detail.checks
    assert camera.missing is None
    assert camera.remedy_it


def test_owner_and_desk_are_told_apart() -> None:
    """Two people who say that something is wrong are two."""
    assert [one.contested_by for one in told().checks] == [(), ("owner", "desk"), ("desk",)]


def test_a_waiver_is_shown_with_its_reason_and_end() -> None:
    """Shown, not hidden; only as long as it holds."""
    states = {**JUDGEMENT.checks, "firewall": CheckState(result=Result.WAIVED, since=days_ago(1))}
    waived = replace(JUDGEMENT, checks=states)

    shown = told(waived, (WAIVER,)).checks[-1]

    assert (shown.check, shown.result) == ("firewall", Result.WAIVED)
    assert shown.waiver is not None
    assert (shown.waiver.reason, shown.waiver.until) == ("Messgerät", TODAY)
    over = replace(WAIVER, expires_on=days_ago(1))
    assert told(waived, (over,)).checks[-1].waiver is None


def test_a_check_the_judgement_does_not_know_is_unknown() -> None:
    """A row of before must not make anything pass."""
    states = {name: state for name, state in JUDGEMENT.checks.items() if name != "secure_boot"}
    detail = told(replace(JUDGEMENT, checks=states))
    assert {one.check: one.result for one in detail.checks}["secure_boot"] is Result.UNKNOWN
