"""How does the machine itself answer the probes?"""

import socket
import sys
import tempfile
from datetime import date
from pathlib import Path

import pytest

from fernbereit.record import Reason
from fernbereit_agent.errors import Denied, NotHere, ProbeError, TimedOut, Unreadable
from fernbereit_agent.host import LocalHost, System
from fernbereit_agent.proxies import without_credentials
from somebody_else import somebody_else

not_on_windows = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no commands of Unix")
linux_only = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc and /sys")


@pytest.fixture
def tree(tmp_path: Path) -> LocalHost:
    (tmp_path / "sys/devices/disk").mkdir(parents=True)
    (tmp_path / "sys/devices/disk/size").write_bytes(b"42\xff\n")
    (tmp_path / "sys/class").mkdir()
    (tmp_path / "sys/class/disk").symlink_to("../devices/disk")
    (tmp_path / "outside").symlink_to("/")
    return LocalHost(str(tmp_path), System.LINUX)


def test_a_file_is_read_below_the_root(tree: LocalHost) -> None:
    """Bytes come as they are; in text what cannot be decoded is replaced."""
    assert tree.read_bytes("/sys/devices/disk/size") == b"42\xff\n"
    assert tree.read_text("/sys/class/disk/size") == "42�\n"
    assert tree.modified_on("/sys/devices/disk/size") <= tree.today()


def test_links_are_followed_inside_of_the_tree_only(tree: LocalHost) -> None:
    """Another root is a copy of a machine: a link out of it leads nowhere."""
    assert tree.real_path("/sys/class/disk") == "/sys/devices/disk"
    assert tree.real_path("/sys/class/disk/nothing") == "/sys/devices/disk/nothing"
    assert not tree.exists("/outside/etc")
    with pytest.raises(NotHere):
        tree.read_text("/outside/etc/passwd")


def test_folders_are_listed_in_order_and_an_absent_one_is_empty(tree: LocalHost) -> None:
    """A class the kernel does not have lists nothing."""
    assert tree.list_dir("/sys") == ("class", "devices")
    assert tree.list_dir("/sys/nothing") == ()
    assert tree.exists("/sys/class/disk")
    assert not tree.exists("/sys/nothing")


@pytest.mark.parametrize("path", ["/sys/nothing", "/sys/devices", "/sys/devices/disk/size/deeper"])
def test_what_is_no_file_is_not_here(tree: LocalHost, path: str) -> None:
    """A missing file, a folder and a path through a file are all "not here"."""
    with pytest.raises(NotHere):
        tree.read_text(path)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows closes no file by its mode")
def test_a_closed_file_is_denied() -> None:
    """The missing right is told apart from the missing file."""
    with tempfile.TemporaryDirectory() as folder:  # not tmp_path: only its owner may look into that
        Path(folder).chmod(0o755)
        (file := Path(folder, "size")).write_text("42", encoding="ascii")
        host = LocalHost(folder, System.LINUX)
        file.chmod(0o644)
        with somebody_else():
            assert host.read_text("/size") == "42"
        file.chmod(0)
        with somebody_else(), pytest.raises(Denied):
            host.read_text("/size")


@linux_only
def test_a_file_the_kernel_refuses_to_read_is_unreadable() -> None:
    """An input/output error of a broken driver ends as a probe error, not as an accident."""
    with pytest.raises(ProbeError):
        LocalHost().read_text("/proc/self/mem")


@not_on_windows
def test_a_command_answers_in_english_and_gets_no_input(monkeypatch: pytest.MonkeyPatch) -> None:
    """Locale and environment of whoever starts the agent change nothing."""
    monkeypatch.setenv("LC_ALL", "de_DE.UTF-8")
    monkeypatch.setenv("SECRET", "word")
    assert sorted(LocalHost().run("env").split()) == [
        "LC_ALL=C",
        "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    ]
    assert LocalHost().run("cat") == ""


@not_on_windows
def test_commands_end_in_a_probe_error_of_their_kind(monkeypatch: pytest.MonkeyPatch) -> None:
    """Missing, failing and hanging commands are told apart."""
    with pytest.raises(NotHere) as missing:
        LocalHost().run("no-such-command-anywhere")
    assert missing.value.reason is Reason.COMMAND_MISSING
    with pytest.raises(Unreadable):
        LocalHost().run("false")
    with pytest.raises(Denied):
        LocalHost().run("/")
    monkeypatch.setattr("fernbereit_agent.commands.DEADLINE_S", 0.05)
    with pytest.raises(TimedOut):
        LocalHost().run("sleep", "60")


@not_on_windows
def test_two_commands_of_macos_answer_oddly(monkeypatch: pytest.MonkeyPatch) -> None:
    """One speaks where others complain, one ends as if it had failed when it says no; all others do not."""
    for odd, command, answer in (
        ("ANSWERS_ON_STDERR", ("sh", "-c", "echo immediate >&2"), "immediate\n"),
        ("SAYS_NO_BY_FAILING", ("sh", "-c", "echo disabled; exit 1"), "disabled\n"),
    ):
        with monkeypatch.context() as patch:
            patch.setattr(f"fernbereit_agent.commands.{odd}", ("sh",))
            assert LocalHost().run(*command) == answer
    assert LocalHost().run("sh", "-c", "echo immediate >&2") == ""
    with pytest.raises(Unreadable):
        LocalHost().run("sh", "-c", "echo disabled; exit 1")


@pytest.mark.live
def test_this_process_has_cost_something() -> None:
    """It runs longer than it computes, and its memory is its own."""
    cost = LocalHost().own_cost()
    assert cost.cpu_s > 0
    assert 0 < cost.age_s < 86_400
    assert 2**20 < cost.memory_bytes < 2**40


@pytest.mark.live
def test_this_machine_has_memory_processors_a_volume_and_an_interface() -> None:
    """The figures of psutil are those of a machine that exists."""
    host = LocalHost()
    total, free = host.disk_space(str(Path.cwd().anchor))
    assert host.memory_bytes() > 2**27
    assert host.cpu_count() >= 1
    assert 0 <= free <= total
    assert any("127.0.0.1" in interface.addresses for interface in host.interfaces())
    assert "." not in host.host_name()
    assert host.architecture()
    assert isinstance(host.today(), date)


def test_the_kernel_tells_the_source_of_a_route_without_sending_anything() -> None:
    """To itself a machine sends from itself; to nowhere it sends from nothing."""
    assert LocalHost().route_source("127.0.0.1") == "127.0.0.1"
    assert LocalHost().route_source("not an address") is None


def test_a_connection_is_timed_and_a_refusal_is_told() -> None:
    """An open port gives milliseconds, a closed one a refusal."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        assert LocalHost().connect("127.0.0.1", port, 5) > 0
    with pytest.raises(ConnectionRefusedError):
        LocalHost().connect("127.0.0.1", port, 5)


def test_a_name_is_resolved_or_not_here() -> None:
    """Names of this machine resolve without any network."""
    addresses, took_ms = LocalHost().resolve("localhost")
    assert {"127.0.0.1", "::1"} & set(addresses)
    assert took_ms >= 0
    with pytest.raises((NotHere, TimedOut)):
        LocalHost().resolve("no-such-name.invalid")


def test_proxies_are_told_without_credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    """User name and password of a proxy never leave the environment."""
    monkeypatch.setenv("https_proxy", "http://somebody:secret@proxy.example:3128/")
    monkeypatch.setenv("no_proxy", "localhost,.example")

    assert LocalHost().environment()["https_proxy"] == "http://proxy.example:3128/"
    assert LocalHost().environment()["no_proxy"] == "localhost,.example"


@pytest.mark.parametrize(
    "proxy",
    ["somebody:secret@proxy:3128", "http://a:b@c@proxy:3128", "://:@proxy", "http://a:secret://b@proxy:3128"],
)
def test_a_proxy_without_scheme_keeps_no_credentials_either(proxy: str) -> None:
    """However the variable is written, nothing before the last @ remains."""
    assert "@" not in without_credentials(proxy)
    assert "secret" not in without_credentials(proxy)
