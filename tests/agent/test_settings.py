"""Does every wrong setting say where it stands, what was expected and how it would be right?"""

import tomllib
from pathlib import Path

import pytest

from faulty_files import messages
from fernbereit_agent.errors import SettingsError
from fernbereit_agent.settings import PREFIX, Settings, TargetSettings, sample_file
from fernbereit_agent.settings_sources import load_settings

INVALID = sorted((Path(__file__).parent / "settings").glob("invalid_*.toml"))


NEXT = (
    "Next step: correct what is named above and start again; fernbereit-agent settings shows every value and "
    "where it stands."
)


def _load(text: str, folder: Path, **environment: str) -> Settings:
    file = folder / "agent.toml"
    file.write_text(text, encoding="utf-8")
    given = {f"{PREFIX}{key}": value for key, value in environment.items()}
    return load_settings(file, environment=given).settings


@pytest.mark.parametrize("file", INVALID, ids=lambda file: file.stem.removeprefix("invalid_"))
def test_each_fault_gives_its_message(file: Path) -> None:
    """The message is, word for word, the one the file ends with; `make write` renews it."""
    wanted = messages(file)
    with pytest.raises(SettingsError) as caught:
        load_settings(file, environment={})
    assert wanted
    assert str(caught.value).splitlines() == [*(f"{file}, {line}" for line in wanted), NEXT]


def test_without_a_file_everything_has_its_default() -> None:
    """A laptop runs without any settings."""
    settings = load_settings(environment={}, system_file=Path("/nowhere/agent.toml")).settings
    assert (settings.broker.host, settings.broker.port, settings.report.interval_s) == (
        "127.0.0.1",
        1883,
        900,
    )
    assert settings.probes.targets == ()


def test_the_file_of_the_system_is_read_unless_one_is_named(tmp_path: Path) -> None:
    """The system's file is the second choice, the defaults the third."""
    system = tmp_path / "system.toml"
    system.write_text("[broker]\nport = 1885\n", encoding="utf-8")
    named = tmp_path / "named.toml"
    named.write_text("[broker]\nport = 1886\n", encoding="utf-8")
    assert load_settings(environment={}, system_file=system).settings.broker.port == 1885
    assert load_settings(named, environment={}, system_file=system).settings.broker.port == 1886


def test_targets_are_read_in_order(tmp_path: Path) -> None:
    """Each block of the list is a target of its own, with defaults for what it leaves out."""
    text = '[probes]\nbeacon = "b"\n[[probes.targets]]\nname = "a"\nhost = "a.example"\n'
    settings = _load(text + '[[probes.targets]]\nname = "b"\nhost = "::1"\ntls = false\n', tmp_path)
    assert settings.probes.targets == (
        TargetSettings(name="a", host="a.example"),
        TargetSettings(name="b", host="::1", tls=False),
    )


@pytest.mark.parametrize(
    ("key", "value", "read"),
    [
        ("BROKER__PORT", "1999", lambda s: s.broker.port == 1999),
        ("DATA", "/tmp/elsewhere", lambda s: s.data == Path("/tmp/elsewhere")),
        ("PROBES__PUBLIC_TARGET", "198.51.100.1", lambda s: s.probes.public_target == "198.51.100.1"),
        ("PROBES__TARGETS", '[{name="x", host="h"}]', lambda s: s.probes.targets[0].name == "x"),
    ],
    ids=["a number", "a top-level text", "a text that is no TOML", "a list as TOML"],
)
def test_the_environment_comes_last(tmp_path: Path, key: str, value: str, read: object) -> None:
    """A variable replaces what the file says."""
    assert callable(read)
    assert read(_load("[broker]\nport = 1884\n", tmp_path, **{key: value}))


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        (
            "REPORT__INTERVAL",
            "5",
            (
                "environment variable FERNBEREIT_AGENT_REPORT__INTERVAL: report.interval: unknown key, "
                "did you mean interval_s? Example: interval_s = 900"
            ),
        ),
        (
            "BROKER__PORT",
            "many",
            (
                "environment variable FERNBEREIT_AGENT_BROKER__PORT: broker.port: expected a whole number "
                "from 1 to 65535 (TCP port of the broker). Example: port = 1883"
            ),
        ),
        (
            "REPRT__INTERVAL_S",
            "5",
            (
                "environment variable FERNBEREIT_AGENT_REPRT__INTERVAL_S: reprt: unknown key, "
                "did you mean report? Example: [report]"
            ),
        ),
        (
            "DATA",
            "",
            (
                "environment variable FERNBEREIT_AGENT_DATA: data: expected a path, not an empty text. "
                'Example: data = "/var/lib/fernbereit-agent"'
            ),
        ),
        (
            "DATA__X",
            "y",
            "environment variable FERNBEREIT_AGENT_DATA__X: expected to name a key of a table.",
        ),
    ],
    ids=["an unknown key", "a wrong value", "an unknown table", "an empty path", "a key below a plain value"],
)
def test_a_wrong_variable_is_named(tmp_path: Path, key: str, value: str, message: str) -> None:
    """The message names the variable instead of file and line."""
    with pytest.raises(SettingsError) as caught:
        _load('data = "/tmp"\n', tmp_path, **{key: value})
    assert str(caught.value) == f"{message}\n{NEXT}"


def test_a_table_misspelt_in_the_file_is_blamed_on_the_file(tmp_path: Path) -> None:
    """Even if a variable goes into the same table: removing the variable alone would change nothing."""
    with pytest.raises(SettingsError) as caught:
        _load("[reprt]\ninterval_s = 5\n", tmp_path, REPRT__DRAIN_S="1")
    assert str(caught.value).startswith(f"{tmp_path / 'agent.toml'}, line 1: reprt: unknown key")


def test_a_secret_is_never_repeated(tmp_path: Path) -> None:
    """Neither a fault nor the settings' own text shows the inventory key."""
    key = "0123456789abcdef" * 2
    assert key not in repr(_load(f'[probes]\ninventory_key = "{key}"\n', tmp_path))
    with pytest.raises(SettingsError) as caught:
        _load(f'[probes]\ninventory_key = "{key}x"\n', tmp_path)
    assert key not in str(caught.value)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (
            None,
            (
                "No such file or directory; begin with a copy of the sample agent.toml, or run "
                "without --settings: every setting has a default"
            ),
        ),
        (b"\xff\xfe", "it is no UTF-8 text; name another file with --settings FILE"),
    ],
    ids=["a file that does not exist", "bytes that are no text"],
)
def test_an_unreadable_file_is_a_fault(tmp_path: Path, content: bytes | None, reason: str) -> None:
    """A file that was asked for must be there and be text; the message says what to do."""
    file = tmp_path / "agent.toml"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(SettingsError) as caught:
        load_settings(file, environment={})
    assert str(caught.value) == f"{file}: the settings cannot be read: {reason}"


def test_the_sample_changes_nothing(tmp_path: Path) -> None:
    """Loaded as it is, the sample gives the defaults."""
    defaults = load_settings(environment={}, system_file=Path("/nowhere")).settings
    assert _load(sample_file(), tmp_path) == defaults


def test_the_sample_may_be_used_whole(tmp_path: Path) -> None:
    """With every comment sign before a key removed, the sample is valid and shows every key there is."""
    text = "\n".join(
        line.removeprefix("#") if not line.startswith("# ") else line for line in sample_file().splitlines()
    )
    settings = _load(text, tmp_path)
    shown = tomllib.loads(text)
    assert set(shown) == set(Settings.model_fields)
    for name in ("broker", "device", "report", "probes"):
        assert set(shown[name]) == set(type(getattr(settings, name)).model_fields)
    assert set(shown["probes"]["targets"][0]) == set(TargetSettings.model_fields)


def test_a_byte_order_mark_is_no_fault(tmp_path: Path) -> None:
    """Editors of Windows write one."""
    file = tmp_path / "agent.toml"
    file.write_text("[broker]\nport = 1999\n", encoding="utf-8-sig")
    assert load_settings(file, environment={}).settings.broker.port == 1999


def test_a_file_of_the_system_that_cannot_be_read_is_not_passed_over(tmp_path: Path) -> None:
    """Running on defaults instead would report to the wrong place."""
    file = tmp_path / "agent.toml"
    file.symlink_to(file)
    with pytest.raises(SettingsError, match=r"agent\.toml: the settings cannot be read"):
        load_settings(environment={}, system_file=file)
