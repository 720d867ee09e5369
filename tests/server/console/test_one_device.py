"""Does the page of a device show what may be seen, name what may not, and never guess?"""

import re
from collections.abc import Callable
from datetime import date

import pytest

from console_house import House
from fernbereit.code import device_code
from fernbereit.facts import SECTIONS
from fernbereit.facts.battery import Battery, BatteryPack
from fernbereit.facts.machine import Chassis, Machine
from fernbereit.facts.network import LinkType, Network, Zone
from fernbereit.facts.remote_access import RemoteAccess, Route, Tunnel, VpnClient
from fernbereit.facts.targets import TargetResult, Targets
from fernbereit.field import Visibility
from fernbereit.fields import FieldEntry, fields
from fernbereit.record import Observation, Outcome, Reason, Record, Sections
from fernbereit.words import load
from fernbereit_server.console.pages.device import DeviceView, SectionView, device
from fernbereit_server.console.pages.facts import Speech, content
from fernbereit_server.console.wording import words
from fernbereit_server.desk import DeviceDetail, SectionDetail
from html_tree import parse

TODAY = date(2026, 11, 20)
GERMAN = Speech(own=words("de"), shared=load("de"), today=TODAY)
ID = "11111111-2222-4333-8444-555555555555"
HOSTILE = "<script>alert(1)</script>\"'&{{7*7}}"
WITNESS = 31_337


def _detail(*sections: SectionDetail, **changed: object) -> DeviceDetail:
    seen = {
        "ref": "T8MJP6",
        "code": "T8MJP6",
        "device_id": ID,
        "label": "NB-04711",
        "unit": "Bauamt",
        "site": "Rathaus",
        "kind": "personal",
        "status": "active",
        "freshness": "recent",
        "first_seen_days_ago": 12,
        "sections": sections,
    }
    return DeviceDetail.model_validate(seen | changed)


def _seen(section: str, outcome: str = "ok", reason: str | None = None, **facts: object) -> SectionDetail:
    return SectionDetail(
        section=section,
        outcome=outcome,
        reason=reason,
        observed_days_ago=1,
        facts=facts if outcome == "ok" else None,
    )


def _view(detail: DeviceDetail) -> DeviceView:
    return device(detail, words("de"), load("de"), TODAY)


def _section(view: DeviceView, name: str) -> SectionView:
    return next(section for section in view.sections if section.key == name)


def test_every_section_stands_on_the_page_whether_reported_or_not() -> None:
    """What was never looked at is unknown and says so; it is not left out."""
    view = _view(_detail())
    assert [section.key for section in view.sections] == list(SECTIONS)
    assert {section.outcome.look for section in view.sections} == {"unknown"}
    assert all(section.reason for section in view.sections)


@pytest.mark.parametrize(
    "outcome", [outcome for outcome in Outcome if outcome not in {Outcome.OK, Outcome.ABSENT}]
)
def test_what_could_not_be_read_is_unknown_with_its_reason(outcome: Outcome) -> None:
    """Denied, failed, timed out, unsupported: grey, the word "unbekannt", and why."""
    section = _section(_view(_detail(_seen("firewall", outcome, "access_denied"))), "firewall")
    assert (section.outcome.word, section.outcome.look) == ("unbekannt", "unknown")
    ended = load("de")(f"outcome.{outcome}")
    assert section.reason == f"{ended[0].upper()}{ended[1:]}: Zugriff verweigert."
    assert not section.facts


def test_what_does_not_exist_is_neither_unknown_nor_bad() -> None:
    """A desktop has no battery, and the reason does not say so twice."""
    section = _section(_view(_detail(_seen("battery", "absent", "no_hardware"))), "battery")
    assert section.reason == "Gerät hat diese Ausstattung nicht."
    assert (section.outcome.word, section.outcome.look) == ("nicht vorhanden", "neutral")


def test_a_value_nobody_knows_is_the_word_unknown() -> None:
    """Null is neither "no" nor zero."""
    shown = {fact.label: fact for fact in content("firewall", {"enabled": None}, GERMAN).facts}
    assert shown["Firewall eingeschaltet"].value == "unbekannt"
    assert not shown["Firewall eingeschaltet"].known


@pytest.mark.parametrize("entry", fields(), ids=lambda entry: f"{entry.section}.{entry.path}")
def test_every_field_is_shown_or_named_or_withheld_as_declared(entry: FieldEntry) -> None:
    """Fields for the desk have a place, counted ones are named without a value, internal ones are not."""
    told = content(entry.section, {}, GERMAN)
    label = load("de").label(entry)
    named = {fact.label for fact in told.facts}
    if entry.visibility is Visibility.COUNTED:
        assert label in told.counted
        assert label not in named
    elif entry.visibility is Visibility.INTERNAL or "." in entry.path:
        assert label not in named | set(told.counted)
    else:
        assert label in named


@pytest.mark.parametrize(
    ("section", "facts", "label", "value"),
    [
        ("machine", {"memory_bytes": 16 * 2**30}, "Arbeitsspeicher", "16\u00a0GiB"),
        ("machine", {"cpu_count": 1234}, "Prozessorkerne (logisch)", "1.234"),
        ("machine", {"chassis": "convertible"}, "Bauform", "Laptop mit abnehmbarer oder klappbarer Tastatur"),
        ("machine", {"firmware_date": "2026-11-19"}, "Datum der Firmware", "19.11.2026 (gestern)"),
        ("battery", {"health_ratio": 0.874}, "Zustand aller Akkus", "87\u00a0%"),
        ("screen_lock", {"timeout_s": 600}, "Zeit bis zur Sperre", "10 Minuten"),
        ("firewall", {"enabled": False}, "Firewall eingeschaltet", "nein"),
        (
            "remote_access",
            {"clients": ["ncp", "openvpn"]},
            "Installierte VPN-Programme",
            "NCP Secure Client, OpenVPN",
        ),
        ("remote_access", {"clients": []}, "Installierte VPN-Programme", "keine"),
        ("management", {"clients": []}, "Programme zur Geräteverwaltung", "keine"),
    ],
)
def test_values_are_written_for_people(
    section: str, facts: dict[str, object], label: str, value: str
) -> None:
    """Sizes, shares, days, enumerations and lists, each in German."""
    shown = {fact.label: fact.value for fact in content(section, facts, GERMAN).facts}
    assert shown[label] == value


def test_items_of_a_list_have_a_name_each() -> None:
    """Two batteries are two parts, the second without a model by its number."""
    packs = [{"model": "5B10W51877", "health_ratio": 0.9}, {"health_ratio": 0.5}]
    parts = content("battery", {"packs": packs}, GERMAN).parts
    assert [part.title for part in parts] == ["5B10W51877", "Nr. 2"]


def test_a_service_that_was_reached_has_no_unknown_failure() -> None:
    """Nothing failed, so nothing is unknown about it."""
    results = [{"name": "mail", "reachable": True}, {"name": "akte", "reachable": False, "failure": "dns"}]
    reached, failed = content("targets", {"results": results}, GERMAN).parts
    assert "Ursache des Fehlschlags" not in {fact.label for fact in reached.facts}
    assert ("Ursache des Fehlschlags", "Name nicht auflösbar") in {(f.label, f.value) for f in failed.facts}


def test_a_volume_that_is_not_encrypted_has_no_unknown_method() -> None:
    """As long as it is not known to be unencrypted, the method is unknown."""
    plain = content("disk_encryption", {"state": "not_encrypted"}, GERMAN)
    unknown = content("disk_encryption", {}, GERMAN)
    assert "Verfahren der Verschlüsselung" not in {fact.label for fact in plain.facts}
    assert "Verfahren der Verschlüsselung" in {fact.label for fact in unknown.facts}


def test_counted_facts_are_not_shown_even_if_the_desk_let_them_through() -> None:
    """The page reads only what is declared for it."""
    told = content("network", {"zone": "remote", "link_type": "mobile", "proxy": True}, GERMAN)
    assert {fact.label for fact in told.facts} == {"Proxy eingestellt"}
    assert "außerhalb" not in {fact.value for fact in told.facts}


@pytest.mark.parametrize("status", ["quarantined", "retired", "revoked", "expected"])
def test_a_device_that_does_not_count_says_why(status: str) -> None:
    """Every status but active has a sentence of its own."""
    assert _view(_detail(status=status)).standing not in {"", words("de")("standing.other")}
    assert not _view(_detail()).standing


def test_the_ticket_holds_what_the_page_shows() -> None:
    """Name, assignment, outcomes, reasons, values: plain text, nothing counted."""
    view = _view(_detail(_seen("firewall", enabled=True), _seen("storage", "denied", "access_denied")))
    assert "Gerät: NB-04711" in view.ticket
    assert "Firewall: gelesen, gestern\n  Firewall eingeschaltet: ja" in view.ticket
    assert "Datenträger: unbekannt, gestern\n  Keine Berechtigung: Zugriff verweigert." in view.ticket
    assert not any(label in view.ticket for label in ("VPN-Verbindung", "Im Netz der Behörde"))


@pytest.fixture(scope="module")
def told(make_house: Callable[[dict[str, Record]], House]) -> str:
    """Return the page of a device whose counted facts are recognisable and whose texts are hostile."""
    record = Record(
        sections=Sections(
            machine=Observation(
                outcome=Outcome.OK,
                facts=Machine(chassis=Chassis.LAPTOP, maker=HOSTILE, model=HOSTILE, serial_hash="ab" * 32),
            ),
            battery=Observation(outcome=Outcome.OK, facts=Battery(packs=(BatteryPack(model=HOSTILE),))),
            remote_access=Observation(
                outcome=Outcome.OK,
                facts=RemoteAccess(
                    clients=(VpnClient.NCP,),
                    tunnel=Tunnel.UP,
                    route=Route.SPLIT,
                    active_client=VpnClient.GENUCARD,
                    mtu=WITNESS,
                ),
            ),
            network=Observation(
                outcome=Outcome.OK,
                facts=Network(link_type=LinkType.MOBILE, link_mbps=WITNESS, zone=Zone.REMOTE),
            ),
            targets=Observation(
                outcome=Outcome.OK,
                facts=Targets(results=(TargetResult(name="mail", reachable=True, rtt_ms=WITNESS),)),
            ),
            smart_card=Observation(outcome=Outcome.DENIED, reason=Reason.ACCESS_DENIED),
        ),
        complete=True,
    )
    house = make_house({ID: record})
    return house.get(f"/devices/{device_code(ID)}", lang="de").text


def test_no_counted_value_reaches_the_page(told: str) -> None:
    """Tunnel, route, zone, link and times of this device are nowhere in the HTML."""
    text = parse(told).text
    assert re.search(r"31.?337", text) is None
    for value in (Tunnel.UP, Route.SPLIT, LinkType.MOBILE, VpnClient.GENUCARD):
        assert load("de").word(value) not in re.sub(r"Nur gezählt.*|nicht verbunden", "", text)
    assert "Wird nur gezählt, nie einzeln gezeigt: VPN-Verbindung" in text


def test_no_hash_reaches_the_page(told: str) -> None:
    """What is only compared is not shown at all."""
    assert "abababab" not in told


def test_what_a_laptop_says_stays_text(told: str) -> None:
    """Markup in a model name is shown as it was written, and nothing in it is run."""
    page = parse(told)
    assert not list(page.all("script"))
    assert page.text.count("<script>alert(1)</script>") >= 3
    assert "49" not in page.text.split("Hersteller")[1][:60]


@pytest.mark.parametrize("lang", ["de", "en"])
def test_a_device_that_was_set_up_anew_names_the_one_that_counts(lang: str) -> None:
    """On the page and in the ticket; "not judged yet" would send somebody waiting."""
    detail = _detail(twin="replaced", same_serial=("SX64EC",))
    view = device(detail, words(lang), load(lang), TODAY)
    assert "SX64EC" in view.standing
    assert view.standing in view.ticket
    assert view.verdict.sentence == words(lang)("verdict.set_aside")


def test_a_disputed_device_counts_and_says_with_which_other_one() -> None:
    """Its title must not say that it does not count."""
    view = _view(_detail(twin="conflict", same_serial=("SX64EC",)))
    assert "SX64EC" in view.standing
    assert view.standing_title == words("de")("standing.conflict_title")


def test_a_retired_device_says_why_in_the_words_of_whoever_decided() -> None:
    """The reason would otherwise be kept and never read."""
    assert _view(_detail(status="retired", status_reason="verkauft")).standing.endswith("Grund: verkauft")
