"""What do the parsers of macOS do with answers no Mac should give? A fact, "not known", or a `ProbeError`."""

import json
import plistlib
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import write
from fernbereit.facts import SECTIONS
from fernbereit.record import Observation, Outcome, Reason
from fernbereit_agent import recording
from fernbereit_agent.errors import ProbeError
from fernbereit_agent.host import System
from fernbereit_agent.laptop import RecordedLaptop
from fernbereit_agent.probes import (
    PROBES,
    answers_macos,
    battery_macos,
    boot_security_macos,
    browsers_macos,
    conferencing_macos,
    disk_encryption_macos,
    firewall_macos,
    links_macos,
    machine_macos,
    malware_protection_macos,
    management_macos,
    network_macos,
    operating_system_macos,
    routes_macos,
    screen_lock_macos,
    smart_card_macos,
    storage_macos,
    support_ends_macos,
)
from fernbereit_agent.recorded import RecordedHost
from fernbereit_agent.redaction import redact
from fernbereit_agent.runner import observe

TODAY = date(2026, 11, 21)
Parse = Callable[[Any], object]

TEXTS: tuple[tuple[str, Parse], ...] = (
    ("property list", answers_macos.parse_plist),
    ("property list of a dictionary", answers_macos.parse_dict),
    ("ioreg", answers_macos.parse_nodes),
    ("system_profiler", lambda text: answers_macos.parse_profile(text, "SPCameraDataType")),
    ("percentage", battery_macos.parse_percent),
    ("start-up policy", boot_security_macos.parse_policy_node),
    ("start-up variable", boot_security_macos.parse_policy_variable),
    ("fdesetup", disk_encryption_macos.parse_status),
    ("socketfilterfw", firewall_macos.parse_tool),
    ("scutil --nc", lambda text: list(links_macos.parse_services(text))),
    ("spctl", malware_protection_macos.parse_assessments),
    ("profiles", management_macos.parse_enrolment),
    ("scutil --proxy", network_macos.parse_proxy),
    ("netstat", lambda text: list(routes_macos.parse(text))),
    ("network", lambda text: (routes_macos.parse_network(text, 4), routes_macos.parse_network(text, 6))),
    ("sysadminctl", screen_lock_macos.parse_status),
    ("pmset", screen_lock_macos.parse_display_sleep),
    ("build", support_ends_macos.release_of),
)
PARTS: tuple[tuple[str, Parse], ...] = (
    ("battery node", lambda part: battery_macos.parse([part], [])),
    ("battery report", lambda part: battery_macos.parse([], [part])),
    ("chassis", lambda part: machine_macos.parse_chassis(part, battery=False)),
    ("model", machine_macos.parse_model),
    ("drive", lambda part: storage_macos.parse(part, virtual=False)),
    ("volumes", lambda part: disk_encryption_macos.judge(part, part, "")),
    ("bridge", lambda part: boot_security_macos.parse_report([part])),
    ("firewall report", lambda part: firewall_macos.parse_report([part])),
    ("firewall preferences", firewall_macos.parse_preferences),
    ("version", operating_system_macos.parse_version),
    ("history", lambda part: operating_system_macos.parse_history([part], TODAY)),
    ("managed lock", screen_lock_macos.parse_managed),
    ("usb interface", lambda part: smart_card_macos.parse_interfaces([part])),
    ("cameras", lambda part: conferencing_macos.parse_cameras([part])),
    ("sound", lambda part: conferencing_macos.parse_sound([part, {"_items": [part]}])),
    ("browser", browsers_macos.parse_choice),
    ("kind of link", lambda part: network_macos.parse_kind(part, "en0")),
    ("signal", lambda part: network_macos.parse_signal([part], "en0")),
)
each_text = pytest.mark.parametrize("parse", [p for _, p in TEXTS], ids=[name for name, _ in TEXTS])
each_part = pytest.mark.parametrize("parse", [p for _, p in PARTS], ids=[name for name, _ in PARTS])

LAPTOPS = [
    laptop
    for file in sorted(write.LAPTOPS.glob("macos-*/laptop.json"))
    if (laptop := recording.read_laptop(file.parent)).commands
]
ANSWERS = sorted(
    {
        text
        for laptop in LAPTOPS
        for text in (*laptop.files.values(), *laptop.commands.values())
        if isinstance(text, str)
    }
)
KEYS = sorted(
    {key for text in ANSWERS for key in text.replace("<key>", '"').replace("</key>", '"').split('"')[1::2]}
)
truncated = st.sampled_from(ANSWERS).flatmap(
    lambda text: st.integers(0, len(text)).map(lambda end: text[:end])
)
values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(ANSWERS)
    | st.binary(max_size=12)
    | st.datetimes(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=4),
    max_leaves=8,
)
parts = st.dictionaries(st.sampled_from(KEYS), values, max_size=6)


def answered(parse: Parse, said: object) -> object:
    try:
        return parse(said)
    except ProbeError as error:
        return type(error)


@each_text
@settings(deadline=None, max_examples=60)
@example(text="<plist><date>now</date></plist>")
@example(text="<plist><integer>x</integer></plist>")
@example(text="<plist><dict><string>a</string></dict></plist>")
@example(text='{"SPCameraDataType": 5}')
@example(text="Internet6:\n1/999 x UGS en0\n")
@given(text=st.text() | truncated)
def test_no_text_makes_a_parser_raise_anything_but_a_probe_error(parse: Parse, text: str) -> None:
    """Arbitrary and truncated answers end in an answer, and in the same one twice."""
    assert repr(answered(parse, text)) == repr(answered(parse, text))


@settings(deadline=None, max_examples=200)
@given(content=st.binary(max_size=80) | st.binary(max_size=80).map(lambda rest: b"bplist00" + rest))
def test_no_bytes_make_a_property_list_raise_anything_but_a_probe_error(content: bytes) -> None:
    """Binary property lists are read, or refused as unreadable."""
    seen = answered(answers_macos.parse_dict, content)

    assert isinstance(seen, dict) or (isinstance(seen, type) and issubclass(seen, ProbeError))


@each_part
@settings(deadline=None, max_examples=80)
@given(part=parts)
def test_no_value_of_another_kind_makes_a_parser_raise(parse: Parse, part: dict[str, Any]) -> None:
    """Whatever stands under a key that is known, it is understood or not known."""
    assert repr(answered(parse, part)) == repr(answered(parse, part))


def _sent(laptop: RecordedLaptop, section: str) -> Observation[Any]:
    (probe,) = (each for each in PROBES if each.section == section)
    host = RecordedHost(laptop)
    return observe(probe, host, laptop.settings, host.monotonic)


@settings(deadline=None, max_examples=80)
@given(
    laptop=st.sampled_from(LAPTOPS),
    section=st.sampled_from(sorted(set(SECTIONS) - {"readiness"})),
    text=st.text(max_size=40) | truncated,
    chosen=st.integers(0, 2**16),
)
def test_no_broken_answer_makes_a_probe_fail_by_accident(
    laptop: RecordedLaptop, section: str, text: str, chosen: int
) -> None:
    """With any one answer of any recorded Mac replaced, each reader answers or says why not."""
    asked = [*laptop.commands, *laptop.files]
    key = asked[chosen % len(asked)]
    place = "commands" if key in laptop.commands else "files"
    broken = laptop.model_copy(update={place: {**getattr(laptop, place), key: text}})
    seen = _sent(broken, section)

    assert seen.reason is not Reason.INTERNAL_ERROR
    assert (seen.facts is None) == (seen.outcome is not Outcome.OK)


@settings(deadline=None, max_examples=40)
@given(laptop=st.sampled_from(LAPTOPS), text=truncated, chosen=st.integers(0, 2**16))
def test_a_broken_answer_can_still_be_recorded(laptop: RecordedLaptop, text: str, chosen: int) -> None:
    """What redaction does not understand it leaves away; it never stops."""
    key = list(laptop.commands)[chosen % len(laptop.commands)]
    broken = laptop.model_copy(update={"commands": {**laptop.commands, key: text}})

    assert redact(broken).system is System.MACOS


@pytest.mark.parametrize(
    "said",
    [
        pytest.param({"FileVault": 2}, id="a two where a yes belongs"),
        pytest.param({"FileVault": "true"}, id="a word where a yes belongs"),
        pytest.param({}, id="nothing"),
    ],
)
def test_what_is_no_yes_or_no_is_not_known(said: dict[str, Any]) -> None:
    """Neither becomes a no."""
    assert answers_macos.flag_in(said, "FileVault") is None
    assert answers_macos.flag_in({"FileVault": 0}, "FileVault") is False


def test_a_report_and_a_property_list_are_read_as_they_are_written() -> None:
    """XML and binary property lists alike; a report of another name is unreadable."""
    for form in (plistlib.FMT_XML, plistlib.FMT_BINARY):
        assert answers_macos.parse_dict(plistlib.dumps({"a": 1}, fmt=form)) == {"a": 1}
    report = json.dumps({"SPAudioDataType": [{"_name": "a"}, 5]})
    assert answers_macos.parse_profile(report, "SPAudioDataType") == ({"_name": "a"},)
    assert issubclass(answered(lambda text: answers_macos.parse_profile(text, "SPx"), report), ProbeError)  # type: ignore[arg-type]
