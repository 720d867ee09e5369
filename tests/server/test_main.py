"""What does a laptop without the server's parts hear when somebody types `fernbereit`?"""

import importlib.util
import subprocess
import sys

import pytest

from fernbereit_server.__main__ import main


def test_the_missing_extra_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """And the way to install it; exit code 1, no traceback."""
    found = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name, *more: None if name == "fastapi" else found(name, *more)
    )
    with pytest.raises(SystemExit) as ended:
        main()

    assert ended.value.code == 1
    assert 'pip install "fernbereit[server]"' in capsys.readouterr().err


def test_every_command_is_listed() -> None:
    """`fernbereit --help` is the table of contents."""
    said = subprocess.run(
        [sys.executable, "-m", "fernbereit_server", "--help"], capture_output=True, text=True, check=True
    ).stdout

    for command in ("serve", "demo", "devices", "drill", "inventory", "dashboards"):
        assert command in said
