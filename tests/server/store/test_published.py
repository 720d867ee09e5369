"""Are published days found again, all of them and no others?"""

from datetime import date, timedelta

from sqlalchemy import Engine

from fernbereit_server.store.published import PublishedCell, published_days, read_days, write_history

FIRST = date(2024, 11, 1)
DAYS = 600
"""More than one statement asks for."""


def cell(day: date, family: str, unit: str) -> PublishedCell:
    site = "Rathaus" if unit else ""
    return PublishedCell(day=day, family=family, site=site, unit=unit, word="yes", count=5, base=10)


def test_every_day_of_a_family_is_read_with_all_its_places(engine: Engine) -> None:
    """Units and the fleet, however many days are asked for; other families are left alone."""
    days = [FIRST + timedelta(days=n) for n in range(DAYS)]
    cells = [cell(day, family, unit) for day in days for family in ("a", "b") for unit in ("", "Bauamt")]
    write_history(engine, cells)

    found = read_days(engine, "a", days)

    assert published_days(engine, "a") == days
    assert sorted(found) == days
    assert all({(one.family, one.unit) for one in found[day]} == {("a", ""), ("a", "Bauamt")} for day in days)


def test_days_on_which_nothing_was_published_are_left_out(engine: Engine) -> None:
    """Nobody makes a day up."""
    write_history(engine, [cell(FIRST, "a", "")])

    assert published_days(engine, "b") == []
    assert read_days(engine, "a", [FIRST + timedelta(days=1)]) == {}
    assert read_days(engine, "a", []) == {}
