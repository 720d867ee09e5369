"""Is Musterstadt the same for the same seed, varied, valid, and as large as real records are?"""

from collections import Counter
from datetime import date

import pytest

from fernbereit.delivery import MAX_BATCH_BYTES
from fernbereit.facts import SECTIONS
from fernbereit.facts.boot_security import CertificateUpdate
from fernbereit.facts.disk_encryption import EncryptionState
from fernbereit.facts.operating_system import Platform
from fernbereit.facts.remote_access import VpnClient
from fernbereit.keyed_hash import serial_hash
from fernbereit.record import Outcome, decode_record
from fernbereit_server.demo.authority import Authority, make_authority
from fernbereit_server.demo.changes import LiveLaptop
from fernbereit_server.demo.town import SMALL_UNIT_DEVICES, UNITS, devices_of_units

TODAY = date(2026, 11, 21)
KEY = bytes(range(32))


@pytest.fixture(scope="module")
def musterstadt() -> Authority:
    return make_authority(seed=1, devices=300, today=TODAY, key=KEY)


def said(authority: Authority, section: str, field: str) -> set[object]:
    """Return every value that some device reports for one field."""
    facts = [device.observed[section].facts for device in authority.reporting]
    return {getattr(each, field) for each in facts if each is not None}


def test_the_same_seed_gives_the_same_authority(musterstadt: Authority) -> None:
    """A demonstration can be repeated, and a picture of it explained."""
    again = make_authority(seed=1, devices=300, today=TODAY, key=KEY)

    assert again == musterstadt


def test_another_seed_gives_other_devices(musterstadt: Authority) -> None:
    """The seed is what decides, nothing else."""
    other = make_authority(seed=2, devices=300, today=TODAY, key=KEY)

    assert {d.device_id for d in other.devices}.isdisjoint({d.device_id for d in musterstadt.devices})


@pytest.mark.parametrize("devices", [0, 1, 7, 40, 300, 1000], ids=lambda n: f"{n} devices")
def test_there_are_as_many_devices_as_asked_for(devices: int) -> None:
    """The number on the command line is the number of devices, and no two share an id or a label."""
    authority = make_authority(seed=3, devices=devices, today=TODAY, key=KEY)

    assert len({d.device_id for d in authority.devices}) == devices
    assert len({d.label for d in authority.devices}) == devices


def test_every_record_is_complete_and_valid(musterstadt: Authority) -> None:
    """What the synthetic laptops say is what a real one could say: nothing unknown, every section there."""
    for device in musterstadt.reporting:
        record, tolerated = decode_record(device.complete_record().encode())
        assert set(record.sections.present()) == set(SECTIONS)
        assert (tolerated.values, tolerated.fields, record.complete) == (0, 0, True)


def test_every_way_an_observation_ends_is_there(musterstadt: Authority) -> None:
    """Broken laptops, desktops without a battery and systems nobody can read are part of the authority."""
    outcomes = {seen.outcome for device in musterstadt.reporting for seen in device.observed.values()}

    assert outcomes == set(Outcome) - {Outcome.OTHER}


def test_facts_stand_only_beside_the_outcome_ok(musterstadt: Authority) -> None:
    """A section without facts says why."""
    for device in musterstadt.reporting:
        for section, seen in device.observed.items():
            assert (seen.facts is not None) == (seen.outcome is Outcome.OK), section
            assert (seen.reason is None) == (seen.outcome is Outcome.OK), section


@pytest.mark.parametrize(
    ("section", "field", "wanted"),
    [
        ("operating_system", "platform", {Platform.WINDOWS, Platform.MACOS, Platform.LINUX}),
        (
            "disk_encryption",
            "state",
            {EncryptionState.ENCRYPTED, EncryptionState.NOT_ENCRYPTED, EncryptionState.SUSPENDED, None},
        ),
        ("boot_security", "certificates_2023", {CertificateUpdate.UPDATED, CertificateUpdate.NOT_STARTED}),
        ("firewall", "enabled", {True, False, None}),
        ("conferencing", "camera", {True, False}),
    ],
    ids=["three platforms", "encryption on, off, suspended, unknown", "certificates", "firewall", "cameras"],
)
def test_the_machines_differ(musterstadt: Authority, section: str, field: str, wanted: set[object]) -> None:
    """A board over this authority shows every kind of slice."""
    assert said(musterstadt, section, field) >= wanted


def test_both_ended_and_supported_systems_are_there(musterstadt: Authority) -> None:
    """Windows 10 and the editions whose support ended this year stand beside current ones."""
    ends = {day for day in said(musterstadt, "operating_system", "support_ends_on") if isinstance(day, date)}

    assert min(ends) < TODAY < max(ends)


def test_the_vpn_clients_of_a_german_authority_are_there(musterstadt: Authority) -> None:
    """NCP, Cisco, FortiClient, genucard and OpenVPN, and laptops without any."""
    clients = said(musterstadt, "remote_access", "clients")

    assert {one for several in clients for one in several} >= {  # type: ignore[attr-defined]
        VpnClient.NCP,
        VpnClient.CISCO_SECURE_CLIENT,
        VpnClient.FORTICLIENT,
        VpnClient.GENUCARD,
        VpnClient.OPENVPN,
    }
    assert () in clients


def test_opsi_and_intune_live_side_by_side(musterstadt: Authority) -> None:
    """Some laptops have two management products, some none."""
    numbers = {len(clients) for clients in said(musterstadt, "management", "clients")}  # type: ignore[arg-type]

    assert numbers == {0, 1, 2}


def test_the_inventory_matches_what_the_laptops_say(musterstadt: Authority) -> None:
    """A laptop is found in the inventory by the keyed hash of its serial number."""
    by_hash = {serial_hash(row.serial, KEY): row for row in musterstadt.inventory}
    for device in musterstadt.reporting:
        machine = device.observed["machine"].facts
        found = by_hash.get(machine.serial_hash)  # type: ignore[union-attr]
        assert found == device.row


def test_some_devices_were_never_heard_of_and_some_are_in_no_inventory(musterstadt: Authority) -> None:
    """Inventory without a report is unknown; a report without inventory falls into the visible rest."""
    silent = [device for device in musterstadt.devices if not device.reports]
    unlisted = [device for device in musterstadt.devices if device.row is None]

    assert len(silent) >= 15
    assert len(unlisted) >= 5
    assert all(device.reports for device in unlisted)
    assert all(not d.reports for d in musterstadt.devices if d.row and d.row.kind == "stock")


def test_every_kind_of_device_is_there(musterstadt: Authority) -> None:
    """Personal, pool, loan, stock; desktops are shared."""
    kinds = Counter(row.kind for row in musterstadt.inventory)

    assert set(kinds) == {"personal", "pool", "loan", "stock", "shared"}
    assert {row.chassis for row in musterstadt.inventory if row.kind == "shared"} == {"desktop"}


def test_one_unit_is_too_small_to_be_published() -> None:
    """Suppression is part of the demonstration."""
    counts = dict(zip((unit.name for unit in UNITS), devices_of_units(300), strict=True))

    assert [name for name, count in counts.items() if count < 5] == ["Rechnungsprüfungsamt"]
    assert counts["Rechnungsprüfungsamt"] == SMALL_UNIT_DEVICES


def test_the_units_lie_in_two_sites() -> None:
    """Eight units, each in one site."""
    assert len({unit.name for unit in UNITS}) == 8
    assert len({unit.site for unit in UNITS}) == 2


def test_records_are_as_large_as_real_ones(musterstadt: Authority) -> None:
    """A complete record is near 4 kB and a partial one near 1 kB, so that measurements mean something."""
    laptops = [LiveLaptop(device, seed=1, today=TODAY) for device in musterstadt.reporting]
    complete = sum(len(laptop.complete()) for laptop in laptops) / len(laptops)
    partial = sum(len(laptop.partial()) for laptop in laptops) / len(laptops)

    assert 3000 < complete < 4500
    assert 700 < partial < 1500
    assert all(len(laptop.complete()) < MAX_BATCH_BYTES for laptop in laptops)


def test_partial_records_carry_what_changed_and_name_the_rest(musterstadt: Authority) -> None:
    """Applying partial records to the first complete one gives what a later complete record says."""
    laptop = LiveLaptop(musterstadt.reporting[0], seed=1, today=TODAY)
    known = {k: v.facts for k, v in decode_record(laptop.complete())[0].sections.present().items()}
    for _ in range(200):
        record, _ = decode_record(laptop.partial())
        changed = record.sections.present()
        assert not record.complete
        assert set(changed).isdisjoint(record.unchanged)
        known |= {section: seen.facts for section, seen in changed.items()}

    last = decode_record(laptop.complete())[0].sections.present()
    assert known == {section: seen.facts for section, seen in last.items()}
