"""Is everything gone when its time is over, and not before?"""

import uuid
from datetime import date, timedelta

import pytest
from sqlalchemy import Engine, func, insert, select

from fernbereit.delivery import Mark
from fernbereit_server.store import schema, writes
from fernbereit_server.store.changes import Change, DeadLetter, Standing
from fernbereit_server.store.retention import months_before, sweep

DAY = date(2026, 3, 10)


judgement = {
    "policy_version": 1,
    "judged_on": DAY,
    "verdict": "ready",
    "verdict_since_on": DAY,
    "compliance": "compliant",
    "compliance_since_on": DAY,
    "outdated": False,
    "checks": "{}",
    "low_permille": 1000,
    "high_permille": 1000,
    "coverage_permille": 1000,
}
waiver = {
    "check_id": "c",
    "reason": "r",
    "approver": "a",
    "granted_on": DAY,
    "expires_on": DAY,
}


def transition(day: date) -> dict[str, object]:
    return {"day": day, "subject": "verdict", "before": "ready", "after": "not_ready", "cause": "facts"}


def device(engine: Engine, status: str) -> str:
    device_id = str(uuid.uuid4())
    after = Standing(status=status, mark=Mark("e", 1), closed=(("old", 1),))
    letter = DeadLetter(reason="json", size=1, sha256="")
    change = Change(
        device_id=device_id, before=None, after=after, day=DAY, reported_at=1.0, dead_letters=(letter,)
    )
    writes.commit(engine, [change])
    return device_id


def rows(engine: Engine, table: str) -> int:
    with engine.connect() as connection:
        return connection.scalar(select(func.count()).select_from(schema.metadata.tables[table])) or 0


def test_a_retired_device_is_erased_after_thirty_days(engine: Engine) -> None:
    """Every trace of it; the others stay."""
    retired, active = device(engine, "retired"), device(engine, "active")

    assert sweep(engine, DAY + timedelta(days=29)).devices == ()
    assert sweep(engine, DAY + timedelta(days=30)).devices == (retired,)
    for table in ("devices", "marks", "closed_epochs"):
        assert rows(engine, table) == 1
    with engine.connect() as connection:
        assert connection.scalar(select(schema.devices.c.device_id)) == active


def test_everything_about_a_retired_device_goes_with_it(engine: Engine) -> None:
    """What was judged, contested and waived as well; no table that names devices is forgotten."""
    retired, active = device(engine, "retired"), device(engine, "active")
    more = (
        (schema.judgements, judgement),
        (schema.transitions, transition(DAY)),
        (schema.contests, {"check_id": "c", "contested_on": DAY}),
        (schema.waivers, waiver),
    )
    with engine.begin() as connection:
        for table, row in more:
            connection.execute(insert(table), [{**row, "device_id": name} for name in (retired, active)])
    sweep(engine, DAY + timedelta(days=30))

    with engine.connect() as connection:
        for table in schema.metadata.sorted_tables:
            if "device_id" in table.c:
                assert set(connection.scalars(select(table.c.device_id))) <= {active}, table.name
        assert {table.name for table, _ in more if connection.execute(select(table)).first()} == {
            table.name for table, _ in more
        }


def test_a_change_of_a_verdict_is_kept_for_ninety_days(engine: Engine) -> None:
    """Long enough for a quarter to be looked back at."""
    days = [DAY, DAY + timedelta(days=1)]
    with engine.begin() as connection:
        connection.execute(
            insert(schema.transitions), [{**transition(day), "device_id": "d"} for day in days]
        )

    assert sweep(engine, DAY + timedelta(days=89)).transitions == 0
    assert sweep(engine, DAY + timedelta(days=90)).transitions == 1
    assert rows(engine, "transitions") == 1


def test_a_dead_letter_is_kept_for_seven_days(engine: Engine) -> None:
    """Long enough to look for its reason."""
    device(engine, "active")

    assert sweep(engine, DAY + timedelta(days=6)).dead_letters == 0
    assert sweep(engine, DAY + timedelta(days=7)).dead_letters == 1
    assert rows(engine, "dead_letters") == 0


def test_published_numbers_are_kept_for_twenty_five_months(engine: Engine) -> None:
    """Two whole years can be compared."""
    cell = {"family": "f", "site": "", "unit": "", "word": "w", "count": 5, "base": 10}
    days = [date(2024, 1, 31), date(2024, 2, 1), DAY]
    with engine.begin() as connection:
        connection.execute(insert(schema.published_cells), [{**cell, "day": day} for day in days])

    assert sweep(engine, DAY).published_cells == 1
    assert rows(engine, "published_cells") == 2


@pytest.mark.parametrize(
    ("today", "months", "day"),
    [(date(2026, 3, 31), 1, date(2026, 2, 1)), (date(2026, 1, 5), 1, date(2025, 12, 1))],
    ids=["into a shorter month", "into the year before"],
)
def test_months_are_counted_by_the_calendar(today: date, months: int, day: date) -> None:
    """From the first of the month."""
    assert months_before(today, months) == day


def test_of_published_numbers_older_than_ninety_days_one_day_a_week_is_kept(engine: Engine) -> None:
    """The first that there was, so that a week without a Monday keeps its Tuesday; newer ones stay daily."""
    cell = {"family": "f", "site": "", "unit": "", "word": "", "count": 5, "base": 5}
    old = date(2025, 11, 17)
    days = [old, old + timedelta(days=1), old + timedelta(days=8), old + timedelta(days=9)]
    recent = [DAY - timedelta(days=90), DAY - timedelta(days=89)]
    with engine.begin() as connection:
        connection.execute(insert(schema.published_cells), [{**cell, "day": day} for day in days + recent])

    assert sweep(engine, DAY).published_cells == 2
    with engine.connect() as connection:
        kept = connection.scalars(select(schema.published_cells.c.day).order_by("day")).all()
    assert list(kept) == [days[0], days[2], *recent]
