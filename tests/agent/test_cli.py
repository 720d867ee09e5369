"""Does the command line help, in both languages, and end with the right code?"""

import json
from importlib.resources import files
from pathlib import Path

import pytest

from fernbereit_agent import cli
from processes import free_port


def _run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    try:
        code = cli.main(arguments)
    except SystemExit as ended:
        code = int(ended.code or 0)
    out, err = capsys.readouterr()
    return code, out, err


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize("command", [(), ("run",), ("once",), ("manifest",), ("record",)], ids=str)
@pytest.mark.parametrize(
    ("lang", "words"),
    [("de", ("Aufruf:", "Beispiel:", "Rückgabewerte:")), ("en", ("usage:", "Example:", "Exit codes:"))],
    ids=["German", "English"],
)
def test_help_has_an_example_and_the_exit_codes(
    capsys: pytest.CaptureFixture[str], command: tuple[str, ...], lang: str, words: tuple[str, ...]
) -> None:
    """For the program and for every command."""
    code, out, _ = _run(capsys, "--lang", lang, *command, "--help")
    assert code == 0
    assert [word for word in words if word not in out] == []


@pytest.mark.parametrize(
    ("variable", "value", "word"),
    [("LANG", "de_DE.UTF-8", "Aufruf:"), ("LANG", "en_GB.UTF-8", "usage:"), ("LC_ALL", "de_AT", "Aufruf:")],
    ids=["a German system", "an English system", "LC_ALL in German"],
)
def test_the_system_decides_on_the_language(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, variable: str, value: str, word: str
) -> None:
    """Unless one is asked for."""
    monkeypatch.setenv(variable, value)
    assert word in _run(capsys, "--help")[1]


def test_both_languages_have_the_same_words() -> None:
    """No key is missing in either, and nothing is left untranslated."""
    german, english = (
        json.loads((files("fernbereit_agent") / "words" / f"{lang}.json").read_text(encoding="utf-8"))
        for lang in ("de", "en")
    )
    assert list(german) == list(english) == sorted(german)
    assert [key for key in german if german[key] == english[key]] == []


@pytest.mark.parametrize(
    "arguments",
    [(), ("fly",), ("once", "--prnt"), ("record",), ("--lang", "fr", "run")],
    ids=["no command", "an unknown command", "an unknown switch", "no folder", "an unknown language"],
)
def test_a_wrong_call_ends_with_2(capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...]) -> None:
    """With the usage and what is wrong, on standard error."""
    code, out, err = _run(capsys, *arguments)
    assert (code, out) == (2, "")
    assert err.startswith("usage: ")
    assert "wrong call: " in err


@pytest.mark.parametrize("command", ["run", "once", "manifest"])
def test_wrong_settings_end_with_2_and_start_nothing(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, command: str
) -> None:
    """Every command says the fault and touches nothing."""
    file = tmp_path / "agent.toml"
    file.write_text('[broker]\nhost = "0.0.0.0"\n', encoding="utf-8")
    code, out, err = _run(capsys, command, "--settings", str(file), "--data", str(tmp_path / "data"))
    assert (code, out) == (2, "")
    assert err.startswith(f"{file}, line 2: broker.host: expected a loopback address")
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("de", ("127.0.0.1, Port {port}, weist sie ab", "Starten Sie die Sammelstelle", "[broker] port")),
        ("en", ("127.0.0.1, port {port}, refuses it", "Start the collector", "[broker] port")),
    ],
    ids=["German", "English"],
)
def test_once_with_nothing_listening_ends_with_1_and_says_what_to_do(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    lang: str,
    words: tuple[str, ...],
) -> None:
    """It says where it tried, why it failed and what comes next, and keeps the record."""
    port = free_port()
    monkeypatch.setenv("FERNBEREIT_AGENT_BROKER__PORT", str(port))
    code, out, err = _run(capsys, "once", "--data", str(tmp_path), "--lang", lang)
    assert (code, out) == (1, "")
    assert [word for word in words if word.format(port=port) not in err] == []
    assert (tmp_path / "outbox.sqlite").exists()


def test_a_data_folder_that_cannot_be_made_ends_with_1(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """In one line, without a traceback."""
    (tmp_path / "file").touch()
    code, _, err = _run(capsys, "once", "--data", str(tmp_path / "file"))
    assert code == 1
    assert err.splitlines()[0].startswith("error: ")
    assert len(err.splitlines()) == 1


def test_the_manifest_is_printed_without_a_collector(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """As text, and as JSON for a script."""
    code, out, _ = _run(capsys, "manifest", "--json", "--data", str(tmp_path))
    assert code == 0
    assert json.loads(out)["last_sent"] is None
    assert _run(capsys, "manifest", "--data", str(tmp_path))[1].strip()


@pytest.mark.live
def test_record_writes_a_laptop(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """And names the files."""
    code, out, _ = _run(capsys, "record", str(tmp_path / "laptop"))
    assert code == 0
    assert [Path(line).name for line in out.splitlines()] == ["laptop.json", "expected.json"]
    assert all(Path(line).exists() for line in out.splitlines())


def test_the_version_is_that_of_the_package(capsys: pytest.CaptureFixture[str]) -> None:
    """On one line."""
    from fernbereit import __version__

    assert _run(capsys, "--version")[:2] == (0, f"{__version__}\n")
