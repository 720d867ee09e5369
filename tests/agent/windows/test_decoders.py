"""What do the decoders of Windows make of whole, short and senseless blocks?"""

from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fernbereit.facts.battery import Battery
from fernbereit.facts.disk_encryption import EncryptionState
from fernbereit.facts.machine import Chassis
from fernbereit.facts.management import Provider
from fernbereit.facts.remote_access import VpnClient
from fernbereit.facts.storage import StorageKind
from fernbereit_agent.errors import ProbeError
from fernbereit_agent.probes import battery_windows as batteries
from fernbereit_agent.probes import boot_security_windows as boot
from fernbereit_agent.probes import browsers_windows as browsers
from fernbereit_agent.probes import disk_encryption_windows as encryption
from fernbereit_agent.probes import links_windows as links
from fernbereit_agent.probes import machine_windows as machine
from fernbereit_agent.probes import malware_protection_windows as malware
from fernbereit_agent.probes import management_windows as management
from fernbereit_agent.probes import network_windows as network
from fernbereit_agent.probes import operating_system_windows as system
from fernbereit_agent.probes import screen_lock_windows as lock
from fernbereit_agent.probes import smbios_windows as smbios
from fernbereit_agent.probes import storage_windows as storage
from fernbereit_agent.probes import times_windows as times
from fernbereit_agent.probes.support_ends_windows import SUPPORT_ENDS, Channel, support_end
from fernbereit_agent.windows_ports import WmiRow
from windows_world import (
    battery,
    domain,
    extents,
    interface,
    route,
    seek_penalty,
    tpm,
    update,
    wlan_quality,
)
from windows_world import smbios as table

TODAY = date(2026, 11, 21)
WINE = bytes.fromhex(
    "000204007b0000000018000000000000"
    "000004000000000000000000ffffffff"
    "0000011b010000000000111111112222"
    "33334444555555555555020000000003"
    "15020000020000000202020200000000"
    "000000030000020f0300000000000005"
    "0002000a000000201404000000000000"
    "000000000000000000000000007f0405"
    "000000"
)
"""As wine64 8.0 answers; bytes of the UUID replaced."""
WHOLE: tuple[tuple[str, Callable[[bytes], object], bytes], ...] = (
    ("SMBIOS", smbios.decode, table("LENOVO", "20HG", "ThinkPad", "PF0", "07/21/2022", (12, 10))),
    ("SMBIOS redacted", smbios.redacted, table("LENOVO", "20HG", "ThinkPad", "PF0", "07/21/2022")),
    ("battery", lambda block: batteries.decode((block,)), battery(50_000, 40_000, 3, "Primary")),
    ("interface", links.decode_link, interface(1, "WLAN", "Intel(R) Wi-Fi")),
    ("route", lambda block: links.decode_route(block, {1: "WLAN"}), route(1, "10.0.0.0/8", "10.0.0.1")),
    ("dial-up", links.device_type, bytes(1372)),
    ("Wi-Fi quality", network.decode_quality, wlan_quality(94, 1_201_000, 960_700)),
    ("proxy flags", network.decode_proxy, bytes(8) + b"\x01"),
    ("domain", network.decode_domain, domain(1, 2)),
    ("TPM", boot.decode_tpm, tpm(2)),
    ("seek penalty", storage.decode_seek_penalty, seek_penalty(1)),
    ("disk extents", storage.decode_extents, extents(0, 1)),
    ("update", lambda block: system.newest_update((block,), TODAY), update(46342.5, 5_068_861)),
    ("FILETIME", times.day_of_filetime, bytes.fromhex("009b558c8961d201")),
)
each_block = pytest.mark.parametrize(
    ("decode", "block"), [row[1:] for row in WHOLE], ids=[row[0] for row in WHOLE]
)

TEXTS: tuple[tuple[str, Callable[[str], object]], ...] = (
    ("OMADM time", times.day_of_omadm),
    ("certificates", boot.decode_update),
    ("folder of profiles", encryption.drive_of),
    ("edition", lambda text: support_end(26_100, text)),
    ("browser version", browsers.version_in),
    ("screen saver", lambda text: lock.judge_screen_saver("1", "1", text)),
    ("URL of a server", lambda text: management.provider_of(_enrolled(url=text))),
    ("name of a server", lambda text: management.provider_of(_enrolled(url="", provider_id=text))),
)
NUMBERS: tuple[Callable[[int], object], ...] = (
    malware.decode_state,
    encryption.decode,
    network.decode_cost,
    network.decode_rssi,
)
each_text = pytest.mark.parametrize("parse", [p for _, p in TEXTS], ids=[name for name, _ in TEXTS])


def _enrolled(*, url: str, provider_id: str = "MS DM Server", key: str = "{1}") -> management.Enrollment:
    return management.Enrollment(key=key, state=1, provider_id=provider_id, url=url, has_account=True)


def _answer(decode: Callable[[bytes], object], block: bytes) -> object:
    try:
        return decode(block)
    except ProbeError as error:
        return type(error)


@each_block
def test_a_block_cut_anywhere_ends_in_an_answer(decode: Callable[[bytes], object], block: bytes) -> None:
    """No answer of a call, however short, ends in an exception nobody thought of."""
    answers = [repr(_answer(decode, block[:end])) for end in range(min(len(block), 700))]

    assert len(answers) == min(len(block), 700)


@each_block
@settings(deadline=None, max_examples=60)
@given(data=st.data())
def test_senseless_bytes_end_in_the_same_answer_twice(
    decode: Callable[[bytes], object], block: bytes, data: st.DataObject
) -> None:
    """Random bytes, and whole blocks with some bytes changed."""
    changed = bytearray(block)
    for at, value in data.draw(
        st.lists(st.tuples(st.integers(0, len(block) - 1), st.integers(0, 255)), max_size=6)
    ):
        changed[at] = value
    for each in (data.draw(st.binary(max_size=1400)), bytes(changed)):
        assert repr(_answer(decode, each)) == repr(_answer(decode, each))


@each_text
@settings(deadline=None, max_examples=60)
@given(text=st.text() | st.from_regex(r"\A\d{8}T\d{6}Z\Z") | st.from_regex(r"\Ahttps://[^ ]{0,20}\Z"))
def test_senseless_text_ends_in_an_answer(parse: Callable[[str], object], text: str) -> None:
    """Whatever stands in the registry."""
    assert repr(parse(text)) == repr(parse(text))


@settings(deadline=None, max_examples=100)
@given(number=st.integers(-(2**40), 2**40))
def test_any_number_is_explained_or_not_known(number: int) -> None:
    """Nothing is taken for "on" that nobody has explained."""
    on, current, _ = malware.decode_state(number)
    assert (on, current) in {(a, b) for a in (True, False, None) for b in (True, False, None)}
    assert (encryption.decode(number) is not None) == (number in encryption.STATES)
    assert network.decode_cost(number) in {True, False, None}
    quality = network.decode_rssi(number)
    assert quality is None or 0 <= quality <= 1


def test_the_table_of_wine_has_no_texts_and_an_unknown_chassis() -> None:
    """Every text number is zero."""
    told = smbios.decode(WINE)

    assert (told.maker, told.product, told.serial) == ("", "", "")
    assert told.chassis == (2,)


def test_a_redacted_table_says_the_same_without_the_serial_number() -> None:
    """Maker, model, day and all enclosures stay."""
    whole = table("LENOVO", "20HG", "ThinkPad T470s", "PF0ABC12", "07/21/2022", (12, 10))
    before, after = smbios.decode(whole), smbios.decode(smbios.redacted(whole))

    assert (after.serial, before.serial) == ("REDACTED", "PF0ABC12")
    assert b"PF0ABC12" not in smbios.redacted(whole)
    assert (after.maker, after.version, after.chassis) == (before.maker, before.version, (12, 10))
    assert after.firmware_date == "07/21/2022"


@pytest.mark.parametrize(
    ("blocks", "expected"),
    [
        ((battery(23_540, 19_450), battery(26_060, 17_860)), 0.752),
        ((battery(0xFFFFFFFF, 100),), None),
        ((battery(50_000, 0xFFFFFFFF),), None),
        ((battery(100, 83, capabilities=0xC0000000),), 0.83),
        ((battery(100, 83, capabilities=0xC0000000), battery(50_000, 40_000)), None),
        ((battery(50_000, 51_000),), 1.0),
    ],
    ids=[
        "two",
        "design unknown",
        "full unknown",
        "without unit",
        "one of two without unit",
        "fuller than new",
    ],
)
def test_the_health_of_batteries_is_weighted_or_not_known(
    blocks: tuple[bytes, ...], expected: float | None
) -> None:
    """Capacities without unit cannot be added to others."""
    assert batteries.decode(blocks).health_ratio == expected


def test_the_battery_of_a_ups_is_none_of_the_laptop() -> None:
    """Bit 29 says so."""
    with pytest.raises(ProbeError):
        batteries.decode((battery(50_000, 40_000, capabilities=0xA0000000),))
    assert isinstance(batteries.decode((battery(50_000, 40_000),)), Battery)


def test_several_enclosures_are_what_is_carried() -> None:
    """A dock beside a notebook changes nothing; a dock alone says nothing."""
    assert machine.chassis(smbios.Firmware(chassis=(12, 3, 10)), battery=False) is Chassis.LAPTOP
    assert machine.chassis(smbios.Firmware(chassis=(12,)), battery=False) is None


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (1, EncryptionState.ENCRYPTED),
        (3, EncryptionState.PARTLY),
        (5, EncryptionState.SUSPENDED),
        (7, None),
        (0, None),
    ],
)
def test_only_one_is_on(value: int, expected: EncryptionState | None) -> None:
    """The rule often quoted, that 1, 3 and 5 are on, is wrong for 3 and 5."""
    assert encryption.decode(value) is expected


def test_a_component_names_a_client_whatever_its_adapter_is_called() -> None:
    """Names of adapters are translated and changed; those of drivers are not."""
    named = links.decode_link(interface(1, "Amtsnetz", "Irgendein Adapter", flags=0))
    assert named
    assert links.owner(named, r"ROOT\ftsvnic", dialled=False) is VpnClient.FORTICLIENT
    assert links.owner(named, "", dialled=False) is None


@pytest.mark.parametrize(
    ("description", "kind", "address", "expected"),
    [
        ("Cisco AnyConnect Virtual Miniport Adapter for Windows x64", 6, "", VpnClient.CISCO_SECURE_CLIENT),
        ("PANGP Virtual Ethernet Adapter Secure", 6, "", VpnClient.GLOBALPROTECT),
        ("TAP-Viscosity Windows Adapter V9 #2", 6, "", VpnClient.OPENVPN),
        ("WireGuard Tunnel", 53, "", VpnClient.WIREGUARD),
        ("Tailscale Tunnel", 53, "", VpnClient.TAILSCALE),
        ("Cloudflare WARP Interface Tunnel", 53, "", VpnClient.CLOUDFLARE_WARP),
        ("Ein umbenannter Adapter", 6, "02:00:4e:43:50:49", VpnClient.NCP),
        ("Some Tunnel", 53, "", VpnClient.OTHER),
        ("Hyper-V Virtual Ethernet Adapter", 6, "", None),
        ("Microsoft Wi-Fi Direct Virtual Adapter #2", 71, "", None),
        ("WAN Miniport (PPPOE)", 23, "", None),
        ("WAN Miniport (IKEv2)", 23, "", None),
        ("Breitband", 23, "", None),
    ],
)
def test_adapters_are_told_apart_by_description_kind_and_fixed_address(
    description: str, kind: int, address: str, expected: VpnClient | None
) -> None:
    """What is virtual and no VPN is not taken for one, nor is PPPoE."""
    link = links.decode_link(interface(1, "x", description, kind=kind, address=address))
    assert link
    assert links.owner(link, "", dialled=False) is expected


def test_a_connection_windows_dialled_is_its_own_vpn() -> None:
    """Only where Windows itself says that what it dialled is a VPN."""
    link = links.decode_link(interface(1, "Amt", "Amt", kind=23, media=0))
    assert link
    assert link.is_up
    assert links.owner(link, "", dialled=True) is VpnClient.WINDOWS_BUILT_IN
    assert links.owner(link, "", dialled=None) is None


def test_a_filter_on_top_of_an_interface_is_no_interface() -> None:
    """Windows lists them beside each other."""
    assert links.decode_link(interface(1, "WLAN-WFP", "WLAN-WFP Native MAC Layer", flags=0x02)) is None


def test_routes_of_both_families_are_read() -> None:
    """With and without gateway; those to one address alone are none."""
    names = {4: "WLAN"}
    v4, v6 = (
        links.decode_route(route(4, net, hop), names)
        for net, hop in (("10.0.0.0/8", ""), ("::/0", "fe80::1"))
    )
    assert v4
    assert v6
    assert (str(v4.network), v4.gateway, v6.default, v6.gateway) == ("10.0.0.0/8", False, True, True)
    assert links.decode_route(route(4, "10.0.0.1/32"), names) is None
    assert links.decode_route(route(9, "10.0.0.0/8"), names) is None


def test_the_newest_update_is_one_of_windows_that_succeeded() -> None:
    """Definitions, drivers without article, failures and days to come do not count."""
    entries = (
        update(46_345.0, 2_267_602), update(46_344.0, 5_068_861, result=4), update(46_400.0, 5_068_861),
        update(46_343.0, 0), update(46_341.0, 5_068_861, operation=2), update(46_335.6, 5_067_036),
    )  # fmt: skip
    assert system.newest_update(entries, TODAY) == date(2026, 11, 9)


def test_times_that_were_never_set_are_not_known() -> None:
    """Zero in each of the three ways is no day."""
    assert times.day_of_filetime(bytes(8)) is None
    assert times.day_of_filetime(b"\xff" * 8) is None
    assert times.day_of_omadm("00010101T000000Z") is None
    assert times.day_of_ole(0.0) is None


@pytest.mark.parametrize(
    ("build", "edition", "expected"),
    [
        (19_045, "Professional", date(2025, 10, 14)),
        (26_100, "Professional", date(2026, 10, 13)),
        (26_100, "Enterprise", date(2027, 10, 12)),
        (26_100, "EnterpriseS", date(2029, 10, 9)),
        (22_631, "Education", date(2026, 11, 10)),
        (19_044, "IoTEnterpriseS", date(2032, 1, 13)),
        (19_044, "Professional", None),
        (99_999, "Enterprise", None),
        (26_200, "ServerStandard", None),
    ],
)
def test_support_ends_by_build_and_edition(build: int, edition: str, expected: date | None) -> None:
    """What the table does not know is not guessed."""
    assert support_end(build, edition) == expected


def test_enterprise_is_supported_at_least_as_long_as_professional() -> None:
    """A row whose columns were swapped would show."""
    rows = [ends for ends in SUPPORT_ENDS.values() if {Channel.PRO, Channel.ENTERPRISE} <= ends.keys()]
    assert rows
    assert all(ends[Channel.PRO] <= ends[Channel.ENTERPRISE] for ends in rows)


def test_fleets_rule_passes_over_stale_enrolments() -> None:
    """The longest URL of those with an account counts; `Local_Management` is nobody."""
    right = _enrolled(url="https://enrollment.manage.microsoft.com/discovery.svc")
    stale = _enrolled(url="")
    local = _enrolled(url="https://a.example/" + "x" * 99, provider_id="Local_Management")
    without = management.Enrollment(
        key="2", state=1, provider_id="", url="https://b.example/" + "y" * 99, has_account=False
    )
    assert management.choose((stale, local, without, right)) == right
    assert management.choose((stale, local, without)) is None


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://r.manage.microsoft.com/x", Provider.INTUNE),
        ("https://jumpcloud.awmdm.com/x", Provider.OTHER),
        ("https://de1.awmdm.com/x", Provider.WORKSPACE_ONE),
        ("https://manage.microsoft.com.evil.example/x", Provider.INTUNE),
    ],
    ids=["Intune", "JumpCloud", "Workspace ONE", "a name that only begins alike goes by its ProviderID"],
)
def test_a_server_names_its_product(url: str, expected: Provider) -> None:
    """By the end of its host name."""
    assert management.provider_of(_enrolled(url=url)) is expected


def test_the_product_that_is_on_goes_before_defender_standing_by() -> None:
    """In either order of the rows; with nothing on, the unknown goes before the one that is off."""
    defender: WmiRow = {"displayName": "Windows Defender", "productState": 393472}
    other: WmiRow = {"displayName": "ESET Security", "productState": 266240}
    assert (
        malware.choose((defender, other))
        == malware.choose((other, defender))
        == ("ESET Security", True, False)
    )
    assert malware.choose(()) is None


def test_a_disk_that_says_nothing_makes_the_kind_unknown() -> None:
    """An answer of zeros is no flash."""
    assert storage.decode_seek_penalty(bytes(12)) is None
    assert storage.decode_seek_penalty(seek_penalty(0)) is StorageKind.SSD
