"""Do the past, today's judgement and what changed in between belong together?"""

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from fernbereit.readiness import evaluate
from fernbereit_server.demo.authority import Authority, make_authority
from fernbereit_server.demo.chronicle import Chronicle, as_of, chronicles
from fernbereit_server.demo.past import past_of
from fernbereit_server.demo.preparation import fill_laptops
from fernbereit_server.demo.verdict import looks_of, policy
from fernbereit_server.fleet import load_fleet
from fernbereit_server.judging.judge import Laptop, judge
from fernbereit_server.judging.judgement import Cause, Judgement, Transition
from fernbereit_server.judging.rows import read_judgements, read_looks, read_transitions
from fernbereit_server.settings import Settings
from fernbereit_server.store import database

TODAY = date(2026, 11, 21)
YESTERDAY = TODAY - timedelta(days=1)
KEY = bytes(range(32))
FOLLOWED = 120


@pytest.fixture(scope="module")
def musterstadt() -> Authority:
    return make_authority(seed=1, devices=100, today=TODAY, key=KEY)


def followed(authority: Authority, days: int = FOLLOWED) -> list[Chronicle]:
    found = chronicles(
        [(one, past_of(one, seed=1, today=TODAY)) for one in (*authority.reporting, *authority.silent)], TODAY
    )
    for back in range(days, 0, -1):
        for chronicle in found:
            if TODAY - timedelta(days=back) >= chronicle.past.first_seen_on:
                chronicle.follow(TODAY - timedelta(days=back))
    return found


@pytest.fixture(scope="module")
def told(musterstadt: Authority) -> list[Chronicle]:
    return followed(musterstadt)


def test_days_without_a_turn_are_left_out_rightly(told: list[Chronicle]) -> None:
    """Whoever is judged on every single day comes to the same judgement, with the same days."""
    for chronicle in told[:12]:
        every_day = chronicles([(chronicle.device, chronicle.past)], TODAY)[0]
        laptop = Laptop(device_id=chronicle.device.device_id, first_seen_on=chronicle.past.first_seen_on)
        before: Judgement | None = None
        changed: list[Transition] = []
        for back in range(FOLLOWED, 0, -1):
            day = TODAY - timedelta(days=back)
            if day < chronicle.past.first_seen_on:
                continue
            looks = looks_of(every_day.observed(day))
            age_days = (day - min(day, chronicle.last_look_on)).days
            looks = {name: replace(look, age_days=age_days) for name, look in looks.items()}
            ruling = judge(chronicle.book, laptop, looks, day, before, earlier={})
            before = ruling.judgement
            changed += ruling.transitions
        assert chronicle.ruling is not None
        assert before is not None
        assert chronicle.ruling.judgement.checks == before.checks
        assert chronicle.ruling.judgement.verdict_since == before.verdict_since
        assert chronicle.ruling.judgement.compliance_since == before.compliance_since
        assert chronicle.transitions == changed


def test_an_update_last_week_was_one_last_week_then_too(musterstadt: Authority) -> None:
    """Age, not the day, is what a well-kept laptop keeps; today's observations are as they are."""
    for device in musterstadt.reporting:
        then = TODAY - timedelta(days=200)
        facts = device.observed["operating_system"].facts
        before = as_of(device.observed, 200)["operating_system"].facts
        assert facts is not None
        assert before is not None
        assert TODAY - facts.last_update_on == then - before.last_update_on  # type: ignore[attr-defined]
        assert as_of(device.observed, 0) == dict(device.observed)


def test_what_changed_has_more_than_one_cause(told: list[Chronicle]) -> None:
    """New laptops, facts, dates and the end of a grace all play their part."""
    causes = Counter(one.cause for chronicle in told for one in chronicle.transitions)

    assert set(causes) >= {Cause.NEW, Cause.FACTS, Cause.TIME, Cause.GRACE_OVER}


def test_silent_laptops_end_without_a_verdict_unless_they_were_not_ready(told: list[Chronicle]) -> None:
    """What is too old is not known any more; a known obstacle stays one."""
    silent = [chronicle for chronicle in told if chronicle.device.silent_days > 15]
    verdicts = {chronicle.ruling.judged.verdict.value for chronicle in silent if chronicle.ruling}

    assert silent
    assert verdicts <= {"unknown", "not_ready"}
    assert all(chronicle.ruling.judgement.outdated for chronicle in silent if chronicle.ruling)


def test_the_store_has_them_as_they_were_yesterday(tmp_path: Path, told: list[Chronicle]) -> None:
    """Judging what the store holds gives the judgement that stands beside it; a second time adds nothing."""
    settings = Settings(data=tmp_path)
    engine = database.open_engine(settings.store_url)
    database.upgrade(engine)
    database.generation(engine, TODAY)
    written = [fill_laptops(engine, told, today=TODAY, zone=settings.zone) for _ in range(2)]
    ids = [chronicle.device.device_id for chronicle in told]
    with engine.connect() as connection:
        fleet = load_fleet(connection)
        judgements = read_judgements(connection, ids)
        looks = read_looks(connection, ids, told[0].book.sections, YESTERDAY)
        kept = read_transitions(connection, ids, date.min)
    engine.dispose()

    assert written == [len(told), 0]
    for chronicle in told:
        name = chronicle.device.device_id
        assert fleet.devices[name].first_seen_on == chronicle.past.first_seen_on
        standing = evaluate(policy(), looks[name], YESTERDAY).standing
        assert judgements[name].verdict is standing.verdict
        assert {check: state.result for check, state in judgements[name].checks.items()} == dict(
            zip(told[0].book.ids, evaluate(policy(), looks[name], YESTERDAY).results, strict=True)
        )
    assert kept
    assert min(one.day for one in kept) >= TODAY - timedelta(days=90)
