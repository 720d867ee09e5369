"""Do the pages about resilience say what the outlook says, in both languages, and what is missing?"""

import pytest

from console_house import House
from fernbereit_server.console.pages.plan import DEFAULT_EURO, read_query
from fernbereit_server.outlook import Outlook
from fernbereit_server.resilience import telling
from fernbereit_server.resilience.planner.result import Wish
from html_tree import parse

PAGES = ("/resilience", "/drill", "/plan", "/blockers", "/trend", "/goals")


def outlook(house: House) -> Outlook:
    found: Outlook = house.app.state.outlook
    return found


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize(("language", "word"), [("de", "Bereitschaft"), ("en", "Resilience")])
def test_every_page_is_there_in_both_languages(house: House, path: str, language: str, word: str) -> None:
    """Its entry of the menu and its tab are marked as the place where one is."""
    answer = house.get(path, lang=language)
    assert answer.status_code == 200
    current = [link.text for link in parse(answer.text).all("a") if "aria-current" in link.attributes]
    assert word in current
    assert any(link.attributes.get("href") == path for link in parse(answer.text).all("a"))


def test_the_first_page_says_what_the_drill_says(house: House) -> None:
    """The sentence, the bottleneck and every service."""
    result = outlook(house).drill().result
    say = telling.words("de")
    text = parse(house.get("/resilience", lang="de").text).text

    assert telling.headline(result, say) in text
    assert telling.binding(result.binding, say) in text
    assert all(service.name in text for service in result.services)


def test_units_stand_in_the_order_of_the_authority(house: House) -> None:
    """Nobody is ranked, whatever the scenario."""
    names = [unit.name for unit in outlook(house).drill("storm-day").result.units]
    text = parse(house.get("/drill", scenario="storm-day", lang="en").text).text
    places = [text.index(name.removeprefix("other")) for name in names]
    assert places == sorted(places)


def test_a_scenario_that_does_not_exist_is_a_page_with_a_suggestion(house: House) -> None:
    """Misspelt, not broken."""
    answer = house.get("/drill", scenario="storm-dey", lang="de")
    assert answer.status_code == 404
    assert "storm-day" in answer.text


@pytest.mark.parametrize("as_of", ["2019-01-01", "0001-01-01"])
def test_a_day_before_the_first_says_which_one_is_the_first(house: House, as_of: str) -> None:
    """Far outside every calendar of ours as well."""
    answer = house.get("/drill", as_of=as_of, lang="de")
    assert answer.status_code == 404
    assert "der erste Tag ist der" in answer.text


@pytest.mark.parametrize("as_of", ["tomorrow", "2026-13-01", "9999-12-31"])
def test_a_day_that_is_none_or_to_come_shows_today(house: House, as_of: str) -> None:
    """A form that was typed into must not end in an error."""
    assert house.get("/drill", as_of=as_of).status_code == 200


def test_without_an_organisation_every_page_says_what_to_do_next(empty_house: House) -> None:
    """The command, not an error; the page of checks needs devices first."""
    for path in ("/resilience", "/drill", "/plan", "/trend"):
        answer = empty_house.get(path, lang="de")
        assert answer.status_code == 404
        assert "organisation import" in answer.text
        onward = [link for link in parse(answer.text).all("a") if "button" in link.classes()]
        assert [link.attributes["href"] for link in onward] == ["/", "/devices"], "no page leads to itself"
    assert empty_house.get("/goals").status_code == 200
    assert empty_house.get("/blockers").status_code == 404


@pytest.mark.parametrize(
    ("asked", "wish"),
    [
        ({}, Wish(euro=DEFAULT_EURO)),
        ({"euro": "25.000", "hours": "12,5"}, Wish(euro=25_000, hours=12.5)),
        ({"euro": "100000", "target": "90"}, Wish(target=0.9)),
        ({"target": "90 %"}, Wish(target=0.9)),
        ({"euro": "viel"}, Wish(euro=DEFAULT_EURO)),
        ({"euro": "-5", "target": "120"}, Wish(euro=DEFAULT_EURO)),
        ({"euro": "nan", "hours": "inf"}, Wish(euro=DEFAULT_EURO)),
    ],
    ids=str,
)
def test_a_wish_is_read_as_people_type_it(asked: dict[str, str], wish: Wish) -> None:
    """Comma or point, with or without separators; what is no number counts as not said."""
    assert read_query(asked).wish == wish


def test_a_plan_shows_each_step_with_its_cost_and_what_binds_next(house: House) -> None:
    """The same steps as the planner's, in its order."""
    plan = outlook(house).plan(Wish(euro=5000))
    page = parse(house.get("/plan", euro="5000", lang="de").text)
    rows = [row for row in page.all("tr") if list(row.all("td"))]

    assert len(rows) == len(plan.steps) > 0
    say = telling.words("de")
    for row, step in zip(rows, plan.steps, strict=True):
        assert telling.binding(step.after.binding, say) in row.text
        assert telling.count(step.after.able, say) in row.text


def test_an_objection_is_noted_once_shown_and_can_be_taken_back(house: House) -> None:
    """The desk says that a result is wrong; the page shows it at once."""
    code, check = next(
        (row.code, detail.readiness.checks[0].check)
        for row in house.app.state.desk.search(limit=200).rows
        if row.code and (detail := house.app.state.desk.open(row.code)) and detail.readiness
        if detail.readiness.checks
    )
    sent = {"check": check, "do": "contest"}

    answer = house.post(f"/contest/{code}", sent, origin="http://127.0.0.1:8740")

    assert answer.status_code == 303
    assert answer.headers["location"] == f"/devices/{code}#check-{check}"
    assert "Die Servicestelle sagt" in house.get(f"/devices/{code}", lang="de").text
    house.post(f"/contest/{code}", {"check": check, "do": "withdraw"}, origin="http://127.0.0.1:8740")
    assert "Die Servicestelle sagt" not in house.get(f"/devices/{code}", lang="de").text


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "http://127.0.0.1:8741"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site", "origin": "http://127.0.0.1:8740"},
    ],
    ids=str,
)
def test_a_form_of_another_page_changes_nothing(house: House, headers: dict[str, str]) -> None:
    """Whoever has the console open in another tab is not made to object."""
    code = next(row.code for row in house.app.state.desk.search(limit=9).rows if row.code)
    answer = house.post(f"/contest/{code}", {"check": "firewall", "do": "contest"}, **headers)
    assert answer.status_code == 403


@pytest.mark.parametrize(
    "form", [{}, {"check": "no_such_check", "do": "contest"}, {"check": "x" * 5000, "do": "contest"}], ids=len
)
def test_a_strange_form_changes_nothing(house: House, form: dict[str, str]) -> None:
    """It leads back to the device."""
    code = next(row.code for row in house.app.state.desk.search(limit=9).rows if row.code)
    answer = house.post(f"/contest/{code}", form, origin="http://127.0.0.1:8740")
    assert answer.status_code == 303
    assert answer.headers["location"] == f"/devices/{code}"


def test_the_last_check_leads_to_the_devices_it_stops(house: House) -> None:
    """The page of blockers counts groups; the list behind it is for operations and names the same check."""
    page = parse(house.get("/blockers", lang="de").text)
    address = next(
        link.attributes["href"] for link in page.all("a") if "blocker=" in link.attributes.get("href", "")
    )
    check = address.partition("blocker=")[2]

    rows = house.app.state.desk.search(blocker=check).rows

    assert rows
    assert {row.verdict for row in rows} <= {"not_ready", "limited"}
    listed = parse(house.get(address, lang="de").text).text
    assert all(row.label in listed for row in rows[:3] if row.label)
