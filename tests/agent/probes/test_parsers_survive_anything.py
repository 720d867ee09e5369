"""What does a parser do with text no machine should print? A fact, "not known", or a `ProbeError`."""

import json
from collections.abc import Callable
from datetime import date
from itertools import islice

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import write
from fernbereit.facts.boot_security import SecureBoot
from fernbereit.keyed_hash import host_name_hash, serial_hash
from fernbereit_agent import firmware_variables, recording
from fernbereit_agent.errors import ProbeError
from fernbereit_agent.laptop import RecordedLaptop
from fernbereit_agent.probes import PROBES, support_ends, texts, units_linux
from fernbereit_agent.probes import battery_linux as battery
from fernbereit_agent.probes import block_devices_linux as block_devices
from fernbereit_agent.probes import boot_security_linux as boot
from fernbereit_agent.probes import conferencing_linux as conferencing
from fernbereit_agent.probes import disk_encryption_linux as encryption
from fernbereit_agent.probes import dmi_linux as dmi
from fernbereit_agent.probes import firewall_linux as firewall
from fernbereit_agent.probes import links_linux as links
from fernbereit_agent.probes import machine_linux as machine
from fernbereit_agent.probes import malware_protection_linux as malware
from fernbereit_agent.probes import network_linux as network
from fernbereit_agent.probes import operating_system_linux as system
from fernbereit_agent.probes import routes_linux as routes
from fernbereit_agent.probes import screen_lock_linux as lock
from fernbereit_agent.probes import smart_card_linux as card
from fernbereit_agent.probes import storage_linux as storage
from fernbereit_agent.recorded import RecordedHost

PARSERS: tuple[tuple[str, Callable[[str], object]], ...] = (
    ("plain text", texts.plain),
    ("whole number", texts.whole),
    (
        "battery files",
        lambda text: battery.parse([{"type": "Battery", **dict.fromkeys(battery.FILES[3:], text)}]),
    ),
    ("power supply type", lambda text: battery.parse([{"type": text}])),
    ("mountinfo", block_devices.parse_mountinfo),
    ("layer name", encryption.method_of_layer),
    ("chassis code", lambda text: machine.parse_chassis(text, battery=True)),
    (
        "model",
        lambda text: machine.parse_model({"sys_vendor": text, "product_name": text, "product_version": text}),
    ),
    ("virtual machine", lambda text: dmi.is_virtual({"sys_vendor": text, "product_name": text})),
    ("cpuinfo", machine.parse_cpu_model),
    ("firmware date", machine.parse_firmware_date),
    ("rotational", lambda text: storage.parse_kind([text])),
    ("os-release", system.parse_os_release),
    ("support end", lambda text: support_ends.support_end("debian", text)),
    ("tpm version", boot.parse_tpm_version),
    ("ufw.conf", firewall.parse_ufw_conf),
    ("systemd units", units_linux.parse_units),
    ("dconf", lambda text: lock.judge_gnome(lock.parse_dconf(text), text.splitlines())),
    (
        "dconf values",
        lambda text: lock.judge_gnome({lock.LOCK: text, lock.IDLE: text}, (lock.LOCK, lock.IDLE)),
    ),
    ("kscreenlockerrc", lock.parse_kscreenlockerrc),
    ("kscreenlockerrc timeout", lambda text: lock.parse_kscreenlockerrc(f"[Daemon][$i]\nTimeout={text}\n")),
    ("mdatp", malware.parse_mdatp),
    ("usb classes", lambda text: card.parse_classes([text])),
    ("routes", lambda text: (routes.parse_v4(f"head\n{text}"), routes.parse_v6(text))),
    ("flags of a tunnel", links.parse_flags),
    ("wireless", lambda text: network.parse_wireless(f"{text}\nwlp2s0: 0000 {text} -59.", "wlp2s0")),
    ("sound cards", conferencing.parse_pcm),
    ("serial number", lambda text: serial_hash(text, b"key")),
    ("host name", lambda text: host_name_hash(text, b"key")),
)
BYTES: tuple[tuple[str, Callable[[bytes], object]], ...] = (
    ("Secure Boot", firmware_variables.parse_secure_boot),
    ("certificates", firmware_variables.parse_trusted),
)
each_parser = pytest.mark.parametrize("parse", [p for _, p in PARSERS], ids=[name for name, _ in PARSERS])

LAPTOPS = [recording.read_laptop(file.parent) for file in sorted(write.LAPTOPS.glob("*/laptop.json"))]
MACHINE_TEXTS = sorted(
    {text for laptop in LAPTOPS for text in laptop.files.values() if isinstance(text, str)}
)
truncated = st.sampled_from(MACHINE_TEXTS).flatmap(
    lambda text: st.integers(0, len(text)).map(lambda end: text[:end])
)
json_texts = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["definitionsUpdatedMinutesAgo", "realTimeProtectionEnabled", "tamperProtection", "value"]
            ),
            inner,
        )
    ),
    max_leaves=6,
).map(json.dumps)


def facts_or_probe_error(parse: Callable[[str], object], text: str) -> object:
    try:
        return parse(text)
    except ProbeError as error:
        return error


@each_parser
@settings(deadline=None, max_examples=60)
@example(text=str(2**53 + 1))
@given(text=st.text() | truncated | st.integers().map(str) | json_texts)
def test_no_text_makes_a_parser_raise_anything_but_a_probe_error(
    parse: Callable[[str], object], text: str
) -> None:
    """Arbitrary, truncated, numeric and JSON text all end in an answer, and in the same one twice."""
    assert repr(facts_or_probe_error(parse, text)) == repr(facts_or_probe_error(parse, text))


@settings(deadline=None, max_examples=60)
@given(variable=st.binary(max_size=64))
def test_no_bytes_make_a_firmware_variable_raise(variable: bytes) -> None:
    """Whatever the firmware stores, Secure Boot is on, off or not known; on only for a one at the end."""
    state = firmware_variables.parse_secure_boot(variable)

    assert (state is SecureBoot.ON) == (len(variable) == 5 and variable[4] == 1)
    known = any(
        name in variable
        for name in (
            firmware_variables.OLD_CERTIFICATE,
            firmware_variables.NEW_CERTIFICATE,
            firmware_variables.ALSO_NEW,
        )
    )
    assert (firmware_variables.parse_trusted(variable) is not None) == known


@settings(deadline=None, max_examples=60)
@given(
    laptop=st.sampled_from(LAPTOPS),
    text=st.text(max_size=40) | truncated,
    chosen=st.integers(0, 2**16),
)
def test_no_broken_file_makes_a_probe_fail_by_accident(
    laptop: RecordedLaptop, text: str, chosen: int
) -> None:
    """With any one file of any recorded laptop replaced, each reader still answers or says why not."""
    if not laptop.files:
        return
    path = next(islice(laptop.files, chosen % len(laptop.files), None))
    broken = RecordedHost(laptop.model_copy(update={"files": {**laptop.files, path: text}}))
    for probe in PROBES:
        reader = probe.readers[laptop.system]
        facts_or_probe_error(lambda _, read=reader: read(broken, laptop.settings), "")  # type: ignore[misc]
    assert broken.read_text(path) == text


@pytest.mark.parametrize(
    ("parse", "zero", "expected"),
    [
        (texts.whole, "0", 0),
        (storage.whole_gibibytes, 0, 0),
        (
            lambda text: malware.parse_mdatp(text).signatures_age_days,
            '{"definitionsUpdatedMinutesAgo": 0}',
            0,
        ),
        (lambda day: malware.age_in_days(day, day), date(2026, 11, 21), 0),
        (
            lambda full: (
                battery.parse(
                    [{"type": "Battery", "energy_full": full, "energy_full_design": "50000000"}]
                ).health_ratio
            ),
            "0",
            0.0,
        ),
    ],
    ids=["whole number", "free space", "age of signatures", "day of change", "an exhausted battery"],
)
def test_zero_in_is_zero_out(parse: Callable[[object], object], zero: object, expected: object) -> None:
    """A measured zero stays zero; it is not mistaken for "not known"."""
    assert parse(zero) == expected
    assert parse(zero) is not None


@pytest.mark.parametrize(
    ("parse", "text"),
    [
        (lambda text: battery.parse([{"type": "Battery", "cycle_count": text}]).cycle_count, "0"),
        (lambda text: battery.parse([{"type": "Battery", "cycle_count": text}]).cycle_count, "-1"),
        (
            lambda text: (
                battery.parse(
                    [{"type": "Battery", "energy_full": "1", "energy_full_design": text}]
                ).health_ratio
            ),
            "0",
        ),
        (machine.parse_firmware_date, "00/00/0000"),
        (texts.plain, "To Be Filled By O.E.M."),
        (lambda text: storage.parse_kind([text]), ""),
        (lambda text: malware.parse_mdatp(text).realtime_on, '{"realTimeProtectionEnabled": 0}'),
    ],
    ids=[
        "a battery that does not count cycles",
        "a battery that counts to minus one",
        "a battery designed for nothing",
        "a firmware of day zero",
        "a maker who filled nothing in",
        "a disk that does not say",
        "a zero where a yes or no belongs",
    ],
)
def test_what_says_nothing_is_not_known(parse: Callable[[str], object], text: str) -> None:
    """A value that stands for "no answer" becomes None, never zero and never false."""
    assert parse(text) is None
