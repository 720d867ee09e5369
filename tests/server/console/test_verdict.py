"""Does a device's verdict say what to do where something is wrong, and what makes known what is not?"""

from datetime import date, timedelta

import pytest

from fernbereit.facts.readiness import Verdict
from fernbereit.not_known import Gap
from fernbereit.readiness import Look, Result, compile_policy
from fernbereit.record import Outcome, Reason
from fernbereit.telling import told_name
from fernbereit.words import load
from fernbereit_server.console.pages.device import device
from fernbereit_server.console.pages.verdict import VerdictView, verdict
from fernbereit_server.console.wording import words
from fernbereit_server.desk import DeviceDetail, ReadinessDetail
from fernbereit_server.desk.readiness import readiness_of
from fernbereit_server.judging.judged import Compliance
from fernbereit_server.judging.judgement import CheckState, Judgement
from policy_world import check, looks_with, policy_of

TODAY = date(2026, 11, 21)
REMEDY = {"de": "Bitte einschalten.", "en": "Switch it on."}
REMEDIES = {"staff": REMEDY, "it": REMEDY}
COMPILED = compile_policy(
    policy_of(
        check("firewall", "firewall.enabled", {"const": True}, remedy=REMEDIES, essential=True),
        check(
            "password",
            "screen_lock.asks_password",
            {"const": True},
            remedy=REMEDIES,
            applies={"screen_lock.enabled": {"const": True}},
        ),
        check("camera", "conferencing.camera", {"const": True}, remedy=REMEDIES, grace_days=7),
    )
)


def judged(
    looks: dict[str, Look],
    results: dict[str, Result],
    *,
    says: Verdict = Verdict.UNKNOWN,
    failing_for: int = 0,
    first_seen: int = 400,
) -> ReadinessDetail:
    """Return what the desk says of a laptop with these results; whatever is not named passed."""
    failed_on = TODAY - timedelta(days=failing_for)
    states = {
        one.id: CheckState(
            result=results.get(one.id, Result.PASS),
            since=failed_on,
            first_failed_on=failed_on if results.get(one.id) is Result.FAIL else None,
        )
        for one in COMPILED.judged
    }
    judgement = Judgement(
        policy_version=1,
        judged_on=TODAY,
        verdict=says,
        verdict_since=TODAY,
        compliance=Compliance.IN_GRACE,
        compliance_since=TODAY,
        low=0.5,
        high=1.0,
        coverage=0.5,
        outdated=False,
        ready_until=None,
        checks=states,
    )
    return readiness_of(
        judgement,
        COMPILED,
        looks,
        waivers=(),
        contests={},
        first_seen_on=TODAY - timedelta(days=first_seen),
        today=TODAY,
    )


def shown(detail: ReadinessDetail, lang: str = "de") -> VerdictView:
    """Return it as the page lays it out."""
    return verdict(detail, words(lang), load(lang))


UNREADABLE = {
    Gap.NEVER: {},
    Gap.LATER: {"firewall": Look(outcome=Outcome.TIMEOUT, reason=Reason.DEADLINE)},
    Gap.DENIED: {"firewall": Look(outcome=Outcome.DENIED, reason=Reason.ACCESS_DENIED)},
    Gap.UNSUPPORTED: {"firewall": Look(outcome=Outcome.UNSUPPORTED, reason=Reason.OTHER)},
    Gap.ABSENT: {"firewall": Look(outcome=Outcome.ABSENT)},
    Gap.SILENT: {"firewall": Look(outcome=Outcome.OK, facts={})},
}
REASONS = {
    Gap.NEVER: "das Gerät hat dazu noch nichts gemeldet",
    Gap.LATER: "Zeit überschritten",
    Gap.DENIED: "Zugriff verweigert",
    Gap.UNSUPPORTED: "auf diesem System nicht lesbar",
    Gap.ABSENT: "nicht vorhanden",
    Gap.SILENT: "das System des Geräts gibt darüber keine Auskunft",
}


@pytest.mark.parametrize("gap", list(Gap))
def test_what_is_not_known_says_why_and_what_makes_it_known(gap: Gap) -> None:
    """On the page, in its sentence and in the ticket; never the remedy of a failure."""
    detail = judged(UNREADABLE[gap], {"firewall": Result.UNKNOWN})
    told = shown(detail)
    [one] = told.checks

    assert one.observed == f"nicht bekannt ({REASONS[gap]})"
    assert one.observed in told.sentence
    assert one.known_by == words("de")(f"verdict.known_by.{gap}")
    assert (one.for_staff, one.for_it) == ("", "")
    ticket = ticket_of(detail)
    assert f"So wird es bekannt: {one.known_by}" in ticket
    assert REMEDY["de"] not in ticket


def test_what_failed_says_what_to_do() -> None:
    """The remedies of the policy, the one for the owner named as theirs: the desk reads this page."""
    detail = judged(looks_with({"firewall.enabled": False}), {"firewall": Result.FAIL})
    [one] = shown(detail).checks

    assert (one.known_by, one.for_staff, one.for_it) == ("", REMEDY["de"], REMEDY["de"])
    assert f"Rat für die Person am Gerät: {REMEDY['de']}" in ticket_of(detail)


def test_what_fails_since_there_is_none_says_so() -> None:
    """That there is none is known, and no reason to be told "not known"."""
    detail = judged({"firewall": Look(outcome=Outcome.ABSENT)}, {"firewall": Result.FAIL})
    [one] = shown(detail).checks
    assert one.observed == "nicht vorhanden"


def test_a_check_that_may_not_apply_says_which_fact_decides() -> None:
    """What it asks about was seen; showing that as the reason would be no reason."""
    looks = looks_with({"screen_lock.asks_password": False})
    [one] = shown(judged(looks, {"password": Result.UNKNOWN})).checks
    fact = told_name("screen_lock.enabled", load("de"))
    assert one.observed.startswith(f"nicht bekannt, ob der Punkt zutrifft („{fact}“ fehlt")


def test_a_failure_does_not_explain_why_the_verdict_is_unknown() -> None:
    """What is missing does, be it essential or not."""
    results = {"camera": Result.FAIL, "password": Result.UNKNOWN}
    told = shown(judged(looks_with({"conferencing.camera": False}), results))
    assert told.sentence.count(REASONS[Gap.NEVER]) == 1


@pytest.mark.parametrize(
    ("name", "failing_for", "first_seen", "grace"),
    [
        pytest.param("camera", 3, 400, "noch 4 Tage", id="within the grace of the check"),
        pytest.param("camera", 7, 400, "abgelaufen", id="its grace is over"),
        pytest.param("firewall", 0, 400, "keine; der Punkt zählt sofort", id="there is none"),
        pytest.param("firewall", 4, 4, "noch 10 Tage, weil das Gerät neu ist", id="none, but a new laptop"),
        pytest.param("camera", 13, 13, "noch ein Tag, weil das Gerät neu ist", id="over, but a new laptop"),
    ],
)
def test_grace_is_told_as_it_counts(name: str, failing_for: int, first_seen: int, grace: str) -> None:
    """Beside "within grace" for a new laptop there stands no grace that is over."""
    looks = looks_with({"firewall.enabled": False, "conferencing.camera": False})
    detail = judged(looks, {name: Result.FAIL}, failing_for=failing_for, first_seen=first_seen)
    assert [one.grace for one in shown(detail).checks] == [grace]


def ticket_of(detail: ReadinessDetail) -> str:
    """Return the text that the page and the command line offer."""
    seen = DeviceDetail(
        ref="T8MJP6",
        code="T8MJP6",
        device_id="11111111-2222-4333-8444-555555555555",
        label="NB-04711",
        unit=None,
        site=None,
        kind="personal",
        status="active",
        freshness="recent",
        verdict="unknown",
        first_seen_days_ago=12,
        sections=(),
        readiness=detail,
    )
    return device(seen, words("de"), load("de"), TODAY).ticket
