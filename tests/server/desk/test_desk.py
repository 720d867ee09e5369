"""Does the desk find the device that is meant, and only that?"""

import base64
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text as sql

from fernbereit.code import device_code
from fernbereit.delivery import Mark
from fernbereit.facts.battery import Battery
from fernbereit.facts.machine import Machine
from fernbereit.facts.network import Network, Zone
from fernbereit.facts.readiness import Verdict
from fernbereit.keyed_hash import host_name_hash, serial_hash
from fernbereit.readiness import Result
from fernbereit.record import Outcome
from fernbereit_server.decisions import NOTHING_DECIDED, writing
from fernbereit_server.desk import Desk, DeskError, DevicePage
from fernbereit_server.fleet import Fleet
from fernbereit_server.judging.judged import Compliance, Judged
from fernbereit_server.metrics.family import NO_UNIT
from fernbereit_server.settings import Settings
from fernbereit_server.store import database, writes
from fernbereit_server.store.changes import Change, InventoryRow, SectionChange, Standing
from small_fleet import KEY, NOW, TODAY, device_id, put, row

SERIAL, HOST = "PF-4711X", "nb-04711.example"


class Office:
    """A store and a fleet of five devices, two of them without a unit, and two that never reported."""

    def __init__(self, folder: Path) -> None:
        settings = Settings(data=folder)
        self.engine = database.open_engine(settings.store_url)
        database.upgrade(self.engine)
        self.fleet = Fleet()
        rows = [row(number, "Bauamt") for number in (0, 1, 2)]
        named = InventoryRow(
            id=50,
            serial_hash=serial_hash(SERIAL, KEY),
            host_name_hash=host_name_hash(HOST, KEY),
            label="NB-04711",
            unit="Archiv",
            site="Nord",
        )
        self.fleet.set_inventory([*rows, named, InventoryRow(id=51, host_name_hash="ab" * 32)])
        put(self.fleet, 0, {})
        put(self.fleet, 1, {}, silent_for=timedelta(days=3))
        put(self.fleet, 2, {}, silent_for=timedelta(days=30))
        put(self.fleet, 8, {})
        put(self.fleet, 9, {}, status="quarantined")
        self.now = NOW
        self.desk = Desk(self.engine, self.fleet, settings, lambda: self.now, inventory_key=lambda: KEY)

    def store(self, number: int, sections: dict[str, SectionChange]) -> None:
        standing = Standing(status="active", mark=Mark(device_id(7), 1))
        change = Change(
            device_id=device_id(number),
            before=None,
            after=standing,
            day=TODAY,
            reported_at=1.0,
            sections=sections,
        )
        writes.commit(self.engine, [change])


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """Open an office on a fresh store."""
    return Office(tmp_path)


def labels(page: DevicePage) -> list[str | None]:
    return [row.label for row in page.rows]


@pytest.mark.parametrize(
    "text",
    ["NB-04711", "nb-04711", SERIAL, "pf-4711x", HOST, "NB-04711.other.example"],
    ids=[
        "label",
        "label in small letters",
        "serial number",
        "serial number in small letters",
        "host name",
        "host name of another domain",
    ],
)
def test_a_device_opens_by_what_people_read_off_it(office: Office, text: str) -> None:
    """Serial number and host name are compared as keyed hashes."""
    detail = office.desk.open(text)

    assert detail is not None
    assert (detail.label, detail.freshness, detail.status) == ("NB-04711", "never", "expected")
    assert (detail.code, detail.device_id, detail.sections) == (None, None, ())


def test_a_device_opens_by_code_and_id(office: Office) -> None:
    """However the code was typed."""
    code = device_code(device_id(0))

    for text in (code, code.lower(), f"{code[:3]}-{code[3:]}", device_id(0), device_id(0).upper()):
        detail = office.desk.open(text)
        assert detail is not None
        assert detail.label == "NB-00000"


@pytest.mark.parametrize("text", ["", "   ", "NB", "nothing", "%", "' OR 1=1 --", "\x00", "x" * 10_000])
def test_nothing_opens_that_is_not_named_in_full(office: Office, text: str) -> None:
    """Half a label opens nobody's page."""
    assert office.desk.open(text) is None


def test_two_devices_of_one_label_are_not_guessed_at(office: Office) -> None:
    """A laptop that was installed anew has two entries; the message says how to go on."""
    office.fleet.set_inventory(
        [row(0, "Bauamt"), InventoryRow(id=60, label="NB-00000", serial_hash="cd" * 32)]
    )

    with pytest.raises(DeskError, match="2 devices are meant"):
        office.desk.open("NB-00000")


def test_a_row_without_a_label_can_be_opened(office: Office) -> None:
    """Every line of a list leads somewhere."""
    page = office.desk.search(limit=500)

    for found in page.rows:
        detail = office.desk.open(found.ref)
        assert detail is not None
        assert detail.ref == found.ref


@pytest.mark.parametrize(
    ("unit", "freshness", "expected"),
    [
        ("Bauamt", None, ["NB-00000", "NB-00001", "NB-00002"]),
        ("Bauamt", "stale", ["NB-00001"]),
        (None, "silent", ["NB-00002"]),
        ("Archiv", "never", ["NB-04711"]),
        ("Archiv", "recent", []),
        ("Nirgendwo", None, []),
    ],
    ids=["a unit", "a unit's stale ones", "silent ones", "never reported", "none of these", "no such unit"],
)
def test_a_search_is_narrowed(office: Office, unit: str | None, freshness: None, expected: list[str]) -> None:
    """By unit and by the age of the last report, told in days."""
    assert labels(office.desk.search(unit=unit, freshness=freshness)) == expected


def test_devices_without_a_unit_can_be_asked_for(office: Office) -> None:
    """The bucket `no unit` is visible, and last among the units."""
    assert office.desk.units() == ("Archiv", "Bauamt", NO_UNIT)
    assert len(office.desk.search(unit=NO_UNIT).rows) == 3


def test_a_search_takes_part_of_a_label(office: Office) -> None:
    """Upper and lower case are the same."""
    assert labels(office.desk.search("nb-0000")) == ["NB-00000", "NB-00001", "NB-00002"]


@pytest.mark.parametrize("limit", [1, 2, 3, 500])
def test_pages_show_every_device_once(office: Office, limit: int) -> None:
    """Going on with `next` repeats nothing and leaves nothing out."""
    seen: list[str] = []
    after = None
    while True:
        page = office.desk.search(limit=limit, after=after)
        seen += [row.ref for row in page.rows]
        after = page.next
        if after is None:
            break

    assert len(seen) == len(set(seen)) == 7


@pytest.mark.parametrize("after", ["x", "W10", "WzEsMl0", "bnVsbA", "ü", "!!!!", "IiI"])
def test_a_made_up_position_is_refused(office: Office, after: str) -> None:
    """With a message that says what to do."""
    with pytest.raises(DeskError, match="start again"):
        office.desk.search(after=after)


def test_the_page_of_a_device_shows_outcome_age_and_visible_facts(office: Office) -> None:
    """Days, not times; where the laptop is stays inside."""
    seen = {
        "battery": SectionChange(
            outcome=Outcome.OK,
            reason=None,
            observed_on=TODAY - timedelta(days=2),
            facts=Battery(health_ratio=0.8),
        ),
        "network": SectionChange(
            outcome=Outcome.OK, reason=None, observed_on=TODAY, facts=Network(zone=Zone.REMOTE, proxy=True)
        ),
        "machine": SectionChange(
            outcome=Outcome.OK,
            reason=None,
            observed_on=TODAY,
            facts=Machine(model="T14", serial_hash="ab" * 32),
        ),
        "firewall": SectionChange(
            outcome=Outcome.DENIED, reason="access_denied", observed_on=TODAY, facts=None
        ),
    }
    office.store(0, seen)

    detail = office.desk.open(device_id(0))

    assert detail is not None
    by_name = {section.section: section for section in detail.sections}
    assert list(by_name) == ["machine", "battery", "firewall", "network"]
    assert by_name["battery"].observed_days_ago == 2
    assert by_name["battery"].facts == {"health_ratio": 0.8, "cycle_count": None, "packs": None}
    assert by_name["network"].facts == {"proxy": True}
    assert (by_name["firewall"].outcome, by_name["firewall"].reason) == ("denied", "access_denied")
    assert by_name["firewall"].facts is None
    assert "remote" not in detail.model_dump_json()
    assert "abab" not in detail.model_dump_json()


def test_a_quarantined_device_is_found_and_says_so(office: Office) -> None:
    """The desk must be able to explain why it is not counted."""
    detail = office.desk.open(device_id(9))

    assert detail is not None
    assert detail.status == "quarantined"


@pytest.mark.parametrize("days", [1, 14], ids=["recent to stale", "stale to silent"])
def test_the_age_of_a_report_grows_at_midnight_only(office: Office, days: int) -> None:
    """Whoever asks every minute must not learn when in its day a laptop was last on."""
    midnight = datetime.combine(TODAY, datetime.min.time(), Settings().zone)
    told: dict[timedelta, set[str]] = {timedelta(days=days + half / 2): set() for half in range(4)}
    for hour in (1, 9, 17, 23):
        office.fleet.devices[device_id(0)].last_report_at = (midnight + timedelta(hours=hour)).timestamp()
        for later, words in told.items():
            office.now = midnight + later
            words |= {row.freshness for row in office.desk.search("NB-00000").rows}

    before, after = {1: ("recent", "stale"), 14: ("stale", "silent")}[days]
    assert list(told.values()) == [{before}, {before}, {after}, {after}]


@pytest.mark.parametrize("written", [b"[" * 1400, b"{" * 700, b"[1, 2]", b"7"], ids=lambda w: str(w[:6]))
def test_a_strange_position_is_refused(office: Office, written: bytes) -> None:
    """Deep nesting would otherwise be an error of the program."""
    with pytest.raises(DeskError, match="start again"):
        office.desk.search(after=base64.urlsafe_b64encode(written).decode())


def test_the_position_after_the_longest_label_fits_into_an_address(office: Office) -> None:
    """The console cuts what is longer than 1024 characters, and the next page would begin anew."""
    office.fleet.set_inventory([InventoryRow(id=n, label="Ü" * 127 + str(n)) for n in (1, 2)])

    after = office.desk.search("Ü", limit=1).next

    assert after is not None
    assert len(after) <= 1024


def test_a_device_tells_of_another_with_its_serial_number_and_why_it_was_retired(office: Office) -> None:
    """By the codes of the others, so that they can be opened."""
    office.store(8, {})
    for number, twin in ((8, "replaced"), (0, None)):
        device = office.fleet.devices[device_id(number)]
        device.serial_hash, device.twin = bytes(32), twin  # type: ignore[assignment]
    office.fleet.devices[device_id(2)].serial_hash = bytes(32)
    office.fleet.devices[device_id(2)].status = "retired"
    with database.writing(office.engine) as connection:
        writing.set_status(connection, device_id(8), "retired", TODAY, "verkauft")

    detail = office.desk.open(device_code(device_id(8)))

    assert detail is not None
    assert (detail.twin, detail.same_serial) == ("replaced", (device_code(device_id(0)),))
    assert detail.status_reason == "verkauft"


def test_facts_that_another_version_wrote_hide_nothing_else(office: Office) -> None:
    """One section is not known; the page of the device opens."""
    battery = SectionChange(
        outcome=Outcome.OK, reason=None, observed_on=TODAY, facts=Battery(health_ratio=0.8)
    )
    office.store(8, {"battery": battery, "machine": replace(battery, facts=Machine(model="T14"))})
    with database.writing(office.engine) as connection:
        connection.execute(sql("UPDATE sections SET facts = '{\"packs\": 7}' WHERE section = 'battery'"))

    detail = office.desk.open(device_code(device_id(8)))

    assert detail is not None
    assert [section.facts is None for section in detail.sections] == [False, True]


def judged(verdict: Verdict, **failing: Result) -> Judged:
    """Return a judgement by the shipped policy in which only these checks do not pass."""
    policy = NOTHING_DECIDED.policy
    return Judged(
        policy_version=policy.policy.version,
        verdict=verdict,
        compliance=Compliance.NON_COMPLIANT,
        outdated=False,
        results=tuple(failing.get(check.id, Result.PASS) for check in policy.judged),
        counted=(Result.UNKNOWN,) * len(policy.counted),
    )


def test_devices_are_found_by_verdict_and_by_the_one_check_that_is_left(office: Office) -> None:
    """IT operations ask who is not ready, and who needs one step only; who was not judged is unknown."""
    devices = office.fleet.devices
    fail = Result.FAIL
    office.fleet.set_judged(devices[device_id(0)], judged(Verdict.READY))
    office.fleet.set_judged(devices[device_id(1)], judged(Verdict.NOT_READY, disk_encryption=fail))
    both = judged(Verdict.NOT_READY, disk_encryption=fail, portable=fail)
    office.fleet.set_judged(devices[device_id(2)], both)

    assert labels(office.desk.search(verdict="ready")) == ["NB-00000"]
    assert labels(office.desk.search(verdict="not_ready")) == ["NB-00001", "NB-00002"]
    assert len(office.desk.search(verdict="unknown").rows) == len(office.desk.search().rows) - 3
    (only,) = office.desk.search(blocker="disk_encryption").rows
    assert (only.label, only.last_blocker) == ("NB-00001", "disk_encryption")
    assert office.desk.search(blocker="no_such_check").rows == ()


def test_a_judgement_by_another_policy_names_no_last_check(office: Office) -> None:
    """Its results stand in another order."""
    one = judged(Verdict.NOT_READY, disk_encryption=Result.FAIL)
    device = office.fleet.devices[device_id(1)]
    office.fleet.set_judged(device, replace(one, policy_version=one.policy_version + 1))

    assert office.desk.search(blocker="disk_encryption").rows == ()
