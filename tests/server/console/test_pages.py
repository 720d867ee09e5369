"""What do people find on the pages, over a real store?"""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from urllib.parse import urljoin

import pytest

from console_house import House
from fernbereit.code import device_code
from fernbereit.record import Record, Sections
from fernbereit_server.console.choice import LANGUAGES, THEMES
from fernbereit_server.console.wording import words
from fernbereit_server.metrics.families.devices import DEVICES as COUNTED_DEVICES
from fernbereit_server.store.changes import InventoryRow
from fernbereit_server.store.retention import TRANSITION_DAYS
from fernbereit_server.store.schema import metadata
from html_tree import parse


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("path", ["/", "/about", "/devices", "device"])
def test_every_page_renders(house: House, path: str, theme: str, language: str) -> None:
    """Each page answers 200 in its language and theme."""
    answer = house.get(house.page(house.reported()) if path == "device" else path, lang=language, theme=theme)
    assert answer.status_code == 200
    assert f'<html lang="{language}" data-theme="{theme}">' in answer.text


def test_the_overview_shows_published_numbers_only(house: House) -> None:
    """Every number in the unit tables is a multiple of k."""
    page = parse(house.get("/").text)
    tables = [table for table in page.all("table") if "units" in table.classes()]
    numbers = [int(cell.text) for table in tables for cell in table.all("td") if cell.text.strip()]
    assert len(tables) == 2
    assert len(numbers) > 20
    assert all(number % house.collector.settings.publication.k == 0 for number in numbers)


def test_the_overview_names_every_published_unit(house: House) -> None:
    """What the publication counts alone has a row; what it merges is called by words, not by its key."""
    page = parse(house.get("/", lang="de").text)
    rows = {cell.text.strip() for cell in page.all("th") if cell.attributes.get("scope") == "row"}
    units = {cell.unit for cell in house.app.state.publisher.page.cells if cell.family == COUNTED_DEVICES.key}
    named = {unit for unit in units if unit and unit not in {"other units", "no unit"}}
    assert named
    assert named <= rows
    assert not rows & {"other units", "no unit"}


@pytest.mark.parametrize(("lang", "about"), [("de", "rund "), ("en", "about ")])
def test_every_share_says_that_its_numbers_are_rounded(house: House, lang: str, about: str) -> None:
    """Beside 100 % nobody may read "55 of 55 devices" as an exact count."""
    tiles = [
        card.text for card in parse(house.get("/", lang=lang).text).all("section") if "tile" in card.classes()
    ]
    shares = [tile for tile in tiles if "%" in tile]

    assert len(shares) == 3
    assert all(about in share for share in shares)


@pytest.mark.parametrize(("lang", "most"), [("de", "über 95\u00a0%"), ("en", "over 95%")])
def test_no_share_of_a_group_says_all_or_none(house: House, lang: str, most: str) -> None:
    """100 % of a group would tell of every device in it; counts stay as published."""
    page = house.app.state.publisher.page
    try:
        cells = tuple(replace(cell, count=cell.base) for cell in page.cells)
        house.app.state.publisher.page = replace(page, cells=cells)
        text = parse(house.get("/", lang=lang).text).text
    finally:
        house.app.state.publisher.page = page

    assert text.count(most) > 3
    assert not re.search(r"\b(0|100)\s?%", text)


def test_the_trend_has_thirteen_months_and_a_table(house: House) -> None:
    """The drawing and its table come from the published history."""
    page = parse(house.get("/", lang="de").text)
    (table,) = (table for details in page.all("details") for table in details.all("table"))
    months = [cell.text for cell in table.all("th") if cell.attributes["scope"] == "row"]
    assert len(months) == 13
    assert months[-1] == "November 2026"
    assert months[0] == "November 2025"


def test_an_empty_collector_says_what_to_do_next(empty_house: House) -> None:
    """No table of zeros: three steps instead, and no banner, since nothing is wrong."""
    html = empty_house.get("/", lang="de").text
    assert "Noch keine Zahlen" in html
    assert "fernbereit inventory import" in html
    assert "<table" not in html
    assert 'class="notice"' not in html


def test_a_broker_that_is_away_is_told_from_silent_laptops(empty_house: House) -> None:
    """The banner names the cause and says that nothing is lost."""
    empty_house.collector._subscription.subscribed.clear()
    html = empty_house.get("/", lang="de").text
    assert "Wir sehen gerade nichts Neues" in html
    assert "Broker" in html


def test_a_store_that_is_away_is_told_from_a_broker_that_is(empty_house: House) -> None:
    """Paused because of the database is another sentence."""
    empty_house.collector.health.wrote(OSError("disk full"))
    html = empty_house.get("/", lang="de").text
    assert "Datenbank" in html
    assert "Broker" not in html


def test_an_old_count_is_said_to_be_old(house: House) -> None:
    """When ticks stop, the page says so instead of showing old numbers as new ones."""
    now = house.collector.clock()
    page = house.app.state.publisher.page
    try:
        house.app.state.publisher.page = type(page)(
            tick_at=now - timedelta(hours=5), freshness_at=page.freshness_at, k=page.k, cells=page.cells
        )
        assert "Diese Zahlen sind alt" in house.get("/", lang="de").text
    finally:
        house.app.state.publisher.page = page
    assert "Diese Zahlen sind alt" not in house.get("/", lang="de").text


def test_the_list_pages_through_every_device_once(house: House) -> None:
    """Following "more devices" meets each device exactly once."""
    seen: list[str] = []
    address = "/devices?lang=de"
    for _ in range(10):
        page = parse(house.get(address).text)
        seen += [link.attributes["href"] for cell in page.all("th") for link in cell.all("a")]
        onward = [link for link in page.all("a") if link.text == "Weitere Geräte"]
        if not onward:
            break
        address = onward[0].attributes["href"]
    this_computer = 1
    assert len(seen) == len(set(seen)) == len(house.devices) + this_computer


@pytest.mark.parametrize("by", ["code", "label", "serial number"])
def test_a_whole_name_leads_straight_to_the_device(house: House, by: str) -> None:
    """Code, label and serial number open the page, whose address holds the code and nothing else."""
    device = house.reported()
    assert device.row is not None
    text = {
        "code": device_code(device.device_id).lower(),
        "label": device.label,
        "serial number": device.row.serial,
    }[by]
    answer = house.get("/devices", q=text)
    assert answer.status_code == 303
    assert answer.headers["location"] == house.page(device)


def test_a_search_keeps_what_was_asked(house: House) -> None:
    """The form shows the text, the unit, the age and the verdict that the list below answers."""
    row = house.reported().row
    assert row is not None
    unit = row.unit
    page = parse(house.get("/devices", q="NB-", unit=unit, freshness="recent", verdict="ready").text)
    assert next(page.all("input")).attributes["value"] == "NB-"
    chosen = [option.attributes["value"] for option in page.all("option") if "selected" in option.attributes]
    assert chosen == [unit, "recent", "ready"]
    assert {cell.text for cell in page.all("td") if cell.attributes.get("data-label") == "Einheit"} == {unit}


@pytest.mark.parametrize(
    "address", ["/devices?freshness=bogus", f"/devices?q={'x' * 5000}", "/devices?after=%00"]
)
def test_a_senseless_search_is_answered_with_a_page(house: House, address: str) -> None:
    """People never see a JSON refusal."""
    answer = house.get(address)
    assert (answer.status_code, answer.headers.get("content-type")) in {
        (200, "text/html; charset=utf-8"),
        (303, None),
    }


def test_an_unknown_device_is_a_page_that_leads_on(house: House) -> None:
    """404, with a way back to the search."""
    answer = house.get("/devices/no-such-device")
    assert answer.status_code == 404
    assert 'href="/devices"' in answer.text


def test_a_device_that_never_reported_is_unknown_and_not_bad(house: House) -> None:
    """It is found by its label; every section is unknown."""
    page = parse(house.get(house.expected_page(), lang="de").text)
    looks = [span.classes() for span in page.all("span") if "status" in span.classes()]
    assert "noch nie gemeldet" in page.text
    assert all("unknown" in look for look in looks)
    (box,) = (section for section in page.all("section") if "notice" in section.classes())
    assert "unknown" in box.classes()
    assert "warning" not in house.get(house.expected_page()).text


@pytest.mark.parametrize(
    ("path", "language", "title"),
    [
        ("/nothing", "de", "Diese Seite gibt es nicht"),
        ("/devicez/NB-1", "en", "There is no such page"),
        ("//evil.example", "en", "There is no such page"),
        ("/static/nothing.css", "de", "Diese Seite gibt es nicht"),
    ],
)
def test_an_address_there_is_not_is_a_page_for_browsers(
    house: House, path: str, language: str, title: str
) -> None:
    """404 in the reader's language, with links that stay here; programs get a problem in JSON."""
    browser = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8", "Accept-Language": language}
    answer = house.get(f"http://127.0.0.1:8740{path}", headers=browser)
    machine = house.get(f"http://127.0.0.1:8740{path}")

    assert answer.status_code == machine.status_code == 404
    assert title in answer.text
    assert not re.search('href="//', answer.text)
    assert machine.headers["content-type"] == "application/problem+json"


def test_the_interface_answers_browsers_in_json_too(house: House) -> None:
    """Its addresses are for programs, whoever tries them."""
    answer = house.get("/api/v1/nothing", headers={"Accept": "text/html"})
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")


def test_a_slash_too_many_leads_to_the_search(house: House) -> None:
    """What was asked is kept."""
    answer = house.get("/devices/", q="NB-")
    assert (answer.status_code, answer.headers["location"]) == (303, "/devices?q=NB-")


def test_pages_of_devices_are_kept_by_nobody(house: House) -> None:
    """Neither browser nor proxy keeps what tells of a single device."""
    for path in ("/devices", house.page(house.reported()), "/devices/no-such-device"):
        assert house.get(path).headers["cache-control"] == "no-store"


def test_a_store_that_does_not_answer_is_a_page(make_house: Callable[[dict[str, Record]], House]) -> None:
    """503 in words for a device, while the overview still stands."""
    device_id = "11111111-2222-4333-8444-555555555555"
    house = make_house({device_id: Record(sections=Sections())})
    metadata.drop_all(house.collector.engine)
    answer = house.get(f"/devices/{device_code(device_id)}", lang="de")
    assert answer.status_code == 503
    assert "Die Datenbank ist gerade nicht erreichbar" in answer.text
    assert house.get("/").status_code == 200


def test_styles_may_be_kept_because_their_address_changes_with_them(house: House) -> None:
    """The address of a static file holds a hash of its content."""
    (address,) = set(re.findall(r'href="(/static/console\.css\?v=[0-9a-f]{12})"', house.get("/").text))
    answer = house.get(address)
    assert answer.headers["content-type"] == "text/css; charset=utf-8"
    assert "immutable" in answer.headers["cache-control"]
    assert house.get("/static/secret.txt").status_code == 404


def test_a_choice_is_remembered_in_a_cookie_scripts_cannot_read(house: House) -> None:
    """Only an address that chooses sets a cookie."""
    assert "set-cookie" not in house.get("/").headers
    cookies = house.get("/", lang="en", theme="dark").headers.get_list("set-cookie")
    assert len(cookies) == 2
    assert all("HttpOnly" in cookie and "SameSite=strict" in cookie for cookie in cookies)


def test_the_other_language_is_the_same_place(house: House) -> None:
    """Switching language keeps the search."""
    page = parse(house.get("/devices", q="NB-", freshness="recent").text)
    english = next(link for link in page.all("a") if link.attributes.get("hreflang") == "en")
    assert english.attributes["href"] == "/devices?q=NB-&freshness=recent&lang=en"


@pytest.mark.parametrize(("lang", "said"), [("de", "{} Tage lang"), ("en", "For {} days")])
def test_who_is_judged_reads_for_how_long_and_how_to_object(house: House, lang: str, said: str) -> None:
    """The days are those after which the collector deletes."""
    page = house.get(f"/about?lang={lang}").text

    assert said.format(TRANSITION_DAYS) in page
    assert words(lang)("about.judged.contest") in page


def test_pages_stand_outside_the_described_interface(house: House) -> None:
    """The OpenAPI document tells programs about the API, not about pages."""
    assert not {"/", "/about", "/devices"} & set(house.get("/openapi.json").json()["paths"])


@pytest.mark.parametrize("label", ["../about", "50%41", "A/B #1?x", "//evil.example", 'a"b'])
def test_a_device_opens_from_the_list_whatever_its_label_is(empty_house: House, label: str) -> None:
    """The address in the list, and that of the other language, lead to the device and to nothing else."""
    empty_house.collector.fleet.set_inventory([InventoryRow(id=1, label=label, serial_hash="ab" * 32)])
    (row,) = parse(empty_house.get("/devices").text).all("tbody")
    (listed,) = row.all("a")

    page = parse(empty_house.get(urljoin("/devices", listed.attributes["href"])).text)
    turned = [link.attributes["href"] for link in page.all("a") if link.attributes.get("hreflang") == "en"]
    english = parse(empty_house.get(urljoin("/devices", turned[0])).text)

    assert [heading.text for shown in (page, english) for heading in shown.all("h1")] == [label, label]
