"""Does every wrong setting of the collector say where it stands and how it would be right?"""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from faulty_files import messages
from fernbereit.settings_file import SettingsFaults, read_settings
from fernbereit_server.errors import SettingsError
from fernbereit_server.settings import (
    PREFIX,
    BrokerSettings,
    Settings,
    StoreSettings,
    is_loopback,
    load_settings,
    sample_file,
)

ROOT = Path(__file__).parents[2]
INVALID = sorted((Path(__file__).parent / "settings").glob("invalid_*.toml"))
NOWHERE = Path("/nowhere/collector.toml")


@pytest.mark.parametrize("file", INVALID, ids=lambda file: file.stem.removeprefix("invalid_"))
def test_each_fault_gives_its_message(file: Path) -> None:
    """The message is, word for word, the one the file ends with; `make write` renews it."""
    wanted = messages(file)
    with pytest.raises(SettingsError) as caught:
        load_settings(file, environment={})

    assert wanted
    assert str(caught.value).splitlines() == [f"{file}, {line}" for line in wanted]


def test_a_faulty_value_is_never_repeated() -> None:
    """It may be a password."""
    with pytest.raises(SettingsError) as caught:
        load_settings(Path(__file__).parent / "settings" / "invalid_other_database.toml", environment={})
    assert "secret" not in str(caught.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    """The message says what to begin with instead."""
    with pytest.raises(SettingsError) as caught:
        load_settings(tmp_path / "gone.toml", environment={})

    assert "gone.toml: the settings cannot be read" in str(caught.value)
    assert "deploy/collector.toml" in str(caught.value)


def test_without_a_file_everything_has_its_default() -> None:
    """A collector runs without any settings, on loopback, with a broker and a store of its own."""
    settings = load_settings(environment={}, system_file=NOWHERE)

    assert settings == Settings()
    assert (settings.http.host, settings.http.port, settings.broker.port) == ("127.0.0.1", 8740, 8741)
    assert settings.store_url == "sqlite:////var/lib/fernbereit/fernbereit.sqlite3"


def test_the_environment_comes_last(tmp_path: Path) -> None:
    """A password need not stand in a file."""
    file = tmp_path / "collector.toml"
    file.write_text('[store]\nurl = "sqlite:///file.sqlite3"\n', encoding="utf-8")
    url = "postgresql://fernbereit:secret@127.0.0.1/fernbereit"
    settings = load_settings(file, environment={f"{PREFIX}STORE__URL": url})

    assert settings.store_url == url.replace("postgresql://", "postgresql+psycopg://")
    assert "secret" not in repr(settings)


def test_a_broker_elsewhere_may_use_the_port_of_the_console() -> None:
    """Only a broker of our own would take it away."""
    settings = Settings(broker=BrokerSettings(embedded=False, port=8740))
    assert settings.broker.port == settings.http.port


@pytest.mark.parametrize(
    "url",
    ["sqlite:///x.sqlite3", "postgresql://h/d", "postgresql+psycopg://h/d"],
    ids=["file", "short", "long"],
)
def test_both_databases_are_named_by_address(url: str) -> None:
    """PostgreSQL's short form means the driver that is installed."""
    assert Settings(store=StoreSettings(url=url)).store_url.startswith(
        ("sqlite:///", "postgresql+psycopg://")
    )


@pytest.mark.parametrize(
    ("host", "inside"),
    [
        ("127.0.0.1", True),
        ("127.8.9.10", True),
        ("::1", True),
        ("localhost", True),
        ("0.0.0.0", False),  # noqa: S104
        ("::", False),
        ("10.0.0.1", False),
        ("localhost.example", False),
        ("", False),
    ],
)
def test_only_loopback_is_inside(host: str, *, inside: bool) -> None:
    """A name could be resolved to anything, an unspecified address is all of them."""
    assert is_loopback(host) is inside


@given(text=st.text(max_size=200))
def test_any_text_is_settings_or_a_message(text: str) -> None:
    """No other error leaves the reader."""
    message = ""
    try:
        read_settings(Settings, name="x", text=text, environment={}, prefix=PREFIX)
    except SettingsFaults as faults:
        message = str(faults) or "nothing said"
    assert message == "" or message.startswith("x")


def test_the_sample_is_what_the_declarations_say() -> None:
    """`python tests/write.py` writes it."""
    assert (ROOT / "deploy" / "collector.toml").read_text(encoding="utf-8") == sample_file()


def test_the_sample_changes_nothing_as_it_is() -> None:
    """Every key is a comment, so loading it gives the defaults."""
    assert load_settings(ROOT / "deploy" / "collector.toml", environment={}) == Settings()


def test_a_byte_order_mark_is_no_fault(tmp_path: Path) -> None:
    """Editors of Windows write one."""
    file = tmp_path / "collector.toml"
    file.write_text("[broker]\nport = 1999\n", encoding="utf-8-sig")
    assert load_settings(file, environment={}).broker.port == 1999


def test_a_file_of_the_system_that_cannot_be_read_is_not_passed_over(tmp_path: Path) -> None:
    """Running on defaults instead would report to the wrong place."""
    file = tmp_path / "collector.toml"
    file.symlink_to(file)
    with pytest.raises(SettingsError, match=r"collector\.toml: the settings cannot be read"):
        load_settings(environment={}, system_file=file)
