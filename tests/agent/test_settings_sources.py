"""Which source has the last word on a setting, on all three systems, and does every fault name its place?"""

import ast
import json
import os
import plistlib
import struct
import subprocess
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from fernbereit_agent import settings_shown
from fernbereit_agent.errors import SettingsError
from fernbereit_agent.host import LocalHost, System
from fernbereit_agent.laptop import Bytes, No, RecordedLaptop, RegistryAnswer, WindowsAnswers
from fernbereit_agent.recorded import RecordedHost
from fernbereit_agent.settings import (
    MANAGED_FILE,
    MANAGED_PREFERENCES,
    POLICY_KEY,
    PREFIX,
    SYSTEM_FILE,
    SYSTEM_FILES,
    Settings,
)
from fernbereit_agent.settings_sources import load_settings
from word_files import settings_keys

NOWHERE = Path("/nowhere/agent.toml")
PORT = f"{PREFIX}BROKER__PORT"
DAY = datetime(2026, 1, 1, tzinfo=UTC).replace(tzinfo=None)
MADE: dict[str, Any] = {"provenance": "constructed", "note": "only what settings ask", "today": "2026-11-22"}


def windows(values: dict[str, RegistryAnswer] | No) -> RecordedHost:
    """Return a laptop whose management set these values."""
    answers = WindowsAnswers(registry={POLICY_KEY: values})
    return RecordedHost(RecordedLaptop(**MADE, system=System.WINDOWS, windows=answers))


def with_file(system: System, path: str, content: str | Bytes | No) -> RecordedHost:
    """Return a laptop with one file."""
    return RecordedHost(RecordedLaptop(**MADE, system=system, files={path: content}))


def macos(preferences: Mapping[str, Any], *, binary: bool = True) -> RecordedHost:
    """Return a Mac with these managed preferences."""
    form = plistlib.FMT_BINARY if binary else plistlib.FMT_XML
    content = Bytes(hex=plistlib.dumps(dict(preferences), fmt=form).hex())
    return with_file(System.MACOS, MANAGED_PREFERENCES, content)


def linux(text: str) -> RecordedHost:
    """Return a Linux laptop with a managed file."""
    return with_file(System.LINUX, MANAGED_FILE, text)


def binary_plist(*objects: bytes) -> str:
    """Return a binary property list of these objects, the first on top, in hexadecimal."""
    body, places = b"bplist00", b""
    for each in objects:
        places += bytes([len(body)])
        body += each
    return (body + places + struct.pack(">6xBBQQQ", 1, 1, len(objects), 0, len(body))).hex()


TARGET = {"name": "intranet", "host": "intranet.example", "tls": False}
PRESCRIBED = {
    "Windows, single values": windows(
        {
            "broker.port": 2001,
            "Report.Interval_s": "1800",
            "help.contact": "115",
            "probes.beacon": "intranet",
            "probes.targets": (json.dumps(TARGET), ""),
        }
    ),
    "Windows, the list as one text": windows(
        {
            "broker.port": "2001",
            "report.interval_s": 1800,
            "help.contact": "115",
            "probes.beacon": "intranet",
            "probes.targets": json.dumps([TARGET]),
        }
    ),
    "macOS, by section": macos(
        {
            "PayloadUUID": "0",
            "broker": {"port": 2001},
            "report": {"interval_s": 1800},
            "help": {"contact": "115"},
            "probes": {"beacon": "intranet", "targets": [TARGET]},
        }
    ),
    "macOS, keys with dots, as XML": macos(
        {
            "broker.port": 2001,
            "report.interval_s": 1800.0,
            "help.contact": "115",
            "probes.beacon": "intranet",
            "probes.targets": [TARGET],
        },
        binary=False,
    ),
    "Linux": linux(
        "[broker]\nport = 2001\n[report]\ninterval_s = 1800\n[help]\ncontact = '115'\n[probes]\n"
        "beacon = 'intranet'\n[[probes.targets]]\nname = 'intranet'\nhost = 'intranet.example'\ntls = false\n"
    ),
}


@pytest.mark.parametrize("host", PRESCRIBED.values(), ids=PRESCRIBED)
def test_the_management_has_the_last_word_on_every_system(tmp_path: Path, host: RecordedHost) -> None:
    """Over environment and file, value by value; what it leaves out stays as it was."""
    file = tmp_path / "agent.toml"
    file.write_text("[broker]\nport = 2002\n[report]\ndrain_s = 9\n", encoding="utf-8")
    loaded = load_settings(file, environment={PORT: "2003", f"{PREFIX}REPORT__RESEND_S": "8"}, host=host)
    settings = loaded.settings
    assert (settings.broker.port, settings.report.interval_s, settings.help.contact) == (2001, 1800, "115")
    assert [(target.name, target.tls) for target in settings.probes.targets] == [("intranet", False)]
    assert (settings.report.drain_s, settings.report.resend_s) == (9, 8)
    sources = {each.key: each.origin.source.value for each in settings_shown.shown(loaded)}
    wanted = {
        "broker.port": "managed",
        "probes.targets[1].host": "managed",
        "report.drain_s": "file",
        "report.resend_s": "environment",
        "report.resend_max_s": "default",
    }
    assert {key: sources[key] for key in wanted} == wanted


PLACES = {
    "Windows": (windows({"broker.prot": 1}), f"registry value broker.prot in {POLICY_KEY}"),
    "macOS": (macos({"broker": {"prot": 1}}), f"managed preference broker.prot in {MANAGED_PREFERENCES}"),
    "Linux": (linux("\n[broker]\nprot = 1\n"), f"{MANAGED_FILE}, line 3"),
}


@pytest.mark.parametrize(("host", "place"), PLACES.values(), ids=PLACES)
def test_a_fault_of_the_management_names_its_place(host: RecordedHost, place: str) -> None:
    """With field, suggestion, example, and who can put it right."""
    with pytest.raises(SettingsError) as caught:
        load_settings(environment={}, system_file=NOWHERE, host=host)
    message, step = str(caught.value).splitlines()
    assert message == f"{place}: broker.prot: unknown key, did you mean port? Example: port = 1883"
    assert step.startswith("Next step: whoever manages this laptop corrects the policy")


UNREADABLE = {
    "a closed key": (windows(No(no="denied")), "permission denied"),
    "a value of a strange type": (windows({"broker.port": No(no="failed")}), "unreadable_answer"),
    "a closed file": (with_file(System.LINUX, MANAGED_FILE, No(no="denied")), "permission denied"),
    "no text": (with_file(System.LINUX, MANAGED_FILE, Bytes(hex="fffe00")), "it is no UTF-8 text"),
    "no property list": (with_file(System.MACOS, MANAGED_PREFERENCES, "<plist"), "it is no property list"),
    "a list": (
        with_file(System.MACOS, MANAGED_PREFERENCES, Bytes(hex=plistlib.dumps([1]).hex())),
        "it is no property list",
    ),
    "a dictionary that holds itself": (
        with_file(System.MACOS, MANAGED_PREFERENCES, Bytes(hex=binary_plist(b"\xd1\x01\x00", b"\x51a"))),
        "it is no property list",
    ),
    "a number for a key": (
        with_file(System.MACOS, MANAGED_PREFERENCES, Bytes(hex=binary_plist(b"\xd1\x01\x01", b"\x10\x05"))),
        "it is no property list",
    ),
}


@pytest.mark.parametrize(("host", "reason"), UNREADABLE.values(), ids=UNREADABLE)
def test_what_the_management_prescribes_is_never_passed_over(host: RecordedHost, reason: str) -> None:
    """Running on without it would be running against it."""
    with pytest.raises(SettingsError, match=reason):
        load_settings(environment={}, system_file=NOWHERE, host=host)


WRONG = {
    "a text for a number": windows({"broker.port": "many"}),
    "bytes": windows({"broker.port": Bytes(hex="00")}),
    "a list for a number": windows({"broker.port": ("1", "2")}),
    "a key below a plain value": windows({"data": "C:\\x", "data.x": "y"}),
    "a line that is no table": windows({"probes.targets": ("intranet",)}),
    "a date": macos({"broker": {"port": DAY}}),
    "an empty name": windows({"": "x"}),
    "a number of thousands of digits": windows({"broker.port": "9" * 5_000}),
    "brackets without end": windows({"broker.port": "[" * 100_000}),
    "a name of thousands of dots": windows({"broker" + ".x" * 5_000: 1}),
    "more than one line": windows({"broker.port": "1884\nhost = 'x'"}),
    "a file with a number of thousands of digits": linux(f"[broker]\nport = {'9' * 5_000}"),
    "a file of brackets without end": linux(f"data = {'[' * 100_000}"),
    "a file of tables without end": linux(f"broker{'.x' * 800} = 1"),
}


@pytest.mark.parametrize("host", WRONG.values(), ids=WRONG)
def test_a_wrong_value_of_the_management_is_a_fault(host: RecordedHost) -> None:
    """Never a crash, never a guess."""
    with pytest.raises(SettingsError, match="Next step"):
        load_settings(environment={}, system_file=NOWHERE, host=host)


def test_a_table_where_the_file_has_a_value_is_a_fault_wherever_it_is_written(tmp_path: Path) -> None:
    """Inner tables on one line have no line of their own."""
    file = tmp_path / "agent.toml"
    file.write_text("broker = {host = 5}\n", encoding="utf-8")
    with pytest.raises(SettingsError, match=rf"^{MANAGED_FILE}, line 1: expected to name a key of a table"):
        load_settings(file, environment={}, host=linux("broker = {host = {x = 1}}"))


@pytest.mark.parametrize("system", System)
def test_an_unmanaged_laptop_has_its_defaults(system: System) -> None:
    """Nothing there is nothing prescribed."""
    host = RecordedHost(RecordedLaptop(**MADE, system=system))
    assert load_settings(environment={}, system_file=NOWHERE, host=host).settings == Settings()


def test_the_managed_file_of_linux_is_read_from_the_disk(tmp_path: Path) -> None:
    """Through the host that reads this machine."""
    place = tmp_path / MANAGED_FILE.lstrip("/")
    place.parent.mkdir(parents=True)
    place.write_text("[broker]\nport = 2001\n", encoding="utf-8")
    host = LocalHost(root=str(tmp_path), system=System.LINUX)
    assert load_settings(environment={}, system_file=NOWHERE, host=host).settings.broker.port == 2001


def test_every_system_has_its_own_file() -> None:
    """Where its packages put it."""
    assert SYSTEM_FILES == {
        "linux": "/etc/fernbereit/agent.toml",
        "darwin": "/Library/Application Support/Fernbereit/agent.toml",
        "win32": "%ProgramData%\\Fernbereit\\agent.toml",
    }
    assert Path(os.path.expandvars(SYSTEM_FILES[sys.platform])) == SYSTEM_FILE


SECRET = "0123456789abcdef" * 2
FILE = f"""
data = "/var/lib/there"
[broker]
proxy = "http://name:{SECRET}@127.0.0.1:3128"
[probes]
inventory_key = "{SECRET}"
"""


def _settings_command(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    file = folder / "agent.toml"
    file.write_text(FILE, encoding="utf-8")
    argv = [sys.executable, "-m", "fernbereit_agent", "settings", "--settings", str(file), *arguments]
    return subprocess.run(argv, capture_output=True, text=True, check=True, env={**os.environ, **environment})


def test_the_command_shows_every_value_and_its_place_but_no_secret(tmp_path: Path) -> None:
    """As text for people, in both languages."""
    english = _settings_command(tmp_path, "--lang", "en", **{PORT: "2004"}).stdout
    german = _settings_command(tmp_path, "--lang", "de", **{PORT: "2004"}).stdout
    rows = {line.split()[0]: line for line in english.splitlines()}
    assert rows["broker.port"].split(maxsplit=2)[1:] == ["2004", f"environment variable {PORT}"]
    assert f"{tmp_path / 'agent.toml'}, line 2" in rows["data"]
    assert '"http://127.0.0.1:3128"' in rows["broker.proxy"]
    assert "(set, not shown)" in rows["probes.inventory_key"]
    assert SECRET not in english + german
    assert f"Umgebungsvariable {PORT}" in german
    assert f"{tmp_path / 'agent.toml'}, Zeile 2" in german


def test_the_command_answers_scripts_in_json(tmp_path: Path) -> None:
    """One object by key; what the command line says stands above all."""
    told = json.loads(_settings_command(tmp_path, "--json", "--data", "/elsewhere", **{PORT: "2004"}).stdout)
    assert told["data"] == {
        "value": "/elsewhere",
        "hidden": False,
        "source": "command",
        "name": "--data",
        "place": "",
        "line": None,
    }
    assert (told["broker.port"]["value"], told["broker.port"]["name"]) == (2004, PORT)
    assert (told["probes.inventory_key"]["value"], told["probes.inventory_key"]["hidden"]) == (None, True)
    assert (told["broker.proxy"]["line"], told["report.interval_s"]["source"]) == (4, "default")


def test_a_variable_of_digits_may_be_a_text() -> None:
    """A telephone number is no number where a text is asked for."""
    environment = {f"{PREFIX}HELP__CONTACT": "115", f"{PREFIX}PROBES__INVENTORY_KEY": "1" * 32}
    settings = load_settings(environment=environment, system_file=NOWHERE).settings
    assert (settings.help.contact, settings.probes.inventory_key) == ("115", "1" * 32)


GERMAN: dict[str, str] = json.loads(
    (files("fernbereit_agent") / "words" / "settings_de.json").read_text(encoding="utf-8")
)


def _problems() -> set[str]:
    """Return what the declarations say of values that no limit can refuse."""
    package = Path(sys.modules["fernbereit_agent.settings"].__file__ or "").parent
    trees = [
        ast.parse((package / name).read_text(encoding="utf-8")) for name in ("settings.py", "endpoints.py")
    ]
    raised = [node.exc for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Raise)]
    return {
        said.value
        for each in raised
        if isinstance(each, ast.Call)
        for said in each.args[:1]
        if isinstance(said, ast.Constant) and isinstance(said.value, str)
    }


def test_every_setting_and_every_problem_has_its_german_words() -> None:
    """In settings_de.json; what is missing here reads in English in a German fault."""
    wanted = settings_keys() | _problems() | {"expected a path, not an empty text"}
    assert set(GERMAN) == wanted
    assert list(GERMAN) == sorted(settings_keys()) + sorted(set(GERMAN) - settings_keys())


def test_a_fault_is_told_in_german(tmp_path: Path) -> None:
    """Place, field, what is expected, example and next step."""
    file = tmp_path / "agent.toml"
    file.write_text('[broker]\nhost = "10.0.0.1"\nprot = 1\n', encoding="utf-8")
    with pytest.raises(SettingsError) as caught:
        load_settings(file, environment={}, lang="de")
    first, second, third = str(caught.value).splitlines()
    assert first.startswith(f"{file}, Zeile 2: broker.host: erwartet wird eine Loopback-Adresse: ")
    assert first.endswith('. Beispiel: host = "127.0.0.1"')
    assert second == (
        f"{file}, Zeile 3: broker.prot: unbekannter Schlüssel, meinten Sie port? Beispiel: port = 1883"
    )
    assert third.startswith("Nächster Schritt: ")
