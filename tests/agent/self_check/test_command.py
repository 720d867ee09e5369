"""Does the command answer offline, for anybody who works on the laptop, whatever is closed or broken?"""

import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from fernbereit.delivery import Envelope, RecordLine
from fernbereit.words import LANGUAGES
from fernbereit_agent import cli, contest, owner, proof, recorded
from fernbereit_agent.contesting import Contesting
from fernbereit_agent.identity import write_private
from fernbereit_agent.mailbox import Mailbox
from fernbereit_agent.owner_settings import publish_settings, read_settings
from fernbereit_agent.recording import read_laptop
from fernbereit_agent.self_check import command
from fernbereit_agent.settings import (
    BrokerSettings,
    HelpSettings,
    PolicySettings,
    ProbeSettings,
    Settings,
    TargetSettings,
)
from fernbereit_agent.whereabouts import find
from html_tree import parse
from policy_signing import PUBLIC
from processes import wait_for
from self_check_world import DEVICE
from somebody_else import somebody_else
from write import LAPTOPS


@pytest.fixture(autouse=True)
def _a_person_of_their_own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Give whoever runs it a home, and the laptop somebody recorded."""
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    for name in ("XDG_STATE_HOME", "XDG_DATA_HOME", "DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    laptop = read_laptop(LAPTOPS / "windows-forticlient-down")
    monkeypatch.setattr(command, "LocalHost", lambda: recorded.RecordedHost(laptop))


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    """Run the command in English."""
    code = cli.main(["self-check", "--lang", "en", *arguments])
    out, err = capsys.readouterr()
    return code, out, err


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """Give a folder that other users can reach."""
    with tempfile.TemporaryDirectory(prefix="fernbereit-") as name:
        Path(name).chmod(0o755)
        yield Path(name)


def test_it_answers_without_service_broker_and_data_and_leaves_none(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """The exit code is the answer; what this is about is told once."""
    code, out, err = run(capsys, "--data", str(tmp_path / "data"))
    assert (code, err) == (1, "")
    assert out.splitlines()[2] == "  ✗ Not yet. Something essential is still missing."
    assert "What this is about" in out
    assert "What this is about" not in run(capsys, "--data", str(tmp_path / "data"))[1]
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_page_is_printed_in_one_piece(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, lang: str
) -> None:
    """To be kept or sent on; so is the manifest."""
    for arguments in (["self-check"], ["manifest"]):
        cli.main([*arguments, "--html", "--lang", lang, "--data", str(tmp_path)])
        page = parse(capsys.readouterr().out)
        assert next(page.all("html")).attributes["lang"] == lang
        assert not list(page.all("script", "form"))


def test_a_script_reads_json(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """And nothing else stands on standard output."""
    code, out, _ = run(capsys, "--json", "--data", str(tmp_path))
    assert json.loads(out)["exit_code"] == code == 1
    assert json.loads(out)["points"][0]["check"] == "os_supported"


def test_a_wrong_call_ends_with_2(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """`--open` without a page to open, and settings that were named and are not there."""
    code, out, err = run(capsys, "--open")
    assert (code, out) == (2, "")
    assert "--open goes with --html" in err
    assert run(capsys, "--settings", str(tmp_path / "none.toml"))[0] == 2


def test_settings_of_the_system_that_are_wrong_are_said_and_in_nobodys_way(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The owner of a laptop cannot repair them."""
    monkeypatch.setenv("FERNBEREIT_AGENT_BROKER__PORT", "none")
    code, out, _ = run(capsys, "--data", str(tmp_path))
    assert code == 1
    assert "The settings of the program are faulty." in out


def test_a_closed_data_folder_is_said_and_the_shipped_policy_judges(
    capsys: pytest.CaptureFixture[str], open_folder: Path
) -> None:
    """The answer comes all the same."""
    data = open_folder / "data"
    owner.prepare(data)
    data.chmod(0)
    with somebody_else():
        code, out, _ = run(capsys, "--data", str(data))
    data.chmod(0o711)
    assert code == 1
    assert "Your account may not read the folder of the service." in " ".join(out.split())
    assert "It was checked by the shipped policy." in out


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() != 0, reason="needs root of POSIX for two users")
def test_whoever_works_here_asks_the_service_of_somebody_else(
    capsys: pytest.CaptureFixture[str], open_folder: Path
) -> None:
    """Device code, help and contests are there; a wish is left and nobody may list the wishes."""
    data = open_folder / "data"
    settings = Settings(data=data, help=HelpSettings(contact="IT 115"))
    box = Mailbox.made(data)
    publish_settings(settings)
    contest.contest(data, "managed")
    write_private(data / proof.FILE, b"{}")
    (data / "outbox.sqlite").touch(mode=0o600)
    line = RecordLine(1, 0, 5, b"{}")
    sent = Envelope(device_id=DEVICE, epoch=DEVICE, oldest=1, records=(line,)).encode()
    owner.publish(data, owner.LAST_SENT, sent)
    with somebody_else():
        found = find(None, data, {}, "en")
        told = json.loads(run(capsys, "--json", "--data", str(data))[1])
        _, _, err = run(capsys, "--send", "--data", str(data))
        assert cli.main(["contest", "F-0947", "--withdraw", "--data", str(data), "--lang", "en"]) == 1
        assert cli.main(["manifest", "--data", str(data)]) == 0
        with pytest.raises(PermissionError):
            os.listdir(data / owner.REQUESTS)  # noqa: PTH208 - the call itself is refused
    assert (told["device_code"], told["contact"], found.remembers) == ("SX64EC", "IT 115", False)
    assert [point["check"] for point in told["points"] if point["contested"]] == ["managed"]
    assert "The service was asked to send" in err
    assert sent.decode() in capsys.readouterr().out
    assert box.look(0, 0).send


def test_a_point_is_contested_by_its_number(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """As it is read out on the telephone."""
    monkeypatch.setattr("fernbereit_agent.contesting.LocalHost", vars(command)["LocalHost"])
    (tmp_path / "outbox.sqlite").touch()
    assert cli.main(["contest", "f 0947", "--data", str(tmp_path), "--lang", "en"]) == 0
    assert contest.contested(tmp_path) == ("os_supported",)
    assert cli.main(["contest", "F-0947", "--withdraw", "--data", str(tmp_path)]) == 0
    assert contest.contested(tmp_path) == ()
    assert Contesting(Settings(data=tmp_path), None)._by_code("F-9999") == "F-9999"  # type: ignore[arg-type]
    capsys.readouterr()


def test_the_settings_that_are_laid_out_hold_no_secret(tmp_path: Path) -> None:
    """Targets, key of the policy and help; what was not laid out by this version is passed over."""
    targets = (TargetSettings(name="intranet", host="intranet.example"),)
    probes = ProbeSettings(inventory_key="00112233445566778899aabbccddeeff", targets=targets)
    broker, policy = BrokerSettings(port=1884), PolicySettings(public_key=PUBLIC)
    settings = Settings(data=tmp_path, probes=probes, policy=policy, broker=broker)
    publish_settings(settings)
    text = (tmp_path / owner.SETTINGS).read_text("utf-8")
    read = read_settings(tmp_path)

    assert "00112233445566778899aabbccddeeff" not in text
    assert set(json.loads(text)) == {"probes", "policy"}
    assert read is not None
    assert (read.data, read.probes.targets, read.policy.public_key) == (tmp_path, targets, PUBLIC)
    (tmp_path / owner.SETTINGS).write_text('{"of": "tomorrow"}', "utf-8")
    assert read_settings(tmp_path) is None


def test_where_no_browser_opens_the_address_is_printed_and_it_ends_when_told(tmp_path: Path) -> None:
    """A process of its own on this machine; the page answers as long as it runs."""
    home = {"HOME": str(tmp_path), "PATH": os.environ["PATH"]}
    argv = [sys.executable, "-m", "fernbereit_agent", "self-check", "--html", "--open", "--lang", "en"]
    out = tmp_path / "out"
    with out.open("wb") as file, subprocess.Popen(argv, stdout=file, env=home) as process:
        try:
            text = wait_for("the address", lambda: re.search(r"http://\S+", out.read_text("utf-8")))
            from urllib.request import urlopen

            with urlopen(text[0], timeout=30) as answer:
                assert b"Can I work from home tomorrow?" in answer.read()
        finally:
            process.terminate()
            process.wait(30)
    assert "No browser could be opened." in out.read_text("utf-8")
